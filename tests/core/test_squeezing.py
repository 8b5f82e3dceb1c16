"""Patches that are read from somewhere: joined they do what they do one by one, and damaged ones are refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import EMPTY_MASK, SOLID, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.core.squeezing import compress, read

SIDE = 400


@st.composite
def patches(draw: st.DrawFn) -> MaskPatch:
    """Of some pixels, none or all of a box; whole tiles are among them."""
    x, y = draw(st.integers(-50, SIDE)), draw(st.integers(-50, SIDE))
    height, width = draw(st.integers(1, SIDE)), draw(st.integers(1, SIDE))
    dice = np.random.default_rng(draw(st.integers(0, 10**6)))
    bits = dice.random((height, width)) < draw(st.sampled_from([0.0, 0.01, 0.5, 1.1]))
    return MaskPatch.between(EMPTY_MASK, Mask.of(Box(x, y, x + width, y + height), bits))


@settings(max_examples=40)
@given(st.lists(patches(), max_size=6))
def test_joined_patches_do_what_they_do_one_by_one(several: list[MaskPatch]) -> None:
    one_by_one = EMPTY_MASK
    for each in several:
        one_by_one = each.apply(one_by_one)
    joined = MaskPatch.joined(several)
    assert joined.apply(EMPTY_MASK).same_as(one_by_one)
    assert joined.box == one_by_one.box


@settings(max_examples=40)
@given(patches())
def test_a_patch_that_was_made_is_sound(patch: MaskPatch) -> None:
    if not patch.empty:
        patch.check()


def test_a_patch_joined_with_itself_is_empty() -> None:
    some = MaskPatch.between(EMPTY_MASK, Mask.of(Box(5, 5, 300, 300), np.ones((295, 295), np.bool_)))
    patch = MaskPatch.of([((128, 128), SOLID), *((corner, np.array(bits)) for corner, bits in [((0, 0), SOLID)])])
    assert (some.whole, patch.whole) == (0, 1)
    assert MaskPatch.joined([patch, some, patch, some]).empty
    assert MaskPatch.joined([patch, patch]).empty
    assert MaskPatch.joined([]).empty


@settings(max_examples=40)
@given(patches(), st.data())
def test_a_damaged_patch_is_refused_or_can_be_applied(patch: MaskPatch, data: st.DataObject) -> None:
    if patch.empty:
        return
    packed = bytearray(patch.packed)
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    tiles = patch.tiles + data.draw(st.integers(-1, 1))
    whole = patch.whole + data.draw(st.integers(-1, 1))
    for damaged in (replace(patch, packed=bytes(packed)), replace(patch, tiles=tiles), replace(patch, whole=whole)):
        try:
            damaged.check()
        except ValueError:
            continue
        damaged.apply(EMPTY_MASK)


@pytest.mark.parametrize(("tiles", "parts"), [(0, 0), (-1, -1), (1, 2), (1 << 17, 0), (1, 1), (2, 0)])
def test_a_number_of_tiles_that_is_not_there_is_refused(tiles: int, parts: int) -> None:
    packed = compress([(0, 128)], np.zeros(0, np.uint8))
    assert read(packed, 1, 0).corners == (0, 128)
    with pytest.raises(ValueError, match="patch"):
        read(packed, tiles, parts)
