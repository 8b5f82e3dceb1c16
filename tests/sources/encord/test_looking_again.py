"""What was saved is looked at once more: a save of the same moment, which nobody could see, does not win in silence."""

from __future__ import annotations

from functools import partial, reduce

import pytest

from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.sandbox import Fault, FaultKind
from bitmask_studio.sources.base import ConflictError, Keep
from bitmask_studio.sources.encord.looking_again import Look
from bitmask_studio.sources.label_rows.pixels import merged
from tests.sources.encord import saves
from tests.sources.encord.saves import PAINTED, Desk
from tests.sources.twins import Json, block, masks_of

KEY, OTHER = MaskKey(0, "imageAA1"), MaskKey(0, "image+/2")
THEIRS = block(0, 20)
NOTHING = Look()


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.source._sent.clear()
    return desk


def store_stale(desk: Desk, stale: Json, object_hash: str = OTHER.object_hash) -> None:
    """Somebody who read the row before we saved it arrives after we read it back."""

    def older(wire: Json) -> None:
        wire.clear()
        wire.update(stale)

    desk.theirs("image", older)
    desk.repaint("image", object_hash, THEIRS)


def save(desk: Desk, changes: RowChanges) -> LabelRow:
    (saved,) = desk.source.save([changes])
    return saved


def now(desk: Desk) -> LabelRow:
    return desk.source.load(desk.info("image"))


def test_what_a_save_of_the_same_moment_wrote_over_is_stored_again_beside_it(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    answers = dict(row.answers["imageAA1"]) | {saves.TEXT: "mine"}
    save(desk, RowChanges(row, {KEY: PAINTED}, answers={"imageAA1": answers}))
    store_stale(desk, stale)
    assert [info.key for info in desk.source.look_again().restored] == [row.info.key]
    masks = masks_of(found := now(desk))
    assert masks[KEY].same_as(PAINTED) and masks[OTHER].same_as(THEIRS)
    assert found.answers["imageAA1"][saves.TEXT] == "mine"
    assert desk.source.look_again() == NOTHING


def test_what_was_made_and_what_was_deleted_is_stored_again_too(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    added = NewObject(MaskKey(0, "newnew00"), saves.ROCK_CLASS, PAINTED)
    save(desk, RowChanges(row, added=(added,), removed=frozenset({KEY})))
    store_stale(desk, stale)
    assert desk.source.look_again().restored
    masks = masks_of(now(desk))
    assert KEY not in masks and masks[added.key].same_as(PAINTED) and masks[OTHER].same_as(THEIRS)


def test_what_is_still_there_is_left_alone(desk: Desk) -> None:
    save(desk, RowChanges(desk.open("image"), {KEY: PAINTED}))
    desk.repaint("image", OTHER.object_hash, THEIRS)
    desk.sandbox.clear_requests()
    assert desk.source.look_again() == NOTHING
    assert desk.sandbox.requests and not desk.writes
    desk.sandbox.clear_requests()
    assert desk.source.look_again() == NOTHING
    assert not desk.sandbox.requests, "one look is enough"


def test_of_two_saves_of_different_masks_both_are_stored_again(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    third = MaskKey(0, "imageCC3")
    saved = save(desk, RowChanges(row, {KEY: PAINTED}))
    save(desk, RowChanges(saved, {third: block(1, 1)}))
    store_stale(desk, stale)
    desk.source.look_again()
    masks = masks_of(now(desk))
    assert masks[KEY].same_as(PAINTED) and masks[third].same_as(block(1, 1)) and masks[OTHER].same_as(THEIRS)


def test_what_two_painted_in_one_place_is_told_and_theirs_stays(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    save(desk, RowChanges(row, {KEY: block(2, 1)}))
    store_stale(desk, stale, KEY.object_hash)
    desk.repaint("image", KEY.object_hash, block(4, 3))
    desk.sandbox.clear_requests()
    look = desk.source.look_again()
    assert [each.key for each in look.lost] == [KEY] and not look.restored
    assert not desk.writes and masks_of(now(desk))[KEY].same_as(block(4, 3))


def test_what_meets_keeps_nothing_else_from_being_stored_again(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    third = MaskKey(0, "imageCC3")
    saved = save(desk, RowChanges(row, {KEY: PAINTED, third: block(1, 1)}))
    save(desk, RowChanges(saved, {OTHER: PAINTED}))
    store_stale(desk, stale, KEY.object_hash)
    desk.repaint("image", KEY.object_hash, block(12, 3))
    look = desk.source.look_again()
    assert [each.key for each in look.lost] == [KEY] and [info.key for info in look.restored] == [row.info.key]
    masks = masks_of(now(desk))
    assert masks[KEY].same_as(block(12, 3)), "theirs stays where the two meet"
    assert masks[third].same_as(block(1, 1)) and masks[OTHER].same_as(PAINTED)


def test_what_cannot_be_stored_again_now_is_told_and_is_stored_the_next_time(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    save(desk, RowChanges(row, {KEY: PAINTED}))
    store_stale(desk, stale)
    desk.sandbox.faults.add(Fault(FaultKind.UNAVAILABLE, "labelrow", "POST", 99))
    ((info, error),) = desk.source.look_again().failed
    assert info.key == row.info.key and "Not saved" in str(error)
    desk.sandbox.faults.clear()
    assert desk.source.look_again().restored
    assert masks_of(now(desk))[KEY].same_as(PAINTED)


def test_a_row_that_cannot_be_read_now_is_looked_at_the_next_time(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    save(desk, RowChanges(row, {KEY: PAINTED}))
    store_stale(desk, stale)
    desk.sandbox.faults.add(Fault(FaultKind.UNAVAILABLE, "labelrow", "GET", 99))
    assert desk.source.look_again() == NOTHING
    desk.sandbox.faults.clear()
    assert desk.source.look_again().restored


def test_the_part_of_a_save_that_arrived_is_looked_at_though_the_rest_was_asked_about(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    changes = RowChanges(row, {KEY: PAINTED, OTHER: PAINTED})

    def overwrite(text: str) -> None:
        if "Reading" in text and "back" in text and len(desk.writes) == 1:
            desk.repaint("image", KEY.object_hash, block(12, 3))

    desk.source.on_step = overwrite
    with pytest.raises(ConflictError) as asked:
        desk.source.save([changes])
    desk.source.on_step = lambda text: None
    desk.source.save([changes], dict.fromkeys(asked.value.conflicts, Keep.THEIRS))
    store_stale(desk, stale, KEY.object_hash)
    assert desk.source.look_again().restored
    assert masks_of(now(desk))[OTHER].same_as(PAINTED)


def together(*masks: Mask) -> Mask:
    return reduce(partial(merged, EMPTY_MASK), masks)


LEAF, STROKE, LATER = block(3, 2), block(11, 4, 9, 7), block(25, 20, 3, 3)


def test_a_later_save_of_the_same_mask_hides_nothing_that_was_written_over_before_it(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    saved = save(desk, RowChanges(row, {KEY: together(LEAF, STROKE)}))
    store_stale(desk, stale)
    save(desk, RowChanges(saved, {KEY: together(LEAF, STROKE, LATER)}))
    assert masks_of(now(desk))[KEY].same_as(together(LEAF, LATER)), "it looks like theirs"
    assert desk.source.look_again().restored
    assert masks_of(now(desk))[KEY].same_as(together(LEAF, STROKE, LATER))


def test_what_was_undone_by_a_later_save_stays_so(desk: Desk) -> None:
    saved = save(desk, RowChanges(desk.open("image"), {KEY: together(LEAF, STROKE)}))
    save(desk, RowChanges(saved, {KEY: LEAF}))
    assert desk.source.look_again() == NOTHING
    assert masks_of(now(desk))[KEY].same_as(LEAF)


def test_what_was_given_up_for_theirs_is_not_stored_again(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    saved = save(desk, RowChanges(row, {KEY: together(LEAF, STROKE)}))
    store_stale(desk, stale, KEY.object_hash)
    desk.repaint("image", KEY.object_hash, theirs := together(LEAF, block(26, 21, 3, 3)))
    changes = RowChanges(saved, {KEY: together(LEAF, STROKE, LATER)})
    with pytest.raises(ConflictError) as asked:
        desk.source.save([changes])
    desk.source.save([changes], dict.fromkeys(asked.value.conflicts, Keep.THEIRS))
    assert desk.source.look_again() == NOTHING
    assert masks_of(now(desk))[KEY].same_as(theirs)
