"""The Encord source keeps the promises of every source, through the real SDK against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.base import Source
from bitmask_studio.sources.encord.account import Account
from tests.sources.contract import SourceContract
from tests.sources.encord.restored import restored, serving, signed_in
from tests.sources.twins import all_rows, write_json


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Rows of every shape, without pictures."""
    folder = tmp_path_factory.mktemp("twins")
    with serving(folder / "state", write_json(folder / "labels.json", all_rows())) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def me(served: Sandbox) -> Iterator[Account]:
    with signed_in(served) as account:
        yield account


@pytest.fixture(scope="module")
def colleague(served: Sandbox) -> Iterator[Account]:
    with signed_in(served, served.key_path_of("colleague")) as account:
        yield account


class TestEncordSource(SourceContract):
    counts_before_loading = False

    @pytest.fixture
    def source(self, served: Sandbox, me: Account) -> Iterator[Source]:
        with restored(served):
            yield me.project(served.project_hash)

    @pytest.fixture
    def rival(self, served: Sandbox, colleague: Account) -> Source:
        return colleague.project(served.project_hash)
