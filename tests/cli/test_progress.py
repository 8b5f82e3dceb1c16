"""Whoever waits at a terminal sees how far it is, and Ctrl+C ends it there and then."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import environment
from tests.fakes.encord_json import bitmask, label_row, mask_object

ROWS = 5_000
LONGEST = 60.0


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes seconds to be read and listed."""
    pixels = np.ones((3, 4), np.bool_)
    objects = [mask_object(f"obj{number:05d}", bitmask(pixels)) for number in range(9)]
    text = json.dumps(label_row("ROW", (4, 3), [objects]))
    path = tmp_path_factory.mktemp("long") / "labels.json"
    path.write_text(f"[{', '.join(text.replace('ROW', f'row {number}') for number in range(ROWS))}]")
    return path


class Terminal:
    """A run whose stderr is a terminal."""

    def __init__(self, *arguments: object) -> None:
        try:
            self._main, side = pty.openpty()
        except OSError:
            pytest.skip("the system has no terminals to give")
        command = [sys.executable, "-m", "bitmask_studio", *map(str, arguments)]
        # Ctrl+C may come between the opening of a file and the statement that closes it.
        warned = environment() | {"PYTHONWARNINGS": "error,ignore::ResourceWarning"}
        self.process = subprocess.Popen(command, env=warned, stdout=subprocess.DEVNULL, stderr=side)
        os.close(side)
        self.shown = b""

    def until(self, word: bytes) -> None:
        """Wait until a word is shown."""
        end = time.monotonic() + LONGEST
        while word not in self.shown:
            assert time.monotonic() < end
            self.shown += os.read(self._main, 4096)

    def rest(self) -> bytes:
        """Everything that is shown until the run ends."""
        try:
            while piece := os.read(self._main, 4096):
                self.shown += piece
        except OSError:  # Linux says so that nobody has the other side any more
            pass
        self.process.wait(LONGEST)
        return self.shown

    def close(self) -> None:
        os.close(self._main)
        self.process.kill()
        self.process.wait()


@pytest.fixture(params=["info --json", "info", "export"])
def run(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    arguments = {"export": ["export", path, "--to", "npz", "--out", tmp_path / "out"]}
    terminal = Terminal(*arguments.get(request.param, [*request.param.split(), path]))
    yield terminal
    terminal.close()


def test_reading_tells_how_far_it_is_and_ends_at_once(run: Terminal) -> None:
    run.until(b"reading: ")
    run.process.send_signal(signal.SIGINT)
    shown = run.rest()
    assert run.process.returncode == 130
    assert b"Traceback" not in shown
    assert b"of 5000 rows" not in shown


def test_going_through_the_rows_tells_how_many_there_were_and_ends_at_once(run: Terminal) -> None:
    run.until(b" of 5000 rows")
    run.process.send_signal(signal.SIGINT)
    shown = run.rest()
    assert run.process.returncode == 130
    assert b"Traceback" not in shown
    assert b"5000 of 5000 rows" not in shown
