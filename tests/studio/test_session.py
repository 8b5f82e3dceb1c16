"""Opening files, and going from row to row and from frame to frame, on real files."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError, StudioError
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio import preferences
from bitmask_studio.studio.adding import add_class
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.session import OpenWish
from tests.studio.label_files import write_labels
from tests.studio.session_desk import Desk, played


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
