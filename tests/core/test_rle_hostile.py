"""Strings and sizes that are wrong, by accident or on purpose: refused in plain words, at the price of their length."""

from __future__ import annotations

import sys
import tracemalloc
from contextlib import suppress
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core import rle
from bitmask_studio.core.errors import RleError
from bitmask_studio.core.mask import Mask
from tests.core.references import number_string, written
from tests.long import fuzz_rle
from tests.long.fuzz_rle import Claim, Tally

LONG = 1 << 16
MOST_BYTES = 50_000_000
LARGEST_SIDE = 1 << 14


class SlyNumber(int):
    """An int that answers comparisons as it likes."""

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return False


SIZES = {
    "zero": 0,
    "negative": -5,
    "a bool": True,
    "a float": 2.0,
    "not a number": float("nan"),
    "nothing": None,
    "text": "2",
    "a list": [2],
    "a class of its own": SlyNumber(-1),
    "just too large": rle.MAX_PIXELS + 1,
    "larger than 64 bits": 2**64,
    "longer than Python prints": 10**5000,
}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_a_side_that_is_no_size_is_refused_either_way_round(size: object) -> None:
    with pytest.raises(RleError, match="size"):
        rle.check_size(size, 3)
    with pytest.raises(RleError, match="size"):
        rle.check_size(3, size)
    with pytest.raises(RleError, match="size"):
        rle.parse("6", 2, size)  # type: ignore[arg-type]


def test_sides_whose_product_is_too_large_are_refused() -> None:
    rle.check_size(1 << 14, 1 << 14)
    with pytest.raises(RleError, match="larger"):
        rle.check_size(1 << 14, (1 << 14) + 1)
    with pytest.raises(RleError, match="larger"):
        rle.check_size(30_000, 30_000)


def test_a_product_that_fits_only_after_wrapping_around_is_refused() -> None:
    with pytest.raises(RleError, match="larger"):
        rle.parse("0", 1 << 27, 1 << 37)


PLACES = {
    "nothing": None,
    "text": "1",
    "a float": 1.0,
    "a bool": True,
    "a list": [0],
    "longer than Python prints": 10**5000,
    "as long below zero": -(10**5000),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_a_place_that_is_none_is_refused(place: object) -> None:
    with pytest.raises(RleError, match="place"):
        Mask.from_rle("6", 2, 3, top=place)  # type: ignore[arg-type]
    with pytest.raises(RleError, match="place"):
        Mask.from_rle("6", 2, 3, left=place)  # type: ignore[arg-type]


@pytest.mark.parametrize("rle_string", [None, 6, b"6", ["6"], True], ids=repr)
def test_what_is_no_text_is_refused(rle_string: object) -> None:
    with pytest.raises(RleError):
        rle.parse(rle_string, 2, 3)  # type: ignore[arg-type]


STRINGS = {
    "empty": ("", "empty"),
    "a character below": ("/", "character"),
    "a character above": ("6p", "character"),
    "a line end": ("6\n", "character"),
    "a zero byte": ("6\x00", "character"),
    "not ASCII": ("６", "character"),  # noqa: RUF001
    "half a surrogate pair": ("6\ud800", "character"),
    "an unfinished number": ("15P", "middle of a number"),
    "eight characters": ("PPPPPPP0", "too long"),
    "eight characters later on": ("6" + "P" * 7 + "0", "too long"),
    "too few pixels": ("14", "add up"),
    "too many pixels": ("16", "add up"),
    "a column-major string of another size": ("3111", "add up"),
    "a negative run": (written([3, 4, -1]), "below zero"),
    "a negative first run": (written([-1, 7]), "below zero"),
    "a negative difference that goes below zero": (written([1, 1, 3, -1, 2]), "below zero"),
}


@pytest.mark.parametrize(("rle_string", "reason"), STRINGS.values(), ids=STRINGS.keys())
def test_a_broken_string_is_refused_with_its_reason(rle_string: str, reason: str) -> None:
    with pytest.raises(RleError, match=reason):
        rle.parse(rle_string, 2, 3)


@pytest.mark.parametrize("wrap", [1 << 32, 1 << 34, -(1 << 32), 1 << 29, -(1 << 29), (1 << 34) - 1, -(1 << 34)])
def test_a_number_that_is_right_only_after_wrapping_around_is_refused(wrap: int) -> None:
    for counts in ([1 + wrap, 3, 2], [1, 3 + wrap, 2], [1, 3, 2 + wrap], [1, 1, 1, 1 + wrap, 1, 1]):
        rle_string = "".join(number_string(count) for count in counts)
        with pytest.raises(RleError):
            rle.parse(rle_string, 2, 3)


@pytest.mark.parametrize("bits", [31, 32, 33, 40])
def test_a_sum_that_is_right_only_after_wrapping_around_is_refused(bits: int) -> None:
    """Each run is as long as the largest mask allows; all but the last add up to a power of two."""
    counts = [rle.MAX_PIXELS] * ((1 << bits) // rle.MAX_PIXELS)
    for rest in (0, 6):
        with pytest.raises(RleError):
            rle.parse(written([*counts, rest]), 2, 3)
    with pytest.raises(RleError, match="add up"):
        rle.parse(written([*counts, rle.MAX_PIXELS]), LARGEST_SIDE, LARGEST_SIDE)


def test_differences_that_add_up_beyond_32_bits_are_refused() -> None:
    """Every second count grows by 2**28 each time: after 16 it would be back where it began."""
    step = number_string(1 << 28)
    rle_string = "106" + (step + number_string(0)) * 16
    with pytest.raises(RleError):
        rle.parse(rle_string, 1, 7 + 6 * 16)


def test_a_hundredth_of_the_long_run_is_refused_or_right() -> None:
    tally = Tally()
    for claim in fuzz_rle.claims(fuzz_rle.SEED, fuzz_rle.HOSTILE // 100):
        fuzz_rle.check(claim, tally)
    assert tally.accepted > fuzz_rle.HOSTILE // 1000
    assert tally.refused > fuzz_rle.HOSTILE // 1000


@given(st.text(alphabet=fuzz_rle.ALPHABET, max_size=60), st.integers(1, 40), st.integers(1, 40))
def test_any_characters_are_refused_or_right(rle_string: str, height: int, width: int) -> None:
    fuzz_rle.check(Claim(rle_string, height, width), Tally())


@given(st.lists(st.integers(-(2**34), 2**34 - 1), min_size=1, max_size=12), st.integers(1, 7))
def test_any_numbers_are_refused_or_right(numbers: list[int], digits: int) -> None:
    rle_string = "".join(number_string(number, digits) for number in numbers)
    fuzz_rle.check(Claim(rle_string, LARGEST_SIDE, LARGEST_SIDE), Tally())


def costly(length: int) -> dict[str, str]:
    """Strings of about `length` characters, each the worst for one part of the reading."""
    return {
        "ones": "1" * length,
        "zeros": "0" * length,
        "never a number's end": "o" * length,
        "only the last ends": "P" * (length - 1) + "0",
        "numbers of seven": "PPPPPP0" * (length // 7),
        "numbers of two": "Q0" * (length // 2),
        "growing": "0" * 3 + "01" * (length // 2),
        "falling": "O" * length,
        "the largest numbers": number_string(1 << 28) * (length // 6),
        "a strange character at the end": "1" * length + "é",
        "an unfinished number at the end": "1" * length + "P",
        "empty runs": "6" + "0" * length,
    }


@pytest.mark.parametrize("kind", costly(1))
@pytest.mark.parametrize("side", [3, LARGEST_SIDE, 30_000])
def test_a_long_string_takes_little_memory_whatever_its_size_claims(kind: str, side: int) -> None:
    assert peak(costly(LONG)[kind], side) < MOST_BYTES


@pytest.mark.parametrize("kind", costly(1))
def test_memory_grows_no_faster_than_the_string(kind: str) -> None:
    long, longer = costly(8 * LONG)[kind], costly(32 * LONG)[kind]
    assert peak(longer, LARGEST_SIDE) < 6 * peak(long, LARGEST_SIDE) + 1_000_000


@pytest.mark.parametrize("kind", costly(1))
def test_a_long_string_is_read_in_few_steps(kind: str) -> None:
    assert steps(costly(LONG)[kind]) < 300


@pytest.mark.parametrize("kind", costly(1))
def test_steps_grow_no_faster_than_the_string(kind: str) -> None:
    assert steps(costly(16 * LONG)[kind]) < 16 * 300


def read(rle_string: str, side: int) -> None:
    """Parse what may be refused."""
    with suppress(RleError):
        rle.parse(rle_string, side, side)


def peak(rle_string: str, side: int) -> int:
    """The most memory in bytes that reading takes at a time; numpy reports its arrays too."""
    read("1", 1)
    tracemalloc.start()
    try:
        read(rle_string, side)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def steps(rle_string: str) -> int:
    """How many functions, numpy's among them, are called: a loop over characters would show."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(rle_string, LARGEST_SIDE)
    finally:
        sys.setprofile(before)
    return calls


def test_hostile_strings_come_to_the_same_beside_others() -> None:
    for many in fuzz_rle.batches(fuzz_rle.SEED, fuzz_rle.HOSTILE // 100):
        fuzz_rle.check_together(many)
