"""Two windows and a colleague at the same masks; `tests.long.encord_conflicts` plays a hundred times as much."""

from __future__ import annotations

from pathlib import Path

from tests.long import encord_conflicts


def test_whatever_the_order_nobodys_edit_is_lost_in_silence(tmp_path: Path) -> None:
    counts = encord_conflicts.run(tmp_path, encord_conflicts.SEED, encord_conflicts.TRIES // 100, at_once=False)
    assert counts["saved"] > 5 and counts["conflicts"] > 0
