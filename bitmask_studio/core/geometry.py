"""Points and boxes in image pixels: x to the right, y down, boxes half-open."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the picture in image px; pixel (i, j) has its centre at (i + 0.5, j + 0.5)."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """The pixels with x0 <= x < x1 and y0 <= y < y1."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return max(0, self.x1 - self.x0)

    @property
    def height(self) -> int:
        return max(0, self.y1 - self.y0)

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def empty(self) -> bool:
        return self.x1 <= self.x0 or self.y1 <= self.y0

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
        if self.empty or other.empty:
            return other if self.empty else self
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def intersection(self, other: Box) -> Box:
        """The common pixels; `EMPTY` when there are none."""
        box = Box(max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1))
        return EMPTY if box.empty else box

    def shifted(self, dx: int, dy: int) -> Box:
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def inflated(self, margin: int) -> Box:
        return Box(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)

    def within(self, outer: Box) -> tuple[slice, slice]:
        """This box as (rows, columns) of an array whose first pixel is `outer`'s corner."""
        box = self.shifted(-outer.x0, -outer.y0)
        return box.rows, box.columns

    def holds(self, x: int, y: int) -> bool:
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def covers(self, other: Box) -> bool:
        return other.empty or self.intersection(other) == other


EMPTY = Box(0, 0, 0, 0)
