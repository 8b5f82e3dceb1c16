"""A killed export leaves whole files, and the next one does the rest; `tests.long.kill_exports` kills 300."""

from __future__ import annotations

from pathlib import Path

from tests.long import kill_exports


def test_what_a_killed_export_left_is_whole_and_the_next_one_does_only_the_rest(tmp_path: Path) -> None:
    _, broken = kill_exports.run(tmp_path, kill_exports.SEED, kill_exports.KILLS // 100)
    assert broken > 0
