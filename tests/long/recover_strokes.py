"""How long it takes to have 10,000 unsaved strokes back: reading the journal, decoding, joining, applying.

From the checkout: `python -m tests.long.recover_strokes [--seed N] [--strokes N]`.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.studio.document.edits import MaskEdit
from bitmask_studio.studio.journal.kept import Applied, Base, KeptRow, Line
from bitmask_studio.studio.journal.replay import joined
from tests.studio.journal.sessions import open_journal

SEED = 20261123
FRAME = Box.of_size(3840, 2160)
KEY = MaskKey(0, "object")
T = TypeVar("T")


def stroke(dice: random.Random, mask: Mask) -> tuple[MaskEdit, Mask]:
    """A dozen segments somewhere on the frame, most of them painted, some erased; and the mask after it."""
    painter, value = MaskPainter(mask, FRAME), dice.random() < 0.7
    last = Point(dice.uniform(200, 3600), dice.uniform(200, 2000))
    for _ in range(12):
        here = Point(last.x + dice.uniform(-40, 40), last.y + dice.uniform(-40, 40))
        painter.draw_segment(last, here, 24, BrushShape.ROUND, value)
        last = here
    patch = painter.patch()
    return MaskEdit("Brush", KEY, patch), painter.painted(patch, mask)


def keep(folder: Path, seed: int, strokes: int) -> Mask:
    """Keep so many strokes in the journal of a folder; answers the mask they make."""
    dice, mask, journal = random.Random(seed), EMPTY_MASK, open_journal(folder)
    row = journal.follow("row", "Row", None)
    for number in range(1, strokes + 1):
        edit, mask = stroke(dice, mask)
        row.committed(edit, Line(0, number, 0, number), [Base(KEY, FRAME.width, FRAME.height, None)])
    assert journal.close(600)
    return mask


def recover(kept: KeptRow) -> Mask:
    """The mask that the log makes."""
    mask = EMPTY_MASK
    for each in _timed("joined", lambda: joined(kept.log)):
        mask = _applied(mask, each)
    return mask


def _applied(mask: Mask, each: Applied) -> Mask:
    assert isinstance(each.edit, MaskEdit)
    patch = each.edit.patch
    return _timed("applied", lambda: patch.apply(mask))


def _timed(what: str, work: Callable[[], T]) -> T:
    start, used = time.perf_counter(), time.process_time()
    answer = work()
    print(f"{what}: {time.perf_counter() - start:.2f} s, {time.process_time() - used:.2f} s of the processor")
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--strokes", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mask = keep(Path(folder), options.seed, options.strokes)
        start, used = time.perf_counter(), time.process_time()
        journal = _timed("opened", lambda: open_journal(Path(folder)))
        kept = _timed("read", lambda: journal.read("row"))
        assert kept
        assert recover(kept).same_as(mask)
        took, busy = time.perf_counter() - start, time.process_time() - used
        journal.close()
    print(
        f"{len(kept.log)} strokes, seed {options.seed}: {took:.2f} s in all, {busy:.2f} s of the processor; all there"
    )


if __name__ == "__main__":
    main()
