"""A program killed while it saves leaves the old file or the new one; `tests.long.kill_saves` does it 300 times."""

from __future__ import annotations

from pathlib import Path

from tests.long import kill_saves


def test_a_killed_save_leaves_a_whole_file_and_nothing_else(tmp_path: Path) -> None:
    assert kill_saves.run(tmp_path, kill_saves.SEED, kill_saves.KILLS // 100) > 0
