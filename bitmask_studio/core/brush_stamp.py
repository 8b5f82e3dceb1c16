"""The pixels of short ways of the brush, kept: a stroke repeats its steps, wherever on the picture it is."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.geometry import Box, Point

LONGEST = 192
"""Size of a brush and length of its way together, px: what is longer is not kept."""
_GRAIN = 1024
"""Ways whose ends are whole 1/_GRAIN px are alike wherever they are, to the bit."""
_KEPT = 256

Covered = NDArray[np.bool_]


class Stamp(NamedTuple):
    """The pixels that a brush covers, `bits` (height, width), the first of which is (x, y); a rim of it may be bare."""

    x: int
    y: int
    bits: Covered


def stamp(start: Point, end: Point, size: float, shape: BrushShape) -> Stamp | None:
    """What a brush covers on a straight way, as `cover` says; None for a way that is long or between the grains."""
    (x, y), (to_x, to_y) = start, end
    if size + abs(to_x - x) + abs(to_y - y) > LONGEST:
        return None
    left, top = int(x // 1), int(y // 1)
    x, y, to_x, to_y = x * _GRAIN, y * _GRAIN, to_x * _GRAIN, to_y * _GRAIN
    if x % 1 or y % 1 or to_x % 1 or to_y % 1:
        return None
    over, down = left * _GRAIN, top * _GRAIN
    made = _made(x - over, y - down, to_x - over, to_y - down, size, shape is BrushShape.ROUND)
    return Stamp(made.x + left, made.y + top, made.bits)


@lru_cache(maxsize=_KEPT)
def _made(x: float, y: float, to_x: float, to_y: float, size: float, is_round: bool) -> Stamp:
    start, end = Point(x / _GRAIN, y / _GRAIN), Point(to_x / _GRAIN, to_y / _GRAIN)
    near = Box.around((start, end), size / 2 + 1)
    spans = cover(start, end, size, BrushShape.ROUND if is_round else BrushShape.SQUARE, near)
    box = spans.box
    return Stamp(box.x0, box.y0, spans.bits(box))
