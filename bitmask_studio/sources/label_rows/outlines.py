"""The outlines of every Encord shape that is no bitmask, in image px; a file has them as parts of the frame's size.

The forms are those of `encord.objects.types`. What is not finite or not there is left out: outlines are only looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import Outline
from bitmask_studio.sources.jsontext import facts

MAX_POINTS = 100_000
"""Points of one object that are drawn at most."""

_FARTHEST = 1e6
_CURVE_POINTS = 72
_CROSS = 4.0

Size = tuple[int, int]
Outlines = tuple[Outline, ...]


def outlines(entry: Mapping[str, Any], size: Size) -> Outlines:
    """The outlines of an object on a frame of `size` (width, height) px; none for an unknown shape."""
    for key, draw in _SHAPES.items():
        if entry.get(key):
            return draw(entry[key], size)
    return ()


def _polygon_parts(value: object, size: Size) -> Outlines:
    """`polygons`: a list of parts, each a list of rings (the first around, the others holes) of flat x, y lists."""
    rings = (ring for part in facts.items(value) for ring in facts.items(part))
    found = (_outline(_pairs(ring, size), closed=True) for ring in rings)
    return tuple(each for each in found if each.points)


def _polygon(value: object, size: Size) -> Outlines:
    return _drawn(_outline(_points(value, size), closed=True))


def _polyline(value: object, size: Size) -> Outlines:
    return _drawn(_outline(_points(value, size), closed=False))


def _crosses(value: object, size: Size) -> Outlines:
    """Points and skeletons: a small cross at each place."""
    crosses: list[Outline] = []
    for x, y in _limited(_points(value, size)):
        crosses.append(Outline((Point(x - _CROSS, y), Point(x + _CROSS, y)), closed=False))
        crosses.append(Outline((Point(x, y - _CROSS), Point(x, y + _CROSS)), closed=False))
    return tuple(crosses[: MAX_POINTS // 2])


def _box(value: object, size: Size) -> Outlines:
    numbers = _numbers(value, "x", "y", "w", "h")
    if numbers is None:
        return ()
    x, y, w, h = (number * size[axis % 2] for axis, number in enumerate(numbers))
    corners = [Point(x, y), Point(x + w, y), Point(x + w, y + h), Point(x, y + h)]
    theta = facts.finite(facts.table(value).get("theta")) or 0.0
    return _drawn(_outline(_turned(corners, Point(x + w / 2, y + h / 2), theta), closed=True))


def _circle(value: object, size: Size) -> Outlines:
    numbers = _numbers(value, "x", "y", "r")
    stretch = facts.finite(facts.table(value).get("stretch", 1.0))
    if numbers is None or stretch is None:
        return ()
    x, y, radius = numbers
    return _curve(value, Point(x * size[0], y * size[1]), radius * size[0], radius * size[0] * stretch)


def _ellipse(value: object, size: Size) -> Outlines:
    numbers = _numbers(value, "x", "y", "rx", "ry")
    if numbers is None:
        return ()
    x, y, rx, ry = numbers
    return _curve(value, Point(x * size[0], y * size[1]), rx * size[0], ry * size[1])


def _cuboid(value: object, size: Size) -> Outlines:
    """`cuboid_2d`: the front face, and the back face where it is given by an offset."""
    table = facts.table(value)
    front = list(_limited(_pairs(table.get("front"), size)))
    shift = _numbers(table.get("offset"), "x", "y")
    back = [Point(x + shift[0] * size[0], y + shift[1] * size[1]) for x, y in front] if shift else []
    edges = [_outline(pair, closed=False) for pair in zip(front, back, strict=False)]
    faces = [_outline(front, closed=True), _outline(back, closed=True)]
    return tuple(each for each in faces + edges if each.points)


_SHAPES: dict[str, Callable[[object, Size], Outlines]] = {
    "boundingBox": _box,
    "rotatableBoundingBox": _box,
    "polygons": _polygon_parts,
    "polygon": _polygon,
    "polyline": _polyline,
    "point": _crosses,
    "skeleton": _crosses,
    "circle": _circle,
    "ellipse": _ellipse,
    "cuboid_2d": _cuboid,
}


def _curve(value: object, center: Point, rx: float, ry: float) -> Outlines:
    angles = [math.tau * step / _CURVE_POINTS for step in range(_CURVE_POINTS)]
    around = [Point(center.x + rx * math.cos(angle), center.y + ry * math.sin(angle)) for angle in angles]
    theta = facts.finite(facts.table(value).get("theta")) or 0.0
    return _drawn(_outline(_turned(around, center, theta), closed=True))


def _turned(points: Iterable[Point], center: Point, degrees: float) -> Iterator[Point]:
    """The points turned about `center`, clockwise on the screen."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    for x, y in points:
        dx, dy = x - center.x, y - center.y
        yield Point(center.x + dx * cosine - dy * sine, center.y + dx * sine + dy * cosine)


def _points(value: object, size: Size) -> Iterator[Point]:
    """Of `{"0": {"x", "y"}, ..}` in the order of the numbers, or of a list of `{"x", "y"}`."""
    if isinstance(value, Mapping):
        numbered = ((facts.frame_number(key), entry) for key, entry in value.items())
        entries = [
            entry for _, entry in sorted(((n, e) for n, e in numbered if n is not None), key=lambda each: each[0])
        ]
    else:
        entries = facts.items(value)
    for entry in entries:
        numbers = _numbers(entry, "x", "y")
        if numbers:
            yield Point(numbers[0] * size[0], numbers[1] * size[1])


def _pairs(value: object, size: Size) -> Iterator[Point]:
    """Of a flat list x, y, x, y, .."""
    flat = facts.items(value)
    for left, right in zip(flat[::2], flat[1::2], strict=False):
        x, y = facts.finite(left), facts.finite(right)
        if x is not None and y is not None:
            yield Point(x * size[0], y * size[1])


def _numbers(value: object, *keys: str) -> tuple[float, ...] | None:
    found = [facts.finite(facts.table(value).get(key)) for key in keys]
    numbers = tuple(each for each in found if each is not None)
    return numbers if len(numbers) == len(keys) else None


def _limited(points: Iterable[Point]) -> Iterator[Point]:
    for count, point in enumerate(points):
        if count == MAX_POINTS:
            return
        if abs(point.x) <= _FARTHEST and abs(point.y) <= _FARTHEST:
            yield point


def _outline(points: Iterable[Point], *, closed: bool) -> Outline:
    return Outline(tuple(_limited(points)), closed)


def _drawn(outline: Outline) -> Outlines:
    return (outline,) if outline.points else ()
