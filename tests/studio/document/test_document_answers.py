"""Answers of an opened row against plain dictionaries, whatever else is done to the row and saved in between."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bitmask_studio.core.attributes import Answers, AnswerValue, Attribute, AttributeType, Option
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.studio.document.document import Document
from tests.fakes.memory_source import TREE
from tests.studio.document.test_document import (
    HEIGHT,
    KEY,
    WIDTH,
    State,
    applied,
    copied,
    first_state,
    random_bits,
    row_of,
    same,
    shown,
    stroke,
)

Sheet = dict[str, dict[str, AnswerValue]]
"""The answers of each object that has any."""

NOTE = Attribute("note", "Note", AttributeType.TEXT)
SIZE = Attribute("size", "Size", AttributeType.NUMERIC)
MARKS = Attribute(
    "marks", "Marks", AttributeType.CHECKLIST, options=(Option("m2", "Two", "2"), Option("m1", "One", "1"))
)
KIND = Attribute(
    "kind",
    "Kind",
    AttributeType.RADIO,
    required=True,
    options=(
        Option("car", "Car", "car", (NOTE, SIZE)),
        Option("boat", "Boat", "boat", (MARKS,)),
        Option("none", "", ""),
    ),
)
PACE = Attribute("pace", "Pace", AttributeType.TEXT, dynamic=True)
GIVEN: tuple[tuple[Attribute, AnswerValue | None], ...] = (
    *((KIND, (each.feature_hash,)) for each in KIND.options),
    *((MARKS, hashes) for hashes in (("m1",), ("m2", "m1"))),
    *((NOTE, text) for text in ("", "a", "ä\n\0")),
    *((SIZE, number) for number in (0.0, -2.5)),
    *((each, None) for each in (KIND, MARKS, NOTE, SIZE)),
)


def answered_row(state: State, sheet: Mapping[str, Answers]) -> LabelRow:
    return replace(row_of(state), answers={name: dict(answers) for name, answers in sheet.items()})


def first_sheet() -> Sheet:
    return {"a": {"kind": ("car",), "note": "old", "extra": "of another version"}, "b": {}}


def copied_sheet(sheet: Mapping[str, Answers]) -> Sheet:
    return {name: dict(answers) for name, answers in sheet.items()}


def names_of(state: State) -> list[str]:
    return sorted({name for picture in state for name in picture})


def expected(before: Answers, attribute: Attribute, value: AnswerValue | None) -> dict[str, AnswerValue]:
    """The definition once more: what other options than the chosen one nest is dropped, hashes lie in order."""
    after = {name: each for name, each in before.items() if name != attribute.feature_hash}
    if attribute is KIND:
        kept = {"note", "size"} if value == ("car",) else {"marks"} if value == ("boat",) else set()
        after = {name: each for name, each in after.items() if name not in {"note", "size", "marks"} - kept}
    if value is not None:
        after[attribute.feature_hash] = tuple(sorted(value)) if isinstance(value, tuple) else value
    return after


def stored_sheet(changes: RowChanges, sheet: Mapping[str, Answers], state: State) -> Sheet:
    """The answers as they are once the changes are in them."""
    return {name: dict(answers) for name, answers in {**sheet, **changes.answers}.items() if name in names_of(state)}


class Tried:
    """Does the same to a document and to plain values, and compares them."""

    def __init__(self) -> None:
        self.stored: tuple[State, Sheet] = first_state(), first_sheet()
        self.document = Document(answered_row(*self.stored))
        self.now: tuple[State, Sheet] = copied(self.stored[0]), copied_sheet(self.stored[1])
        self.before: list[tuple[State, Sheet]] = []
        self.after: list[tuple[State, Sheet]] = []
        self.saving: tuple[State, Sheet] | None = None

    def do(self, deed: str, number: int) -> None:
        getattr(self, deed)(number)
        document, (state, sheet) = self.document, self.now
        assert same(shown(document), state)
        for name in names_of(state):
            assert document.answers(name) == sheet.get(name, {})
        if self.saving is None:
            changes = document.changes()
            assert same(applied(self.stored[0], changes), state, ordered=False)
            after = stored_sheet(changes, self.stored[1], state)
            assert {name: after.get(name, {}) for name in names_of(state)} == {
                name: sheet.get(name, {}) for name in names_of(state)
            }
            assert all(answers != self.stored[1].get(name, {}) for name, answers in changes.answers.items())
            if not document.unsaved:
                assert changes.empty

    def _keys(self) -> list[MaskKey]:
        return [MaskKey(position, name) for position, picture in enumerate(self.now[0]) for name in picture]

    def _step(self, state: State, sheet: Sheet) -> None:
        self.before.append(self.now)
        self.now, self.after = (state, sheet), []

    def answer(self, number: int) -> None:
        if keys := self._keys():
            key, (attribute, value) = keys[number % len(keys)], GIVEN[number % len(GIVEN)]
            place = self.document.history.place
            self.document.answer(key, attribute, value, "Answer")
            sheet = copied_sheet(self.now[1])
            sheet[key.object_hash] = expected(sheet.get(key.object_hash, {}), attribute, value)
            differs = sheet[key.object_hash] != self.now[1].get(key.object_hash, {})
            assert (self.document.history.place != place) is differs
            if differs:
                self._step(copied(self.now[0]), sheet)

    def paint(self, number: int) -> None:
        if keys := self._keys():
            key, place = keys[number % len(keys)], self.document.history.place
            stroke(self.document, key, number)
            if self.document.history.place != place:
                state = copied(self.now[0])
                state[key.frame][key.object_hash] = self.document.mask(key).to_array(HEIGHT, WIDTH)
                self._step(state, self.now[1])

    def add(self, number: int) -> None:
        bits = random_bits(number)
        key = self.document.add(number % 2, TREE, Mask.of(Box.of_size(WIDTH, HEIGHT), bits), "Brush")
        state = copied(self.now[0])
        state[key.frame][key.object_hash] = bits
        self._step(state, self.now[1])

    def remove(self, number: int) -> None:
        if keys := self._keys():
            key = keys[number % len(keys)]
            self.document.remove(key, "Delete")
            state = copied(self.now[0])
            del state[key.frame][key.object_hash]
            self._step(state, self.now[1])

    def undo(self, number: int) -> None:
        self.document.undo()
        if self.before:
            self.after.append(self.now)
            self.now = self.before.pop()

    def redo(self, number: int) -> None:
        self.document.redo()
        if self.after:
            self.before.append(self.now)
            self.now = self.after.pop()

    def begin(self, number: int) -> None:
        if self.saving is None:
            changes = self.document.begin_save()
            self.saving = copied(self.now[0]), stored_sheet(changes, self.stored[1], self.now[0])

    def end(self, number: int) -> None:
        if self.saving is not None:
            saving, self.saving = self.saving, None
            if number % 3 == 0:
                self.document.end_save(None)
            else:
                self.stored = saving
                self.document.end_save(answered_row(*saving))


DEEDS = (
    "answer",
    "answer",
    "answer",
    "answer",
    "paint",
    "add",
    "remove",
    "undo",
    "undo",
    "redo",
    "begin",
    "end",
    "end",
)


@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 999)), max_size=25))
@settings(max_examples=200)
def test_any_mix_of_answers_masks_undo_and_saves_is_what_plain_values_make_of_it(deeds: list[tuple[str, int]]) -> None:
    tried = Tried()
    for deed, number in deeds:
        tried.do(deed, number)


@pytest.fixture
def document() -> Document:
    return Document(answered_row(first_state(), first_sheet()))


def test_an_answer_is_one_step_on_the_frame_where_it_was_given(document: Document) -> None:
    told: list[str] = []
    document.answers_changed.connect(told.append)
    document.answer(MaskKey(1, "a"), MARKS, ("m2",), "Answer Marks")
    assert document.history.undo_title == "Answer Marks"
    edit = document.undo()
    assert edit is not None and edit.key == MaskKey(1, "a")
    assert told == ["a", "a"]


def test_another_option_takes_away_what_the_one_before_nests_in_the_same_step(document: Document) -> None:
    document.answer(KEY, KIND, ("boat",), "Answer Kind")
    assert document.answers("a") == {"kind": ("boat",), "extra": "of another version"}
    document.undo()
    assert document.answers("a") == first_sheet()["a"]
    assert document.changes().empty


def test_the_same_answer_again_leaves_no_step(document: Document) -> None:
    document.answer(KEY, KIND, ("car",), "Answer Kind")
    document.answer(KEY, SIZE, None, "Answer Size")
    assert not document.unsaved


def test_changes_hold_all_answers_of_the_objects_that_differ_and_of_no_other(document: Document) -> None:
    document.answer(KEY, SIZE, 2.0, "Answer Size")
    assert document.changes().answers == {"a": {**first_sheet()["a"], "size": 2.0}}
    assert not document.changes().empty
    assert document.row_now().answers["a"]["size"] == 2.0


def test_a_new_object_is_answered_like_any_other(document: Document) -> None:
    key = document.add(0, TREE, Mask.of(Box.of_size(WIDTH, HEIGHT), random_bits(4)), "Brush")
    document.answer(key, NOTE, "new", "Answer Note")
    changes = document.changes()
    assert [each.key for each in changes.added] == [key]
    assert changes.answers == {key.object_hash: {"note": "new"}}


def test_an_object_that_is_gone_has_no_answers_to_store(document: Document) -> None:
    document.answer(MaskKey(0, "b"), NOTE, "gone", "Answer Note")
    document.remove(MaskKey(0, "b"), "Delete")
    assert document.changes().answers == {}
    document.undo()
    assert document.changes().answers == {"b": {"note": "gone"}}


def test_an_object_of_another_frame_keeps_its_answers_to_be_stored(document: Document) -> None:
    document.answer(KEY, NOTE, "kept", "Answer Note")
    document.remove(KEY, "Delete")
    assert document.changes().answers["a"]["note"] == "kept"


def test_an_object_deleted_saved_and_brought_back_has_its_answers_again(document: Document) -> None:
    document.answer(MaskKey(0, "b"), NOTE, "mine", "Answer Note")
    document.remove(MaskKey(0, "b"), "Delete")
    document.begin_save()
    state = first_state()
    del state[0]["b"]
    document.end_save(answered_row(state, {"a": first_sheet()["a"]}))
    assert document.changes().empty
    document.undo()
    assert document.answers("b") == {"note": "mine"}
    assert document.changes().answers == {"b": {"note": "mine"}}


def test_an_object_brought_back_and_answered_while_its_deletion_is_saved_keeps_all_answers(document: Document) -> None:
    key = MaskKey(0, "b")
    document.answer(key, MARKS, ("m1",), "Answer Marks")
    document.remove(key, "Delete")
    document.begin_save()
    document.undo()
    document.answer(key, SIZE, 3.0, "Answer Size")
    state = first_state()
    del state[0]["b"]
    document.end_save(answered_row(state, {"a": first_sheet()["a"]}))
    assert document.answers("b") == {"marks": ("m1",), "size": 3.0}
    assert document.changes().answers == {"b": {"marks": ("m1",), "size": 3.0}}


def test_what_others_answered_comes_in_with_a_save(document: Document) -> None:
    told: list[str] = []
    document.answer(KEY, NOTE, "mine", "Answer Note")
    document.begin_save()
    document.answers_changed.connect(told.append)
    theirs: Sheet = {"a": {**first_sheet()["a"], "note": "mine", "size": 7.0}, "b": {"note": "theirs"}}
    document.end_save(answered_row(first_state(), theirs))
    assert {name: document.answers(name) for name in "ab"} == theirs
    assert sorted(told) == ["a", "b"]
    assert not document.unsaved
    assert document.changes().empty


def test_undo_leads_back_through_what_others_answered(document: Document) -> None:
    document.answer(KEY, NOTE, "mine", "Answer Note")
    document.begin_save()
    document.end_save(answered_row(first_state(), {"a": {**first_sheet()["a"], "note": "theirs"}}))
    assert not document.unsaved
    for text in ("mine", "old"):
        document.undo()
        assert document.answers("a")["note"] == text
        assert document.unsaved
    document.redo()
    document.redo()
    assert document.answers("a")["note"] == "theirs"
    assert not document.unsaved


def test_an_answer_given_during_a_save_stays_unsaved_beside_what_others_answered(document: Document) -> None:
    document.answer(KEY, NOTE, "first", "Answer Note")
    document.begin_save()
    document.answer(KEY, NOTE, "second", "Answer Note")
    stored = {**first_sheet()["a"], "note": "first", "size": 7.0}
    document.end_save(answered_row(first_state(), {"a": stored}))
    assert document.answers("a") == {**stored, "note": "second"}
    assert document.unsaved
    assert document.changes().answers == {"a": {**stored, "note": "second"}}


def test_no_undo_takes_away_unseen_what_others_answered_while_a_save_went_on(document: Document) -> None:
    document.answer(KEY, NOTE, "first", "Answer Note")
    document.begin_save()
    document.answer(KEY, NOTE, "second", "Answer Note")
    document.end_save(answered_row(first_state(), {"a": {**first_sheet()["a"], "note": "first", "size": 7.0}}))
    while document.undo():
        assert document.unsaved or document.changes().empty


def test_a_failed_save_leaves_answers_unsaved(document: Document) -> None:
    document.answer(KEY, NOTE, "mine", "Answer Note")
    before = document.changes()
    document.begin_save()
    document.end_save(None)
    assert document.unsaved
    assert document.changes() == before


WRONG: tuple[tuple[Attribute, object], ...] = (
    (KIND, ()),
    (KIND, ("car", "boat")),
    (KIND, ("m1",)),
    (KIND, "car"),
    (MARKS, ()),
    (MARKS, ("m1", "m1")),
    (MARKS, ("m1", "car")),
    (NOTE, 1.0),
    (NOTE, "\ud83d"),
    (SIZE, "1"),
    (SIZE, True),
    (SIZE, float("nan")),
    (SIZE, float("inf")),
    (PACE, "fast"),
)


@pytest.mark.parametrize(("attribute", "value"), WRONG)
def test_what_is_no_answer_to_an_attribute_is_refused(
    document: Document, attribute: Attribute, value: AnswerValue
) -> None:
    with pytest.raises(InputError):
        document.answer(KEY, attribute, value, "Answer")
    assert not document.unsaved


def test_objects_of_read_only_rows_and_objects_that_cannot_be_told_apart_refuse_answers(document: Document) -> None:
    row = document.row
    locked = Document(replace(row, info=replace(row.info, read_only="Only to be looked at.")))
    assert locked.answer_refusal(KEY) == "Only to be looked at."
    twin = replace(row.frames[0].objects[0], stored_hash="a", read_only="Another has the same objectHash.")
    odd = Document(replace(row, frames=(replace(row.frames[0], objects=(twin,)), row.frames[1])))
    assert odd.answer_refusal(KEY) == "Another has the same objectHash."
    for document_, key in ((locked, KEY), (odd, KEY), (document, MaskKey(0, "nobody"))):
        with pytest.raises(InputError):
            document_.answer(key, NOTE, "x", "Answer Note")


def test_a_mask_of_another_size_and_another_shape_do_not_keep_an_object_from_being_answered(document: Document) -> None:
    row = document.row
    odd = replace(row.frames[0].objects[0], read_only="Of another size.")
    box = replace(row.frames[0].objects[1], shape="bounding_box", bitmask=None)
    shapes = Document(replace(row, frames=(replace(row.frames[0], objects=(odd, box)), row.frames[1])))
    for name in "ab":
        shapes.answer(MaskKey(0, name), NOTE, "x", "Answer Note")
    assert set(shapes.changes().answers) == {"a", "b"}
