"""Whatever files are opened with, renamed or deleted, however the program ended: each row is as it was left."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitmask_studio.core.state import VARIABLE
from tests.long.any_company import SEED, walk
from tests.studio.keeping_desk import in_loop

RUNS = range(6)


@pytest.mark.parametrize("run", RUNS)
@in_loop
async def test_each_row_is_as_it_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "state"))
    counts = await walk(tmp_path, SEED + run)
    assert counts["deeds"]
