"""Strings decoded in one go are the masks that each of them is alone, whatever stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bitmask_studio.core import many_masks, rle
from bitmask_studio.core.errors import RleError
from bitmask_studio.core.labels import Bitmask
from bitmask_studio.core.many_masks import mask_of, masks_of
from bitmask_studio.core.mask import Bits, Mask
from tests.core import references

STRANGE = ("", "0", "2", "6", "nonsense", "1111111", "22222222222", "o" * 12, "é" * 9, "04" * 5000, "P" + "0" * 11)
NO_ZEROS, NO_ONES = "0" * 3 + "9" * 9, "9" * 9


@st.composite
def pixels(draw: st.DrawFn) -> Bits:
    """Frames with blobs, stripes or dust; rows that are full, columns that are."""
    height, width = draw(st.integers(1, 90)), draw(st.integers(1, 200))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    bits = np.zeros((height, width), np.bool_)
    for _ in range(draw(st.integers(0, 4))):
        x, y = random.integers(0, width), random.integers(0, height)
        kind = random.random() < (0.97, 0.5, 2.0)[random.integers(0, 3)]
        bits[y : y + random.integers(1, 80), x : x + random.integers(1, 200)] |= kind
    if draw(st.booleans()):
        bits[random.integers(0, height)] = True
    return bits


def stored(bits: Bits, top: int = 0, left: int = 0) -> Bitmask:
    height, width = bits.shape
    return Bitmask(height, width, top, left, references.encoded(bits.tobytes()))


whole = st.builds(stored, pixels(), st.integers(-50, 50), st.integers(-50, 50))
others = st.builds(Bitmask, st.integers(-1, 70), st.integers(0, 70), st.just(0), st.just(0), st.sampled_from(STRANGE))


@st.composite
def shaken(draw: st.DrawFn) -> Bitmask:
    """A string with a letter that was changed, or of another size than its mask."""
    one = draw(whole)
    at, letter = draw(st.integers(0, len(one.rle_string) - 1)), chr(draw(st.integers(46, 113)))
    if draw(st.booleans()):
        return replace(one, height=one.height + draw(st.integers(-1, 1)))
    return replace(one, rle_string=one.rle_string[:at] + letter + one.rle_string[at + 1 :])


def disc(radius: float) -> Bits:
    """In the middle of 400 rows and 600 columns."""
    rows, columns = np.mgrid[-200:200, -300:300]
    inside: Bits = np.hypot(rows, columns) < radius
    return inside


BLOB = stored(disc(60))


def assert_like_alone(many: Sequence[Bitmask]) -> None:
    for found, each in zip(masks_of(many), many, strict=True):
        alone = mask_of(each)
        if isinstance(alone, RleError) or isinstance(found, RleError):
            assert str(found) == str(alone)
        else:
            assert found.box == alone.box
            assert found.same_as(alone) and found.area == alone.area
            assert shape(found) == shape(alone)


def shape(mask: Mask) -> tuple[int, ...]:
    """How many rows, and ends of each, its spans have; none where it has no spans."""
    return mask.spans.ends.shape if mask.spans else ()


@given(st.lists(whole, min_size=2, max_size=12))
def test_many_whole_strings(many: list[Bitmask]) -> None:
    assert_like_alone(many)


@given(st.lists(st.one_of(whole, others, shaken()), min_size=1, max_size=12))
@example([Bitmask(5, 5, 0, 0, NO_ZEROS), Bitmask(5, 5, 0, 0, NO_ONES)])
@example([Bitmask(1 << 20, 1 << 20, 0, 0, "11111111"), Bitmask(3, 3, True, 0, "11111111")])
def test_strings_of_any_kind_side_by_side(many: list[Bitmask]) -> None:
    assert_like_alone(many)


def test_a_string_that_ends_within_a_number_takes_none_of_the_next() -> None:
    one = stored(np.eye(40, dtype=np.bool_))
    assert one.rle_string[0] == "0"
    assert_like_alone([replace(one, rle_string=one.rle_string + "P"), one, one])


@pytest.mark.parametrize(
    "counts", [[3, 4, 0, 5, 4], [3, 0, 4, 5, 4], [3, 13, 0], [3, -1, 4, 5, 5], [-1, 4, 4, 5, 4], [3, 9, 5], [3, 12]]
)
def test_empty_and_impossible_runs_are_seen_as_alone(counts: list[int]) -> None:
    differences = [count - counts[place - 2] if place > 2 else count for place, count in enumerate(counts)]
    long = "".join(references.number_string(each, digits=4) for each in differences)
    assert_like_alone([stored(np.eye(40, dtype=np.bool_)), Bitmask(4, 4, 0, 0, long), BLOB])


def test_numbers_beyond_what_a_frame_holds_are_found_out_as_alone() -> None:
    large = references.written([3, 2**29, 5, 2**29, 2**30, 2**30, 7])
    assert_like_alone([Bitmask(40, 40, 0, 0, large), BLOB])


def test_large_outlines_are_read_together_and_kept_as_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [stored(disc(radius), left=radius) for radius in (40, 90, 150, 199) for _ in "12"]
    many.append(stored(disc(190) & (np.abs(np.arange(-300, 300)) > 20)))
    corner = disc(100)
    corner[-1, -1] = True
    many.append(stored(corner))
    assert_like_alone(many)
    monkeypatch.setattr(many_masks, "mask_of", None)
    assert [shape(each)[1] for each in masks_of(many) if isinstance(each, Mask)] == [2] * 8 + [4, 2]


def test_runs_that_go_on_in_the_next_row_are_cut_there() -> None:
    bits = np.zeros((90, 200), np.bool_)
    bits[10:60, 20:] = bits[20:70, :150] = True
    assert_like_alone([BLOB, stored(bits), stored(~bits), BLOB])


def test_a_mask_that_begins_in_the_row_where_the_one_before_ended_has_a_row_of_its_own() -> None:
    upper, lower = np.zeros((2, 200, 200), np.bool_)
    upper[:100, 10:190] = lower[99:, 20:180] = True
    assert_like_alone([stored(upper), stored(lower), stored(upper)])


def test_more_than_fit_into_one_piece_come_in_order() -> None:
    many = [stored(np.eye(60, 60, shift, np.bool_)) for shift in range(-40, 40)] * 30
    assert sum(len(each.rle_string) for each in many) > rle.PIECE
    assert_like_alone(many)


def test_no_more_are_read_than_are_wanted() -> None:
    many = [stored(np.eye(60, 60, shift, np.bool_)) for shift in range(-40, 40)] * 30
    answers = iter((True, False))
    assert 0 < len(masks_of(many, lambda: next(answers))) < len(many)
