"""What a save stores, what it keeps and what it refuses, through the real SDK against the sandbox."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.attributes import Answers
from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import MaskKey, NewObject, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.sandbox import Fault, FaultKind
from bitmask_studio.sources.base import PartlySavedError
from bitmask_studio.sources.encord.account import connect
from bitmask_studio.sources.encord.errors import Kind, LossError, NotSavedError
from bitmask_studio.sources.encord.login import Login
from tests.sources.encord import saves
from tests.sources.encord.conftest import quick_link
from tests.sources.encord.saves import PAINTED, Desk, edit, key_of
from tests.sources.twins import HEIGHT, WIDTH, Json, block, masks_of

PLACES = {
    "image": ("image", 0, "imageAA1", None, (WIDTH, HEIGHT)),
    "image group, first": ("group", 0, "groupAA1", None, (WIDTH, HEIGHT)),
    "image group, second": ("group", 1, "groupBB1", None, saves.SPACE_SIZE),
    "video": ("video", 3, "videoAA1", None, (WIDTH, HEIGHT)),
    "picture of a data group": ("spaces", 0, "spaceAA1", "space-picture", saves.SPACE_SIZE),
    "video of a data group": ("spaces", 2, "spaceVV1", "space-video", saves.SPACE_SIZE),
    "shared object in a video": ("spaces", 2, "spaceAA1", "space-video", saves.SPACE_SIZE),
}


@pytest.mark.parametrize("place", PLACES)
def test_what_is_painted_is_what_a_fresh_client_reads(desk: Desk, place: str) -> None:
    name, number, object_hash, data_hash, (width, height) = PLACES[place]
    row, before, strings = desk.open(name), desk.pixels(name), saves.strings(desk.wire(name))
    key = key_of(row, number, object_hash, data_hash)
    (saved,) = desk.source.save([edit(row, key)])
    assert saved == desk.source.load(saved.info)
    after = desk.pixels(name)
    touched = (data_hash or "", number, object_hash)
    assert np.array_equal(after.pop(touched), PAINTED.to_array(height, width))
    before.pop(touched)
    assert set(after) == set(before)
    assert all(np.array_equal(after[each], before[each]) for each in before)
    assert sum(a != b for a, b in zip(strings.values(), saves.strings(desk.wire(name)).values(), strict=True)) == 1


def test_who_edited_and_when_is_told_by_the_server(desk: Desk) -> None:
    row = desk.open("image")
    desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    objects = {each["objectHash"]: each for _, each in saves.objects_in(desk.wire("image"))}
    assert objects["imageAA1"]["lastEditedBy"] == "you@bitmask-studio.invalid"
    assert not objects["imageAA1"]["lastEditedAt"].startswith("Sat, 02 Dec 2023")
    assert objects["imageAA1"]["createdBy"] == "annotator@example.invalid"
    assert objects["imageAA1"]["confidence"] == 0.5
    assert objects["imageCC3"]["lastEditedAt"] == "Sat, 02 Dec 2023 10:45:50 UTC"


def test_everything_else_in_the_row_stays(desk: Desk) -> None:
    for name in ("image", "video", "spaces"):
        before = desk.wire(name)
        row = desk.open(name)
        desk.source.save([edit(row, next(iter(masks_of(row))))])
        after = desk.wire(name)
        assert after["classification_answers"] == before["classification_answers"]
        assert _meant(after["object_answers"]) == _meant(before["object_answers"])
        assert after["object_actions"] == before["object_actions"]


def _meant(answers: Json) -> Json:
    """Answers without what the server counts and in an order."""
    return {
        key: sorted(each["classifications"], key=lambda one: str(one["featureHash"])) for key, each in answers.items()
    }


def test_nothing_to_save_asks_nothing(desk: Desk) -> None:
    row = desk.open("image")
    assert list(desk.source.save([RowChanges(row)])) == [row]
    assert desk.sandbox.requests == []


def test_an_edit_that_is_there_already_sends_nothing(desk: Desk) -> None:
    row = desk.open("image")
    desk.repaint("image", "imageAA1", PAINTED)
    desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    assert desk.writes == []


@pytest.mark.parametrize(
    ("name", "data_hash", "number"),
    [
        ("image", None, 0),
        ("group", None, 1),
        ("video", None, 7),
        ("spaces", "space-picture", 0),
        ("spaces", "space-video", 4),
    ],
)
def test_a_new_object_has_its_class_its_hash_and_its_pixels(
    desk: Desk, name: str, data_hash: str | None, number: int
) -> None:
    row = desk.open(name)
    key = key_of(row, number, "newOne/1", data_hash)
    made = NewObject(key, saves.ROCK_CLASS, block(1, 1))
    (saved,) = desk.source.save([RowChanges(row, added=(made,))])
    found = saved.frames[key.frame].find("newOne/1")
    assert found
    assert (found.name, found.feature_hash) == ("Rock", saves.ROCK)
    frame = row.frames[key.frame]
    assert np.array_equal(
        desk.pixels(name)[data_hash or "", number, "newOne/1"], block(1, 1).to_array(frame.height, frame.width)
    )


@pytest.mark.parametrize(
    ("name", "object_hash", "data_hash"),
    [
        ("video", "videoAA1", None),
        ("video", "videoBB2", None),
        ("spaces", "spaceVV1", "space-video"),
        ("spaces", "spaceBB2", "space-video"),
    ],
)
def test_an_object_can_be_put_on_another_frame(desk: Desk, name: str, object_hash: str, data_hash: str | None) -> None:
    row = desk.open(name)
    key = key_of(row, 4, object_hash, data_hash)
    made = NewObject(key, saves.LEAF_CLASS, block(2, 2), is_new=False)
    (saved,) = desk.source.save([RowChanges(row, added=(made,))])
    assert (
        masks_of(saved) == masks_of(row) | {key: masks_of(saved)[key]} or len(masks_of(saved)) == len(masks_of(row)) + 1
    )
    assert (data_hash or "", 4, object_hash) in desk.pixels(name)


@pytest.mark.parametrize("place", PLACES)
def test_a_deleted_object_is_gone_from_its_frame_alone(desk: Desk, place: str) -> None:
    name, number, object_hash, data_hash, _ = PLACES[place]
    row, before = desk.open(name), desk.pixels(name)
    key = key_of(row, number, object_hash, data_hash)
    (saved,) = desk.source.save([RowChanges(row, removed=frozenset([key]))])
    assert set(masks_of(saved)) == set(masks_of(row)) - {key}
    assert set(desk.pixels(name)) == set(before) - {(data_hash or "", number, object_hash)}


def test_the_last_frame_of_an_object_takes_its_answers_along(desk: Desk) -> None:
    row = desk.open("video")
    keys = frozenset(key_of(row, number, "videoAA1") for number in (1, 3))
    desk.source.save([RowChanges(row, removed=keys)])
    wire = desk.wire("video")
    assert "videoAA1" not in wire["object_answers"]
    assert "videoAA1" not in wire["object_actions"]


@pytest.mark.parametrize("place", ["image", "image group, second", "picture of a data group"])
def test_a_deleted_object_comes_back_as_it_was(desk: Desk, place: str) -> None:
    name, number, object_hash, data_hash, _ = PLACES[place]
    row, before = desk.open(name), desk.wire(name)
    key = key_of(row, number, object_hash, data_hash)
    (gone,) = desk.source.save([RowChanges(row, removed=frozenset([key]))])
    back = NewObject(key, saves.LEAF_CLASS, masks_of(row)[key], stored=row)
    desk.source.save([RowChanges(gone, added=(back,))])
    after = desk.wire(name)
    facts = ("createdBy", "createdAt", "lastEditedBy", "lastEditedAt", "confidence", "manualAnnotation", "bitmask")

    def told(wire: Json) -> list[object]:
        return [
            [each[fact] for fact in facts] for _, each in saves.objects_in(wire) if each["objectHash"] == object_hash
        ]

    assert told(after) in (told(before), told(before)[::-1])
    assert _meant(after["object_answers"])[object_hash] == _meant(before["object_answers"])[object_hash]


def test_an_object_with_answers_for_its_frames_comes_back_with_them(desk: Desk) -> None:
    for name, object_hash, data_hash, numbers in (
        ("video", "videoAA1", None, (1, 3)),
        ("spaces", "spaceVV1", "space-video", (1, 2)),
    ):
        row, before = desk.open(name), desk.wire(name)
        keys = [key_of(row, number, object_hash, data_hash) for number in numbers]
        (gone,) = desk.source.save([RowChanges(row, removed=frozenset(keys))])
        assert object_hash not in desk.wire(name)["object_actions"]
        back = tuple(NewObject(key, saves.LEAF_CLASS, masks_of(row)[key], stored=row) for key in keys)
        desk.source.save([RowChanges(gone, added=back)])
        assert desk.wire(name)["object_actions"] == before["object_actions"]


def test_an_emptied_mask_is_stored_as_one(desk: Desk) -> None:
    row = desk.open("image")
    desk.source.save([edit(row, key_of(row, 0, "imageAA1"), EMPTY_MASK)])
    assert not desk.pixels("image")["", 0, "imageAA1"].any()


ANSWERS: Answers = {
    saves.KIND: (saves.OAK,),
    saves.NOTE: "a nested one",
    saves.PARTS: (saves.STEM, saves.VEIN),
    saves.TEXT: "ünïcode \\ \n",
    saves.NUMBER: 2.5,
}


@pytest.mark.parametrize(
    ("name", "object_hash"), [("image", "image+/2"), ("video", "videoAA1"), ("spaces", "spaceVV1")]
)
def test_answers_of_every_kind_are_stored_and_taken_back(desk: Desk, name: str, object_hash: str) -> None:
    row = desk.open(name)
    actions = desk.wire(name)["object_actions"]
    (saved,) = desk.source.save([RowChanges(row, answers={object_hash: ANSWERS})])
    assert saved.answers[object_hash] == ANSWERS
    assert masks_of(saved).keys() == masks_of(row).keys()
    (bare,) = desk.source.save([RowChanges(saved, answers={object_hash: {}})])
    assert object_hash not in bare.answers
    assert desk.wire(name)["object_actions"] == actions


def test_a_new_object_brings_its_answers(desk: Desk) -> None:
    row = desk.open("image")
    made = NewObject(MaskKey(0, "newOne/1"), saves.LEAF_CLASS, block(1, 1))
    (saved,) = desk.source.save([RowChanges(row, added=(made,), answers={"newOne/1": ANSWERS})])
    assert saved.answers["newOne/1"] == ANSWERS


def test_an_answer_to_a_question_that_is_not_asked_is_refused(desk: Desk) -> None:
    row = desk.open("image")
    with pytest.raises(SaveError, match=r"Not saved.*your edits are kept"):
        desk.source.save([RowChanges(row, answers={"imageAA1": {saves.KIND: (saves.ELM,), saves.NOTE: "new"}})])
    assert desk.writes == []


def test_an_object_of_an_archived_class_is_kept(desk: Desk) -> None:
    desk.put("image", "image+/2", featureHash=saves.WEED, name="Weed")
    row = desk.open("image")
    (saved,) = desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    found = saved.frames[0].find("image+/2")
    assert found
    assert (found.feature_hash, found.bitmask) == (saves.WEED, row.bitmask(MaskKey(0, "image+/2")))


def test_a_refusal_of_the_server_is_told_in_its_words(desk: Desk) -> None:
    desk.sandbox.faults.add(Fault(FaultKind.TOO_LARGE, "labelrow", "POST"))
    row = desk.open("image")
    with pytest.raises(NotSavedError, match=r"^Not saved: it is too much for one request.*edits are kept") as refused:
        desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    assert refused.value.kind is Kind.TOO_LARGE


@pytest.mark.parametrize("name", ["image", "group", "video", "spaces"])
def test_a_mask_of_the_wrong_size_holds_up_nothing(desk: Desk, name: str) -> None:
    row = desk.open(name)
    odd = {"top": 0, "left": 0, "height": 3, "width": 2, "rleString": "24"}
    place = desk.open(name).frames[-1] if name == "group" else next(each for each in row.frames if each.objects)
    target = place.objects[0].object_hash
    desk.put(name, target, bitmask=odd)
    row = desk.open(name)
    key = next(
        MaskKey(frame.position, each.object_hash)
        for frame in row.frames
        for each in frame.objects
        if each.bitmask and each.object_hash != target
    )
    (saved,) = desk.source.save([edit(row, key, block(1, 1))])
    assert masks_of(saved)[key].same_as(block(1, 1))
    kept = [each["bitmask"] for _, each in saves.objects_in(desk.wire(name)) if each["objectHash"] == target]
    assert kept
    assert all(each == odd for each in kept)


def test_a_mask_that_lies_somewhere_keeps_its_place_and_its_pixels(desk: Desk) -> None:
    placed = {"top": 5, "left": 7, "height": 4, "width": 3, "rleString": block(0, 0, 3, 4).to_rle(4, 3)}
    desk.put("image", "image+/2", bitmask=placed)
    row = desk.open("image")
    (saved,) = desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    assert masks_of(saved)[MaskKey(0, "image+/2")].same_as(block(7, 5, 3, 4))
    (moved,) = desk.source.save([edit(saved, MaskKey(0, "image+/2"), block(8, 6))])
    assert masks_of(moved)[MaskKey(0, "image+/2")].same_as(block(8, 6))
    assert np.array_equal(desk.pixels("image")["", 0, "image+/2"], block(8, 6).to_array(HEIGHT, WIDTH))


@pytest.mark.parametrize(
    "odd",
    [
        {"top": 0, "left": 0, "height": 30, "width": 40},
        {"rleString": "d0"},
        None,
        {"top": "0", "left": 0, "height": 30, "width": 40, "rleString": "`U1"},
    ],
)
def test_a_bitmask_that_the_sdk_cannot_read_holds_up_nothing(desk: Desk, odd: Json | None) -> None:
    desk.put("image", "image+/2", bitmask=odd)
    row = desk.open("image")
    (saved,) = desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    assert masks_of(saved)[MaskKey(0, "imageAA1")].same_as(PAINTED)
    assert [
        each["bitmask"] for _, each in saves.objects_in(desk.wire("image")) if each["objectHash"] == "image+/2"
    ] == [odd]


def test_a_row_that_would_lose_work_is_not_sent(desk: Desk) -> None:
    desk.put("image", "image+/2", verdict="a colleague's")
    row = desk.open("image")
    with pytest.raises(LossError) as refused:
        desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    (loss,) = refused.value.losses
    assert all(word in loss for word in ("Leaf", "image+/2", "frame 0", "verdict"))
    assert refused.value.row == row.info.key
    assert desk.writes == []


def test_a_row_that_the_sdk_cannot_read_is_not_sent(desk: Desk) -> None:
    desk.put("image", "image+/2", featureHash="nowhere0")
    row = desk.open("image")
    with pytest.raises(SaveError, match=r"cannot read.*your edits are kept.*file"):
        desk.source.save([edit(row, key_of(row, 0, "imageAA1"))])
    assert desk.writes == []


def test_several_rows_are_saved_one_by_one(desk: Desk) -> None:
    rows = [desk.open(name) for name in ("video", "image", "spaces")]
    saved = desk.source.save([edit(row, next(iter(masks_of(row))), block(1, 1)) for row in rows])
    assert [each.info.key for each in saved] == [each.info.key for each in rows]
    assert len(desk.writes) == 3


def test_a_row_that_cannot_be_saved_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.theirs("image", lambda wire: [each.update(verdict="x") for _, each in saves.objects_in(wire)])
    first, second = desk.open("image"), desk.open("video")
    key = next(iter(masks_of(second)))
    with pytest.raises(PartlySavedError, match=r"video title.*image title") as partly:
        desk.source.save([edit(first, key_of(first, 0, "imageAA1")), edit(second, key)])
    assert set(partly.value.saved) == {second.info.key}
    assert masks_of(partly.value.saved[second.info.key])[key].same_as(PAINTED)


def test_a_frame_of_another_size_than_was_painted_on_is_refused(desk: Desk) -> None:
    row = desk.open("image")
    wrong = replace(row, frames=tuple(replace(each, width=9) for each in row.frames))
    with pytest.raises(SaveError, match=r"size of frame 0 has been changed.*Your edits are kept"):
        desk.source.save([edit(wrong, key_of(row, 0, "imageAA1"))])
    assert desk.writes == []


def test_a_viewer_is_told_that_writing_is_not_allowed(desk: Desk) -> None:
    account = connect(Login(desk.sandbox.url, desk.sandbox.key_path_of("viewer")), link=quick_link)
    try:
        source = account.project(desk.sandbox.project_hash)
        row = source.load(desk.info("image"))
        desk.sandbox.clear_requests()
        with pytest.raises(NotSavedError, match=r"no right.*edits are kept") as refused:
            source.save([edit(row, key_of(row, 0, "imageAA1"))])
        assert refused.value.kind is Kind.FORBIDDEN
        assert len(desk.writes) == 1
    finally:
        account.close()
