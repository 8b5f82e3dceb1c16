"""Whoever changes a file has it to itself, and nobody has to wait for ever."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitmask_studio.core import turns
from bitmask_studio.core.turns import turn

HOLDER = """
import sys, time
from pathlib import Path
from bitmask_studio.core.turns import turn
with turn(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(600)
"""
LONG = 60.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    return path


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that has its turn."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        assert program.stdout.readline() == "mine\n"
        yield program
        program.kill()


def test_of_those_who_read_and_replace_a_file_nobody_undoes_what_another_did(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_PATIENCE", LONG)
    path.write_text("0")

    def count(number: int) -> None:
        for _ in range(10):
            with turn(path):
                new = path.with_suffix(f".{number}")
                new.write_text(str(int(path.read_text()) + 1))
                new.replace(path)

    threads = [threading.Thread(target=count, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert path.read_text() == "40"


def test_who_was_killed_has_no_turn_any_more(
    path: Path, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_PATIENCE", 2 * LONG)
    threading.Timer(0.1, holder.kill).start()
    started = time.monotonic()
    with turn(path):
        assert holder.wait(LONG) == -signal.SIGKILL
    assert time.monotonic() - started < LONG


def test_who_is_frozen_keeps_nobody_from_work(
    path: Path, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    holder.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(turns, "_PATIENCE", 0.1)
    with turn(path):
        assert holder.poll() is None


def test_a_file_that_is_not_there_needs_no_turn(tmp_path: Path) -> None:
    with turn(tmp_path / "none"):
        pass
