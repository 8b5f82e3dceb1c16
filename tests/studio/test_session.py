"""Opening, painting, saving and leaving, on real files."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bitmask_studio.core.errors import InputError, SaveError, StudioError
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import Frame, LabelRow, MaskKey, RowInfo
from bitmask_studio.sources.base import Keep, PartlySavedError, Picture
from bitmask_studio.studio import preferences
from bitmask_studio.studio.adding import add_class, import_mask
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.notices import Busy, Level
from bitmask_studio.studio.session import OpenWish, Session
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.screen import FakeStudio
from tests.studio.label_files import HEIGHT, WIDTH, block, change_outside, objects_in, write_labels


class Desk:
    """A session on a studio without a window, and a hand that paints."""

    def __init__(self, folder: Path) -> None:
        self.studio = FakeStudio(folder)
        self.studio.settings.set(preferences.BRUSH_SIZE, 3)
        self.session = Session(self.studio)
        self.busy: list[Busy | None] = []
        self.studio.busy_changed.connect(self.busy.append)

    def dab(self, x: float, y: float) -> None:
        for phase in (Phase.PRESS, Phase.RELEASE):
            self.studio.point(PointerEvent(phase, Point(x, y)))

    @property
    def document(self) -> Document:
        assert self.studio.document is not None
        return self.studio.document

    @property
    def shade(self) -> int | None:
        """The gray value of the picture that is shown."""
        return int(self.studio.picture.pixels[0, 0, 0]) if self.studio.picture else None

    def previewed(self) -> bool:
        """Whether a reduced picture is shown."""
        return self.studio.preview is not None

    @property
    def row(self) -> str | None:
        """The title of the row that is shown."""
        info = self.studio.workspace.row(self.studio.view.row)
        return info.title if info else None

    def key(self, title: str) -> str:
        return next(row.key for row in self.studio.workspace.rows if row.title == title)


Scenario = Callable[[Desk, Path], Coroutine[Any, Any, None]]


def played(folder: Path, scenario: Scenario, opened: bool = True) -> Desk:
    """A desk after a scenario on label files of its own; `opened` opens them first."""
    path, desks = write_labels(folder), list[Desk]()

    async def main() -> None:
        desk = Desk(folder)
        desks.append(desk)
        if opened:
            assert await desk.session.open(OpenWish((path,)))
        await scenario(desk, path)
        await desk.studio.jobs.settle()

    asyncio.run(main())
    return desks[0]


async def nothing(desk: Desk, path: Path) -> None:
    """Only open."""


def test_opening_shows_the_first_row_its_picture_and_its_first_object(tmp_path: Path) -> None:
    desk = played(tmp_path, nothing)
    assert [row.title for row in desk.studio.workspace.rows] == ["one.png", "group.png"]
    assert (desk.row, desk.studio.view.object_hash, desk.shade) == ("one.png", "objA", 40)
    assert [each.name for each in desk.studio.workspace.ontology.classes] == ["Cell", "Wall"]
    assert desk.studio.settings.get(preferences.RECENT_FILES) == [str(tmp_path / "labels.json")]
    assert desk.busy[-1] is None
    assert desk.studio.told == []


@pytest.mark.parametrize("name", ["group", "group-data", "group.png"])
def test_a_row_is_opened_by_label_hash_data_hash_or_title_at_the_frame_asked_for(tmp_path: Path, name: str) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await desk.session.open(OpenWish((path,), row=name, frame=1))

    desk = played(tmp_path, scenario, opened=False)
    assert (desk.row, desk.studio.view.frame, desk.shade) == ("group.png", 1, 120)


def test_a_frame_beyond_the_last_is_the_last(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await desk.session.open(OpenWish((path,), row="group", frame=99))

    assert played(tmp_path, scenario, opened=False).studio.view.frame == 1


def test_an_unknown_row_is_named(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        with pytest.raises(InputError, match="nobody"):
            await desk.session.open(OpenWish((path,), row="nobody"))

    played(tmp_path, scenario, opened=False)


def test_an_ambiguous_title_lists_its_candidates(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        rows = json.loads(path.read_bytes())
        rows[1]["data_title"] = rows[0]["data_title"]
        path.write_text(json.dumps(rows))
        with pytest.raises(InputError, match="one, group"):
            await desk.session.open(OpenWish((path,), row="one.png"))

    played(tmp_path, scenario, opened=False)


def test_a_file_that_cannot_be_opened_leaves_what_is_open(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        desk.studio.ask.leave = Leave.DISCARD
        (tmp_path / "broken.json").write_text("{")
        with pytest.raises(StudioError):
            await desk.session.open(OpenWish((tmp_path / "broken.json",)))

    desk = played(tmp_path, scenario)
    assert desk.row == "one.png"
    assert desk.document.unsaved
    assert desk.busy[-1] is None


def test_a_missing_picture_is_told_and_the_masks_are_there(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        (tmp_path / "one-0.png").unlink()
        await desk.session.open(OpenWish((path,)))

    desk = played(tmp_path, scenario, opened=False)
    assert desk.studio.picture is None
    assert desk.studio.picture_note
    assert desk.studio.view.object_hash == "objA"


def test_pictures_of_another_folder_come_under_the_row_and_frame_that_were_shown(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (tmp_path / "group-1.png").rename(elsewhere / "group-1.png")
        await desk.session.open(OpenWish((path,)))
        await desk.session.open_row(desk.key("group.png"), 1)
        assert desk.shade is None
        await desk.session.look_for_pictures(elsewhere)

    desk = played(tmp_path, scenario, opened=False)
    assert (desk.row, desk.studio.view.frame, desk.shade) == ("group.png", 1, 120)


def test_paint_save_and_open_again_gives_what_was_painted(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        assert desk.document.unsaved
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    painted = desk.document.mask(MaskKey(0, "objA")).to_array(HEIGHT, WIDTH)
    assert painted[30, 40]
    assert np.array_equal(objects_in(tmp_path / "labels.json", 0)["objA"], painted)
    assert desk.studio.told == ["Saved"]
    assert not desk.document.unsaved


def test_undo_reaches_back_over_a_save_and_can_be_saved_again(tmp_path: Path) -> None:
    before: list[bytes] = []

    async def scenario(desk: Desk, path: Path) -> None:
        before.append(path.read_bytes())
        desk.dab(40, 30)
        await desk.session.save()
        assert path.read_bytes() != before[0]
        desk.studio.undo()
        assert desk.document.unsaved
        assert await desk.session.save()

    played(tmp_path, scenario)
    assert (tmp_path / "labels.json").read_bytes() == before[0]


def test_a_new_object_and_a_deleted_one_are_saved(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.studio.delete_chosen()
        desk.studio.start_object("hashWall")
        desk.dab(40, 30)
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    stored = objects_in(tmp_path / "labels.json", 0)
    assert set(stored) == {"objB", desk.studio.view.object_hash}
    assert stored[desk.studio.view.object_hash or ""][30, 40]
    row = json.loads((tmp_path / "labels.json").read_bytes())[0]
    assert set(row["object_answers"]) == set(stored)


def test_edits_of_several_rows_are_saved_together(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        await desk.session.step_row(1)
        desk.dab(40, 30)
        assert len(desk.studio.workspace.unsaved) == 2
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    assert objects_in(tmp_path / "labels.json", 0)["objA"][30, 40]
    assert objects_in(tmp_path / "labels.json", 1)["objC"][30, 40]
    assert desk.studio.workspace.unsaved == []


def test_a_row_that_cannot_be_saved_keeps_no_other_from_it_and_stays_unsaved_alone(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(30, 30)
        await desk.session.step_row(1)
        desk.dab(30, 30)
        rows = json.loads(path.read_bytes())
        next(iter(rows[0]["data_units"].values()))["data_hash"] = "another"
        path.write_text(json.dumps(rows))
        with pytest.raises(PartlySavedError, match=r"Saved: group\.png\. These rows are not: one\.png"):
            await desk.session.save()
        assert [each.row.info.title for each in desk.studio.workspace.unsaved] == ["one.png"]
        assert objects_in(path, 1)["objC"][30, 30] and not objects_in(path, 0)["objA"][30, 30]

    played(tmp_path, scenario)


def test_saving_without_edits_writes_nothing_and_says_so(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        stat = path.stat()
        assert await desk.session.save()
        assert path.stat() == stat

    assert "Nothing to save" in played(tmp_path, scenario).studio.told[0]


def test_pixels_painted_and_painted_back_count_as_saved_without_writing(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        stat = path.stat()
        for alternate in (False, True):
            desk.studio.point(PointerEvent(Phase.PRESS, Point(40, 30), alternate=alternate))
            desk.studio.point(PointerEvent(Phase.RELEASE, Point(40, 30), alternate=alternate))
        assert desk.document.unsaved
        assert await desk.session.save()
        assert path.stat() == stat

    assert not played(tmp_path, scenario).document.unsaved


def test_a_stroke_in_progress_is_saved_too(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.studio.point(PointerEvent(Phase.PRESS, Point(40, 30)))
        assert await desk.session.save()

    played(tmp_path, scenario)
    assert objects_in(tmp_path / "labels.json", 0)["objA"][30, 40]


def test_painting_during_a_save_stays_unsaved_and_is_not_lost(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        saving = asyncio.ensure_future(desk.session.save())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        desk.dab(40, 20)
        assert not await saving
        assert not objects_in(path, 0)["objA"][20, 40]
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    stored = objects_in(tmp_path / "labels.json", 0)["objA"]
    assert stored[30, 40]
    assert stored[20, 40]
    assert not desk.document.unsaved


def test_another_programs_change_of_another_object_comes_in(tmp_path: Path) -> None:
    theirs = block(30, 20, 40, 30)

    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        change_outside(path, "objB", theirs)
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    stored = objects_in(tmp_path / "labels.json", 0)
    assert stored["objA"][30, 40]
    assert np.array_equal(stored["objB"], theirs)
    assert np.array_equal(desk.document.mask(MaskKey(0, "objB")).to_array(HEIGHT, WIDTH), theirs)
    assert desk.studio.ask.asked == []
    assert desk.studio.told == ["Saved, with 1 object that others changed"]


@pytest.mark.parametrize("undone", [False, True])
def test_saved_is_no_longer_said_once_something_is_not(tmp_path: Path, undone: bool) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        over: list[str] = []
        desk.studio.over.connect(over.append)
        desk.dab(40, 30)
        await desk.session.save()
        assert "saving" not in over
        desk.studio.undo() if undone else desk.dab(20, 30)
        assert over.count("saving") == 1
        desk.dab(20, 20)
        assert over.count("saving") == 1

    played(tmp_path, scenario)


def test_that_a_save_failed_is_said_while_one_paints_on(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        over: list[str] = []
        desk.studio.over.connect(over.append)
        desk.dab(40, 30)
        await desk.session.save()
        desk.dab(20, 30)
        over.clear()
        path.write_bytes(b"{")
        with pytest.raises(SaveError):
            await desk.session.save()
        desk.dab(20, 20)
        assert "saving" not in over

    played(tmp_path, scenario)


@pytest.mark.parametrize("keep", [Keep.MINE, Keep.THEIRS])
def test_the_same_mask_changed_twice_is_asked_about_and_the_answer_counts(tmp_path: Path, keep: Keep) -> None:
    theirs = block(30, 20, 40, 30)

    async def scenario(desk: Desk, path: Path) -> None:
        for x, y in ((44, 4), (36, 26)):
            desk.dab(x, y)
        change_outside(path, "objA", theirs)
        desk.studio.ask.choice = keep
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    stored = objects_in(tmp_path / "labels.json", 0)["objA"]
    assert bool(stored[4, 44]) is (keep is Keep.MINE)
    assert bool(stored[21, 31]) is (keep is Keep.THEIRS)
    ((question, conflicts),) = desk.studio.ask.asked
    assert question == "conflicts" and isinstance(conflicts, list)
    assert [(each.row, each.object, each.size) for each in conflicts] == [("one.png", "Cell", (WIDTH, HEIGHT))]
    assert np.array_equal(desk.document.mask(MaskKey(0, "objA")).to_array(HEIGHT, WIDTH), stored)


def test_the_same_mask_changed_in_two_places_gets_both_changes(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        base = objects_in(path, 0)["objA"]
        desk.dab(44, 4)
        base[30:40, 20:30] ^= True
        change_outside(path, "objA", base)
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    stored = objects_in(tmp_path / "labels.json", 0)["objA"]
    assert stored[4, 44]
    assert np.array_equal(desk.document.mask(MaskKey(0, "objA")).to_array(HEIGHT, WIDTH), stored)
    assert desk.studio.ask.asked == []


def test_without_an_answer_nothing_is_saved_and_nothing_lost(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        for x, y in ((44, 4), (36, 26)):
            desk.dab(x, y)
        change_outside(path, "objA", block(30, 20, 40, 30))
        foreign = path.read_bytes()
        assert not await desk.session.save()
        assert path.read_bytes() == foreign

    desk = played(tmp_path, scenario)
    assert desk.document.unsaved
    assert desk.document.mask(MaskKey(0, "objA")).holds(44, 4)
    assert desk.studio.told == []


def test_a_file_that_cannot_be_read_any_more_is_not_replaced_and_the_edits_stay(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        path.write_text("{ this is no JSON")
        with pytest.raises(SaveError):
            await desk.session.save()
        assert path.read_text() == "{ this is no JSON"
        assert desk.document.unsaved
        desk.studio.ask.new_file = tmp_path / "rescued.json"

    desk = played(tmp_path, scenario)
    assert desk.document.mask(MaskKey(0, "objA")).holds(40, 30)
    assert desk.busy[-1] is None


def test_save_as_writes_everything_and_goes_on_with_the_new_file(tmp_path: Path) -> None:
    new = tmp_path / "new.json"

    async def scenario(desk: Desk, path: Path) -> None:
        before = path.read_bytes()
        desk.dab(40, 30)
        desk.studio.ask.new_file = new
        assert await desk.session.save_as()
        assert path.read_bytes() == before
        assert not desk.document.unsaved
        desk.dab(40, 20)
        assert await desk.session.save()
        assert path.read_bytes() == before

    desk = played(tmp_path, scenario)
    stored = objects_in(new, 0)["objA"]
    assert stored[30, 40]
    assert stored[20, 40]
    assert set(objects_in(new, 1)) == {"objC"}
    assert desk.studio.workspace.title == "new.json"
    assert desk.studio.settings.get(preferences.RECENT_FILES)[0] == str(new)


def test_rows_opened_before_save_as_can_be_edited_and_saved_after_it(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await desk.session.step_row(1)
        desk.studio.ask.new_file = tmp_path / "new.json"
        assert await desk.session.save_as()
        desk.dab(40, 30)
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    assert objects_in(tmp_path / "new.json", 1)["objC"][30, 40]
    assert desk.studio.told == ["Saved", "Saved"]


def test_save_as_without_a_name_does_nothing(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        assert not await desk.session.save_as()

    desk = played(tmp_path, scenario)
    assert desk.document.unsaved
    assert desk.studio.ask.asked == [("save_as", tmp_path / "labels.json")]


@pytest.mark.parametrize(("answer", "leaves", "saved"), [
    (Leave.SAVE, True, True), (Leave.DISCARD, True, False), (Leave.CANCEL, False, False),
])  # fmt: skip
def test_leaving_with_unsaved_edits_asks_and_does_what_was_answered(
    tmp_path: Path, answer: Leave, leaves: bool, saved: bool
) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        desk.studio.ask.leave = answer
        assert await desk.session.may_leave() is leaves

    desk = played(tmp_path, scenario)
    assert bool(objects_in(tmp_path / "labels.json", 0)["objA"][30, 40]) is saved
    assert desk.studio.ask.asked == [("unsaved", ["one.png"])]


def test_leaving_without_edits_asks_nothing(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        assert await desk.session.may_leave()

    assert played(tmp_path, scenario).studio.ask.asked == []


def test_a_save_that_fails_on_leaving_keeps_everything_open(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        path.write_text("{ this is no JSON")
        desk.studio.ask.leave = Leave.SAVE
        assert not await desk.session.may_leave()

    desk = played(tmp_path, scenario)
    assert desk.studio.notices[0].level is Level.ERROR
    assert desk.document.unsaved


def test_opening_something_else_asks_about_unsaved_edits_and_can_be_called_off(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        assert not await desk.session.open(OpenWish((path,)))
        assert desk.document.unsaved
        desk.studio.ask.leave = Leave.DISCARD
        assert await desk.session.open(OpenWish((path,)))

    assert not played(tmp_path, scenario).document.unsaved


def test_edits_made_while_something_else_is_being_opened_are_asked_about(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        opening = asyncio.ensure_future(desk.session.open(OpenWish((path,))))
        await asyncio.sleep(0)
        desk.dab(40, 30)
        assert not await opening

    desk = played(tmp_path, scenario)
    assert desk.studio.ask.asked == [("unsaved", ["one.png"])]
    assert desk.document.mask(MaskKey(0, "objA")).holds(40, 30)


def test_going_to_another_row_and_back_keeps_edits_and_history(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        await desk.session.step_row(1)
        assert desk.row == "group.png"
        await desk.session.step_row(1)
        assert desk.row == "group.png"
        await desk.session.step_row(-1)
        assert desk.document.mask(MaskKey(0, "objA")).holds(40, 30)
        desk.studio.undo()

    assert not played(tmp_path, scenario).document.mask(MaskKey(0, "objA")).holds(40, 30)


def test_frames_show_their_own_pictures_and_the_ends_are_kept(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await desk.session.open_row(desk.key("group.png"))
        assert desk.shade == 80
        await desk.session.open_frame(1)
        assert (desk.studio.view.frame, desk.shade) == (1, 120)
        await desk.session.open_frame(2)
        await desk.session.open_frame(-1)

    desk = played(tmp_path, scenario)
    assert (desk.studio.view.frame, desk.studio.view.object_hash, desk.shade) == (1, "objC", 120)


def test_undo_on_another_frame_shows_that_frames_picture(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await desk.session.open_row(desk.key("group.png"))
        desk.dab(40, 30)
        await desk.session.open_frame(1)
        desk.studio.undo()
        assert desk.studio.view.frame == 0
        assert desk.shade in (None, 80)
        await desk.studio.jobs.settle()

    assert played(tmp_path, scenario).shade == 80


@pytest.mark.parametrize("before", [False, True], ids=["after undo", "before undo"])
def test_undo_on_another_frame_keeps_no_row_from_being_opened(tmp_path: Path, before: bool) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await desk.session.open_row(desk.key("group.png"))
        desk.dab(40, 30)
        await desk.session.open_frame(1)
        if before:
            opening = asyncio.ensure_future(desk.session.open_row(desk.key("one.png")))
            await asyncio.sleep(0)
            desk.studio.undo()
            await opening
        else:
            desk.studio.undo()
            await desk.session.open_row(desk.key("one.png"))
        await desk.studio.jobs.settle()
        assert not desk.studio.workspace.unsaved

    desk = played(tmp_path, scenario)
    assert (desk.row, desk.studio.view.frame, desk.shade) == ("one.png", 0, 40)


class Slow:
    """Holds back the loading of a row, or the reading of a picture, until it is let go."""

    def __init__(self, desk: Desk, title: str, what: str) -> None:
        self.go = threading.Event()
        source = desk.studio.workspace.source
        assert source is not None
        self._title, self._real = title, getattr(source, what)
        setattr(source, what, getattr(self, what))

    def load(self, info: RowInfo) -> LabelRow:
        self._wait(info)
        row: LabelRow = self._real(info)
        return row

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        self._wait(info)
        picture: Picture = self._real(info, frame)
        return picture

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture | None:
        self._wait(info)
        picture: Picture | None = self._real(info, frame, side)
        return picture

    def _wait(self, info: RowInfo) -> None:
        if info.title == self._title:
            assert self.go.wait(30)


def test_a_row_that_comes_after_another_was_asked_for_is_not_shown(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        slow = Slow(desk, "group.png", "load")
        late = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        await asyncio.sleep(0)
        await desk.session.open_row(desk.key("one.png"))
        slow.go.set()
        await late

    desk = played(tmp_path, scenario)
    assert (desk.row, desk.shade) == ("one.png", 40)
    assert desk.document.row.info.title == "one.png"


def test_a_slow_picture_does_not_hold_up_its_masks_and_comes_later(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        slow = Slow(desk, "group.png", "picture")
        opening = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        while desk.row != "group.png":
            await asyncio.sleep(0.01)
        assert desk.shade is None
        assert desk.studio.view.object_hash == "objC"
        slow.go.set()
        await opening

    assert played(tmp_path, scenario).shade == 80


def test_a_picture_that_comes_after_its_row_was_left_is_not_shown(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        slow = Slow(desk, "group.png", "picture")
        late = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        while desk.row != "group.png":
            await asyncio.sleep(0.01)
        await desk.session.open_row(desk.key("one.png"))
        slow.go.set()
        await late

    desk = played(tmp_path, scenario)
    assert (desk.row, desk.shade) == ("one.png", 40)


def given_a_preview(desk: Desk) -> Picture:
    """Every picture has a reduced one from now on, of half the size; none of another row is read ahead."""
    desk.studio.screen.rows = tuple
    source = desk.studio.workspace.source
    assert source is not None
    small = Picture(np.full((HEIGHT // 2, WIDTH // 2, 3), 77, np.uint8))
    source.preview = lambda info, frame, side: small  # type: ignore[method-assign]
    return small


def test_a_preview_is_shown_until_the_picture_is_there_and_no_note_with_it(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        small, slow = given_a_preview(desk), Slow(desk, "group.png", "picture")
        seen: list[tuple[Picture | None, int | None, str | None]] = []
        desk.studio.picture_changed.connect(
            lambda: seen.append((desk.studio.preview, desk.shade, desk.studio.picture_note))
        )
        opening = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        while not desk.previewed():
            await asyncio.sleep(0.01)
        slow.go.set()
        await opening
        assert seen == [(small, None, None), (None, 80, None)]
        assert [busy.text for busy in desk.busy if busy and "picture" in busy.text] == []

    assert played(tmp_path, scenario).studio.preview is None


def test_a_preview_that_comes_late_takes_the_place_of_the_note(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        given_a_preview(desk)
        hold = Slow(desk, "group.png", "preview")
        opening = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        while not desk.studio.picture_note:
            await asyncio.sleep(0.01)
        slow = Slow(desk, "group.png", "picture")
        hold.go.set()
        while not desk.previewed():
            await asyncio.sleep(0.01)
        assert (desk.studio.picture_note or desk.shade) is None
        slow.go.set()
        await opening

    desk = played(tmp_path, scenario)
    assert (desk.shade, desk.studio.preview, desk.busy[-1]) == (80, None, None)


def test_a_preview_that_comes_after_its_row_was_left_is_not_shown(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        given_a_preview(desk)
        hold = Slow(desk, "group.png", "preview")
        late = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        while desk.row != "group.png":
            await asyncio.sleep(0.01)
        await desk.session.open_row(desk.key("one.png"))
        hold.go.set()
        await late

    desk = played(tmp_path, scenario)
    assert (desk.row, desk.shade, desk.studio.preview) == ("one.png", 40, None)


def test_a_picture_that_fails_after_its_preview_says_why_and_leaves_none(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        given_a_preview(desk)
        (tmp_path / "group-0.png").write_bytes(b"nothing")
        await desk.session.open_row(desk.key("group.png"))

    desk = played(tmp_path, scenario)
    assert (desk.studio.picture, desk.studio.preview) == (None, None)
    assert desk.studio.picture_note is not None and "group-0.png" in desk.studio.picture_note


def test_going_to_another_frame_takes_the_preview_away(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        given_a_preview(desk)
        slow = Slow(desk, "group.png", "picture")
        opening = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        while not desk.previewed():
            await asyncio.sleep(0.01)
        desk.studio.show(frame=1)
        assert not desk.previewed()
        slow.go.set()
        await opening

    played(tmp_path, scenario)


def test_a_row_of_the_files_before_is_not_shown_among_those_opened_since(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        slow = Slow(desk, "group.png", "load")
        late = asyncio.ensure_future(desk.session.open_row(desk.key("group.png")))
        await asyncio.sleep(0)
        with pytest.raises(InputError):
            await desk.session.open(OpenWish((path,), row="nobody"))
        slow.go.set()
        await late

    desk = played(tmp_path, scenario)
    assert desk.studio.document is None
    assert desk.studio.workspace.documents == {}


def test_the_file_opened_last_wins_however_long_the_one_before_takes(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()

    async def scenario(desk: Desk, path: Path) -> None:
        last = write_labels(other)
        first = asyncio.ensure_future(desk.session.open(OpenWish((path,))))
        await asyncio.sleep(0)
        assert await desk.session.open(OpenWish((last,)))
        assert not await first

    desk = played(tmp_path, scenario)
    assert desk.studio.workspace.files is not None
    assert desk.studio.workspace.files.paths == (other / "labels.json",)


def test_a_new_class_is_chosen_for_the_next_object(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.studio.ask.name = "Nucleus"
        await add_class(desk.session)
        desk.dab(40, 30)
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    assert desk.studio.chosen is not None
    assert desk.studio.chosen.name == "Nucleus"
    names = [each["name"] for each in _first_objects(tmp_path / "labels.json")]
    assert names == ["Cell", "Cell", "Nucleus"]


def test_no_name_makes_no_class(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        await add_class(desk.session)

    assert len(played(tmp_path, scenario).studio.workspace.ontology.classes) == 2


def _first_objects(path: Path) -> list[dict[str, Any]]:
    units = json.loads(path.read_bytes())[0]["data_units"].values()
    objects: list[dict[str, Any]] = next(iter(units))["labels"]["objects"]
    return objects


def test_nothing_open_means_nothing_to_do(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        assert not await desk.session.open(OpenWish(()))
        assert not await desk.session.save_as()
        await desk.session.open_frame(1)
        await desk.session.step_row(1)
        await add_class(desk.session)
        assert await desk.session.may_leave()
        with pytest.raises(StudioError):
            await desk.session.save()

    assert played(tmp_path, scenario, opened=False).studio.ask.asked == []


def test_recent_files_are_the_last_ten_each_once(tmp_path: Path) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        for number in [*range(12), 3]:
            folder = tmp_path / str(number)
            folder.mkdir(exist_ok=True)
            await desk.session.open(OpenWish((write_labels(folder),)))

    recent = played(tmp_path, scenario).studio.settings.get(preferences.RECENT_FILES)
    assert len(recent) == 10
    assert recent[0] == str(tmp_path / "3" / "labels.json")
    assert len(set(recent)) == 10


def test_a_mask_file_becomes_an_object_that_can_be_undone(tmp_path: Path) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels[3:9, 4:20] = 1
    np.save(tmp_path / "mask.npy", pixels)

    async def scenario(desk: Desk, path: Path) -> None:
        ask = desk.studio.ask
        ask.chosen_mask, ask.chosen_class = (
            tmp_path / "mask.npy",
            desk.studio.workspace.ontology.classes[1].feature_hash,
        )
        await import_mask(desk.session)
        assert desk.studio.chosen is not None and desk.studio.chosen.name == "Wall"
        assert await desk.session.save()

    desk = played(tmp_path, scenario)
    key = desk.studio.view.object_hash or ""
    assert np.array_equal(objects_in(tmp_path / "labels.json", 0)[key], pixels > 0)
    desk.studio.undo()
    assert desk.document.find(MaskKey(0, key)) is None


def test_a_mask_of_another_size_is_refused_with_both_sizes(tmp_path: Path) -> None:
    np.save(tmp_path / "mask.npy", np.ones((5, 7), np.bool_))

    async def scenario(desk: Desk, path: Path) -> None:
        ask = desk.studio.ask
        ask.chosen_mask, ask.chosen_class = (
            tmp_path / "mask.npy",
            desk.studio.workspace.ontology.classes[0].feature_hash,
        )
        with pytest.raises(InputError, match=f"7 x 5.*{WIDTH} x {HEIGHT}"):
            await import_mask(desk.session)

    assert not played(tmp_path, scenario).document.unsaved


def test_rows_that_cannot_be_opened_are_stepped_past_and_the_list_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        first, last = [row.key for row in desk.studio.workspace.rows]
        read, told = desk.studio.workspace.document, list[str | None]()
        desk.studio.rows_changed.connect(lambda: told.append(desk.studio.view.row))

        async def damaged(key: str, frame: int = 0) -> Document:
            if key == "damaged":
                raise InputError("damaged")
            return await read(key, frame)

        monkeypatch.setattr(desk.studio.workspace, "document", damaged)
        monkeypatch.setattr(desk.studio.screen, "rows", lambda: [first, "damaged", last])
        for step, there, here in ((1, first, last), (-1, last, first)):
            with pytest.raises(InputError):
                await desk.session.step_row(step)
            assert (desk.studio.view.row, told[-1]) == (there, there)
            await desk.session.step_row(step)
            assert desk.studio.view.row == here

    played(tmp_path, scenario)


def test_going_on_before_a_row_is_there_leads_past_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        first, last = [row.key for row in desk.studio.workspace.rows]
        monkeypatch.setattr(desk.studio.screen, "rows", lambda: [first, last, first, last])
        asked: list[str] = []
        read = desk.studio.workspace.document

        async def noted(key: str, frame: int = 0) -> Document:
            asked.append(key)
            return await read(key, frame)

        monkeypatch.setattr(desk.studio.workspace, "document", noted)
        monkeypatch.setattr(
            desk.studio.screen, "row_after", lambda key, step: {first: last, last: "third"}.get(key or "")
        )
        steps = [asyncio.ensure_future(desk.session.step_row(1))]
        await asyncio.sleep(0)
        steps.append(asyncio.ensure_future(desk.session.step_row(1)))
        await asyncio.gather(*steps, return_exceptions=True)
        assert asked == [last, "third"]

    played(tmp_path, scenario)
