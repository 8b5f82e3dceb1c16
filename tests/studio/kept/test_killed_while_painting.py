"""A program that is killed loses no edit that it acknowledged; `tests.long.kill_painting` kills it 200 times."""

from __future__ import annotations

from pathlib import Path

from tests.long import kill_painting


def test_no_acknowledged_edit_is_lost(tmp_path: Path) -> None:
    tally = kill_painting.run(tmp_path, kill_painting.SEED, kill_painting.KILLS // 100)
    assert tally.deeds > 0
