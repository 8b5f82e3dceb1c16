"""Which pixels a brush covers on its way: exact, one interval a row, at a cost that follows the rows.

A pixel (i, j), its centre at (i + 0.5, j + 0.5), is covered when that centre lies within half the size of the path: by
Euclid's distance for the round brush, by the larger of dx and dy for the square one. Where no centre is that near, the
pixel that holds the path's end is covered.

Floating point decides all rows but those where its rounding might: these are left to brush_exact.
"""

from __future__ import annotations

import math
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core.brush_exact import ExactPath
from bitmask_studio.core.geometry import EMPTY, Box, Point

MIN_SIZE, MAX_SIZE = 1, 2000
"""Diameters a brush can have, px."""


class BrushShape(Enum):
    """The outline of the brush's tip."""

    ROUND = "round"
    SQUARE = "square"


Edges = NDArray[np.int64]
Sides = NDArray[np.float64]
"""Left and right ends of each row's interval, (2, rows), as `floor` makes pixels of them: see _pixels."""
Doubt = NDArray[np.bool_]

_UNSURE = 1e-4
"""An end of a row's interval this near to a centre, px, is decided exactly; see `_Path.unsure` for what is added."""
_STEEP = 1e-6
"""A path whose smaller extent is a smaller part than this of its larger one is decided exactly as a whole."""
_GRAIN = 1024
"""Pointers are on a grid: a path in whole 1/_GRAIN px of less than _NEAR px has sums and squares without rounding."""
_NEAR = 1 << 14
_RIM = 1e-6
"""A row whose centres are this near to the brush's top or bottom, px, counts among its rows until decided."""
_OUTWARDS = np.array([[-1.0], [1.0]])


class Spans(Struct, frozen=True, eq=False):
    """The pixels [begins[k], ends[k]) of row `top + k`, for each k; an empty interval has ends == begins."""

    top: int
    edges: Edges
    """(2, rows): begins and ends."""

    @property
    def begins(self) -> Edges:
        begins: Edges = self.edges[0]
        return begins

    @property
    def ends(self) -> Edges:
        ends: Edges = self.edges[1]
        return ends

    @property
    def box(self) -> Box:
        """The tight box of all pixels."""
        used = (self.ends > self.begins).nonzero()[0]
        if not len(used):
            return EMPTY
        left, right = int(self.begins[used].min()), int(self.ends[used].max())
        return Box(left, self.top + int(used[0]), right, self.top + int(used[-1]) + 1)

    def bits(self, box: Box) -> NDArray[np.bool_]:
        """Which pixels of `box` (inside the spans' rows) are covered, bool (box.height, box.width)."""
        begins_and_ends = self.edges[:, box.y0 - self.top : box.y1 - self.top] - box.x0
        table = before(1 << (box.width - 1).bit_length())[: box.width + 1, : box.width]
        begun, ended = table.take(begins_and_ends, axis=0, mode="clip")
        covered: NDArray[np.bool_] = np.not_equal(begun, ended, out=ended)
        return covered


@lru_cache(4)
def before(width: int) -> NDArray[np.bool_]:
    """Row k has its first k pixels set, of `width`; (width + 1, width)."""
    return np.tri(width + 1, width, -1, np.bool_)


class _Path(NamedTuple):
    """A way from one point to another, downwards, and half the size of what goes there."""

    x: float
    y: float
    dx: float
    dy: float
    left: float
    right: float
    """The smaller and the larger x of its ends."""
    radius: float
    is_exact: bool
    """Whether sums and squares of its numbers have no rounding."""

    @classmethod
    def of(cls, start: Point, end: Point, radius: float) -> _Path:
        (x, y), (to_x, to_y) = (start, end) if start.y <= end.y else (end, start)
        is_exact = all(abs(value) < _NEAR and (value * _GRAIN).is_integer() for value in (x, y, to_x, to_y, radius))
        return cls(x, y, to_x - x, to_y - y, min(x, to_x), max(x, to_x), radius, is_exact)

    @property
    def is_steep(self) -> bool:
        """Whether a slanting path is so nearly level or upright, or so short, that floating point loses the slant."""
        wide, high = abs(self.dx), self.dy
        return bool(wide and high) and min(wide, high) < _STEEP * max(1.0, wide, high)

    @property
    def unsure(self) -> float:
        """Farther than any rounding reaches, px: what squares lose is found again in roots, slopes make more of it."""
        extent = max(abs(self.x), abs(self.y)) + abs(self.dx) + self.dy + self.radius
        steepness = (abs(self.dx) + self.dy) / self.dy if self.dy else 1.0
        return _UNSURE + 1e-7 * math.sqrt(self.radius * extent) + 1e-15 * extent * steepness


def cover(start: Point, end: Point, size: float, shape: BrushShape, frame: Box) -> Spans:
    """The pixels of `frame` that a brush of `size` px covers on the straight way from `start` to `end`."""
    radius = size / 2
    start, end = Point(float(start.x), float(start.y)), Point(float(end.x), float(end.y))
    spans = _spans(start, end, radius, shape, frame)
    if radius >= 1 or not spans.box.empty or not _misses_every_centre(start, end, radius, shape):
        return spans
    x, y = math.floor(end.x), math.floor(end.y)
    return Spans(y, np.array([[x], [x + frame.holds(x, y)]]))


def _misses_every_centre(start: Point, end: Point, radius: float, shape: BrushShape) -> bool:
    """Whether no pixel at all is near enough, not only none of the frame; a radius of 1 always finds one."""
    return _spans(start, end, radius, shape, Box.around((start, end), radius)).box.empty


def _spans(start: Point, end: Point, radius: float, shape: BrushShape, frame: Box) -> Spans:
    path = _Path.of(start, end, radius)
    top = max(frame.y0, math.ceil(path.y - radius - 0.5 - _RIM))
    bottom = min(frame.y1, math.floor(path.y + path.dy + radius - 0.5 + _RIM) + 1)
    left, right = path.left - radius, path.right + radius
    if bottom <= top or left >= frame.x1 or right <= frame.x0:
        return Spans(top, np.empty((2, 0), np.int64))
    heights = np.arange(top + 0.5, bottom)
    heights -= path.y
    edges, doubt = _rows(path, heights, shape)
    if doubt is not None and doubt.any():
        exact = ExactPath.of(start, end, radius, math.floor(left) - 1, math.ceil(right) + 1)
        decide = exact.round if shape is BrushShape.ROUND else exact.square
        for row in doubt.nonzero()[0]:
            edges[:, row] = decide(top + int(row))
    if left < frame.x0 or right > frame.x1:
        np.minimum(np.maximum(edges, frame.x0, out=edges), frame.x1, out=edges)
    return Spans(top, edges)


Rows = tuple[Edges, Doubt | None]
"""For each row the first pixel and the one after the last, and whether rounding leaves that open; None: nowhere."""


def _rows(path: _Path, heights: Sides, shape: BrushShape) -> Rows:
    """The rows whose centres lie at `heights` below the beginning of the path."""
    if path.is_steep:
        return np.empty((2, len(heights)), np.int64), np.ones(len(heights), np.bool_)
    return _round(path, heights) if shape is BrushShape.ROUND else _square(path, heights)


def _round(path: _Path, heights: Sides) -> Rows:
    """The stadium: on each side, in each row, the disc around the one point of the path that reaches farthest."""
    if path.dx and path.dy:
        return _slanting(path, heights)
    beside = np.minimum(np.maximum(heights, 0.0), path.dy) if path.dy else 0.0
    squares = _half_squared(heights - beside, path.radius)
    half = np.sqrt(np.maximum(squares, 0.0))
    sides = half + np.array([[0.5 - path.left], [path.right - 0.5]])
    if path.is_exact:
        return _pixels(sides), None
    return _pixels(sides), _near_whole(sides, path.unsure) | (np.abs(squares) < path.radius * path.unsure)


def _slanting(path: _Path, heights: Sides) -> Rows:
    """The discs move along as the rows do, from where the side begins to be straight to where it ends."""
    offset = path.radius * path.dx / math.hypot(path.dx, path.dy)
    along = heights + offset * _OUTWARDS
    np.minimum(np.maximum(along, 0.0, out=along), path.dy, out=along)
    sides = _half_squared(heights - along, path.radius)
    np.sqrt(np.maximum(sides, 0.0, out=sides), out=sides)
    along *= path.dx / path.dy * _OUTWARDS
    sides += along
    sides += (path.x - 0.5) * _OUTWARDS
    return _pixels(sides), _near_whole(sides, path.unsure)


def _half_squared(heights: Sides, radius: float) -> Sides:
    """Half of a disc's width, squared, at heights above or below its middle; not above zero outside of it."""
    heights *= heights
    return np.subtract(radius * radius, heights, out=heights)


def _square(path: _Path, heights: Sides) -> Rows:
    """The hull of two squares: a box without the corners that a slanting path leaves out."""
    edges = np.empty((2, len(heights)), np.int64)
    edges[0], edges[1] = -_last(-path.left, path, -0.5), _last(path.right, path, 0.5) + 1
    doubt = None
    if path.dx and path.dy:
        doubt = _cut_corners(path, heights, edges)
    if path.is_exact:
        return edges, doubt
    rim = np.minimum(np.abs(heights + path.radius), np.abs(heights - path.dy - path.radius)) < path.unsure
    return edges, rim if doubt is None else doubt | rim


def _cut_corners(path: _Path, heights: Sides, edges: Edges) -> Doubt | None:
    """Take from the rows what the two slanting sides leave out; answers which of them rounding leaves open."""
    column = math.floor(path.x)
    middle = heights * path.dx + (path.x - column - 0.5) * path.dy
    sides = middle * _OUTWARDS + path.radius * (abs(path.dx) + path.dy)
    slanting = _pixels(np.floor_divide(sides, path.dy))
    slanting += column
    np.maximum(edges[0], slanting[0], out=edges[0])
    np.minimum(edges[1], slanting[1], out=edges[1])
    return None if path.is_exact else _near_whole(sides / path.dy, path.unsure)


def _last(x: float, path: _Path, center: float) -> int:
    """The last pixel whose centre, `center` beside it, is not above x and the radius, exactly."""
    reach = x + path.radius - center
    if path.is_exact or abs(reach - round(reach)) > path.unsure:
        return math.floor(reach)
    from fractions import Fraction  # rarely needed

    return math.floor(Fraction(x) + Fraction(path.radius) - Fraction(center))


def _pixels(sides: Sides) -> Edges:
    """The pixels of the closed intervals from -sides[0] to sides[1], counted from the centre of pixel 0."""
    edges = np.floor(sides).astype(np.int64)
    np.negative(edges[0], out=edges[0])
    edges[1] += 1
    return edges


def _near_whole(sides: Sides, unsure: float) -> Doubt:
    distance = np.rint(sides)
    distance -= sides
    np.abs(distance, out=distance)
    near: Doubt = np.minimum(distance[0], distance[1]) < unsure
    return near
