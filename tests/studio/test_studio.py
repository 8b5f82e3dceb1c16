"""What is chosen, what a pointer does to it, and what is refused with a word of why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import LabelRow, MaskKey, ObjectInfo, Outline
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.studio import preferences
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.view import View
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.memory_source import CAR, TREE, MemorySource, a_frame, a_row, an_object, stored
from tests.fakes.screen import FakeStudio

WIDTH, HEIGHT = 60, 40


def block(left: int, top: int, right: int, bottom: int) -> NDArray[np.bool_]:
    bits = np.zeros((HEIGHT, WIDTH), np.bool_)
    bits[top:bottom, left:right] = True
    return bits


def the_row() -> LabelRow:
    """Two frames; on the first `low` and `high` overlap, with a polygon, and a damaged mask on top."""
    broken = replace(stored(block(0, 0, 5, 5)), rle_string="nonsense")
    shape = replace(
        an_object("shape", None, shape="polygon"), outlines=(Outline((Point(2, 3), Point(9, 8), Point(4, 5)), True),)
    )
    first = a_frame(
        shape, an_object("low", stored(block(10, 10, 30, 30))), an_object("high", stored(block(20, 20, 40, 35)), TREE),
        an_object("broken", broken), width=WIDTH, height=HEIGHT,
    )  # fmt: skip
    second = a_frame(an_object("low", stored(block(1, 1, 4, 4))), number=1, width=WIDTH, height=HEIGHT)
    return a_row("row", first, replace(second, position=1))


class Room(FakeStudio):
    """A studio with a row open."""

    def __init__(self, folder: Path, row: LabelRow | None = None, ontology: Ontology | None = None) -> None:
        super().__init__(folder)
        source = MemorySource([row or the_row()])
        if ontology is not None:
            source.ontology = ontology
        self.workspace.use(source, source.rows())
        self.opened = Document(row or the_row())
        self.document = self.opened
        self.settings.set(preferences.BRUSH_SIZE, 5)
        self.show(row="row", frame=0, object_hash=None)

    def click(self, x: float, y: float, straight: bool = False, alternate: bool = False, pick: bool = False) -> None:
        for phase in (Phase.PRESS, Phase.RELEASE):
            self.point(PointerEvent(phase, Point(x, y), straight, alternate, pick))

    def press(self, x: float, y: float) -> None:
        self.point(PointerEvent(Phase.PRESS, Point(x, y)))

    def holds(self, name: str, x: int, y: int) -> bool:
        return self.opened.mask(MaskKey(self.view.frame, name)).holds(x, y)

    @property
    def step(self) -> str | None:
        return self.opened.history.undo_title


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_click_with_the_brush_paints_a_dab_on_the_chosen_object_only(room: Room) -> None:
    room.show(object_hash="low")
    room.click(50, 20)
    assert room.holds("low", 50, 20)
    assert not room.holds("high", 50, 20)
    assert room.step == "Brush"


def test_painting_over_another_object_leaves_that_one_as_it_is(room: Room) -> None:
    before = room.opened.mask(MaskKey(0, "high"))
    room.show(object_hash="low")
    room.click(35, 30)
    assert room.holds("low", 35, 30)
    assert room.opened.mask(MaskKey(0, "high")) is before


def test_the_eraser_and_ctrl_take_away(room: Room) -> None:
    room.show(object_hash="low")
    room.click(15, 15, alternate=True)
    assert not room.holds("low", 15, 15)
    room.show(tool="eraser")
    room.click(25, 12)
    assert not room.holds("low", 25, 12)
    room.click(15, 15, alternate=True)
    assert room.holds("low", 15, 15)


def test_shift_draws_a_line_from_the_last_stroke(room: Room) -> None:
    room.show(object_hash="high")
    room.click(5, 5)
    room.click(50, 5, straight=True)
    assert all(room.holds("high", x, 5) for x in range(5, 50))


def test_a_stroke_without_a_chosen_object_makes_one_of_the_chosen_class_and_chooses_it(room: Room) -> None:
    room.show(class_hash=TREE.feature_hash)
    room.click(50, 5)
    chosen = room.chosen
    assert chosen is not None
    assert (chosen.feature_hash, chosen.name, chosen.color) == (TREE.feature_hash, TREE.name, TREE.color)
    assert room.objects[-1] == chosen
    room.undo()
    assert len(room.objects) == 4
    assert room.step is None


def test_without_a_chosen_class_the_first_bitmask_class_is_taken(tmp_path: Path) -> None:
    polygon = replace(TREE, feature_hash="hashPoly", shape="polygon")
    room = Room(tmp_path, ontology=Ontology((polygon, CAR, TREE)))
    room.click(50, 5)
    assert room.chosen is not None
    assert room.chosen.feature_hash == CAR.feature_hash


def test_without_any_bitmask_class_a_stroke_says_so(tmp_path: Path) -> None:
    room = Room(tmp_path, ontology=Ontology())
    room.click(50, 5)
    assert room.step is None
    assert "class" in room.told[0]
    room.start_object()
    assert len(room.told) == 2


@pytest.mark.parametrize(
    ("name", "change", "word"),
    [
        ("low", {"locked": frozenset({MaskKey(0, "low")})}, "locked"),
        ("low", {"hidden": frozenset({MaskKey(0, "low")})}, "hidden"),
        ("broken", {}, ""),
        ("shape", {}, "bitmask"),
    ],
)
def test_what_cannot_be_edited_refuses_strokes_and_deleting_and_says_why(
    room: Room, name: str, change: dict[str, object], word: str
) -> None:
    room.show(object_hash=name, **change)
    room.click(50, 20)
    room.delete_chosen()
    assert room.step is None
    assert len(room.objects) == 4
    assert len(room.told) == 2
    assert all(word in text for text in room.told)


def test_a_read_only_row_refuses_also_new_objects(tmp_path: Path) -> None:
    row = the_row()
    room = Room(tmp_path, replace(row, info=replace(row.info, read_only="Only to be looked at.")))
    room.click(50, 20)
    room.show(object_hash="low")
    room.click(50, 20)
    assert room.told == ["Only to be looked at."] * 2
    assert room.step is None


def test_the_select_tool_chooses_the_topmost_object_and_paints_nothing(room: Room) -> None:
    room.show(tool="select")
    room.click(25, 25)
    assert room.view.object_hash == "high"
    room.click(12, 12)
    assert room.view.object_hash == "low"
    room.click(55, 3)
    assert not room.view.object_hash
    assert not room.step


def test_the_brush_chooses_too_when_asked_to_pick(room: Room) -> None:
    room.click(12, 12, pick=True)
    assert room.view.object_hash == "low"
    assert room.step is None


def test_the_chosen_object_lies_over_the_others(room: Room) -> None:
    room.show(object_hash="low")
    found = room.topmost(25, 25)
    assert found is not None
    assert found.object_hash == "low"


def test_hidden_objects_are_not_found_under_the_pointer(room: Room) -> None:
    room.show(hidden=frozenset({MaskKey(0, "high")}))
    assert name_of(room.topmost(25, 25)) == "low"
    assert name_of(room.topmost(38, 33)) is None


def test_with_the_others_hidden_only_the_chosen_object_is_found(room: Room) -> None:
    room.show(object_hash="low", only_chosen=True)
    assert name_of(room.topmost(38, 33)) is None
    assert name_of(room.topmost(12, 12)) == "low"


@pytest.mark.parametrize(
    ("x", "y", "name"), [(9.999, 15, None), (10.0, 15, "low"), (29.999, 15, "low"), (-0.5, 3, None)]
)
def test_the_pixel_that_holds_the_pointer_decides(room: Room, x: float, y: float, name: str | None) -> None:
    room.show(tool="select")
    room.click(x, y)
    assert room.view.object_hash == name


def name_of(found: ObjectInfo | None) -> str | None:
    return found.object_hash if found else None


def test_the_first_editable_is_the_first_visible_unlocked_sound_bitmask(room: Room) -> None:
    assert room.first_editable() == "low"
    room.show(hidden=frozenset({MaskKey(0, "low")}))
    assert room.first_editable() == "high"
    room.show(locked=frozenset({MaskKey(0, "high")}))
    assert room.first_editable() is None


def test_undo_during_a_stroke_drops_the_stroke_and_nothing_else(room: Room) -> None:
    room.show(object_hash="low")
    room.click(50, 20)
    room.press(50, 5)
    room.undo()
    assert not room.holds("low", 50, 5)
    assert room.holds("low", 50, 20)
    assert room.step == "Brush"
    room.undo()
    assert not room.holds("low", 50, 20)


def test_redo_during_a_stroke_ends_the_stroke_and_changes_nothing_under_it(room: Room) -> None:
    room.show(object_hash="low")
    room.click(50, 20)
    room.undo()
    room.press(50, 5)
    room.redo()
    assert room.holds("low", 50, 5)
    assert not room.holds("low", 50, 20)


def test_undo_goes_to_the_frame_and_the_object_of_its_step(room: Room) -> None:
    travelled: list[int] = []
    room.travelled.connect(lambda: travelled.append(room.view.frame))
    room.show(object_hash="high")
    room.click(50, 20)
    room.show(frame=1, object_hash="low")
    room.undo()
    assert (room.view.frame, room.view.object_hash) == (0, "high")
    assert not room.holds("high", 50, 20)
    room.redo()
    assert travelled == [0]
    assert room.holds("high", 50, 20)


def test_another_frame_never_keeps_the_picture_of_the_one_before(room: Room) -> None:
    room.picture_note = "missing"
    room.show(frame=1)
    assert room.picture is None
    assert not room.picture_note


def test_undo_of_a_new_object_chooses_nothing_and_redo_chooses_it_again(room: Room) -> None:
    room.click(50, 5)
    name = room.view.object_hash
    room.undo()
    assert room.view.object_hash is None
    room.redo()
    assert room.view.object_hash == name


def test_undo_with_nothing_to_undo_changes_nothing(room: Room) -> None:
    view = room.view
    room.undo()
    room.redo()
    assert room.view is view


def test_showing_something_else_commits_the_stroke_first(room: Room) -> None:
    room.show(object_hash="low")
    room.press(50, 5)
    room.show(frame=1)
    assert room.step == "Brush"
    assert room.opened.mask(MaskKey(0, "low")).holds(50, 5)


def test_next_and_previous_go_round_and_bring_the_object_into_sight(room: Room) -> None:
    seen = []
    for _ in range(5):
        room.step_object(1)
        seen.append(room.view.object_hash)
    assert seen == ["shape", "low", "high", "broken", "shape"]
    room.step_object(-1)
    assert room.view.object_hash == "broken"
    assert room.screen.done[1] == ("show_box", Box(10, 10, 30, 30))
    assert room.screen.done[0] == ("show_box", Box(2, 3, 10, 9))


def test_previous_without_a_choice_is_the_last_object(room: Room) -> None:
    room.step_object(-1)
    assert room.view.object_hash == "broken"


def test_deleting_chooses_the_next_object_and_undo_brings_the_deleted_one_back(room: Room) -> None:
    room.show(object_hash="low")
    room.delete_chosen()
    assert [each.object_hash for each in room.objects] == ["shape", "high", "broken"]
    assert room.view.object_hash == "high"
    assert room.step == "Delete Car"
    room.undo()
    assert room.view.object_hash == "low"
    assert [each.object_hash for each in room.objects] == ["shape", "low", "high", "broken"]


def test_deleting_the_last_object_of_a_frame_chooses_nothing(room: Room) -> None:
    room.show(frame=1, object_hash="low")
    room.delete_chosen()
    assert room.objects == ()
    assert room.view.object_hash is None


def test_deleting_without_a_choice_does_nothing(room: Room) -> None:
    room.delete_chosen()
    assert room.step is None
    assert room.told == []


def test_a_view_tells_its_old_and_new_value_and_only_when_they_differ(room: Room) -> None:
    told: list[tuple[View, View]] = []
    room.view_changed.connect(lambda old, new: told.append((old, new)))
    room.show(opacity=0.3)
    room.show(opacity=0.3)
    assert [(old.opacity, new.opacity) for old, new in told] == [(0.45, 0.3)]


@pytest.mark.parametrize(("before", "change", "after"), [(5, 1, 6), (5, -10, 1), (1995, 10, 2000), (1, -1, 1)])
def test_the_brush_grows_and_shrinks_within_its_limits(room: Room, before: int, change: int, after: int) -> None:
    room.set(preferences.BRUSH_SIZE, before)
    room.resize_brush(change)
    assert room.tool_options.size == after


def test_without_a_document_nothing_happens(tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path)
    for phase in (Phase.PRESS, Phase.MOVE, Phase.RELEASE):
        studio.point(PointerEvent(phase, Point(3, 3)))
    studio.undo()
    studio.redo()
    studio.delete_chosen()
    studio.step_object(1)
    studio.choose_at(3, 3)
    assert (studio.frame, studio.objects, studio.chosen, studio.told) == (None, (), None, [])


def test_every_tool_can_be_chosen_by_its_id(room: Room) -> None:
    for tool in room.tools:
        room.show(tool=tool.id)
        assert room.tool is tool
    assert [tool.id for tool in room.tools] == ["select", "brush", "eraser"]
