"""The pixels of short ways of the brush, kept: a stroke repeats its steps, wherever on the picture it is."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.geometry import Box, Point

SHORT, LONGEST = 192, 640
"""Size of a brush and length of its way together, px, of which many are kept; of which a few, of a wide brush."""
_GRAIN = 1024
"""Ways whose ends are whole 1/_GRAIN px are alike wherever they are, to the bit."""
_KEPT, _LONG_KEPT = 256, 32

Covered = NDArray[np.bool_]


class Stamp(NamedTuple):
    """The pixels that a brush covers, `bits` (height, width), the first of which is (x, y); a rim of it may be bare."""

    x: int
    y: int
    bits: Covered


def stamp(start: Point, end: Point, size: float, shape: BrushShape) -> Stamp | None:
    """What a brush covers on a straight way, as `cover` says; None for a way that is long or between the grains.

    A way of more than SHORT is long where it is longer than the brush is wide: its box would be bare for the most.
    """
    (x, y), (to_x, to_y) = start, end
    length = size + abs(to_x - x) + abs(to_y - y)
    if length > SHORT and length > min(LONGEST, 2 * size):
        return None
    left, top = int(x // 1), int(y // 1)
    x, y, to_x, to_y = x * _GRAIN, y * _GRAIN, to_x * _GRAIN, to_y * _GRAIN
    if x % 1 or y % 1 or to_x % 1 or to_y % 1:
        return None
    over, down = left * _GRAIN, top * _GRAIN
    made = _kept if length <= SHORT else _long_kept
    step = made(x - over, y - down, to_x - over, to_y - down, size, shape is BrushShape.ROUND)
    return Stamp(step.x + left, step.y + top, step.bits)


def _made(x: float, y: float, to_x: float, to_y: float, size: float, is_round: bool) -> Stamp:
    start, end = Point(x / _GRAIN, y / _GRAIN), Point(to_x / _GRAIN, to_y / _GRAIN)
    near = Box.around((start, end), size / 2 + 1)
    spans = cover(start, end, size, BrushShape.ROUND if is_round else BrushShape.SQUARE, near)
    box = spans.box
    return Stamp(box.x0, box.y0, spans.bits(box))


_kept, _long_kept = lru_cache(_KEPT)(_made), lru_cache(_LONG_KEPT)(_made)
