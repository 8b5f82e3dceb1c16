"""The pixels of short ways of the brush, kept: a stroke repeats its steps, wherever on the picture it is."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.geometry import Box, Point

SHORT, LONGEST = 192, 640
"""Size of a brush and length of its way together, px, that are kept; the longer ones where a step follows another."""
_GRAIN = 1024
"""Ways whose ends are whole 1/_GRAIN px are alike wherever they are, to the bit."""
_KEPT, _LONG_KEPT = 256, 32
_SURE = 2.0
"""A tip of this size covers a pixel's centre wherever it is."""

Covered = NDArray[np.bool_]


class Stamp(NamedTuple):
    """The pixels that a brush covers, `bits` (height, width), the first of which is (x, y); a rim of it may be bare."""

    x: int
    y: int
    bits: Covered


def stamp(start: Point, end: Point, size: float, shape: BrushShape, follows: bool = False) -> Stamp | None:
    """What a brush covers on a straight way, as `cover` says; None for a way that is long or between the grains.

    `follows`: without what the tip covers at the start, as the step that ended there has covered it.
    """
    (x, y), (to_x, to_y) = start, end
    length, follows = size + abs(to_x - x) + abs(to_y - y), follows and size >= _SURE
    if length > (LONGEST if follows else SHORT):
        return None
    left, top = int(x // 1), int(y // 1)
    x, y, to_x, to_y = x * _GRAIN, y * _GRAIN, to_x * _GRAIN, to_y * _GRAIN
    if x % 1 or y % 1 or to_x % 1 or to_y % 1:
        return None
    over, down = left * _GRAIN, top * _GRAIN
    made = _kept if length <= SHORT else _long_kept
    step = made(x - over, y - down, to_x - over, to_y - down, size, shape is BrushShape.ROUND, follows)
    return Stamp(step.x + left, step.y + top, step.bits)


def _made(x: float, y: float, to_x: float, to_y: float, size: float, is_round: bool, follows: bool) -> Stamp:
    start, end = Point(x / _GRAIN, y / _GRAIN), Point(to_x / _GRAIN, to_y / _GRAIN)
    near = Box.around((start, end), size / 2 + 1)
    spans = cover(start, end, size, BrushShape.ROUND if is_round else BrushShape.SQUARE, near)
    box = spans.box
    whole = Stamp(box.x0, box.y0, spans.bits(box))
    return _without(whole, _long_kept(x, y, x, y, size, is_round, False)) if follows else whole


def _without(whole: Stamp, part: Stamp) -> Stamp:
    """What is left of a stamp, in its tight box, without one that lies in it."""
    (height, width), left, top = part.bits.shape, part.x - whole.x, part.y - whole.y
    here = whole.bits[top : top + height, left : left + width]
    np.greater(here, part.bits, out=here)
    left, top, width, height = cv2.boundingRect(whole.bits.view(np.uint8))
    return Stamp(whole.x + left, whole.y + top, whole.bits[top : top + height, left : left + width].copy())


_kept, _long_kept = lru_cache(_KEPT)(_made), lru_cache(_LONG_KEPT)(_made)
