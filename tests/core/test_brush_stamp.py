"""Kept steps of a stroke: the same pixels as the brush's definition covers, wherever they are used again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.brush_stamp import LONGEST, SHORT, stamp
from bitmask_studio.core.geometry import Box, Point

PLACES = st.integers(-40 * 64, 300 * 64).map(lambda at: at / 64)
SHAPES = st.sampled_from(list(BrushShape))


@given(PLACES, PLACES, st.integers(-900, 900), st.integers(-900, 900), st.integers(1, 500), SHAPES)
def test_a_stamp_is_what_the_brush_covers(
    x: float, y: float, across: int, down: int, size: int, shape: BrushShape
) -> None:
    start, end = Point(x, y), Point(x + across / 16, y + down / 16)
    kept = stamp(start, end, size, shape)
    way = (abs(across) + abs(down)) / 16
    assert (kept is not None) is (size + way <= SHORT or (size + way <= LONGEST and way <= size))
    if kept:
        height, width = kept.bits.shape
        box = Box(kept.x, kept.y, kept.x + width, kept.y + height)
        spans = cover(start, end, size, shape, Box(-1000, -1000, 2000, 2000))
        assert spans.box == box
        assert np.array_equal(spans.bits(box), kept.bits)


def test_a_step_is_made_once_however_often_and_wherever_it_is_repeated() -> None:
    one = stamp(Point(10.25, 20.5), Point(14.25, 21.5), 30, BrushShape.ROUND)
    other = stamp(Point(9110.25, 7020.5), Point(9114.25, 7021.5), 30, BrushShape.ROUND)
    assert one and other and one.bits is other.bits
    assert (other.x - one.x, other.y - one.y) == (9100, 7000)


def test_a_step_between_the_grains_is_not_kept() -> None:
    assert stamp(Point(0.1, 3), Point(4, 5), 10, BrushShape.ROUND) is None
