"""Orders are carried out on the SDK's row as they are told, or not at all."""

from __future__ import annotations

import orjson
import pytest

from bitmask_studio.core.attributes import Answers
from bitmask_studio.core.labels import Bitmask, LabelRow, MaskKey, RowInfo
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.sources.encord.save_orders import to_store
from bitmask_studio.sources.encord.save_values import (
    AddedMask,
    HeldObject,
    Outcome,
    Spot,
    StoredMask,
    StoreOrders,
)
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.merge import Added, Held, Orders
from bitmask_studio.sources.label_rows.row import Frames, read_table, summarize
from tests.sources.encord import saves
from tests.sources.encord.bench import Bench
from tests.sources.encord.saves import PAINTED
from tests.sources.twins import HEIGHT, WIDTH, Json


def on_image(object_hash: str, mask: Mask = PAINTED, unit: str = "unit-image", number: int = 0) -> StoredMask:
    return StoredMask(Spot("data_units", unit, number, object_hash), HEIGHT, WIDTH, mask.to_rle(HEIGHT, WIDTH))


def writes(bench: Bench) -> int:
    return sum(each.writes for each in bench.sandbox.requests)


def test_what_changed_since_it_was_fetched_is_not_overwritten(bench: Bench) -> None:
    token = bench.fetch("image").token
    bench.fetch(
        "image",
        lambda wire: wire["object_answers"]["imageCC3"].update(
            classifications=[saves.answer("Remark", saves.TEXT, "new")]
        ),
    )
    bench.sandbox.clear_requests()
    assert bench.store("image", token, StoreOrders(edited=(on_image("imageAA1"),))).outcome is Outcome.CHANGED
    assert writes(bench) == 0


IMPOSSIBLE = {
    "an object that is not there": StoreOrders(edited=(on_image("nobody00"),)),
    "a frame where it is not": StoreOrders(removed=(Spot("data_units", "unit-video", 5, "videoAA1"),)),
    "a frame after the end": StoreOrders(
        added=(AddedMask(on_image("newOne00", unit="unit-video", number=99), saves.LEAF),)
    ),
    "a class that is not there": StoreOrders(
        added=(AddedMask(on_image("newOne00", unit="unit-video", number=5), "nowhere0"),)
    ),
    "a class of another shape": StoreOrders(
        added=(AddedMask(on_image("newOne00", unit="unit-video", number=5), "f-bounding_box"),)
    ),
    "a mask of another size": StoreOrders(
        edited=(StoredMask(Spot("data_units", "unit-video", 3, "videoAA1"), 2, 2, "4"),)
    ),
    "a space that is not there": StoreOrders(removed=(Spot("spaces", "nowhere", 0, "videoAA1"),)),
    "an option that is not there": StoreOrders(answers={"videoAA1": {saves.KIND: ("ash00000",)}}),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_cannot_be_done_is_said_and_nothing_is_sent(bench: Bench, case: str) -> None:
    token = bench.fetch("video").token
    bench.sandbox.clear_requests()
    stored = bench.store("video", token, IMPOSSIBLE[case])
    assert stored.outcome is Outcome.IMPOSSIBLE
    assert stored.detail
    assert writes(bench) == 0


def test_numbers_of_objects_are_left_to_the_server(bench: Bench) -> None:
    def numbered(wire: Json) -> None:
        for at, each in enumerate(wire["object_answers"].values(), 1):
            each["objectNumber"] = at * 10

    token = bench.fetch("image", numbered).token
    orders = StoreOrders(edited=(on_image("imageAA1"),), added=(AddedMask(on_image("newOne00"), saves.LEAF),))
    assert bench.store("image", token, orders).outcome is Outcome.SENT
    sent = next(each for each in reversed(bench.sandbox.requests) if each.writes)
    answers = sent.values["payload"]["labels"][0]["object_answers"]
    numbers = {key: each.get("objectNumber") for key, each in answers.items()}
    assert numbers.pop("newOne00") is None
    assert sorted(map(int, numbers.values())) == [10, 20, 30, 40]


def test_two_objects_with_one_number_are_told_before_anything_is_sent(bench: Bench) -> None:
    def numbered(wire: Json) -> None:
        for each in wire["object_answers"].values():
            each["objectNumber"] = 7

    token = bench.fetch("image", numbered).token
    bench.sandbox.clear_requests()
    stored = bench.store("image", token, StoreOrders(edited=(on_image("imageAA1"),)))
    assert stored.outcome is Outcome.IMPOSSIBLE
    assert "object_number" in stored.detail
    assert writes(bench) == 0


def test_answers_of_a_model_keep_what_they_say_of_themselves_unless_changed(bench: Bench) -> None:
    token = bench.fetch("image").token
    answers: Answers = {saves.KIND: (saves.OAK,), saves.NOTE: "an old one", saves.TEXT: "new"}
    assert bench.store("image", token, StoreOrders(answers={"imageAA1": answers})).outcome is Outcome.SENT
    after = bench.wire("image")["object_answers"]["imageAA1"]["classifications"]
    assert {each["featureHash"]: each["answers"] for each in after}[saves.TEXT] == "new"


def test_an_answer_to_a_question_not_asked_any_more_stays_as_it_is_stored(bench: Bench) -> None:
    def stale(wire: Json) -> None:
        for each in wire["object_answers"]["imageAA1"]["classifications"]:
            if each["featureHash"] == saves.KIND:
                each["answers"] = saves.chosen(("Elm", saves.ELM))

    token = bench.fetch("image", stale).token
    answers: Answers = {saves.KIND: (saves.ELM,), saves.NOTE: "an old one", saves.TEXT: "new"}
    assert bench.store("image", token, StoreOrders(answers={"imageAA1": answers})).outcome is Outcome.SENT


def test_a_returning_object_has_its_facts_and_a_painted_one_a_new_editor(bench: Bench) -> None:
    entry = saves.leaf("backAA01") | {"createdBy": "first@example.invalid", "isDeleted": True}
    kept = HeldObject(orjson.dumps(entry), b"[]", b"[]", same_pixels=True)
    painted = HeldObject(orjson.dumps(entry), b"[]", b"[]", same_pixels=False)
    orders = StoreOrders(
        added=(AddedMask(on_image("backAA01"), saves.LEAF, kept), AddedMask(on_image("backBB02"), saves.LEAF, painted))
    )
    assert bench.store("image", bench.fetch("image").token, orders).outcome is Outcome.SENT
    found = {each["objectHash"]: each for _, each in saves.objects_in(bench.wire("image"))}
    for each in (found["backAA01"], found["backBB02"]):
        assert (each["createdBy"], each["createdAt"]) == ("first@example.invalid", entry["createdAt"])
        assert (each["confidence"], each["isDeleted"]) == (0.5, True)
    assert found["backAA01"]["lastEditedAt"] == entry["lastEditedAt"]
    assert found["backBB02"]["lastEditedAt"] != entry["lastEditedAt"]
    assert found["backBB02"]["lastEditedBy"] != entry["lastEditedBy"]


def _row(wire: Json) -> LabelRow:
    table = read_table(orjson.dumps(wire))
    layout = lay_out(table)
    info: RowInfo = summarize(table, "row", layout).info
    return LabelRow(info, Frames(layout), origin=orjson.dumps(wire))


@pytest.mark.parametrize(
    ("make", "number", "expected"),
    [
        (saves.image_row, 0, ("data_units", "unit-image", 0)),
        (saves.group_row, 1, ("data_units", "unit-group-b", 1)),
        (saves.video_row, 7, ("data_units", "unit-video", 7)),
    ],
)
def test_places_are_named_by_unit_and_frame_number(make: object, number: int, expected: tuple[str, str, int]) -> None:
    wire: Json = make()  # type: ignore[operator]
    row = _row(wire)
    frame = next(each for each in row.frames if each.number == number)
    orders = to_store(Orders(removed={MaskKey(frame.position, "x")}), row, orjson.dumps(wire))
    assert orders.removed == (Spot(*expected, "x"),)


def test_places_in_a_data_group_are_named_by_space() -> None:
    wire = saves.spaces_row()
    row = _row(wire)
    keys = {MaskKey(each.position, "x") for each in row.frames}
    removed = to_store(Orders(removed=keys), row, orjson.dumps(wire)).removed
    assert {(each.container, each.unit, each.number) for each in removed} == {
        ("spaces", "space-picture", 0),
        *(("spaces", "space-video", number) for number in range(5)),
    }


def test_a_damaged_string_that_comes_back_is_the_one_that_was_there() -> None:
    wire = saves.image_row()
    wire["data_units"]["unit-image"]["labels"]["objects"][0]["bitmask"]["rleString"] = "d0d0"
    key = MaskKey(0, "imageAA1")
    held = Held(orjson.dumps(wire), key, Bitmask(HEIGHT, WIDTH, 0, 0, "d0d0"))
    orders = Orders(added={key: Added(saves.LEAF_CLASS, EMPTY_MASK, held)})
    (added,) = to_store(orders, _row(wire), orjson.dumps(wire)).added
    assert added.mask.rle_string == "d0d0"
    assert added.held
    assert orjson.loads(added.held.entry)["createdBy"] == "annotator@example.invalid"
    assert {each["featureHash"] for each in orjson.loads(added.held.answers)} == {saves.KIND, saves.NOTE, saves.TEXT}
