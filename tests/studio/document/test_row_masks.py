"""Masks of an opened row are decoded once, let go of when told, and known beside what is stored of them."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.labels import Bitmask, MaskKey
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.studio.document.decoding import decode
from bitmask_studio.studio.document.row_masks import RowMasks
from bitmask_studio.studio.document.row_objects import RowObjects
from tests.fakes.memory_source import a_frame, a_row, an_object, stored

A, B, BAD = (MaskKey(0, name) for name in ("a", "b", "bad"))
BROKEN = Bitmask(4, 6, 0, 0, "no string of runs!")


@pytest.fixture
def objects() -> RowObjects:
    whole, half = np.ones((4, 6), np.bool_), np.arange(24).reshape(4, 6) < 12
    return RowObjects(
        a_row("row", a_frame(an_object("a", stored(whole)), an_object("b", stored(half)), an_object("bad", BROKEN)))
    )


@pytest.fixture
def masks(objects: RowObjects) -> RowMasks:
    return RowMasks(objects)


def test_a_mask_is_decoded_once(masks: RowMasks) -> None:
    assert masks.get(A).area == 24
    assert masks.get(A) is masks.get(A)
    assert list(masks.known) == [A]


def test_an_edited_mask_differs_from_what_is_stored_until_its_pixels_are_back(masks: RowMasks) -> None:
    masks.put(A, masks.get(B))
    assert masks.differs(A)
    assert masks.stored(A).area == 24
    masks.put(A, decode(stored(np.ones((4, 6), np.bool_))).mask)
    assert not masks.differs(A)


def test_a_mask_noted_as_stored_is_not_decoded_again_to_be_compared(masks: RowMasks) -> None:
    before = masks.get(A)
    masks.note_stored(A)
    masks.put(A, EMPTY_MASK)
    assert masks.stored(A) is before


def test_masks_decoded_elsewhere_are_taken_unless_the_mask_was_edited_or_stored_anew(
    masks: RowMasks, objects: RowObjects
) -> None:
    decoded = {key: decode(each) for key, each in masks.undecoded(0).items()}
    masks.put(A, EMPTY_MASK)
    others = (replace(each, bitmask=stored(np.eye(4, 6) > 0)) for each in objects.on(0) if each.object_hash == "b")
    objects.stand_on(a_row("row", a_frame(objects.on(0)[0], *others)), {})
    masks.take_decoded(0, decoded)
    assert masks.get(A) is EMPTY_MASK
    assert masks.get(B).area == 4


def test_a_frame_is_awaited_until_all_who_decode_it_have_ended(masks: RowMasks) -> None:
    masks.await_frame(0)
    masks.await_frame(0)
    assert not masks.end_awaiting(0)
    assert masks.is_awaited(A)
    assert masks.end_awaiting(0)
    assert not masks.is_awaited(A)


def test_a_mask_that_is_known_is_not_awaited_with_its_frame(masks: RowMasks) -> None:
    masks.get(A)
    masks.await_frame(0)
    assert [masks.is_awaited(A), masks.is_awaited(B)] == [False, True]


def test_damage_is_not_looked_for_while_a_mask_is_awaited(masks: RowMasks) -> None:
    masks.await_frame(0)
    assert masks.damage(BAD) is None
    masks.end_awaiting(0)
    assert masks.damage(BAD)
    assert masks.is_damaged(BAD)
    assert masks.get(BAD).empty


def test_the_masks_of_a_frame_are_forgotten_but_for_those_that_are_wanted(masks: RowMasks) -> None:
    kept = masks.get(A)
    masks.get(B)
    masks.forget(0, but={A})
    assert masks.known == {A: kept}


def test_what_is_kept_over_to_another_row_is_compared_with_what_that_row_holds(
    masks: RowMasks, objects: RowObjects
) -> None:
    mine = masks.get(A)
    masks.note_stored(A)
    masks.get(B)
    objects.stand_on(a_row("row", a_frame(an_object("a", stored(np.eye(4, 6) > 0)))), {})
    masks.keep_only({A})
    assert masks.known == {A: mine}
    assert masks.stored(A).area == 4
    assert masks.differs(A)
