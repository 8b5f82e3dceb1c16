"""Damages journals in every way and opens them: what is found was there once, and the program never refuses to start.

All of it, from the checkout: `python -m tests.long.fuzz_journal [--seed N] [--tries N]`; the suite runs a hundredth.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bitmask_studio.studio.journal.journal import Journal
from tests.studio.journal.sessions import GENEROUS, Session, open_journal

SEED = 20261123
TRIES = 3600
NAME = "journal.sqlite"
_PAGE = 4096
_SLOW = 1.0
"""Seconds that opening and reading may take of the processor."""


class Damaged(Enum):
    """What is damaged, and how."""

    BITS = "bits turned over in the file"
    BYTES = "bytes overwritten in the file"
    PAGE = "a page of noise"
    ZEROS = "pages of zeros"
    SHORT = "the file cut short"
    AHEAD_BITS = "bits turned over in what was written ahead"
    AHEAD_SHORT = "what was written ahead cut short"
    SWAPPED = "two pages swapped"


@dataclass
class Counts:
    """How many were tried, and how much was found again: all, a part, nothing."""

    tries: int = 0
    whole: int = 0
    part: int = 0
    none: int = 0
    slowest: float = 0.0


def fuzz(folder: Path, dice: random.Random, kind: Damaged, tries: int) -> Counts:
    """Damage one journal so many times; AssertionError where what is found was never there, or nobody is told."""
    session, content = _made(folder / "whole", dice.randrange(1 << 30))
    counts = Counts()
    for number in range(tries):
        place = folder / str(number)
        place.mkdir()
        for name, data in _damaged(content, kind, dice).items():
            (place / name).write_bytes(data)
        _try(place, session, counts)
        for each in place.iterdir():
            each.unlink()
        place.rmdir()
    return counts


def _made(folder: Path, seed: int) -> tuple[Session, dict[str, bytes]]:
    """A journal as a killed program leaves it: the half of it in the file, the half written ahead."""
    folder.mkdir()
    journal = open_journal(folder)
    session = Session(journal, seed)
    session.commit()
    session.go_on(60)
    assert journal.close(GENEROUS)
    journal = open_journal(folder)
    session.row = journal.follow("row", "Row", journal.read("row"))
    session.go_on(30)
    session.commit()
    assert journal.settle(GENEROUS)
    content = {name: (folder / name).read_bytes() for name in (NAME, f"{NAME}-wal")}
    journal.close(GENEROUS)
    return session, content


def _damaged(content: dict[str, bytes], kind: Damaged, dice: random.Random) -> dict[str, bytes]:
    name = f"{NAME}-wal" if kind in (Damaged.AHEAD_BITS, Damaged.AHEAD_SHORT) else NAME
    data = bytearray(content[name])
    _DEEDS[kind](data, dice)
    after = content | {name: bytes(data)}
    if name == NAME and dice.random() < 0.5:
        del after[f"{NAME}-wal"]
    return after


def _turn_bits(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice([1, 1, 3, 30])):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _overwrite(data: bytearray, dice: random.Random) -> None:
    at, size = dice.randrange(len(data)), dice.choice([1, 4, 100])
    data[at : at + size] = dice.randbytes(min(size, len(data) - at))


def _fill(data: bytearray, dice: random.Random, noise: bool) -> None:
    at, size = _page(data, dice), _PAGE if noise else _PAGE * dice.randint(1, 3)
    size = min(size, len(data) - at)
    data[at : at + size] = dice.randbytes(size) if noise else bytes(size)


def _shorten(data: bytearray, dice: random.Random) -> None:
    del data[dice.choice([_page(data, dice), dice.randrange(len(data))]) :]


def _swap(data: bytearray, dice: random.Random) -> None:
    one, other = _page(data, dice), _page(data, dice)
    pages = slice(one, one + _PAGE), slice(other, other + _PAGE)
    data[pages[0]], data[pages[1]] = data[pages[1]], data[pages[0]]


def _page(data: bytearray, dice: random.Random) -> int:
    return dice.randrange(max(len(data) // _PAGE, 1)) * _PAGE


_DEEDS: dict[Damaged, Callable[[bytearray, random.Random], None]] = {
    Damaged.BITS: _turn_bits,
    Damaged.BYTES: _overwrite,
    Damaged.PAGE: lambda data, dice: _fill(data, dice, noise=True),
    Damaged.ZEROS: lambda data, dice: _fill(data, dice, noise=False),
    Damaged.SHORT: _shorten,
    Damaged.AHEAD_BITS: _turn_bits,
    Damaged.AHEAD_SHORT: _shorten,
    Damaged.SWAPPED: _swap,
}


def _try(folder: Path, session: Session, counts: Counts) -> None:
    ahead = (folder / f"{NAME}-wal").exists()
    start = time.process_time()
    journal = open_journal(folder)
    kept = journal.read("row")
    counts.slowest = max(counts.slowest, time.process_time() - start)
    assert journal.kept, journal.state
    counts.tries += 1
    if kept is None:
        counts.none += 1
        assert journal.told or not ahead
    else:
        session.check_part(kept)
        lost = len(kept.log) < len(session.row.log) or len(kept.steps) < len(session.history.edits)
        counts.whole, counts.part = counts.whole + (not lost), counts.part + lost
    _go_on(journal)


def _go_on(journal: Journal) -> None:
    """New edits are kept next to what is left."""
    session = Session(journal, 1, "new")
    session.commit()
    session.check(journal.read("new"))
    assert journal.close(GENEROUS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--tries", type=int, default=TRIES)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    for kind in Damaged:
        with tempfile.TemporaryDirectory() as folder:
            counts = fuzz(Path(folder), dice, kind, options.tries // len(Damaged))
        print(f"{kind.value}: {counts}, seed {options.seed}")
        assert counts.slowest < _SLOW
    print("0 refusals, 0 states that never were")


if __name__ == "__main__":
    main()
