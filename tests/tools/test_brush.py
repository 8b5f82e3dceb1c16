"""The brush paints, and with Ctrl erases, along the pointer's way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.mask import EMPTY_MASK, Bits, Mask
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.tools.base import Phase, PointerEvent, Stroke, ToolOptions
from bitmask_studio.tools.brush import BRUSH

FRAME = Box.of_size(60, 50)
FULL = Mask.of(FRAME, np.ones((50, 60), np.bool_))
WAY = (Point(10.0, 10.0), Point(30.5, 12.25), Point(31.0, 40.0))


def drawn(
    mask: Mask, way: tuple[Point, ...], options: ToolOptions, last_end: Point | None = None,
    straight: bool = False, alternate: bool = False,
) -> tuple[Bits, list[Box]]:  # fmt: skip
    """What the brush leaves of a mask, and the boxes it told."""
    painter, told = MaskPainter(mask, FRAME), list[Box]()
    assert BRUSH.paints is not None
    first = PointerEvent(Phase.PRESS, way[0], straight, alternate)
    gesture = BRUSH.paints(Stroke(painter, options, last_end, told.append), first)
    next(gesture)
    for point in way[1:]:
        gesture.send(PointerEvent(Phase.MOVE, point, straight, alternate))
    gesture.close()
    return painter.crop(FRAME), told


def swept(way: tuple[Point, ...], options: ToolOptions) -> Bits:
    """The union of every segment's pixels."""
    bits = np.zeros((50, 60), np.bool_)
    for start, end in pairwise(way):
        spans = cover(start, end, options.size, options.shape, FRAME)
        bits[spans.box.within(FRAME)] |= spans.bits(spans.box)
    return bits


@pytest.mark.parametrize("options", [ToolOptions(1, BrushShape.ROUND), ToolOptions(9, BrushShape.SQUARE)])
def test_the_brush_covers_its_whole_way_without_gaps(options: ToolOptions) -> None:
    bits, told = drawn(EMPTY_MASK, WAY, options)
    assert np.array_equal(bits, swept((WAY[0], *WAY), options))
    assert len(told) == 3
    assert all(any(box.holds(int(x), int(y)) for box in told) for y, x in np.argwhere(bits))


def test_with_ctrl_the_brush_erases() -> None:
    options = ToolOptions(9, BrushShape.ROUND)
    bits, _ = drawn(FULL, WAY, options, alternate=True)
    assert np.array_equal(bits, ~swept((WAY[0], *WAY), options))


def test_with_shift_the_stroke_begins_where_the_last_one_ended() -> None:
    options = ToolOptions(3, BrushShape.ROUND)
    bits, _ = drawn(EMPTY_MASK, WAY[:1], options, last_end=Point(50.0, 45.0), straight=True)
    assert np.array_equal(bits, swept((Point(50.0, 45.0), WAY[0]), options))


def test_a_pen_pressed_less_hard_paints_less_where_that_is_wanted() -> None:
    assert BRUSH.paints is not None
    for by_pressure, size in ((True, 5.0), (False, 20)):
        painter, options = MaskPainter(EMPTY_MASK, FRAME), ToolOptions(20, BrushShape.ROUND, by_pressure)
        press = PointerEvent(Phase.PRESS, WAY[0], pressure=0.25)
        next(BRUSH.paints(Stroke(painter, options, None, lambda box: None), press))
        assert np.array_equal(painter.crop(FRAME), swept((WAY[0], WAY[0]), ToolOptions(int(size), BrushShape.ROUND)))


@pytest.mark.parametrize("pressure", [0.0, 0.01, 0.05])
def test_the_lightest_touch_paints_a_pixel(pressure: float) -> None:
    event = PointerEvent(Phase.PRESS, WAY[0], pressure=pressure)
    assert ToolOptions(20, BrushShape.ROUND, by_pressure=True).size_at(event) == 1


def test_without_a_last_stroke_shift_paints_a_dab() -> None:
    options = ToolOptions(3, BrushShape.ROUND)
    bits, _ = drawn(EMPTY_MASK, WAY[:1], options, straight=True)
    assert np.array_equal(bits, swept((WAY[0], WAY[0]), options))


def test_without_shift_the_last_stroke_does_not_matter() -> None:
    options = ToolOptions(3, BrushShape.ROUND)
    bits, _ = drawn(EMPTY_MASK, WAY[:1], options, last_end=Point(50.0, 45.0))
    assert np.array_equal(bits, swept((WAY[0], WAY[0]), options))
