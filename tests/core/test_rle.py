"""Encord's strings: the same as the SDK's and COCO's, both ways."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bitmask_studio.core import rle
from bitmask_studio.core.geometry import EMPTY, Box
from tests.core import references
from tests.core.references import Bits
from tests.long import fuzz_rle

masks = arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 140)))


def encoded(bits: Bits) -> str:
    """The string of a whole frame."""
    height, width = bits.shape
    return rle.encode(Box.of_size(width, height), bits, height, width)


def decoded(rle_string: str, height: int, width: int) -> Bits:
    """The whole frame of a string."""
    box, bits = rle.decode(rle_string, height, width)
    frame = np.zeros((height, width), np.bool_)
    frame[box.rows, box.columns] = bits
    return frame


def mask(*rows: str) -> Bits:
    """A mask drawn with # and dots."""
    return np.array([[pixel == "#" for pixel in row] for row in rows])


DRAWN = {
    "one pixel, not set": (mask("."), "1"),
    "one pixel, set": (mask("#"), "01"),
    "empty": (mask("....", "...."), "8"),
    "full": (mask("####", "####"), "08"),
    "the first pixel only": (mask("#..", "..."), "015"),
    "the last pixel only": (mask("...", "..#"), "51"),
    "one pixel in the middle": (mask("...", ".#.", "..."), "414"),
    "a run over the end of a row": (mask("..##", "##..", "...."), "246"),
    "a hole": (mask("###", "#.#", "###"), "0410"),
    "two objects": (mask("#..#", "#..#"), "01210O"),
    "a chessboard": (mask("#.#", ".#.", "#.#"), "0110000000"),
    "one column": (mask("#", "#", ".", "#"), "021O"),
    "one row": (mask(".#.##"), "1111"),
    "sixteen, where a second character begins": (np.arange(17)[np.newaxis] < 16, "0`01"),
}


@pytest.mark.parametrize(("bits", "rle_string"), DRAWN.values(), ids=DRAWN.keys())
def test_drawn_masks_have_the_strings_worked_out_by_hand(bits: Bits, rle_string: str) -> None:
    assert encoded(bits) == rle_string
    assert np.array_equal(decoded(rle_string, *bits.shape), bits)


@pytest.mark.parametrize("bits", [bits for bits, _ in DRAWN.values()], ids=DRAWN.keys())
def test_drawn_masks_agree_with_everybody(bits: Bits) -> None:
    fuzz_rle.check_round_trip(bits)


@given(masks)
@example(np.zeros((40, 64), np.bool_))
@example(np.ones((40, 64), np.bool_))
@example(np.ones((1, 128), np.bool_))
@example(np.ones((128, 1), np.bool_))
def test_any_mask_agrees_with_the_sdk_pycocotools_and_the_reference(bits: Bits) -> None:
    fuzz_rle.check_round_trip(bits)


@given(masks)
def test_the_functions_of_the_sdk_for_bytes_agree_too(bits: Bits) -> None:
    assert references.sdk_serialised(bits) == (encoded(bits), bits.tobytes())


@given(masks)
def test_pycocotools_decodes_our_strings_to_the_transposed_mask(bits: Bits) -> None:
    assert np.array_equal(references.coco_array(encoded(bits), *bits.shape), bits)


def test_a_hundredth_of_the_long_round_trips_agrees() -> None:
    fuzz_rle.round_trips(fuzz_rle.SEED, fuzz_rle.ROUND_TRIPS // 100)


def test_a_mask_that_starts_with_one_has_a_zero_first_count() -> None:
    assert references.counts_of(encoded(mask("##.", "...")))[0] == 0


@pytest.mark.parametrize("first", [0, 1], ids=["first pixel not set", "first pixel set"])
@pytest.mark.parametrize("period", [2, 3, 40, 1000], ids="every {}".format)
def test_masks_longer_than_a_piece_agree_with_the_sdk(period: int, first: int) -> None:
    bits = (np.arange(700 * 900) % period == first).reshape(700, 900)
    rle_string = encoded(bits)
    assert rle_string == references.sdk_string(bits)
    assert np.array_equal(decoded(rle_string, 700, 900), bits)


def test_noise_longer_than_a_piece_agrees_with_the_sdk() -> None:
    bits = np.random.default_rng(1).random((900, 1100)) < 0.3
    rle_string = encoded(bits)
    assert rle_string == references.sdk_string(bits)
    assert np.array_equal(decoded(rle_string, 900, 1100), bits)


@pytest.mark.parametrize("digits", range(1, 6))
def test_runs_around_each_further_character_agree_with_the_reference(digits: int) -> None:
    limit = 16 * 32 ** (digits - 1)
    counts = [limit - 1, limit, limit + 1, 2, 2 * limit + 3, limit + 2, 1, 2 * limit + 1]
    edges = np.cumsum(counts)
    height, width = 1, int(edges[-1])
    runs = rle.parse(references.written(counts), height, width)
    assert runs.edges.tolist() == edges.tolist()
    if width < 1 << 22:
        assert encoded(decoded(references.written(counts), height, width)) == references.written(counts)


@pytest.mark.parametrize(("height", "width"), [(1, 1 << 28), (1 << 28, 1), (1 << 14, 1 << 14)])
def test_the_largest_frames_hold_single_pixels(height: int, width: int) -> None:
    last = Box(width - 1, height - 1, width, height)
    rle_string = rle.encode(last, np.ones((1, 1), np.bool_), height, width)
    assert rle_string == references.written([height * width - 1, 1])
    box, bits = rle.decode(rle_string, height, width)
    assert (box, bits.tolist()) == (last, [[True]])


@given(masks, st.data())
def test_a_crop_has_the_string_of_its_frame(bits: Bits, data: st.DataObject) -> None:
    height, width = bits.shape
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    box = Box(left, top, data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height)))
    frame = np.zeros_like(bits)
    frame[box.rows, box.columns] = bits[box.rows, box.columns]
    # Rows that lie apart in memory, as the crop of a larger array has them.
    assert rle.encode(box, bits[box.rows, box.columns], height, width) == references.encoded(frame.tobytes())


@pytest.mark.parametrize("width", [1, 8, 63, 64, 65, 128])
def test_a_full_crop_ends_in_every_row(width: int) -> None:
    frame = np.zeros((5, 200), np.bool_)
    box = Box(30, 1, 30 + width, 4)
    frame[box.rows, box.columns] = True
    assert rle.encode(box, frame[box.rows, box.columns], 5, 200) == references.encoded(frame.tobytes())


def test_an_empty_crop_is_one_run_of_zeros() -> None:
    assert rle.encode(EMPTY, np.zeros((0, 0), np.bool_), 480, 640) == references.written([480 * 640])


@given(masks)
def test_a_decoded_box_is_tight(bits: Bits) -> None:
    box, cropped = rle.decode(encoded(bits), *bits.shape)
    ys, xs = np.nonzero(bits)
    assert box == (Box(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1) if len(xs) else EMPTY)
    assert np.array_equal(cropped, bits[box.rows, box.columns])


@given(masks)
def test_runs_tell_area_and_box_without_pixels(bits: Bits) -> None:
    runs = rle.parse(encoded(bits), *bits.shape)
    assert runs.area == np.count_nonzero(bits)
    assert runs.box == rle.decode(encoded(bits), *bits.shape)[0]
    assert [pixel for run in zip(runs.starts, runs.ends, strict=True) for pixel in range(*run)] == np.flatnonzero(
        bits
    ).tolist()


def test_more_runs_than_a_piece_are_cropped_to_their_tight_box() -> None:
    frame = np.zeros((600, 1000), np.bool_)
    frame[3:-5, 7:-9:2] = True
    frame[594, 500:] = False
    box, bits = rle.decode(encoded(frame), 600, 1000)
    assert box == Box(7, 3, 990, 595)
    assert np.array_equal(bits, frame[box.rows, box.columns])


SAME_PIXELS = {
    "padded numbers": "Q0SPP0R0",
    "an empty run of ones": references.written([0, 0, 1, 3, 2]),
    "an empty run of zeros, so that two runs touch": references.written([1, 2, 0, 1, 2]),
    "many empty runs": references.written([0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 1, 0, 1]),
    "an empty run of zeros at the end": references.written([1, 3, 2, 0, 0]),
    "an empty run of ones at the end": references.written([1, 3, 2, 0]),
}


@pytest.mark.parametrize("rle_string", SAME_PIXELS.values(), ids=SAME_PIXELS.keys())
def test_a_string_written_in_an_unusual_way_has_the_same_pixels(rle_string: str) -> None:
    usual = mask(".##", "#..")
    assert rle_string != encoded(usual)
    assert references.decoded(rle_string, 2, 3) == usual.tobytes()
    assert np.array_equal(decoded(rle_string, 2, 3), usual)
    assert rle.parse(rle_string, 2, 3).edges.tolist() == [1, 4]


def test_numbers_may_have_seven_characters() -> None:
    counts = [1, 3, 2]
    rle_string = "".join(references.number_string(count, digits=7) for count in counts)
    assert len(rle_string) == 21
    assert rle.parse(rle_string, 2, 3).edges.tolist() == [1, 4]
