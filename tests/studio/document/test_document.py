"""An opened row against a plain dictionary of arrays, whatever is done to it and saved in between."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bitmask_studio.core import rle
from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import Bitmask, LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Bits, Mask
from bitmask_studio.sources.local import open_local
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import MaskEdit
from tests.fakes.memory_source import CAR, TREE, a_frame, a_row, an_object, stored
from tests.studio.label_files import write_labels

HEIGHT, WIDTH = 24, 32
Picture = dict[str, Bits]
"""The pixels of each object of a frame, bottom first, (HEIGHT, WIDTH)."""
State = tuple[Picture, ...]


def random_bits(seed: int) -> Bits:
    random = np.random.default_rng(seed)
    return np.asarray(random.random((HEIGHT, WIDTH)) < random.choice([0.02, 0.4, 0.9]))


def row_of(state: State) -> LabelRow:
    """The row as a file would hold that state."""
    frames = []
    for position, picture in enumerate(state):
        objects = [an_object(name, stored(bits)) for name, bits in picture.items()]
        frame = a_frame(*objects, number=position, width=WIDTH, height=HEIGHT)
        frames.append(replace(frame, position=position))
    return a_row("row", *frames)


def first_state() -> State:
    return {"a": random_bits(1), "b": random_bits(2)}, {"a": random_bits(3)}


def shown(document: Document) -> State:
    """What the document says is there."""
    return tuple(
        {
            each.object_hash: document.mask(MaskKey(position, each.object_hash)).to_array(HEIGHT, WIDTH)
            for each in document.objects(position)
        }
        for position in range(len(document.frames))
    )


def decoded(row: LabelRow) -> State:
    return tuple({each.object_hash: bits_of(each.bitmask) for each in frame.objects} for frame in row.frames)


def bits_of(bitmask: Bitmask | None) -> Bits:
    assert bitmask is not None
    return Mask.from_rle(bitmask.rle_string, bitmask.height, bitmask.width).to_array(HEIGHT, WIDTH)


def applied(state: State, changes: RowChanges) -> State:
    """The state as it is once the changes are in it."""
    pictures = tuple(dict(picture) for picture in state)
    for key in changes.removed:
        del pictures[key.frame][key.object_hash]
    for key, mask in changes.edited.items():
        assert key.object_hash in pictures[key.frame]
        pictures[key.frame][key.object_hash] = mask.to_array(HEIGHT, WIDTH)
    for each in changes.added:
        assert each.key.object_hash not in pictures[each.key.frame]
        assert each.is_new is not any(each.key.object_hash in picture for picture in state)
        pictures[each.key.frame][each.key.object_hash] = each.mask.to_array(HEIGHT, WIDTH)
    return pictures


def same(one: State, other: State, ordered: bool = True) -> bool:
    names = [[list(picture) if ordered else sorted(picture) for picture in state] for state in (one, other)]
    return names[0] == names[1] and all(
        np.array_equal(mine[name], theirs[name]) for mine, theirs in zip(one, other, strict=True) for name in mine
    )


def copied(state: State) -> State:
    return tuple(dict(picture) for picture in state)


@dataclass
class Model:
    """The same document as arrays, with every state that undo leads back to."""

    now: State = field(default_factory=first_state)
    before: list[State] = field(default_factory=list)
    after: list[State] = field(default_factory=list)

    def do(self, state: State) -> None:
        self.before.append(self.now)
        self.now, self.after = state, []

    def step(self, origin: list[State], target: list[State]) -> None:
        if origin:
            target.append(self.now)
            self.now = origin.pop()


def stroke(document: Document, key: MaskKey, seed: int) -> None:
    random = np.random.default_rng(seed)
    painter = document.begin(key)
    for _ in range(2):
        start, end = (Point(*random.uniform((0, 0), (WIDTH, HEIGHT)).tolist()) for _ in range(2))
        painter.draw_segment(start, end, int(random.integers(1, 9)), BrushShape.ROUND, bool(random.random() < 0.5))
    patch = painter.patch()
    after = painter.painted(patch, document.mask(key)) if seed % 2 else None
    document.commit_patch(MaskEdit("Brush", key, patch), after)


class Tried:
    """Does the same to a document and to its model, and compares them."""

    def __init__(self) -> None:
        self.stored = first_state()
        self.document = Document(row_of(self.stored))
        self.model = Model(copied(self.stored))
        self.saving: tuple[RowChanges, State] | None = None

    def do(self, deed: str, number: int) -> None:
        getattr(self, deed)(number)
        assert same(shown(self.document), self.model.now)
        assert same(decoded(self.document.row_now()), self.model.now)
        if self.saving is None:
            changes = self.document.changes()
            assert changes.empty is same(self.stored, self.model.now, ordered=False)
            assert same(applied(self.stored, changes), self.model.now, ordered=False)
            if not self.document.unsaved:
                assert changes.empty

    def _keys(self) -> list[MaskKey]:
        return [MaskKey(position, name) for position, picture in enumerate(self.model.now) for name in picture]

    def paint(self, number: int) -> None:
        if keys := self._keys():
            key = keys[number % len(keys)]
            steps = self.document.history.place
            stroke(self.document, key, number)
            if self.document.history.place != steps:
                state = copied(self.model.now)
                state[key.frame][key.object_hash] = self.document.mask(key).to_array(HEIGHT, WIDTH)
                self.model.do(state)

    def add(self, number: int) -> None:
        bits = random_bits(number)
        key = self.document.add(number % 2, TREE, Mask.of(Box.of_size(WIDTH, HEIGHT), bits), "Brush")
        state = copied(self.model.now)
        state[key.frame][key.object_hash] = bits
        self.model.do(state)

    def remove(self, number: int) -> None:
        if keys := self._keys():
            key = keys[number % len(keys)]
            self.document.remove(key, "Delete")
            state = copied(self.model.now)
            del state[key.frame][key.object_hash]
            self.model.do(state)

    def undo(self, number: int) -> None:
        self.document.undo()
        self.model.step(self.model.before, self.model.after)

    def redo(self, number: int) -> None:
        self.document.redo()
        self.model.step(self.model.after, self.model.before)

    def begin(self, number: int) -> None:
        if self.saving is None:
            self.saving = self.document.begin_save(), self.model.now
            assert same(applied(self.stored, self.saving[0]), self.model.now, ordered=False)

    def end(self, number: int) -> None:
        if self.saving is not None:
            changes, state = self.saving
            self.saving = None
            if number % 3 == 0:
                self.document.end_save(None)
            else:
                self.stored = copied(state)
                self.document.end_save(row_of(state) if not changes.empty else self.document.row)


DEEDS = ("paint", "paint", "paint", "add", "remove", "undo", "undo", "redo", "begin", "end", "end")


@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 999)), max_size=25))
@settings(max_examples=150)
def test_whatever_is_done_a_document_is_what_plain_arrays_make_of_it(deeds: list[tuple[str, int]]) -> None:
    tried = Tried()
    for deed, number in deeds:
        tried.do(deed, number)


KEY = MaskKey(0, "a")


@pytest.fixture
def document() -> Document:
    return Document(row_of(first_state()))


def test_undo_and_redo_of_a_stroke_lead_there_and_back_to_the_pixel(document: Document) -> None:
    before = document.mask(KEY)
    stroke(document, KEY, 5)
    after = document.mask(KEY)
    assert not after.same_as(before)
    document.undo()
    assert document.mask(KEY).same_as(before)
    document.redo()
    assert document.mask(KEY).same_as(after)


def test_a_stroke_that_changes_no_pixel_leaves_no_step(document: Document) -> None:
    painter = document.begin(KEY)
    painter.draw_segment(Point(-50, -50), Point(-40, -40), 5, BrushShape.ROUND, True)
    document.commit_patch(MaskEdit("Brush", KEY, painter.patch()))
    assert document.history.undo_title is None
    assert not document.unsaved


def test_pixels_painted_back_by_hand_are_no_change(document: Document) -> None:
    mask = Mask.of(Box(3, 3, 4, 4), np.ones((1, 1), np.bool_))
    for _ in range(2):
        painter = document.begin(KEY)
        value = not document.mask(KEY).holds(3, 3)
        painter.draw_segment(Point(3.5, 3.5), Point(3.5, 3.5), 1, BrushShape.ROUND, value)
        document.commit_patch(MaskEdit("Brush", KEY, painter.patch()))
    assert mask.area == 1
    assert document.unsaved
    assert document.changes().empty


def test_painting_tells_the_frame_and_a_box_with_every_changed_pixel(document: Document) -> None:
    told: list[tuple[int, Box]] = []
    document.painted.connect(lambda frame, box: told.append((frame, box)))
    before = document.mask(KEY).to_array(HEIGHT, WIDTH)
    stroke(document, KEY, 6)
    document.undo()
    changed = np.argwhere(before != document.mask(KEY).to_array(HEIGHT, WIDTH))
    assert len(told) == 2
    assert all(frame == 0 and box.holds(int(x), int(y)) for frame, box in told for y, x in changed)


def test_a_step_tells_of_the_one_mask_that_it_changes(document: Document) -> None:
    told: list[MaskKey] = []
    document.mask_changed.connect(told.append)
    stroke(document, KEY, 6)
    document.undo()
    document.redo()
    assert told == [KEY, KEY, KEY]
    document.remove(KEY, "Delete Car")
    assert len(told) == 3


def test_what_a_stroke_on_the_largest_mask_and_its_snapshot_take_is_its_own_tiles() -> None:
    side = 16384
    whole = Bitmask(side, side, 0, 0, rle.encode(Box.of_size(side, side), np.ones((side, side), np.bool_), side, side))
    document = Document(a_row("row", a_frame(an_object("a", whole), width=side, height=side)))
    assert document.mask(KEY).area == side * side
    tracemalloc.start()
    try:
        for at in (Point(50.0, 60.0), Point(9000.0, 9000.0)):
            painter = document.begin(KEY)
            painter.draw_segment(at, Point(at.x + 300, at.y + 90), 60, BrushShape.ROUND, False)
            patch = painter.patch()
            document.commit_patch(MaskEdit("Brush", KEY, patch), painter.painted(patch, document.mask(KEY)))
        document.undo()
        document.redo()
        edited = document.begin_save().edited
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20
    assert edited[KEY].area == document.mask(KEY).area < side * side - 40_000


def test_an_edit_is_in_the_history_before_anybody_hears_of_it(document: Document) -> None:
    heard: list[str | None] = []
    document.history_changed.connect(lambda: heard.append(document.history.undo_title))
    stroke(document, KEY, 6)
    assert heard == ["Brush"]


def test_deleting_and_undoing_puts_the_object_back_in_its_place(document: Document) -> None:
    told: list[int] = []
    document.objects_changed.connect(told.append)
    document.remove(KEY, "Delete Car")
    assert [each.object_hash for each in document.objects(0)] == ["b"]
    document.undo()
    assert [each.object_hash for each in document.objects(0)] == ["a", "b"]
    assert told == [0, 0]
    assert document.changes().empty


def test_an_object_of_another_frame_is_no_new_one(document: Document) -> None:
    document.remove(MaskKey(1, "a"), "Delete")
    document.end_save(stored_now(document))
    document.undo()
    assert [each.is_new for each in document.changes().added] == [False]


def test_an_object_that_was_deleted_from_the_file_is_added_with_the_row_that_last_held_it(document: Document) -> None:
    before = document.row
    document.remove(KEY, "Delete")
    document.end_save(stored_now(document))
    document.undo()
    assert [each.stored for each in document.changes().added] == [before]
    document.end_save(stored_now(document))
    again = document.row
    document.redo()
    document.end_save(stored_now(document))
    document.undo()
    assert [each.stored is again for each in document.changes().added] == [True]


def test_an_object_that_was_never_stored_has_no_such_row(document: Document) -> None:
    document.add(0, CAR, Mask.of(Box(3, 3, 4, 4), np.ones((1, 1), np.bool_)), "New")
    assert [each.stored for each in document.changes().added] == [None]


@pytest.mark.parametrize("steps_in_between", [0, 1])
def test_delete_save_undo_save_leaves_a_file_as_it_was(steps_in_between: int, tmp_path: Path) -> None:
    path = write_labels(tmp_path)
    before = path.read_bytes()
    source = open_local([path])
    document = Document(source.load(source.rows()[0]))
    keys = [MaskKey(0, "objA"), MaskKey(0, "objB")]
    for key in keys[: 1 + steps_in_between]:
        document.remove(key, "Delete")
        document.end_save(source.save([document.begin_save()])[0])
    assert path.read_bytes() != before
    for _ in keys[: 1 + steps_in_between]:
        document.undo()
    document.end_save(source.save([document.begin_save()])[0])
    assert path.read_bytes() == before
    assert not document.unsaved


def stored_now(document: Document, changed: Mapping[MaskKey, Bits] | None = None) -> LabelRow:
    """Begin a save and answer the row as it would be read back, with what others `changed` meanwhile."""
    state = applied(decoded(document.row), document.begin_save())
    for key, bits in (changed or {}).items():
        state[key.frame][key.object_hash] = bits
    return row_of(state)


def test_what_others_changed_comes_in_with_a_save(document: Document) -> None:
    stroke(document, KEY, 7)
    mine, told = document.mask(KEY), []
    document.painted.connect(lambda frame, box: told.append((frame, box)))
    theirs = random_bits(50)
    document.end_save(stored_now(document, {MaskKey(0, "b"): theirs, MaskKey(0, "new"): theirs}))
    assert np.array_equal(document.mask(MaskKey(0, "b")).to_array(HEIGHT, WIDTH), theirs)
    assert [each.object_hash for each in document.objects(0)] == ["a", "b", "new"]
    assert document.mask(KEY).same_as(mine)
    assert (0, Box.of_size(WIDTH, HEIGHT)) in told
    assert not document.unsaved
    assert document.changes().empty


def test_a_mask_that_was_stored_as_it_is_needs_no_decoding(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    stroke(document, KEY, 7)
    mine, other = document.mask(KEY), document.mask(MaskKey(0, "b"))
    string = document.begin_save().edited[KEY].to_rle(HEIGHT, WIDTH)
    row = row_of(shown(document))
    found = row.bitmask(KEY)
    assert found is not None and found.rle_string == string
    with monkeypatch.context() as patch:
        patch.setattr(Mask, "from_rle", lambda *_: pytest.fail("decoded"))
        document.end_save(row)
        assert document.mask(KEY) is mine
        assert document.mask(MaskKey(0, "b")) is other
    assert not document.unsaved
    document.undo()
    assert document.changes().edited[KEY].same_as(document.mask(KEY))


def test_undo_leads_back_through_what_others_made_of_the_same_mask(document: Document) -> None:
    key = MaskKey(0, "a")
    first = document.mask(key).to_array(HEIGHT, WIDTH)
    stroke(document, key, 1)
    mine, theirs = document.mask(key).to_array(HEIGHT, WIDTH), random_bits(77)
    document.begin_save()
    document.end_save(stored_now(document, {key: theirs}))
    assert not document.unsaved
    for expected in (mine, first):
        document.undo()
        assert np.array_equal(document.mask(key).to_array(HEIGHT, WIDTH), expected)
        assert document.unsaved
    document.redo()
    document.redo()
    assert np.array_equal(document.mask(key).to_array(HEIGHT, WIDTH), theirs)
    assert not document.unsaved


def test_a_stroke_made_during_a_save_survives_what_others_changed(document: Document) -> None:
    stroke(document, KEY, 7)
    row = stored_now(document, {MaskKey(0, "b"): random_bits(50), KEY: random_bits(51)})
    stroke(document, KEY, 8)
    mine = document.mask(KEY)
    document.end_save(row)
    assert document.mask(KEY).same_as(mine)
    assert document.unsaved
    assert set(document.changes().edited) == {KEY}


def test_an_object_deleted_during_a_save_stays_deleted(document: Document) -> None:
    stroke(document, KEY, 7)
    row = stored_now(document)
    document.remove(KEY, "Delete")
    document.end_save(row)
    assert document.find(KEY) is None
    assert document.changes().removed == {KEY}


def test_an_object_brought_back_during_a_save_comes_back_to_its_place(document: Document) -> None:
    document.remove(KEY, "Delete")
    row = stored_now(document)
    document.undo()
    document.end_save(row)
    assert [each.object_hash for each in document.objects(0)] == ["a", "b"]
    assert [each.key for each in document.changes().added] == [KEY]


def test_the_row_shown_during_a_save_has_the_edits_that_are_being_saved(document: Document) -> None:
    stroke(document, KEY, 7)
    document.begin_save()
    assert same(decoded(document.row_now()), shown(document))


def test_a_failed_save_leaves_everything_unsaved(document: Document) -> None:
    stroke(document, KEY, 7)
    document.begin_save()
    document.end_save(None)
    assert document.unsaved
    assert set(document.changes().edited) == {KEY}


def damaged_document() -> Document:
    whole = stored(np.ones((HEIGHT, WIDTH), np.bool_))
    broken = an_object("broken", replace(whole, rle_string=whole.rle_string + "1"))
    told = an_object("told", replace(whole, rle_string=""), damage="it holds no mask")
    shape = an_object("shape", None, shape="polygon")
    return Document(a_row("row", a_frame(broken, told, shape, an_object("sound", whole), width=WIDTH, height=HEIGHT)))


@pytest.mark.parametrize("name", ["broken", "told"])
def test_a_damaged_mask_is_shown_as_nothing_cannot_be_edited_and_says_why(name: str) -> None:
    document, key = damaged_document(), MaskKey(0, name)
    assert document.mask(key).same_as(EMPTY_MASK)
    assert document.damage(key)
    assert (document.damage(key) or "?") in (document.refusal(key) or "")


def test_a_damaged_string_goes_into_the_row_as_it_was() -> None:
    document = damaged_document()
    document.decode_frame(0)
    stroke(document, MaskKey(0, "sound"), 4)
    before, after = document.row.frames[0].objects, document.row_now().frames[0].objects
    assert after[:3] == before[:3]
    assert after[3] != before[3]
    assert set(document.changes().edited) == {MaskKey(0, "sound")}


def test_damage_is_still_known_after_it_was_deleted_brought_back_and_something_saved() -> None:
    document, key = damaged_document(), MaskKey(0, "broken")
    damage = document.damage(key)
    document.remove(key, "Delete")
    row = document.row
    document.begin_save()
    document.undo()
    document.end_save(row)
    assert document.damage(key) == damage


def test_other_shapes_and_objects_that_are_not_there_cannot_be_edited() -> None:
    document = damaged_document()
    assert document.refusal(MaskKey(0, "shape"))
    assert document.refusal(MaskKey(0, "nobody"))
    assert document.refusal(MaskKey(0, "sound")) is None
    assert document.damage(MaskKey(0, "shape")) is None


def test_a_read_only_row_refuses_every_edit_with_its_own_words() -> None:
    row = row_of(first_state())
    document = Document(replace(row, info=replace(row.info, read_only="Only to be looked at.")))
    assert document.refusal(KEY) == "Only to be looked at."


def test_a_read_only_mask_refuses_with_its_own_words(document: Document) -> None:
    row = document.row
    odd = replace(row.frames[0].objects[0], read_only="Of another size.")
    frames = (replace(row.frames[0], objects=(odd, *row.frames[0].objects[1:])), row.frames[1])
    assert Document(replace(row, frames=frames)).refusal(KEY) == "Of another size."


def test_masks_are_decoded_when_first_asked_for(document: Document) -> None:
    assert document.mask(KEY) is document.mask(KEY)
    document.decode_frame(1)
    assert np.array_equal(document.mask(MaskKey(1, "a")).to_array(HEIGHT, WIDTH), first_state()[1]["a"])


def test_a_placed_mask_lies_where_its_box_says() -> None:
    small = np.ones((3, 5), np.bool_)
    placed = an_object("a", stored(small, top=7, left=9), of=CAR)
    document = Document(a_row("row", a_frame(placed, width=WIDTH, height=HEIGHT)))
    assert document.mask(KEY).box == Box(9, 7, 14, 10)


def test_undo_is_bounded_by_bytes() -> None:
    document = Document(row_of(first_state()), max_history_bytes=600)
    for seed in range(30):
        stroke(document, KEY, seed)
    assert document.history.nbytes <= 600
    undone = 0
    while document.undo():
        undone += 1
    assert 0 < undone < 30
