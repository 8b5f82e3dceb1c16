"""Two people at the same labels: what does not meet is merged, what does is asked about and stored as chosen."""

from __future__ import annotations

import numpy as np
import pytest

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import MaskKey, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.base import ConflictError, Keep
from tests.sources.encord import saves
from tests.sources.encord.saves import PAINTED, Desk, edit, key_of
from tests.sources.twins import HEIGHT, WIDTH, Json, block, masks_of


def test_answers_of_two_people_are_merged_attribute_by_attribute(desk: Desk) -> None:
    row = desk.open("image")
    desk.theirs(
        "image",
        lambda wire: wire["object_answers"]["imageAA1"]["classifications"].append(
            saves.answer("Count", saves.NUMBER, 7)
        ),
    )
    mine = dict(row.answers["imageAA1"]) | {saves.TEXT: "mine"}
    (saved,) = desk.source.save([RowChanges(row, answers={"imageAA1": mine})])
    assert saved.answers["imageAA1"] == mine | {saves.NUMBER: 7.0}


@pytest.mark.parametrize(("keep", "expected"), [(Keep.MINE, "mine"), (Keep.THEIRS, "theirs")])
def test_one_question_with_two_answers_is_asked_about(desk: Desk, keep: Keep, expected: str) -> None:
    row = desk.open("image")

    def change(wire: Json) -> None:
        for each in wire["object_answers"]["imageAA1"]["classifications"]:
            if each["featureHash"] == saves.TEXT:
                each["answers"] = "theirs"

    desk.theirs("image", change)
    changes = RowChanges(row, answers={"imageAA1": dict(row.answers["imageAA1"]) | {saves.TEXT: "mine"}})
    with pytest.raises(ConflictError) as asked:
        desk.source.save([changes])
    assert [each.attribute for each in asked.value.conflicts] == [saves.TEXT]
    assert desk.writes == []
    (saved,) = desk.source.save([changes], dict.fromkeys(asked.value.conflicts, keep))
    assert saved.answers["imageAA1"][saves.TEXT] == expected


def test_what_a_colleague_did_elsewhere_is_kept(desk: Desk) -> None:
    row = desk.open("image")
    desk.repaint("image", "image+/2", block(0, 20))
    desk.sandbox.colleague.adds(str(row.info.label_hash))
    (saved,) = desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    masks = masks_of(saved)
    assert len(masks) == len(masks_of(row)) + 1
    assert masks[MaskKey(0, "image+/2")].same_as(block(0, 20))
    assert masks[MaskKey(0, "imageAA1")].same_as(PAINTED)


def joined(*blocks: Mask) -> Mask:
    bits = np.zeros((HEIGHT, WIDTH), bool)
    for each in blocks:
        bits |= each.to_array(HEIGHT, WIDTH)
    return Mask.of(Box.of_size(WIDTH, HEIGHT), bits)


def test_two_places_of_one_mask_are_merged_without_asking(desk: Desk) -> None:
    row = desk.open("image")
    base, key = block(3, 2), key_of(row, 0, "imageAA1")
    desk.repaint("image", "imageAA1", joined(base, block(25, 20)))
    (saved,) = desk.source.save([edit(row, key, joined(base, block(3, 20)))])
    assert masks_of(saved)[key].same_as(joined(base, block(25, 20), block(3, 20)))


BASE, MINE, THEIRS = block(3, 2), joined(block(3, 2), block(8, 2)), joined(block(3, 2), block(10, 3))
CHOICES = {Keep.MINE: MINE, Keep.THEIRS: THEIRS, Keep.BOTH: joined(MINE, THEIRS)}


@pytest.mark.parametrize("keep", list(Keep))
def test_one_place_of_one_mask_is_asked_about_and_stored_as_chosen(desk: Desk, keep: Keep) -> None:
    row = desk.open("image")
    key = key_of(row, 0, "imageAA1")
    desk.repaint("image", "imageAA1", THEIRS)
    with pytest.raises(ConflictError) as asked:
        desk.source.save([edit(row, key, MINE)])
    assert desk.writes == []
    (conflict,) = asked.value.conflicts
    assert (conflict.key, conflict.attribute) == (key, None)
    shown = (conflict.base, conflict.mine, conflict.theirs)
    assert all(one and one.same_as(two) for one, two in zip(shown, (BASE, MINE, THEIRS), strict=True))
    (saved,) = desk.source.save([edit(row, key, MINE)], {conflict: keep})
    assert masks_of(saved)[key].same_as(CHOICES[keep])


@pytest.mark.parametrize("keep", list(Keep))
def test_a_mask_that_was_deleted_there_and_painted_here_is_asked_about(desk: Desk, keep: Keep) -> None:
    row = desk.open("image")
    key = key_of(row, 0, "imageAA1")
    desk.sandbox.colleague.deletes(str(row.info.label_hash), "imageAA1")
    with pytest.raises(ConflictError) as asked:
        desk.source.save([edit(row, key)])
    (conflict,) = asked.value.conflicts
    assert conflict.theirs is None
    (saved,) = desk.source.save([edit(row, key)], {conflict: keep})
    assert (key in masks_of(saved)) == (keep is not Keep.THEIRS)
    if keep is not Keep.THEIRS:
        assert saved.answers["imageAA1"] == row.answers["imageAA1"]


@pytest.mark.parametrize("keep", list(Keep))
def test_a_mask_that_was_painted_there_and_deleted_here_is_asked_about(desk: Desk, keep: Keep) -> None:
    row = desk.open("image")
    key = key_of(row, 0, "imageAA1")
    desk.repaint("image", "imageAA1", THEIRS)
    changes = RowChanges(row, removed=frozenset([key]))
    with pytest.raises(ConflictError) as asked:
        desk.source.save([changes])
    (conflict,) = asked.value.conflicts
    assert conflict.mine is None
    (saved,) = desk.source.save([changes], {conflict: keep})
    assert (key in masks_of(saved)) == (keep is not Keep.MINE)


def test_a_conflict_in_one_row_is_asked_about_before_any_is_sent(desk: Desk) -> None:
    first, second = desk.open("video"), desk.open("image")
    desk.repaint("image", "imageAA1", THEIRS)
    with pytest.raises(ConflictError):
        desk.source.save([edit(first, next(iter(masks_of(first)))), edit(second, key_of(second, 0, "imageAA1"), MINE)])
    assert desk.writes == []


def test_a_choice_holds_only_for_what_was_shown(desk: Desk) -> None:
    row = desk.open("image")
    changes = edit(row, key_of(row, 0, "imageAA1"), block(5, 3))
    desk.repaint("image", "imageAA1", block(4, 3))
    with pytest.raises(ConflictError) as shown:
        desk.source.save([changes])
    desk.repaint("image", "imageAA1", block(6, 3))
    choices = dict.fromkeys(shown.value.conflicts, Keep.MINE)
    with pytest.raises(ConflictError) as again:
        desk.source.save([changes], choices)
    assert desk.writes == []
    (saved,) = desk.source.save([changes], choices | dict.fromkeys(again.value.conflicts, Keep.MINE))
    assert masks_of(saved)[MaskKey(0, "imageAA1")].same_as(block(5, 3))
