"""The local source keeps the promises of every source, in each layout that a file may have."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitmask_studio.sources.base import Source
from bitmask_studio.sources.local import open_local
from tests.sources.contract import SourceContract
from tests.sources.twins import STYLES, all_rows, write_json


@pytest.fixture(params=STYLES)
def labels(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return write_json(tmp_path / "labels.json", all_rows(), request.param)


class LocalContract(SourceContract):
    """A source and its rival on the same `labels`."""

    @pytest.fixture
    def source(self, labels: Path) -> Source:
        return open_local([labels])

    @pytest.fixture
    def rival(self, labels: Path) -> Source:
        return open_local([labels])


class TestLocalSource(LocalContract):
    """Several rows in one file."""


class TestSingleRow(LocalContract):
    @pytest.fixture
    def labels(self, tmp_path: Path) -> Path:
        return write_json(tmp_path / "row.json", all_rows()[1])


class TestFolder(LocalContract):
    @pytest.fixture
    def labels(self, tmp_path: Path) -> Path:
        for number, row in enumerate(all_rows()):
            write_json(tmp_path / f"row{number}.json", row)
        return tmp_path
