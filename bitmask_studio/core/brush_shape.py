"""Which pixels a brush covers on its way: exact, one interval a row, at a cost that follows the rows.

A pixel (i, j), its centre at (i + 0.5, j + 0.5), is covered when that centre lies within half the size of the path: by
Euclid's distance for the round brush, by the larger of dx and dy for the square one. Where no centre is that near, the
pixel that holds the path's end is covered.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.brush_exact import ExactPath
from bitmask_studio.core.geometry import EMPTY, Box, Point

MIN_SIZE, MAX_SIZE = 1, 2000
"""Diameters a brush can have, px."""


class BrushShape(Enum):
    """The outline of the brush's tip."""

    ROUND = "round"
    SQUARE = "square"


Columns = NDArray[np.float64]
Doubt = NDArray[np.bool_]

_UNSURE = 1e-4
"""Farther than any rounding reaches, px: an end of a row's interval this near to a centre is decided exactly."""
_STEEP = 1e-6
"""A path whose smaller extent is a smaller part than this of its larger one is decided exactly as a whole."""
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Spans:
    """The pixels [begins[k], ends[k]) of row `top + k`, for each k; an empty interval has ends <= begins."""

    top: int
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def box(self) -> Box:
        used = np.flatnonzero(self.ends > self.begins)
        if not len(used):
            return EMPTY
        left, right = int(self.begins[used].min()), int(self.ends[used].max())
        return Box(left, self.top + int(used[0]), right, self.top + int(used[-1]) + 1)

    def bits(self, box: Box) -> NDArray[np.bool_]:
        """Which pixels of `box` (inside the spans' rows) are covered, bool (box.height, box.width)."""
        rows = slice(box.y0 - self.top, box.y1 - self.top)
        columns = np.arange(box.x0, box.x1)
        return (columns >= self.begins[rows, None]) & (columns < self.ends[rows, None])


def cover(start: Point, end: Point, size: float, shape: BrushShape, frame: Box) -> Spans:
    """The pixels of `frame` that a brush of `size` px covers on the straight way from `start` to `end`."""
    radius = size / 2
    bounds = Box.around((start, end), radius).intersection(frame)
    whole = _spans(start, end, radius, shape, bounds)
    if not whole.box.empty or not _misses_every_centre(start, end, radius, shape):
        return whole
    x, y = math.floor(end.x), math.floor(end.y)
    inside = frame.holds(x, y)
    return Spans(y, np.array([x], np.int64), np.array([x + inside], np.int64))


def _misses_every_centre(start: Point, end: Point, radius: float, shape: BrushShape) -> bool:
    """Whether no pixel at all is near enough, not only none of the frame; a radius of 1 always finds one."""
    return radius < 1 and _spans(start, end, radius, shape, Box.around((start, end), radius)).box.empty


def _spans(start: Point, end: Point, radius: float, shape: BrushShape, bounds: Box) -> Spans:
    ys = np.arange(bounds.y0, bounds.y1).astype(np.float64) + 0.5
    is_round = shape is BrushShape.ROUND
    begins, ends, doubt = (_round if is_round else _square)(start, end, radius, ys)
    if doubt.any():
        path = ExactPath.of(start, end, radius, bounds.x0, bounds.x1)
        decide = path.round if is_round else path.square
        for row in np.flatnonzero(doubt):
            begins[row], ends[row] = decide(bounds.y0 + int(row))
    return Spans(bounds.y0, np.maximum(begins, bounds.x0), np.minimum(ends, bounds.x1))


Rows = tuple[NDArray[np.int64], NDArray[np.int64], Doubt]
"""For each row the first pixel and the one after the last, and whether rounding leaves that open."""


def _round(start: Point, end: Point, radius: float, ys: Columns) -> Rows:
    """The stadium: two discs and the band between them."""
    low, high = np.full(len(ys), np.inf), np.full(len(ys), -np.inf)
    for point in (start, end):
        height = np.abs(ys - point.y)
        half = np.sqrt(np.maximum(radius * radius - height * height, 0))
        near = height <= radius
        low[near] = np.minimum(low, point.x - half)[near]
        high[near] = np.maximum(high, point.x + half)[near]
    if _is_upright(start, end):
        begins, ends, doubt = _pixels(low, high)
        beside = (ys >= min(start.y, end.y)) & (ys <= max(start.y, end.y))
        begins[beside], ends[beside] = _first(start.x, radius), _last(start.x, radius) + 1
        return begins, ends, doubt & ~beside
    if start.y != end.y:
        if _is_steep(start, end):
            return *_pixels(low, high)[:2], np.ones(len(ys), np.bool_)
        left, right = _band(start, end, radius, ys)
        near = left <= right
        low[near], high[near] = np.minimum(low, left)[near], np.maximum(high, right)[near]
    return _pixels(low, high)


def _band(start: Point, end: Point, radius: float, ys: Columns) -> tuple[Columns, Columns]:
    """The interval of x a row inside the rectangle swept beside a slanting path."""
    dx, dy = end.x - start.x, end.y - start.y
    length = math.hypot(dx, dy)
    height = ys - start.y
    middle, reach = start.x + height * dx / dy, radius * length / abs(dy)
    nearest, farthest = -height * dy / dx, (length * length - height * dy) / dx
    left = np.maximum(middle - reach, start.x + np.minimum(nearest, farthest))
    right = np.minimum(middle + reach, start.x + np.maximum(nearest, farthest))
    return left, right


def _square(start: Point, end: Point, radius: float, ys: Columns) -> Rows:
    """The hull of two squares: a box without the corners that a slanting path leaves out."""
    left, right = min(start.x, end.x), max(start.x, end.x)
    top, bottom = min(start.y, end.y), max(start.y, end.y)
    begins = np.full(len(ys), _first(left, radius), np.int64)
    ends = np.full(len(ys), _last(right, radius) + 1, np.int64)
    doubt = np.zeros(len(ys), np.bool_)
    if start.y != end.y and not _is_upright(start, end):
        if _is_steep(start, end):
            doubt[:] = True
        else:
            first, after, doubt = _hexagon(start, end, radius, ys)
            begins, ends = np.maximum(begins, first), np.minimum(ends, after)
    rows = np.floor(ys).astype(np.int64)
    outside = (rows < _first(top, radius)) | (rows > _last(bottom, radius))
    ends[outside] = begins[outside]
    return begins, ends, doubt & ~outside


def _hexagon(start: Point, end: Point, radius: float, ys: Columns) -> Rows:
    """What the two slanting sides leave of each row."""
    dx, dy = end.x - start.x, end.y - start.y
    column = math.floor(start.x)
    middle = (ys - start.y) * dx + (start.x - column - 0.5) * dy
    reach = radius * (abs(dx) + abs(dy))
    low, high = (middle - reach, middle + reach) if dy > 0 else (middle + reach, middle - reach)
    first, last = -np.floor_divide(-low, dy), np.floor_divide(high, dy)
    doubt = np.zeros(len(ys), np.bool_)
    if not _is_exact(start, end, radius):
        doubt = _is_whole(low / dy) | _is_whole(high / dy)
    return first.astype(np.int64) + column, last.astype(np.int64) + column + 1, doubt


def _pixels(low: Columns, high: Columns) -> Rows:
    """The pixels whose centres lie in the closed intervals; low > high: none."""
    some = low <= high
    low, high = np.where(some, low, 0) - 0.5, np.where(some, high, -1) - 0.5
    doubt = some & (_is_whole(low) | _is_whole(high))
    return np.ceil(low).astype(np.int64), np.floor(high).astype(np.int64) + 1, doubt


def _is_whole(values: Columns) -> Doubt:
    return np.asarray(np.abs(values - np.rint(values)) < _UNSURE)


def _first(x: float, radius: float) -> int:
    """The first pixel whose centre is not below x - radius, exactly."""
    return math.ceil(Fraction(x) - Fraction(radius) - _HALF)


def _last(x: float, radius: float) -> int:
    """The last pixel whose centre is not above x + radius, exactly."""
    return math.floor(Fraction(x) + Fraction(radius) - _HALF)


def _is_upright(start: Point, end: Point) -> bool:
    return start.x == end.x and start.y != end.y


def _is_steep(start: Point, end: Point) -> bool:
    """Whether a slanting path is so nearly level or upright, or so short, that floating point loses the slant."""
    short, long = sorted((abs(end.x - start.x), abs(end.y - start.y)))
    return short < _STEEP * max(1.0, long)


def _is_exact(start: Point, end: Point, radius: float) -> bool:
    """Whether products of these lengths have no rounding: few binary places, no great distances."""
    extent = abs(end.x - start.x) + abs(end.y - start.y) + 2 * radius
    return extent < 1 << 14 and all(float(value * 1024).is_integer() for value in (*start, *end, radius))
