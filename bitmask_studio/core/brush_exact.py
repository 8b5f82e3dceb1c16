"""The brush's definition in whole numbers: decides the rows for which floating point is not sure.

Every float is a whole number of some power of two, so all distances can be compared without rounding.
"""

from __future__ import annotations

from math import isqrt

from msgspec import Struct

from bitmask_studio.core.geometry import Point

Interval = tuple[int, int]
"""The pixels i with begin <= i < end; none where end <= begin."""
NOTHING: Interval = (0, 0)


class ExactPath(Struct, frozen=True):
    """A path and its brush in `unit`ths of a pixel; `x0` <= pixel < `x1` are the pixels of a row that count."""

    unit: int
    start: tuple[int, int]
    end: tuple[int, int]
    radius: int
    x0: int
    x1: int

    @classmethod
    def of(cls, start: Point, end: Point, radius: float, x0: int, x1: int) -> ExactPath:
        ratios = [value.as_integer_ratio() for value in (*map(float, (*start, *end)), float(radius))]
        unit = 2 * max(ratio[1] for ratio in ratios)
        sx, sy, ex, ey, whole_radius = (top * (unit // bottom) for top, bottom in ratios)
        return cls(unit, (sx, sy), (ex, ey), whole_radius, x0, x1)

    def round(self, row: int) -> Interval:
        """The pixels of a row whose centre lies within the radius of the path."""
        y = row * self.unit + self.unit // 2
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        across, along = y - self.start[1], dx * dx + dy * dy
        reach = isqrt(self.radius**2 * along)
        beside = self._where(dy, -self.start[0] * dy - across * dx, -reach, reach)
        between = self._where(dx, -self.start[0] * dx + across * dy, 0, along)
        parts = [self._disc(self.start, y), self._disc(self.end, y), _common(beside, between)]
        filled = [part for part in parts[: 3 if along else 1] if part[0] < part[1]]
        return (min(part[0] for part in filled), max(part[1] for part in filled)) if filled else NOTHING

    def square(self, row: int) -> Interval:
        """The pixels of a row whose centre is nowhere farther from some point of the path, in x and in y."""
        y = row * self.unit + self.unit // 2
        (sx, sy), (ex, ey), radius = self.start, self.end, self.radius
        if not min(sy, ey) - radius <= y <= max(sy, ey) + radius:
            return NOTHING
        dx, dy = ex - sx, ey - sy
        reach = radius * (abs(dx) + abs(dy))
        sides = self._where(1, 0, min(sx, ex) - radius, max(sx, ex) + radius)
        return _common(sides, self._where(dy, -sx * dy - (y - sy) * dx, -reach, reach))

    def _disc(self, center: tuple[int, int], y: int) -> Interval:
        rest = self.radius**2 - (y - center[1]) ** 2
        return self._where(1, -center[0], -isqrt(rest), isqrt(rest)) if rest >= 0 else NOTHING

    def _where(self, factor: int, offset: int, low: int, high: int) -> Interval:
        """The pixels whose centre x has low <= factor * x + offset <= high."""
        if factor == 0:
            return (self.x0, self.x1) if low <= offset <= high else NOTHING
        if factor < 0:
            factor, offset, low, high = -factor, -offset, -high, -low
        step = factor * self.unit
        offset += factor * (self.unit // 2)
        return _common((-((offset - low) // step), (high - offset) // step + 1), (self.x0, self.x1))


def _common(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])
