"""Masks: values cropped to their pixels, on frames that may be far larger."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bitmask_studio.core.errors import RleError
from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from tests.core import references
from tests.core.references import Bits

SIDE = 20

frames = arrays(np.bool_, st.tuples(st.integers(1, SIDE), st.integers(1, SIDE)))
starts = st.integers(-SIDE, SIDE)
boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h), starts, starts, st.integers(0, SIDE), st.integers(0, SIDE)
)


def of(bits: Bits, left: int = 0, top: int = 0) -> Mask:
    """A mask of an array whose first pixel lies at (left, top)."""
    height, width = bits.shape
    return Mask.of(Box(left, top, left + width, top + height), bits)


def pixels(mask: Mask) -> set[tuple[int, int]]:
    """All pixels of a mask as (x, y)."""
    return {(int(x) + mask.box.x0, int(y) + mask.box.y0) for y, x in np.argwhere(mask.bits)}


@given(frames, starts, starts)
def test_a_mask_is_cropped_to_its_pixels(bits: Bits, left: int, top: int) -> None:
    mask = of(bits, left, top)
    assert pixels(mask) == {(int(x) + left, int(y) + top) for y, x in np.argwhere(bits)}
    if not mask.empty:
        assert mask.bits[0].any()
        assert mask.bits[-1].any()
        assert mask.bits[:, 0].any()
        assert mask.bits[:, -1].any()


def test_a_mask_without_pixels_is_the_empty_one() -> None:
    assert of(np.zeros((5, 7), np.bool_)) is EMPTY_MASK
    assert Mask.from_rle(references.written([16]), 4, 4, top=3, left=3) is EMPTY_MASK
    assert (EMPTY_MASK.box, EMPTY_MASK.area, EMPTY_MASK.empty) == (EMPTY, 0, True)


def test_a_small_object_does_not_keep_the_large_array_it_came_in() -> None:
    bits = np.zeros((1000, 1000), np.bool_)
    bits[500, 500] = True
    assert of(bits).bits.base is None


@given(frames)
def test_a_frame_survives_its_string(bits: Bits) -> None:
    mask = Mask.from_rle(references.encoded(bits.tobytes()), *bits.shape)
    assert mask.same_as(of(bits))
    assert np.array_equal(mask.to_array(*bits.shape), bits)
    assert mask.to_rle(*bits.shape) == references.encoded(bits.tobytes())
    assert mask.area == np.count_nonzero(bits)


@given(frames, starts, starts)
def test_a_window_is_placed_into_its_frame(bits: Bits, left: int, top: int) -> None:
    rle_string = references.encoded(bits.tobytes())
    height, width = bits.shape
    mask = Mask.from_rle(rle_string, height, width, top, left)
    assert mask.same_as(of(bits, left, top))
    assert mask.to_rle(height, width, top, left) == rle_string


def test_a_window_moves_right_by_left_and_down_by_top() -> None:
    mask = Mask.from_rle("05", 1, 5, top=30, left=200)
    assert mask.box == Box(200, 30, 205, 31)


@given(frames, starts, starts, boxes)
def test_a_window_over_a_mask_has_the_string_of_what_is_seen(bits: Bits, left: int, top: int, window: Box) -> None:
    if window.empty:
        return
    mask = of(bits, left, top)
    seen = np.array([[mask.holds(x, y) for x in range(window.x0, window.x1)] for y in range(window.y0, window.y1)])
    rle_string = mask.to_rle(window.height, window.width, window.y0, window.x0)
    assert rle_string == references.encoded(seen.tobytes())


def test_a_mask_knows_the_string_that_was_made_of_all_its_pixels() -> None:
    mask = of(np.ones((4, 6), np.bool_), left=2, top=1)
    string = mask.to_rle(9, 9)
    assert mask.was_written_as(string, 9, 9)
    assert not mask.was_written_as(string, 9, 9, top=1)
    assert not mask.was_written_as(string + "0", 9, 9)
    part = mask.to_rle(3, 9)
    assert not mask.was_written_as(part, 3, 9)
    assert not of(np.ones((4, 6), np.bool_), left=2, top=1).was_written_as(string, 9, 9)


@pytest.mark.parametrize("size", [(0, 5), (5, -1), (None, 5), (1 << 20, 1 << 20)], ids=repr)
def test_a_window_of_no_size_has_no_string(size: tuple[int, int]) -> None:
    with pytest.raises(RleError, match="size"):
        of(np.ones((2, 2), np.bool_)).to_rle(*size)


@given(frames, starts, starts, boxes)
def test_a_crop_holds_the_pixels_of_its_box(bits: Bits, left: int, top: int, box: Box) -> None:
    mask = of(bits, left, top)
    crop = mask.crop(box)
    assert crop.shape == (box.height, box.width)
    assert pixels(Mask.of(box, crop)) == {(x, y) for x, y in pixels(mask) if box.holds(x, y)}


def test_a_crop_inside_the_mask_copies_nothing() -> None:
    mask = of(np.ones((9, 9), np.bool_))
    assert np.shares_memory(mask.crop(Box(2, 2, 5, 5)), mask.bits)


def test_a_frame_smaller_than_the_mask_cuts_it_off() -> None:
    mask = of(np.ones((9, 9), np.bool_), left=5, top=5)
    frame = mask.to_array(7, 8)
    assert np.argwhere(frame).tolist() == [[5, 5], [5, 6], [5, 7], [6, 5], [6, 6], [6, 7]]


def test_a_frame_is_the_callers_own() -> None:
    mask = of(np.ones((4, 4), np.bool_))
    mask.to_array(4, 4)[:] = False
    assert mask.area == 16


@given(frames, starts, starts)
def test_a_mask_holds_the_pixels_that_are_set_and_no_others(bits: Bits, left: int, top: int) -> None:
    mask = of(bits, left, top)
    everywhere = {(x, y) for x in range(-SIDE - 1, 2 * SIDE + 1) for y in range(-SIDE - 1, 2 * SIDE + 1)}
    assert {(x, y) for x, y in everywhere if mask.holds(x, y)} == pixels(mask)


@given(frames, boxes)
def test_a_change_makes_a_new_mask_and_leaves_the_old_one(bits: Bits, box: Box) -> None:
    before = of(bits)
    held = pixels(before)

    def invert(scratch: Bits, reach: Box) -> None:
        scratch[box.within(reach)] ^= True

    after = before.changed(box, invert)
    assert pixels(before) == held
    assert pixels(after) == held ^ {(x, y) for x in range(box.x0, box.x1) for y in range(box.y0, box.y1)}
    assert after.same_as(Mask.of(after.box, after.bits))


def test_a_change_that_clears_everything_leaves_the_empty_mask() -> None:
    def clear(scratch: Bits, _reach: Box) -> None:
        scratch[:] = False

    assert of(np.ones((3, 3), np.bool_)).changed(Box(0, 0, 1, 1), clear) is EMPTY_MASK


@given(frames, frames)
def test_two_masks_are_the_same_if_their_pixels_are(one: Bits, other: Bits) -> None:
    assert of(one).same_as(of(other)) == (pixels(of(one)) == pixels(of(other)))


def test_the_same_shape_elsewhere_is_another_mask() -> None:
    bits = np.ones((3, 3), np.bool_)
    assert of(bits).same_as(of(bits.copy()))
    assert not of(bits).same_as(of(bits, left=1))
    assert not of(bits).same_as(EMPTY_MASK)
