"""The stroke in progress and the patch it leaves, against painting on whole arrays."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.geometry import EMPTY, Box, Point
from bitmask_studio.core.mask import EMPTY_MASK, Bits, Mask
from bitmask_studio.core.painting import TILE, MaskPainter, MaskPatch

ROUND = BrushShape.ROUND
FRAME = Box.of_size(300, 200)

points = st.builds(Point, st.floats(-20, 320), st.floats(-20, 220))
segments = st.tuples(points, points, st.integers(1, 60), st.sampled_from(BrushShape), st.booleans())


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    """Random pixels in a random box of the frame; sometimes nothing."""
    x, y = draw(st.integers(0, 280)), draw(st.integers(0, 180))
    width, height = draw(st.integers(1, 300 - x)), draw(st.integers(1, 200 - y))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    return Mask.of(
        Box(x, y, x + width, y + height), random.random((height, width)) < draw(st.sampled_from([0, 0.1, 0.9]))
    )


def plainly(bits: Bits, start: Point, end: Point, size: float, shape: BrushShape, value: bool) -> None:
    """Paint on the whole frame at once."""
    spans = cover(start, end, size, shape, FRAME)
    if not spans.box.empty:
        bits[spans.box.within(FRAME)][spans.bits(spans.box)] = value


def scribble(painter: MaskPainter, dabs: int, size: int, seed: int = 1) -> None:
    """A wandering stroke as a hand draws it, `dabs` segments long."""
    random = np.random.default_rng(seed)
    at, heading = Point(2000.0, 1200.0), 0.0
    for _ in range(dabs):
        heading += random.normal(0, 0.4)
        here = Point(at.x + 6 * math.cos(heading), at.y + 6 * math.sin(heading))
        painter.draw_segment(at, here, size, ROUND, True)
        at = here


@given(masks(), st.lists(segments, min_size=1, max_size=8))
def test_a_stroke_looks_and_ends_like_painting_on_the_whole_frame(
    mask: Mask, strokes: list[tuple[Point, Point, int, BrushShape, bool]]
) -> None:
    painter, plain = MaskPainter(mask, FRAME), mask.to_array(200, 300)
    for start, end, size, shape, value in strokes:
        before = plain.copy()
        plainly(plain, start, end, size, shape, value)
        box = painter.draw_segment(start, end, size, shape, value)
        assert np.array_equal(painter.crop(FRAME), plain)
        changed = np.argwhere(before != plain)
        assert all(box.holds(int(x), int(y)) for y, x in changed)
    after = painter.patch().apply(mask)
    assert np.array_equal(after.to_array(200, 300), plain)
    assert painter.patch().apply(after).same_as(mask)


@given(masks(), st.lists(segments, min_size=1, max_size=3), st.integers(-40, 320), st.integers(-40, 220))
def test_any_box_can_be_seen_during_the_stroke_also_beyond_the_frame(
    mask: Mask, strokes: list[tuple[Point, Point, int, BrushShape, bool]], x: int, y: int
) -> None:
    painter = MaskPainter(mask, FRAME)
    for stroke in strokes:
        painter.draw_segment(*stroke)
    box = Box(x, y, x + 45, y + 33)
    padded = np.pad(painter.crop(FRAME), 80)
    assert np.array_equal(painter.crop(box), padded[y + 80 : y + 113, x + 80 : x + 125])


@given(masks(), masks())
def test_the_patch_between_two_masks_leads_both_ways(one: Mask, other: Mask) -> None:
    patch = MaskPatch.between(one, other)
    assert patch.apply(one).same_as(other)
    assert patch.apply(other).same_as(one)
    assert patch.empty is one.same_as(other)
    assert one.box.union(other.box).covers(patch.box)


def test_the_mask_below_a_stroke_stays_as_it_is() -> None:
    bits = np.ones((100, 100), np.bool_)
    mask = Mask.of(Box(10, 10, 110, 110), bits)
    painter = MaskPainter(mask, FRAME)
    painter.draw_segment(Point(50, 50), Point(90, 90), 40, ROUND, False)
    assert mask.bits.all()


def test_painting_what_is_painted_already_leaves_an_empty_patch() -> None:
    mask = Mask.of(Box(0, 0, 100, 100), np.ones((100, 100), np.bool_))
    painter = MaskPainter(mask, FRAME)
    painter.draw_segment(Point(50, 50), Point(60, 60), 20, ROUND, True)
    assert painter.patch().empty
    assert painter.patch().nbytes < 64


def test_a_patch_of_nothing_changes_nothing() -> None:
    assert MaskPatch().apply(EMPTY_MASK) is EMPTY_MASK
    assert MaskPatch().box == EMPTY


@pytest.mark.parametrize("size", [1, 20, 100, 400])
def test_the_patch_of_two_hundred_dabs_takes_at_most_16_kib(size: int) -> None:
    painter = MaskPainter(EMPTY_MASK, Box.of_size(7680, 4320))
    scribble(painter, 200, size)
    assert 0 < painter.patch().nbytes <= 16 << 10


def test_two_hundred_dabs_on_a_ragged_mask_take_at_most_16_kib() -> None:
    random = np.random.default_rng(3)
    blobs = random.random((300, 480)) < 0.5
    mask = Mask.of(Box.of_size(7680, 4320), np.kron(blobs, np.ones((14, 16), np.bool_)))
    painter = MaskPainter(mask, Box.of_size(7680, 4320))
    scribble(painter, 200, 40)
    assert 0 < painter.patch().nbytes <= 16 << 10


class CountingMask:
    """Stands where a mask would and remembers which boxes were asked for."""

    def __init__(self) -> None:
        self.asked: list[Box] = []

    def crop(self, box: Box) -> Bits:
        self.asked.append(box)
        return EMPTY_MASK.crop(box)


def test_only_the_tiles_under_the_brush_are_copied_each_once() -> None:
    mask = CountingMask()
    painter = MaskPainter(mask, Box.of_size(16384, 16384))  # type: ignore[arg-type]
    start, end = Point(10.0, 10.0), Point(1270.0, 1270.0)
    for _ in range(5):
        painter.draw_segment(start, end, 4, ROUND, True)
    whole = Box(0, 0, 10 * TILE, 10 * TILE)
    spans = cover(start, end, 4, ROUND, whole)
    bits = np.zeros((whole.height, whole.width), np.bool_)
    bits[spans.box.within(whole)] = spans.bits(spans.box)
    touched = bits.reshape(10, TILE, 10, TILE).any(axis=(1, 3))
    assert len(mask.asked) == len(set(mask.asked)) == np.count_nonzero(touched)
    assert np.count_nonzero(touched) < 30


def test_a_stroke_on_the_largest_frame_needs_memory_for_its_own_tiles_only() -> None:
    painter = MaskPainter(EMPTY_MASK, Box.of_size(16384, 16384))
    tracemalloc.start()
    try:
        scribble(painter, 200, 40)
        patch = painter.patch()
        mask = patch.apply(EMPTY_MASK)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert mask.area > 10_000
    assert peak < 8 << 20
