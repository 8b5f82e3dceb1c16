"""A stroke's pixels in one piece: filled once, tile by tile, and none but those that are needed."""

from __future__ import annotations

import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import TILE, Bits, Corner
from bitmask_studio.core.stroke_sheet import Sheet


def striped(corner: Corner) -> Bits:
    """A tile that tells which one it is: True in the rows that are multiples of its place."""
    x, y = corner
    rows = np.arange(TILE) % (2 + x // TILE + 3 * (y // TILE)) == 0
    return np.repeat(rows[:, None], TILE, axis=1)


def test_what_is_filled_in_is_what_the_tiles_hold() -> None:
    box = Box(TILE - 50, TILE - 50, TILE + 50, TILE + 50)
    sheet = Sheet(box)
    assert sheet.box.covers(box)
    assert not sheet.holds(box)
    assert sheet.fill(box, striped) == [(0, 0), (TILE, 0), (0, TILE), (TILE, TILE)]
    assert sheet.holds(box)
    whole = np.vstack([np.hstack([striped((x, y)) for x in (0, TILE)]) for y in (0, TILE)])
    assert np.array_equal(sheet.view(box), whole[TILE - 50 : TILE + 50, TILE - 50 : TILE + 50])
    assert np.array_equal(sheet.tile((TILE, 0)), striped((TILE, 0)))


def test_a_tile_is_filled_in_once_and_what_was_drawn_there_stays() -> None:
    box = Box(300, 300, 310, 310)
    sheet = Sheet(box)
    sheet.fill(box, striped)
    sheet.view(box)[...] = True
    assert sheet.fill(box, striped) == []
    assert sheet.fill(box.shifted(2 * TILE, 0), striped) == [(4 * TILE, 2 * TILE)]
    assert sheet.fill(box, striped) == []
    assert sheet.view(box).all()


def test_a_sheet_does_not_hold_what_was_not_filled_in() -> None:
    box = Box(300, 300, 310, 310)
    sheet = Sheet(box)
    sheet.fill(box, striped)
    assert sheet.holds(Box(2 * TILE, 2 * TILE, 3 * TILE, 3 * TILE))
    assert not sheet.holds(Box(2 * TILE - 1, 300, 310, 310))


def test_a_sheet_in_the_memory_of_another_has_nothing_of_it() -> None:
    box = Box(300, 300, 310, 310)
    before = Sheet(box)
    before.fill(box, striped)
    after = Sheet(box.shifted(8 * TILE, 0), before)
    assert np.shares_memory(before.view(before.box), after.view(after.box))
    assert not after.holds(box)
    assert list(after.filled) == []
    after.fill(box, striped)
    assert np.array_equal(after.tile((2 * TILE, 2 * TILE)), striped((2 * TILE, 2 * TILE)))
