"""What the SDK's own reading and writing would take away is found, thing by thing; what it only respells is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bitmask_studio.sources.encord.loss_words import sentence
from bitmask_studio.sources.encord.save_values import Loss, Lost
from bitmask_studio.sources.encord.worker.losses import losses_of
from tests.sources.encord import saves
from tests.sources.encord.bench import Bench, Change
from tests.sources.encord.saves import answer, chosen
from tests.sources.twins import Json


def on_objects(change: Callable[[Json], object], object_hash: str = "imageAA1") -> Change:
    return lambda wire: [change(each) for _, each in saves.objects_in(wire) if each["objectHash"] == object_hash]


def put(**fields: object) -> Change:
    return on_objects(lambda each: each.update(fields))


def on_answer(feature_hash: str, **fields: object) -> Change:
    def change(wire: Json) -> None:
        for each in wire["object_answers"]["imageAA1"]["classifications"]:
            if each["featureHash"] == feature_hash:
                each.update(fields)

    return change


def on_scene(change: Callable[[Json], object]) -> Change:
    return lambda wire: change(wire["classification_answers"]["sceneAA1"])


def on_pose(**fields: object) -> Change:
    return lambda wire: wire["object_actions"]["videoAA1"]["actions"][0].update(fields)


def on_space(change: Callable[[Json], object]) -> Change:
    return lambda wire: change(wire["spaces"]["space-picture"]["labels"]["0"]["objects"][0])


@pytest.mark.parametrize("name", saves.ROWS)
def test_nothing_is_lost_of_a_sound_row(bench: Bench, name: str) -> None:
    assert bench.losses(name, lambda wire: None) == ()


OLD_SCENE = {"classificationHash": "oldScene", "classifications": [answer("Scene", "scet0000", "a moor")]}
LOST: dict[str, tuple[str, Change, Loss]] = {
    "a classification without its class": (
        "image",
        lambda wire: wire["classification_answers"].update(oldScene=OLD_SCENE | {"range": [[0, 0]]}),
        Loss(Lost.CLASSIFICATION, "Scene", "oldScene"),
    ),
    "a classification without a range": (
        "image",
        lambda wire: wire["classification_answers"].update(oldScene=OLD_SCENE | {"featureHash": "scen0000"}),
        Loss(Lost.CLASSIFICATION, "Scene", "oldScene"),
    ),
    "a classification that only a frame names": (
        "video",
        lambda wire: wire["data_units"]["unit-video"]["labels"]["3"]["classifications"].append(
            {"classificationHash": "oldScene", "featureHash": "scen0000", "name": "Scene", "value": "scene"}
        ),
        Loss(Lost.CLASSIFICATION, "Scene", "oldScene", "3"),
    ),
    "reviews of an object": (
        "image",
        put(reviews=[{"approved": False}]),
        Loss(Lost.REVIEWS, "Leaf", "imageAA1", "0", "reviews"),
    ),
    "reviews of a classification": (
        "image",
        on_scene(lambda each: each.update(reviews=[{"approved": True}])),
        Loss(Lost.REVIEWS, "Scene", "sceneAA1", "", "reviews"),
    ),
    "an unknown field of an object": ("image", put(verdict=0), Loss(Lost.FIELD, "Leaf", "imageAA1", "0", "verdict")),
    "an unknown field of an object on a space": (
        "spaces",
        on_space(lambda each: each.update(verdict="x")),
        Loss(Lost.FIELD, "Leaf", "spaceAA1", "0", "verdict"),
    ),
    "the mark of a deleted object on a space": (
        "spaces",
        on_space(lambda each: each.update(isDeleted=True)),
        Loss(Lost.FIELD, "Leaf", "spaceAA1", "0", "isDeleted"),
    ),
    "an unknown field of a bitmask": (
        "image",
        on_objects(lambda each: each["bitmask"].update(source="a model")),
        Loss(Lost.BITMASK_FIELD, "Leaf", "imageAA1", "0", "source"),
    ),
    "an unknown field within another shape": (
        "image",
        on_objects(lambda each: each["boundingBox"].update(z=1), "imageBox"),
        Loss(Lost.FIELD, "a bounding_box", "imageBox", "0", "boundingBox.z"),
    ),
    "an unknown field of an answer": (
        "image",
        on_answer(saves.TEXT, source="a model"),
        Loss(Lost.ANSWER_FIELD, "Remark", "imageAA1", field="source"),
    ),
    "an unknown field of a chosen option": (
        "image",
        on_answer(saves.KIND, answers=[chosen(("Oak", saves.OAK))[0] | {"score": 0.5}]),
        Loss(Lost.ANSWER_FIELD, "Kind", "imageAA1", field="score"),
    ),
    "an unknown field beside the answers": (
        "image",
        lambda wire: wire["object_answers"]["imageAA1"].update(comment="look"),
        Loss(Lost.ANSWER_FIELD, "", "imageAA1", field="comment"),
    ),
    "one of two options of a radio": (
        "image",
        on_answer(saves.KIND, answers=chosen(("Oak", saves.OAK), ("Elm", saves.ELM))),
        Loss(Lost.ANSWER, "Kind", "imageAA1"),
    ),
    "the track of a dynamic answer": (
        "video",
        on_pose(trackHash="track001"),
        Loss(Lost.ANSWER_FIELD, "Pose", "videoAA1", field="trackHash"),
    ),
    "answers of an object that is gone": (
        "image",
        lambda wire: wire["object_answers"].update(
            goneAAA1={"objectHash": "goneAAA1", "classifications": [answer("Remark", saves.TEXT, "still here")]}
        ),
        Loss(Lost.ORPHAN, label="goneAAA1"),
    ),
    "dynamic answers of an object that is gone": (
        "video",
        lambda wire: wire["object_actions"].update(
            goneAAA1=wire["object_actions"]["videoAA1"] | {"objectHash": "goneAAA1"}
        ),
        Loss(Lost.ORPHAN, label="goneAAA1"),
    ),
    "an object with two classes": (
        "video",
        lambda wire: wire["data_units"]["unit-video"]["labels"]["3"]["objects"][0].update(
            featureHash=saves.ROCK, name="Rock"
        ),
        Loss(Lost.CLASS, "Rock", "videoAA1", "3", "featureHash"),
    ),
}


@pytest.mark.parametrize("case", LOST)
def test_what_people_made_is_told_before_it_is_lost(bench: Bench, case: str) -> None:
    name, change, expected = LOST[case]
    losses = bench.losses(name, change)
    assert losses == (expected,)
    text = sentence(losses[0])
    assert all(
        word in text
        for word in (expected.label, expected.field)
        if word and expected.what is not Lost.CLASS and word != "reviews"
    )
    assert "{" not in text


def test_labels_keyed_like_those_of_a_video_would_all_be_deleted(bench: Bench) -> None:
    def change(wire: Json) -> None:
        unit = wire["data_units"]["unit-image"]
        unit["labels"] = {"0": unit["labels"]}

    losses = bench.losses("image", change)
    assert {each.label for each in losses if each.what is Lost.OBJECT} == {
        "imageAA1",
        "image+/2",
        "imageCC3",
        "imageBox",
    }


RESPELT: dict[str, tuple[str, Change]] = {
    "names and colours": ("image", put(name="Blatt", value="blatt", color="#000000")),
    "times": ("image", put(createdAt="2023-12-01 10:45:50", lastEditedAt="2023-12-02T10:45:50+00:00")),
    "nobody's name": ("image", put(createdBy=None, lastEditedBy=None)),
    "a missing time": ("image", on_objects(lambda each: each.pop("lastEditedAt"))),
    "a missing confidence": ("image", on_objects(lambda each: each.pop("confidence"))),
    "an unsaid manual annotation": ("image", put(manualAnnotation=None)),
    "a number of an object": ("image", put(objectNumber=4)),
    "empty reviews": ("image", put(reviews=[])),
    "an unknown field that says nothing": ("image", put(verdict=None)),
    "an object that is not deleted, on a space": ("spaces", on_space(lambda each: each.update(isDeleted=False))),
    "an answer that a model gave": ("image", on_answer(saves.TEXT, manualAnnotation=False)),
    "a checklist in two entries": (
        "image",
        lambda wire: wire["object_answers"]["image+/2"]["classifications"].extend(
            [
                answer("Parts", saves.PARTS, chosen(("Vein", saves.VEIN))),
                answer("Parts", saves.PARTS, chosen(("Stem", saves.STEM))),
            ]
        ),
    ),
    "ranges that touch": ("video", on_pose(range=[[1, 1], [2, 2], [3, 3]])),
    "an unknown field of a unit": ("image", lambda wire: wire["data_units"]["unit-image"].update(exif={"iso": 100})),
    "an unknown field of the row": (
        "image",
        lambda wire: wire.update(is_valid=False, client_metadata={"a": 1}, note="x"),
    ),
    "a space's file": ("spaces", lambda wire: wire["spaces"]["space-picture"].update(root_info={"a": 1})),
    "an empty entry of an object that is gone": (
        "image",
        lambda wire: wire["object_answers"].update(goneAAA1={"objectHash": "goneAAA1", "classifications": []}),
    ),
    "a bitmask of another size": (
        "image",
        on_objects(lambda each: each.update(bitmask={"top": 0, "left": 0, "height": 2, "width": 2, "rleString": "4"})),
    ),
    "a bitmask that lies somewhere": ("image", on_objects(lambda each: each["bitmask"].update(top=3, left=4))),
    "a bitmask that cannot be read": ("image", on_objects(lambda each: each.update(bitmask={"rleString": 3}))),
}


@pytest.mark.parametrize("case", RESPELT)
def test_what_is_only_respelt_or_the_servers_own_holds_up_no_save(bench: Bench, case: str) -> None:
    name, change = RESPELT[case]
    assert bench.losses(name, change) == ()


def test_a_deleted_mark_of_an_object_in_a_picture_is_kept(bench: Bench) -> None:
    assert bench.losses("image", put(isDeleted=True)) == ()


def _as_blob(each: Json) -> None:
    each["shape"], each["blob"] = "blob", each.pop("bitmask")


@pytest.mark.parametrize(
    "change",
    [put(featureHash="nowhere0"), on_objects(_as_blob), on_answer(saves.KIND, answers=chosen(("Ash", "ash00000")))],
    ids=["class", "shape", "option"],
)
def test_what_the_sdk_cannot_read_at_all_is_told_in_its_words(bench: Bench, change: Change) -> None:
    fetched = bench.fetch("image", change)
    assert fetched.refusal
    assert fetched.losses == ()


def test_ranges_of_answers_are_compared_frame_by_frame() -> None:
    def row(*ranges: list[int]) -> Json:
        action = answer("Pose", "pose", "here", dynamic=True, range=list(ranges))
        return {"object_actions": {"a": {"objectHash": "a", "actions": [action]}}}

    assert losses_of(row([0, 9]), row([0, 4], [5, 9])) == ()
    assert losses_of(row([0, 9]), row([0, 4], [6, 9])) == (Loss(Lost.ANSWER, "Pose", "a"),)


def test_the_token_names_the_labels_and_not_their_addresses(bench: Bench) -> None:
    first = bench.fetch("image").token
    assert first == bench.fetch("image", lambda wire: wire.update(last_edited_at="later")).token
    assert first != bench.fetch("image", put(confidence=0.25)).token
