"""The Encord source keeps the promises of every source, through the real SDK against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.base import Source
from bitmask_studio.sources.encord.account import Account
from tests.sources.contract import SourceContract
from tests.sources.encord.restored import me, restored, serving, signed_in
from tests.sources.twins import all_rows, write_json

__all__ = ["me"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Rows of every shape, without pictures."""
    folder = tmp_path_factory.mktemp("twins")
    with serving(folder / "state", write_json(folder / "labels.json", all_rows())) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def colleague(server: Sandbox) -> Iterator[Account]:
    with signed_in(server, server.key_path_of("colleague")) as account:
        yield account


class TestEncordSource(SourceContract):
    counts_before_loading = False

    @pytest.fixture
    def source(self, server: Sandbox, me: Account) -> Iterator[Source]:
        with restored(server):
            yield me.project(server.project_hash)

    @pytest.fixture
    def rival(self, server: Sandbox, colleague: Account) -> Source:
        return colleague.project(server.project_hash)
