"""Points and boxes in image pixels: x to the right, y down, boxes half-open."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the picture in image px; pixel (i, j) has its centre at (i + 0.5, j + 0.5)."""

    x: float
    y: float


class Box(NamedTuple):
    """The pixels with x0 <= x < x1 and y0 <= y < y1. A tuple, because painting makes dozens of them for each event."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0 if self.x1 > self.x0 else 0

    @property
    def height(self) -> int:
        return self.y1 - self.y0 if self.y1 > self.y0 else 0

    @property
    def area(self) -> int:
        x0, y0, x1, y1 = self
        return (x1 - x0) * (y1 - y0) if x0 < x1 and y0 < y1 else 0

    @property
    def empty(self) -> bool:
        x0, y0, x1, y1 = self
        return x1 <= x0 or y1 <= y0

    @property
    def center(self) -> Point:
        return Point((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)

    @property
    def rows(self) -> slice:
        return slice(self.y0, self.y1)

    @property
    def columns(self) -> slice:
        return slice(self.x0, self.x1)

    @property
    def xywh(self) -> tuple[int, int, int, int]:
        """COCO's `bbox`: x, y, width, height."""
        return self.x0, self.y0, self.width, self.height

    @classmethod
    def of_size(cls, width: int, height: int) -> Box:
        """The box of a whole frame."""
        return cls(0, 0, width, height)

    @classmethod
    def around(cls, points: Iterable[Point], margin: float = 0.0) -> Box:
        """The smallest box whose pixels hold every point and `margin` px around it."""
        xs, ys = zip(*points, strict=True)
        return cls(
            math.floor(min(xs) - margin),
            math.floor(min(ys) - margin),
            math.floor(max(xs) + margin) + 1,
            math.floor(max(ys) + margin) + 1,
        )

    def union(self, other: Box) -> Box:
        """The smallest box that holds both; an empty box adds nothing."""
        x0, y0, x1, y1 = self
        other_x0, other_y0, other_x1, other_y1 = other
        if x1 <= x0 or y1 <= y0:
            return other
        if other_x1 <= other_x0 or other_y1 <= other_y0:
            return self
        x0, y0 = x0 if x0 < other_x0 else other_x0, y0 if y0 < other_y0 else other_y0
        return Box(x0, y0, x1 if x1 > other_x1 else other_x1, y1 if y1 > other_y1 else other_y1)

    def intersection(self, other: Box) -> Box:
        """The common pixels; `EMPTY` when there are none."""
        x0, y0, x1, y1 = self
        other_x0, other_y0, other_x1, other_y1 = other
        x0, y0 = x0 if x0 > other_x0 else other_x0, y0 if y0 > other_y0 else other_y0
        x1, y1 = x1 if x1 < other_x1 else other_x1, y1 if y1 < other_y1 else other_y1
        return Box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else EMPTY

    def beside(self, other: Box) -> list[Box]:
        """What is left of it without the pixels of another: up to four boxes, none of them empty."""
        (x0, y0, x1, y1), common = self, self.intersection(other)
        if common.empty:
            return [] if self.empty else [self]
        left, top, right, bottom = common
        around = Box(x0, y0, x1, top), Box(x0, bottom, x1, y1), Box(x0, top, left, bottom), Box(right, top, x1, bottom)
        return [each for each in around if not each.empty]

    def shifted(self, dx: int, dy: int) -> Box:
        x0, y0, x1, y1 = self
        return Box(x0 + dx, y0 + dy, x1 + dx, y1 + dy)

    def inflated(self, margin: int) -> Box:
        x0, y0, x1, y1 = self
        return Box(x0 - margin, y0 - margin, x1 + margin, y1 + margin)

    def within(self, outer: Box) -> tuple[slice, slice]:
        """This box as (rows, columns) of an array whose first pixel is `outer`'s corner."""
        x0, y0, x1, y1 = self
        left, top = outer[:2]
        return slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)

    def holds(self, x: int, y: int) -> bool:
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def covers(self, other: Box) -> bool:
        x0, y0, x1, y1 = self
        other_x0, other_y0, other_x1, other_y1 = other
        inside = x0 <= other_x0 and y0 <= other_y0 and x1 >= other_x1 and y1 >= other_y1
        return inside or other_x1 <= other_x0 or other_y1 <= other_y0


EMPTY = Box(0, 0, 0, 0)
