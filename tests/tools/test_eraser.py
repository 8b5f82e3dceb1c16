"""The eraser takes away, and with Ctrl paints, exactly what the brush would paint."""

from __future__ import annotations

import numpy as np
import pytest

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.tools.base import Phase, PointerEvent, Stroke, Tool, ToolOptions
from bitmask_studio.tools.brush import BRUSH
from bitmask_studio.tools.eraser import ERASER

FRAME = Box.of_size(40, 30)
FULL = Mask.of(FRAME, np.ones((30, 40), np.bool_))


def dab(tool: Tool, mask: Mask, alternate: bool = False) -> Mask:
    """The mask after one dab."""
    painter = MaskPainter(mask, FRAME)
    assert tool.paints is not None
    press = PointerEvent(Phase.PRESS, Point(17.3, 12.9), alternate=alternate)
    next(tool.paints(Stroke(painter, ToolOptions(11, BrushShape.ROUND), None, lambda box: None), press))
    return painter.patch().apply(mask)


def test_the_eraser_clears_what_the_brush_sets() -> None:
    painted = dab(BRUSH, EMPTY_MASK)
    assert painted.area > 50
    assert np.array_equal(dab(ERASER, FULL).to_array(30, 40), ~painted.to_array(30, 40))
    assert dab(ERASER, painted).empty


@pytest.mark.parametrize(("one", "other"), [(BRUSH, ERASER), (ERASER, BRUSH)])
def test_with_ctrl_each_does_what_the_other_does(one: Tool, other: Tool) -> None:
    for mask in (FULL, EMPTY_MASK):
        assert dab(one, mask, alternate=True).same_as(dab(other, mask))
