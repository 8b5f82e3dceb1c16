"""What is painted is stored, and what cannot be stored stays; also under another name."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.sources.base import PartlySavedError
from bitmask_studio.studio import preferences
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.studio.label_files import HEIGHT, WIDTH, objects_in
from tests.studio.session_desk import Desk, played


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
