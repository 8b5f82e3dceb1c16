"""A hundredth of the long script's spoiled documents, in a process that may take only so much memory."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError, StudioError
from bitmask_studio.sources.local import open_local
from tests.long import fuzz_documents, hostile
from tests.long.hostile import HangError, within
from tests.sources import twins

ROOT = Path(__file__).parents[3]
COUNT = fuzz_documents.COUNT // 100


def run(module: str, count: int, *more: str) -> subprocess.CompletedProcess[str]:
    """A script of tests/long with patience for a busy machine."""
    command = [sys.executable, "-m", f"tests.long.{module}", "--count", str(count), "--seconds", "20", *more]
    return subprocess.run(command, cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured and capped as Linux does")
def test_documents_that_somebody_spoiled_open_or_are_refused_in_words() -> None:
    done = run("fuzz_documents", COUNT)
    assert done.returncode == 0, done.stderr
    assert f"{COUNT} documents, none worse than refused" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured and capped as Linux does")
def test_pictures_and_masks_that_somebody_spoiled_are_read_or_refused_in_words() -> None:
    done = run("fuzz_pictures", COUNT)
    assert done.returncode == 0, done.stderr
    assert f"{COUNT} files read twice, none worse than refused" in done.stdout


def test_the_watch_over_time_ends_what_hangs() -> None:
    with pytest.raises(HangError), within(0.05):
        while True:
            sum(range(1000))


def test_what_is_made_of_a_seed_is_made_again() -> None:
    rows = twins.all_rows()
    first, second = (hostile.spoiled(random.Random("7:1"), rows) for _ in range(2))
    assert repr(first) == repr(second) != repr(rows)
    assert hostile.garbled(random.Random("7"), b"a" * 50) == hostile.garbled(random.Random("7"), b"a" * 50)


def test_many_rows_of_one_name_open(tmp_path: Path) -> None:
    """What each of them costs must not grow with their number: of that these would take minutes."""
    path = tmp_path / "labels.json"
    path.write_bytes(b"[" + b"null, " * 50_000 + twins.STYLES["compact"](twins.image_row()) + b"]")
    source = open_local([path])
    rows = source.rows()
    assert len({each.key for each in rows}) == len(rows) == 50_001
    assert source.load(rows[-1]).frames[0].objects


def test_a_number_that_no_float_holds_is_none(tmp_path: Path) -> None:
    row = twins.video_row()
    next(iter(row["data_units"].values())).update(data_fps=10**350)
    path = twins.write_json(tmp_path / "labels.json", [row])
    try:
        source = open_local([path])
        assert all(source.load(info).frames for info in source.rows())
    except StudioError as error:
        assert isinstance(error, InputError)
