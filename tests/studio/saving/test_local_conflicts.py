"""Two windows and a foreign program change one file in turn and at once; `tests.long` does all of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.long import local_conflicts, racing_saves


def test_whatever_the_order_nothing_is_lost_overwritten_unasked_or_asked_about_twice(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for number in range(local_conflicts.RUNS // 100):
        folder = tmp_path / str(number)
        folder.mkdir()
        counts += local_conflicts.run(folder, local_conflicts.SEED + number)
    assert min(counts["saves"], counts["conflicts"]) > 0


def test_of_programs_that_save_at_the_same_moment_each_finds_its_work_in_the_file(tmp_path: Path) -> None:
    done, _ = racing_saves.run(tmp_path, 2, racing_saves.SAVES // 100 + 1)
    assert done > 0
