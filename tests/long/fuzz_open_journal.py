"""Damages journals while they are open: nobody may end the program so, and every edit is on the disk again at once.

All of it, from the checkout: `python -m tests.long.fuzz_open_journal [--seed N] [--tries N]`; the suite runs a part.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from unittest.mock import patch

from bitmask_studio.studio.journal import writer
from tests.studio.journal.sessions import GENEROUS, Session, open_journal

SEED = 20261123
TRIES = 900
NAME = "journal.sqlite"
FILES = (NAME, f"{NAME}-wal")
_PAGE = 4096
_OFTEN = 8
"""How often one journal is damaged."""
_TICK = 0.02
"""Seconds after which a file that is written to has another time."""


class Harm(Enum):
    """What something else does to a file."""

    EMPTIED = "cut to nothing"
    SHORT = "cut short"
    NOISE = "overwritten by noise"
    PAGE = "a page of noise"
    ZEROS = "overwritten by zeros"
    BIT = "a bit turned over"
    LONGER = "noise put behind"
    DELETED = "deleted"
    REPLACED = "another file put in its place"
    OLDER = "an older copy put in its place"
    OVERWRITTEN = "overwritten by an older copy"
    TOUCHED = "given another time"


class Harmed:
    """A journal of two rows that is open, and what becomes of it."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self._folder, self._dice = folder, dice
        self.journal = open_journal(folder)
        self.sessions = [Session(self.journal, dice.randrange(1 << 30), key) for key in ("one", "two")]
        for each in self.sessions:
            each.commit()
        self.journal.settle(GENEROUS)
        self._old = {name: (folder / name).read_bytes() for name in FILES}

    def restart(self) -> None:
        """Be closed and opened again: what is known of the rows was read then."""
        assert self.journal.close(GENEROUS)
        self.journal = open_journal(self._folder)
        for each in self.sessions:
            each.row = self.journal.follow(each.key, "Row", self.journal.read(each.key))

    def harm(self, harms: Mapping[str, Harm]) -> None:
        """Do so to these files, all edits being kept."""
        assert self.journal.settle(GENEROUS)
        time.sleep(_TICK)
        for name, harm in harms.items():
            with contextlib.suppress(FileNotFoundError):  # the first one has been seen already
                _HARMS[harm](self._folder / name, self._dice, self._old[name])

    def work(self) -> None:
        """Edit the first row."""
        self.sessions[0].go_on(self._dice.randrange(5))
        self.sessions[0].commit()

    def await_whole(self) -> None:
        """Until a program that starts now would find every edit of both rows."""
        end = time.monotonic() + GENEROUS
        while True:
            try:
                self._check_killed()
            except (AssertionError, OSError):
                if time.monotonic() > end:
                    raise
                time.sleep(_TICK)
            else:
                break

    def _check_killed(self) -> None:
        assert self.journal.settle(GENEROUS)
        with tempfile.TemporaryDirectory() as folder:
            for name in FILES:
                shutil.copy(self._folder / name, folder)
            again = open_journal(Path(folder))
            try:
                for each in self.sessions:
                    each.check(again.read(each.key))
            finally:
                again.close(GENEROUS)


def fuzz(folder: Path, dice: random.Random, tries: int) -> int:
    """Harm open journals so many times; answers in how many the user was told. AssertionError where an edit is lost."""
    told = 0
    with patch.object(writer, "LOOK", _TICK):
        for number in range(0, tries, _OFTEN):
            place = folder / str(number)
            place.mkdir()
            harmed = Harmed(place, dice)
            for _ in range(min(_OFTEN, tries - number)):
                told += _harm_once(harmed, dice)
            assert harmed.journal.close(GENEROUS)
            shutil.rmtree(place)
    return told


def _harm_once(harmed: Harmed, dice: random.Random) -> bool:
    harmed.work()
    if dice.random() < 0.2:
        harmed.restart()
    harmed.journal.told = None
    harms = {name: dice.choice(list(Harm)) for name in dice.choice([FILES[:1], FILES[1:], FILES])}
    harmed.harm(harms)
    if dice.random() < 0.7:  # else it is seen although nobody does anything
        harmed.work()
    try:
        harmed.await_whole()
    except BaseException as error:
        error.add_note(", ".join(f"{name} {harm.value}" for name, harm in harms.items()))
        raise
    return harmed.journal.told is not None


def _put(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def _replace(path: Path, data: bytes) -> None:
    other = path.with_name("other")
    other.write_bytes(data)
    other.replace(path)


def _turn(path: Path, dice: random.Random) -> None:
    data = path.read_bytes() or b"\0"
    at = dice.randrange(len(data))
    _put(path, at, bytes([data[at] ^ 1 << dice.randrange(8)]))


def _size(path: Path) -> int:
    return max(path.stat().st_size, 1)


_HARMS: dict[Harm, Callable[[Path, random.Random, bytes], object]] = {
    Harm.EMPTIED: lambda path, dice, old: os.truncate(path, 0),
    Harm.SHORT: lambda path, dice, old: os.truncate(path, dice.randrange(_size(path))),
    Harm.NOISE: lambda path, dice, old: _put(path, 0, dice.randbytes(_size(path))),
    Harm.PAGE: lambda path, dice, old: _put(
        path, dice.randrange(-(-_size(path) // _PAGE)) * _PAGE, dice.randbytes(_PAGE)
    ),
    Harm.ZEROS: lambda path, dice, old: _put(path, 0, bytes(_size(path))),
    Harm.BIT: lambda path, dice, old: _turn(path, dice),
    Harm.LONGER: lambda path, dice, old: _put(path, _size(path), dice.randbytes(_PAGE)),
    Harm.DELETED: lambda path, dice, old: path.unlink(),
    Harm.REPLACED: lambda path, dice, old: _replace(path, dice.randbytes(_PAGE)),
    Harm.OLDER: lambda path, dice, old: _replace(path, old),
    Harm.OVERWRITTEN: lambda path, dice, old: path.write_bytes(old),
    Harm.TOUCHED: lambda path, dice, old: path.touch(),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--tries", type=int, default=TRIES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = fuzz(Path(folder), random.Random(options.seed), options.tries)
    print(f"{options.tries} times harmed while open: 0 edits lost; told {told} times, seed {options.seed}")


if __name__ == "__main__":
    main()
