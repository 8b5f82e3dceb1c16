"""The stroke in progress and the patch it leaves, against painting on whole arrays."""

from __future__ import annotations

import math
import tracemalloc
from itertools import cycle, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.geometry import EMPTY, Box, Point
from bitmask_studio.core.mask import EMPTY_MASK, TILE, Bits, Corner, Mask, tiles_of
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.core.stroke_sheet import SIDE
from tests.core.random_masks import FRAME, masks

ROUND = BrushShape.ROUND

points = st.builds(Point, st.floats(-20, 320), st.floats(-20, 220))
segments = st.tuples(points, points, st.integers(1, 60), st.sampled_from(BrushShape), st.booleans())


def plainly(bits: Bits, start: Point, end: Point, size: float, shape: BrushShape, value: bool) -> None:
    """Paint on the whole frame at once."""
    spans = cover(start, end, size, shape, FRAME)
    if not spans.box.empty:
        bits[spans.box.within(FRAME)][spans.bits(spans.box)] = value


def tight(found: NDArray[np.intp]) -> Box:
    """The box of the places (y, x)."""
    return Box.around(Point(int(x), int(y)) for y, x in found) if len(found) else EMPTY


def scribble(painter: MaskPainter, dabs: int, size: int, seed: int = 1, step: float = 6) -> None:
    """A wandering stroke as a hand draws it, `dabs` segments long."""
    random = np.random.default_rng(seed)
    at, heading = Point(2000.0, 1200.0), 0.0
    for _ in range(dabs):
        heading += random.normal(0, 0.4)
        here = Point(at.x + step * math.cos(heading), at.y + step * math.sin(heading))
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
        assert box == tight(changed)
    after = painter.patch().apply(mask)
    assert np.array_equal(after.to_array(200, 300), plain)
    assert painter.patch().apply(after).same_as(mask)
    assert painter.patch().box == tight(np.argwhere(plain != mask.to_array(200, 300)))
    assert painter.painted(painter.patch(), mask).same_as(after)


@given(
    masks(),
    st.lists(st.tuples(st.integers(-400, 5200), st.integers(-400, 3600)), min_size=2, max_size=8),
    st.sampled_from([1, 2, 3, 30, 150, 260]),
    st.sampled_from(list(BrushShape)),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_a_way_of_many_steps_is_painted_as_each_of_them_would_be(
    mask: Mask, way: list[tuple[int, int]], size: int, shape: BrushShape, values: list[bool]
) -> None:
    painter, plain = MaskPainter(mask, FRAME), mask.to_array(200, 300)
    points = [Point(x / 16, y / 16) for x, y in way]
    for start, end, value in zip([points[0], *points], points, values, strict=False):
        before = plain.copy()
        plainly(plain, start, end, size, shape, value)
        box = painter.draw_segment(start, end, size, shape, value)
        assert np.array_equal(painter.crop(FRAME), plain)
        assert box == tight(np.argwhere(before != plain))


LARGE = Box.of_size(9000, 3000)
far = st.builds(Point, st.integers(-100, 9100), st.integers(-100, 3100))
dabs = st.tuples(far, st.sampled_from([1, 40, 400]), st.booleans())


@settings(max_examples=25)
@given(st.lists(dabs, min_size=1, max_size=10))
def test_a_stroke_that_goes_far_and_comes_back_keeps_all_that_it_has_drawn(
    strokes: list[tuple[Point, int, bool]],
) -> None:
    mask = Mask(Box(1000, 500, 8000, 2500), np.ones((2000, 7000), np.bool_))
    painter, plain = MaskPainter(mask, LARGE), mask.to_array(3000, 9000)
    for (x, y), size, value in strokes:
        for start, end in pairwise(Point(x + 30 * step**3, y) for step in range(5)):
            spans = cover(start, end, size, ROUND, LARGE)
            if not spans.box.empty:
                plain[spans.box.within(LARGE)][spans.bits(spans.box)] = value
            painter.draw_segment(start, end, size, ROUND, value)
    assert np.array_equal(painter.crop(LARGE), plain)
    patch = painter.patch()
    assert np.array_equal(painter.painted(patch, mask).to_array(3000, 9000), plain)
    assert np.array_equal(patch.apply(mask).to_array(3000, 9000), plain)


@pytest.mark.parametrize("steps", [(50,), (60, 400)], ids=["short", "short and long"])
def test_however_far_a_stroke_goes_it_holds_one_sheet_and_the_tiles_that_it_changed(steps: tuple[int, ...]) -> None:
    tracemalloc.start()
    try:
        painter, x = MaskPainter(EMPTY_MASK, Box.of_size(16384, 16384)), 1000
        for step in cycle(steps):
            painter.draw_segment(Point(x, 5000), Point(x + step, 5000), 40, ROUND, True)
            x += step
            if x > 15000:
                break
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    changed = 2 * 116 * TILE**2
    assert held < SIDE**2 + changed + (1 << 20)


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


@pytest.mark.parametrize("at", [Point(50, 220), Point(50, -20), Point(-20, 50), Point(320, 50), Point(320, 220)])
def test_a_stroke_beside_the_picture_paints_nothing(at: Point) -> None:
    painter = MaskPainter(EMPTY_MASK, FRAME)
    assert painter.draw_segment(at, Point(at.x + 5, at.y), 30, ROUND, True) == EMPTY
    assert painter.patch().empty


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
    assert painter.patch().nbytes < 512


@pytest.mark.parametrize("step", [6, 40])
@pytest.mark.parametrize("size", [1, 20, 100, 400, 2000])
def test_the_patch_of_two_hundred_dabs_takes_at_most_16_kib(size: int, step: float) -> None:
    painter = MaskPainter(EMPTY_MASK, Box.of_size(7680, 4320))
    scribble(painter, 200, size, step=step)
    assert 0 < painter.patch().nbytes <= 16 << 10


def test_two_hundred_dabs_on_a_ragged_mask_take_at_most_16_kib() -> None:
    random = np.random.default_rng(3)
    blobs = random.random((300, 480)) < 0.5
    mask = Mask.of(Box.of_size(7680, 4320), np.kron(blobs, np.ones((14, 16), np.bool_)))
    painter = MaskPainter(mask, Box.of_size(7680, 4320))
    scribble(painter, 200, 40)
    assert 0 < painter.patch().nbytes <= 16 << 10


class CountingMask:
    """Stands where a mask would and remembers which tiles were asked for."""

    def __init__(self, mask: Mask = EMPTY_MASK) -> None:
        self.mask = mask
        self.asked: set[Corner] = set()

    def tile(self, corner: Corner) -> Bits:
        self.asked.add(corner)
        return self.mask.tile(corner)


def touched(start: Point, end: Point, size: float, shape: BrushShape) -> set[Corner]:
    """The tiles in which the brush covers pixels."""
    spans = cover(start, end, size, shape, Box.of_size(16384, 16384))
    rows = ((spans.top + at, int(begin), int(end)) for at, (begin, end) in enumerate(spans.edges.T))
    return {corner for y, x0, x1 in rows if x0 < x1 for corner in tiles_of(Box(x0, y, x1, y + 1))}


@pytest.mark.parametrize("shape", BrushShape)
@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("size", [4, 50, 500])
def test_no_tile_beyond_those_under_the_brush_is_looked_at(shape: BrushShape, value: bool, size: int) -> None:
    mask = CountingMask(Mask(Box.of_size(3000, 3000), np.full((3000, 3000), not value)))
    painter = MaskPainter(mask, Box.of_size(16384, 16384))  # type: ignore[arg-type]
    segments = [(Point(300.0, 300.0), Point(700.5, 1270.25)), (Point(700.5, 1270.25), Point(900.0, 1270.25))]
    for start, end in segments:
        painter.draw_segment(start, end, size, shape, value)
    under = set.union(*(touched(start, end, size, shape) for start, end in segments))
    # A slanting path crosses corners of tiles that lie between the ends of its rows.
    assert under <= mask.asked
    assert len(mask.asked) <= 1.6 * len(under) + 2
    assert painter.patch().tiles == len(under)


@pytest.mark.parametrize("at", [Point(500, 100), Point(-90, 50), Point(100, 413.5), Point(133.25, -77)])
def test_a_stroke_beyond_the_frame_paints_nothing(at: Point) -> None:
    painter = MaskPainter(EMPTY_MASK, FRAME)
    assert painter.draw_segment(at, Point(at.x + 3.5, at.y + 5), 30, ROUND, True) == EMPTY
    assert painter.patch().empty


@pytest.mark.parametrize("value", [True, False])
def test_tiles_that_flip_as_a_whole_take_no_bits(value: bool) -> None:
    frame = Box.of_size(20 * TILE, 10 * TILE)
    mask = EMPTY_MASK if value else Mask(frame, np.ones((frame.height, frame.width), np.bool_))
    painter = MaskPainter(mask, frame)
    painter.draw_segment(Point(0, 640), Point(2560, 640), 2000, BrushShape.SQUARE, value)
    patch = painter.patch()
    after = painter.painted(patch, mask)
    assert (patch.tiles, patch.whole, patch.box) == (200, 200, frame)
    assert patch.nbytes < 1024
    assert after.area == (frame.area if value else 0)
    assert patch.apply(after).same_as(mask) and patch.apply(patch.apply(after)).same_as(after)


@given(masks(), masks(), st.lists(segments, min_size=1, max_size=4), st.booleans())
def test_on_another_mask_than_was_painted_on_a_brush_only_sets_and_an_eraser_only_clears(
    mask: Mask, other: Mask, strokes: list[tuple[Point, Point, int, BrushShape, bool]], value: bool
) -> None:
    painter = MaskPainter(mask, FRAME)
    for start, end, size, shape, _ in strokes:
        painter.draw_segment(start, end, size, shape, value)
    changed = painter.crop(FRAME) ^ mask.to_array(200, 300)
    patch = painter.patch(other)
    after = painter.painted(patch, other)
    assert np.array_equal(after.to_array(200, 300), np.where(changed, value, other.to_array(200, 300)))
    assert patch.box == tight(np.argwhere(after.to_array(200, 300) != other.to_array(200, 300)))


def test_painting_where_all_is_painted_copies_nothing() -> None:
    mask = Mask(Box.of_size(2000, 2000), np.ones((2000, 2000), np.bool_))
    painter = MaskPainter(mask, Box.of_size(2000, 2000))
    assert painter.draw_segment(Point(500, 500), Point(900, 800), 300, ROUND, True) == EMPTY
    assert painter.patch() == MaskPatch()
    assert painter.painted(painter.patch(), mask) is mask


@pytest.fixture(scope="module")
def everything() -> Mask:
    """All pixels of the largest frame there is."""
    return Mask(Box.of_size(16384, 16384), np.ones((16384, 16384), np.bool_))


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("size", [1, 40, 400])
def test_a_whole_stroke_on_the_largest_frame_needs_memory_for_its_own_tiles_only(
    everything: Mask, full: bool, size: int
) -> None:
    mask = everything if full else EMPTY_MASK
    area = mask.area
    tracemalloc.start()
    try:
        painter = MaskPainter(mask, Box.of_size(16384, 16384))
        for value in (not full, full):
            at, end = Point(2000.0, 1200.0), Point(2600.0, 1000.0)
            painter.draw_segment(at, end, size, ROUND, value)
        scribble(painter, 200, size)
        painter.draw_segment(Point(0, 100), Point(300, 0), size, ROUND, False)
        patch = painter.patch()
        after = painter.painted(patch, mask)
        undone = patch.apply(after)
        redone = patch.apply(undone)
        areas = undone.area, redone.area - after.area
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert areas == (area, 0)
    assert undone.same_as(mask) and redone.same_as(after) and not redone.same_as(undone)
    assert peak < 4 << 20
