"""What was saved is looked at once more: a save of the same moment, which nobody could see, does not win in silence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, RowChanges
from bitmask_studio.sources.base import ConflictError
from tests.sources.encord import saves
from tests.sources.encord.conftest import quick_link
from tests.sources.encord.saves import Desk
from tests.sources.twins import Json, block, masks_of

KEY, OTHER = MaskKey(0, "imageAA1"), MaskKey(0, "image+/2")
PAINTED = block(11, 4, 9, 7)
THEIRS = block(0, 20)


@pytest.fixture(scope="module")
def open_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from saves.desk_of(saves.start(tmp_path_factory.mktemp("looks")), quick_link)


@pytest.fixture
def desk(open_desk: Desk) -> Desk:
    open_desk.restore()
    open_desk.source._sent.clear()
    return open_desk


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
    assert [info.key for info in desk.source.look_again()] == [row.info.key]
    masks = masks_of(found := now(desk))
    assert masks[KEY].same_as(PAINTED) and masks[OTHER].same_as(THEIRS)
    assert found.answers["imageAA1"][saves.TEXT] == "mine"
    assert not desk.source.look_again()


def test_what_was_made_and_what_was_deleted_is_stored_again_too(desk: Desk) -> None:
    row, stale = desk.open("image"), desk.wire("image")
    added = NewObject(MaskKey(0, "newnew00"), saves.ROCK_CLASS, PAINTED)
    save(desk, RowChanges(row, added=(added,), removed=frozenset({KEY})))
    store_stale(desk, stale)
    assert desk.source.look_again()
    masks = masks_of(now(desk))
    assert KEY not in masks and masks[added.key].same_as(PAINTED) and masks[OTHER].same_as(THEIRS)


def test_what_is_still_there_is_left_alone(desk: Desk) -> None:
    save(desk, RowChanges(desk.open("image"), {KEY: PAINTED}))
    desk.repaint("image", OTHER.object_hash, THEIRS)
    desk.sandbox.clear_requests()
    assert not desk.source.look_again()
    assert desk.sandbox.requests and not desk.writes
    desk.sandbox.clear_requests()
    assert not desk.source.look_again()
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
    with pytest.raises(ConflictError) as told:
        desk.source.look_again()
    assert [each.key for each in told.value.conflicts] == [KEY]
    assert not desk.writes and masks_of(now(desk))[KEY].same_as(block(4, 3))
