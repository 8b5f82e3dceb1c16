"""Points and boxes: arithmetic on half-open pixel ranges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.geometry import EMPTY, Box, Point

SIDE = 12

places = st.integers(0, SIDE)
boxes = st.builds(Box, places, places, places, places)


def pixels(box: Box) -> set[tuple[int, int]]:
    """All pixels of a box, one by one."""
    return {(x, y) for x in range(-2, SIDE + 3) for y in range(-2, SIDE + 3) if box.holds(x, y)}


def test_a_box_holds_its_first_pixel_but_not_the_one_after_its_last() -> None:
    box = Box(2, 3, 5, 7)
    assert box.holds(2, 3)
    assert box.holds(4, 6)
    assert not box.holds(5, 6)
    assert not box.holds(4, 7)


def test_a_box_knows_its_sides_and_its_middle() -> None:
    box = Box(2, 3, 5, 7)
    assert (box.width, box.height, box.area) == (3, 4, 12)
    assert box.xywh == (2, 3, 3, 4)
    assert box.center == Point(3.5, 5.0)
    assert (box.rows, box.columns) == (slice(3, 7), slice(2, 5))


def test_a_box_turned_inside_out_is_empty_and_has_no_area() -> None:
    box = Box(5, 7, 2, 3)
    assert box.empty
    assert (box.width, box.height, box.area) == (0, 0, 0)


@given(boxes, boxes)
def test_what_lies_beside_a_box_is_every_pixel_of_the_other_once(one: Box, other: Box) -> None:
    parts = one.beside(other)
    found = [each for part in parts for each in pixels(part)]
    assert sorted(found) == sorted(pixels(one) - pixels(other))
    assert not any(part.empty for part in parts)


def test_the_box_of_a_frame_starts_at_its_corner() -> None:
    assert Box.of_size(640, 480) == Box(0, 0, 640, 480)


def test_a_box_around_points_holds_the_pixels_they_lie_in() -> None:
    box = Box.around([Point(1.2, 3.9), Point(4.0, 0.5)])
    assert box == Box(1, 0, 5, 4)


def test_a_box_around_points_grows_by_its_margin() -> None:
    assert Box.around([Point(1.5, 3.5)], margin=2.0) == Box(-1, 1, 4, 6)


def test_a_box_around_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        Box.around([])


@given(boxes)
def test_an_area_is_the_number_of_pixels(box: Box) -> None:
    assert box.area == len(pixels(box))
    assert box.empty == (not pixels(box))


@given(boxes, boxes)
def test_an_intersection_holds_exactly_the_common_pixels(one: Box, other: Box) -> None:
    assert pixels(one.intersection(other)) == pixels(one) & pixels(other)


@given(boxes, boxes)
def test_an_intersection_without_pixels_is_the_empty_box(one: Box, other: Box) -> None:
    assert (one.intersection(other) == EMPTY) == (not pixels(one) & pixels(other))


@given(boxes, boxes)
def test_a_union_is_the_smallest_box_with_the_pixels_of_both(one: Box, other: Box) -> None:
    union, both = one.union(other), pixels(one) | pixels(other)
    assert both <= pixels(union)
    if both:
        xs, ys = zip(*both, strict=True)
        assert union == Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)


@given(boxes, boxes)
def test_a_box_covers_another_if_it_holds_all_its_pixels(one: Box, other: Box) -> None:
    assert one.covers(other) == (pixels(other) <= pixels(one))


@given(boxes, st.integers(-2, 2), st.integers(-2, 2))
def test_a_shift_moves_every_pixel(box: Box, dx: int, dy: int) -> None:
    assert pixels(box.shifted(dx, dy)) == {(x + dx, y + dy) for x, y in pixels(box)}


def test_inflating_adds_the_margin_on_all_four_sides() -> None:
    assert Box(2, 3, 5, 7).inflated(2) == Box(0, 1, 7, 9)


def test_a_box_within_another_indexes_its_array() -> None:
    outer, inner = Box(10, 20, 16, 25), Box(12, 21, 14, 24)
    array = np.arange(outer.area).reshape(outer.height, outer.width)
    assert array[inner.within(outer)].tolist() == [[8, 9], [14, 15], [20, 21]]
