"""Streams that are full or closed: said in one line where that is possible, and the work is done all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import environment
from tests.cli.test_export import save
from tests.fakes.encord_json import bitmask, label_row, mask_object

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full and a POSIX shell")
EXPORT = "export l.json --to png --out out"
DAMAGED = "info damaged.json"


def run(folder: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command line with the shell's redirections; `l.json` has 200 rows, `damaged.json` one damaged mask."""
    dot = bitmask(np.eye(4, 6, dtype=np.bool_))
    save(folder / "l.json", [label_row(f"row{n}", (6, 4), [[mask_object(f"o{n}", dot)]]) for n in range(200)])
    bad = mask_object("bad", dot | {"rleString": "99999"})
    save(folder / "damaged.json", [label_row("r", (6, 4), [[bad, mask_object("good", dot)]])])
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "{sys.executable}" -m bitmask_studio {arguments}'],
        cwd=folder,
        env=environment(),
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["info l.json", "info l.json --json", EXPORT, "--help", "--version"])
def test_a_full_stdout_is_one_line_and_status_1(tmp_path: Path, command: str) -> None:
    done = run(tmp_path, f"{command} >/dev/full")
    assert (done.returncode, done.stderr.count("bitmask_studio: ")) == (1, 1), done.stderr
    assert "No space left on device" in done.stderr and "unexpected" not in done.stderr


@pytest.mark.parametrize("streams", [">/dev/full 2>&1", ">/dev/full 2>&-"])
def test_a_full_stdout_that_cannot_be_told_is_status_1_too(tmp_path: Path, streams: str) -> None:
    assert run(tmp_path, f"info l.json {streams}").returncode == 1


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(("command", "status"), [("info l.json", 0), (EXPORT, 0), (DAMAGED, 1), ("info missing", 2)])
def test_a_stderr_that_takes_nothing_changes_neither_the_answer_nor_the_status(
    tmp_path: Path, command: str, status: int, streams: str
) -> None:
    usual = run(tmp_path, command)
    done = run(tmp_path, f"{command} {streams}")
    assert (done.returncode, done.stdout) == (usual.returncode, usual.stdout) == (status, usual.stdout)


def test_closed_streams_are_not_taken_by_the_files_that_are_written(tmp_path: Path) -> None:
    assert run(tmp_path, f"{EXPORT} <&- >&- 2>&-").returncode == 0
    assert len(list((tmp_path / "out").iterdir())) == 200
