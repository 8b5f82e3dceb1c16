"""What an edit has changed: it leads both ways, and many in a row are as good as one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.geometry import EMPTY
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from tests.core.random_masks import masks


@given(masks(), masks())
def test_the_patch_between_two_masks_leads_both_ways(one: Mask, other: Mask) -> None:
    patch = MaskPatch.between(one, other)
    assert patch.apply(one).same_as(other)
    assert patch.apply(other).same_as(one)
    assert patch.empty is one.same_as(other)
    assert one.box.union(other.box).covers(patch.box)


@given(st.lists(masks(), min_size=2, max_size=5))
def test_patches_joined_do_what_they_do_one_after_another(steps: list[Mask]) -> None:
    patch = MaskPatch.joined([MaskPatch.between(one, other) for one, other in pairwise(steps)])
    assert patch.apply(steps[0]).same_as(steps[-1])
    assert patch.apply(steps[-1]).same_as(steps[0])
    assert patch.empty is steps[0].same_as(steps[-1])


def test_a_patch_of_nothing_changes_nothing() -> None:
    assert MaskPatch().apply(EMPTY_MASK) is EMPTY_MASK
    assert MaskPatch().box == EMPTY
