"""What the brush covers is what its definition says, to the pixel and without rounding."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bitmask_studio.core.brush_shape import BrushShape, Spans, cover
from bitmask_studio.core.geometry import Box, Point

ROUND, SQUARE = BrushShape.ROUND, BrushShape.SQUARE

# What pointers give: device pixels through a zoom of k/64, whole or halved; and whatever else a double can hold.
dyadic = st.integers(-1500, 1500).map(lambda value: value / 64)
ragged = st.floats(-30, 30, allow_nan=False)
thirds = st.integers(-90, 90).map(lambda value: (value + 0.5) / 3)
coordinate = st.one_of(
    dyadic, ragged, thirds, st.integers(-30, 30).map(float), st.integers(-60, 60).map(lambda v: v / 2)
)
point = st.builds(Point, coordinate, coordinate)
FRAME = Box.of_size(23, 17)


def is_near(x: int, y: int, start: Point, end: Point, radius: Fraction, shape: BrushShape) -> bool:
    """Whether some point of the path is within `radius` of the centre of pixel (x, y)."""
    values = [Fraction(value) for value in (*start, *end)]
    unit = 2 * math.lcm(*(value.denominator for value in (*values, radius)))
    sx, sy, ex, ey, reach = (int(value * unit) for value in (*values, radius))
    return _is_near(x * unit + unit // 2 - sx, y * unit + unit // 2 - sy, ex - sx, ey - sy, reach, shape)


def _is_near(px: int, py: int, dx: int, dy: int, radius: int, shape: BrushShape) -> bool:
    """The same in whole numbers, relative to the start of the path."""
    if shape is ROUND:
        length2, along = dx * dx + dy * dy, px * dx + py * dy
        if along <= 0:
            return px * px + py * py <= radius * radius
        if along >= length2:
            return (px - dx) ** 2 + (py - dy) ** 2 <= radius * radius
        # The squared distance to the foot of the perpendicular, times length2.
        return (px * px + py * py) * length2 - along * along <= radius * radius * length2
    low, high = Fraction(0), Fraction(1)
    for place, step in ((px, dx), (py, dy)):
        if step == 0:
            if abs(place) > radius:
                return False
        else:
            first, last = sorted((Fraction(place - radius, step), Fraction(place + radius, step)))
            low, high = max(low, first), min(high, last)
    return low <= high


def by_definition(start: Point, end: Point, size: float, shape: BrushShape, frame: Box) -> NDArray[np.bool_]:
    """The covered pixels of the frame, (height, width)."""
    radius = Fraction(size) / 2

    def near(box: Box) -> Iterator[tuple[int, int]]:
        pixels = ((x, y) for y in range(box.y0, box.y1) for x in range(box.x0, box.x1))
        return (pixel for pixel in pixels if is_near(*pixel, start, end, radius, shape))

    reach = Box.around((start, end), size / 2 + 1)
    covered = list(near(reach.intersection(frame)))
    if not covered and not any(True for _ in near(reach)):
        covered = [(math.floor(end.x), math.floor(end.y))]
    bits = np.zeros((frame.height, frame.width), np.bool_)
    for x, y in covered:
        if frame.holds(x, y):
            bits[y - frame.y0, x - frame.x0] = True
    return bits


def drawn(spans: Spans, frame: Box) -> NDArray[np.bool_]:
    """The spans as an array over the frame; they must not leave it."""
    bits = np.zeros((frame.height, frame.width), np.bool_)
    box = spans.box
    assert frame.covers(box)
    if not box.empty:
        bits[box.within(frame)] = spans.bits(box)
    return bits


def check(start: Point, end: Point, size: float, shape: BrushShape, frame: Box = FRAME) -> None:
    expected = by_definition(start, end, size, shape, frame)
    assert np.array_equal(drawn(cover(start, end, size, shape, frame), frame), expected)


@given(point, point, st.integers(1, 40), st.sampled_from(BrushShape))
@example(Point(10.5, 3.0), Point(10.5, 3 + 1 / 3), 10, ROUND)
@example(Point(0.49999999999999994, 5.0), Point(0.49999999999999994, 5.0), 2, SQUARE)
@example(Point(0.49999999999999994, 5.5), Point(0.49999999999999994, 9.0), 2, ROUND)
@example(Point(3.0, 4.0), Point(6.0, 8.0), 10, ROUND)
@example(Point(3.0, 10.5), Point(30.0, 10.500000000000002), 11, ROUND)
@example(Point(3.0, 10.5), Point(30.0, 10.500000000000002), 12, SQUARE)
@example(Point(10.5, 3.0), Point(10.500000000000002, 20.0), 12, ROUND)
@example(Point(5.0, 5.0), Point(5.0 + 5e-324, 5.0), 2, ROUND)
@example(Point(0.0, 0.0), Point(5e-324, 5e-324), 3, SQUARE)
@example(Point(0.0, 0.0), Point(1.0, 1e-300), 7, ROUND)
@settings(max_examples=400)
def test_the_brush_covers_exactly_the_pixels_of_its_definition(
    start: Point, end: Point, size: int, shape: BrushShape
) -> None:
    check(start, end, size, shape)


@given(point, st.integers(1, 60), st.sampled_from(BrushShape))
@settings(max_examples=200)
def test_a_dab_covers_exactly_the_pixels_of_its_definition(at: Point, size: int, shape: BrushShape) -> None:
    check(at, at, size, shape)


@given(
    st.integers(-40, 40), st.integers(-40, 40), st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 30),
    st.sampled_from(BrushShape),
)  # fmt: skip
@settings(max_examples=200)
def test_centres_that_lie_exactly_on_the_rim_are_covered(
    x: int, y: int, dx: int, dy: int, size: int, shape: BrushShape
) -> None:
    check(Point(x / 2, y / 2), Point((x + dx) / 2, (y + dy) / 2), size, shape)


@given(st.integers(0, 200), st.floats(0, 1), st.floats(-3, 3), st.floats(-3, 3), st.sampled_from(BrushShape))
@settings(max_examples=60)
def test_large_brushes_are_as_exact_along_the_rim_as_small_ones(
    step: int, fraction: float, dx: float, dy: float, shape: BrushShape
) -> None:
    size = 100 + round(1900 * step / 200)
    start = Point(size / 2 + 3 + fraction, size / 2 + 4 - fraction)
    end = Point(start.x + dx, start.y + dy)
    frame = Box.of_size(size + 12, size + 12)
    spans = cover(start, end, size, shape, frame)
    radius = Fraction(size) / 2
    assert spans.box.height >= size - 1
    for row in {spans.box.y0, spans.box.y0 + 1, *range(spans.box.y0, spans.box.y1, 97), spans.box.y1 - 1}:
        begin, end_ = int(spans.begins[row - spans.top]), int(spans.ends[row - spans.top])
        for x, inside in ((begin - 1, False), (begin, True), (end_ - 1, True), (end_, False)):
            assert is_near(x, row, start, end, radius, shape) is inside
    for row in (spans.box.y0 - 1, spans.box.y1):
        columns = range(round(start.x) - 60, round(start.x) + 60)
        assert not any(is_near(x, row, start, end, radius, shape) for x in columns)


@pytest.mark.parametrize("shape", BrushShape)
@pytest.mark.parametrize("at", [Point(4.0, 4.0), Point(4.01, 4.99), Point(0.0, 0.0), Point(4.99, 4.01)])
def test_the_smallest_brush_always_covers_something(at: Point, shape: BrushShape) -> None:
    assert drawn(cover(at, at, 1, shape, FRAME), FRAME).any()


@pytest.mark.parametrize("shape", BrushShape)
def test_where_no_centre_is_near_the_pixel_under_the_pointer_is_covered(shape: BrushShape) -> None:
    at = Point(4.0, 7.999)
    assert np.argwhere(drawn(cover(at, at, 0.5, shape, FRAME), FRAME)).tolist() == [[7, 4]]


@pytest.mark.parametrize("shape", BrushShape)
@pytest.mark.parametrize("at", [Point(-0.2, 5.0), Point(23.0, 5.0), Point(5.0, -3.0), Point(5.0, 17.4)])
def test_a_small_brush_outside_the_frame_covers_nothing_of_it(at: Point, shape: BrushShape) -> None:
    assert cover(at, at, 0.3, shape, FRAME).box.empty


def test_a_large_brush_far_outside_the_frame_covers_nothing_and_costs_no_memory() -> None:
    far = Point(1e9, 1e9)
    assert cover(far, far, 2000, ROUND, FRAME).box.empty


def test_a_path_that_only_crosses_the_frame_is_clipped_to_it() -> None:
    spans = cover(Point(-1000.0, 14.5), Point(1000.0, 14.5), 3, ROUND, FRAME)
    assert spans.box == Box(0, 13, 23, 16)
    assert drawn(spans, FRAME).sum() == 3 * 23


@given(point, point, st.integers(1, 40), st.sampled_from(BrushShape))
def test_the_way_back_covers_the_same_pixels_unless_it_is_a_single_one(
    start: Point, end: Point, size: int, shape: BrushShape
) -> None:
    there, back = (drawn(cover(*way, size, shape, FRAME), FRAME) for way in ((start, end), (end, start)))
    assert np.array_equal(there, back) or size == 1
