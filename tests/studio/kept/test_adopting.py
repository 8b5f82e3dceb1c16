"""Edits come back with their row whatever its file is opened with: by itself, with others, with its folder."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.sources.local import open_local
from bitmask_studio.studio.journal.names import journals_folder
from bitmask_studio.studio.journal.waiting import waiting_workspaces
from bitmask_studio.studio.kept.adopting import Adopting
from bitmask_studio.studio.kept.keeping import Keeper
from bitmask_studio.studio.kept.places import place_of_files, place_of_row
from bitmask_studio.studio.notices import GONE, OTHERS_RECOVERED, RECOVERED
from tests.studio.keeping_desk import KeepingDesk, crash, in_loop
from tests.studio.label_files import Bits, block, change_outside, copied, objects_in, write_labels


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_labels(tmp_path / "project")


@pytest.fixture
def copy(path: Path) -> Path:
    """The same rows in a file that comes first in the folder."""
    return copied(path, "a-copy.json")


class After:
    """What a crash left while `opened` was open, with a stroke in the row `one` of one of its files."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._tmp_path, self._monkeypatch, self._number = tmp_path, monkeypatch, 0

    async def painted(self, *opened: Path, file: Path, x: float = 30) -> Bits:
        desk = self.desk()
        await desk.open(*opened)
        await desk.session.open_row(row_of(desk, file))
        desk.dab(x, 30)
        pixels = desk.pixels("objA")
        await desk.kept()
        crash(self._monkeypatch, self._tmp_path / f"state-{self._number}")
        return pixels

    async def opened(self, *paths: Path, file: Path, title: str = "one.png") -> KeepingDesk:
        desk = self.desk()
        await desk.open(*paths)
        await desk.session.open_row(row_of(desk, file, title))
        await desk.studio.jobs.settle()
        return desk

    def desk(self) -> KeepingDesk:
        self._number += 1
        return KeepingDesk(self._tmp_path / f"desk-{self._number}")


@pytest.fixture
def after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> After:
    return After(tmp_path, monkeypatch)


def row_of(desk: KeepingDesk, file: Path, title: str = "one.png") -> str:
    files = desk.studio.workspace.files
    assert files
    return next(row.key for row in files.rows() if row.title == title and files.file_of(row) == str(file))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of pictures without labels."""
    folder = tmp_path / "pictures"
    write_labels(folder).unlink()
    (folder / "ontology.json").unlink()
    return folder


async def label_one(desk: KeepingDesk, pictures: Path) -> str:
    """Save the first object in a folder of pictures, whose label file is made by that; its object hash."""
    await desk.open(pictures, row="one-0.png")
    desk.studio.start_object()
    desk.dab(20, 20)
    assert await desk.session.save()
    return desk.studio.objects[0].object_hash


def kept_elsewhere(desk: KeepingDesk) -> list[str]:
    """The rows with edits in journals of what is not open."""
    return [row.title for each in waiting_workspaces(journals_folder()) for row in each.rows]


def told(desk: KeepingDesk, topic: str = RECOVERED) -> list[str]:
    return [each.text for each in desk.notices if each.topic == topic]


@in_loop
async def test_with_the_folder_come_edits_of_a_file_that_was_open_by_itself(path: Path, after: After) -> None:
    mine = await after.painted(path, file=path)
    desk = await after.opened(path.parent, file=path)
    assert np.array_equal(desk.pixels("objA"), mine)
    assert told(desk)[0].startswith("Recovered 1 edit of one.png")
    assert kept_elsewhere(desk) == []
    desk.studio.undo()
    assert not desk.is_unsaved()
    desk.end()


@in_loop
async def test_by_itself_comes_what_was_done_in_the_folder_and_with_another_file(
    path: Path, copy: Path, after: After
) -> None:
    first = await after.painted(path.parent, file=path)
    second = await after.painted(path, copy, file=path, x=40)
    assert not np.array_equal(first, second)
    desk = await after.opened(path, file=path)
    assert np.array_equal(desk.pixels("objA"), second)
    assert await desk.session.save()
    assert np.array_equal(objects_in(path, 0)["objA"], second)
    desk.end()


@in_loop
async def test_edits_of_one_file_never_come_to_the_same_row_of_another(path: Path, copy: Path, after: After) -> None:
    stored = objects_in(copy, 0)["objA"]
    mine = await after.painted(path.parent, file=path)
    desk = await after.opened(copy, file=copy)
    assert not desk.is_unsaved()
    assert np.array_equal(desk.pixels("objA"), stored)
    desk.end()
    desk = await after.opened(path, file=path)
    assert np.array_equal(desk.pixels("objA"), mine)
    desk.end()


@in_loop
async def test_of_a_file_in_a_folder_comes_the_right_one_where_keys_are_others(
    path: Path, copy: Path, after: After
) -> None:
    mine = await after.painted(path, file=path)
    desk = await after.opened(path.parent, file=copy)
    assert not desk.is_unsaved()
    await desk.session.open_row(row_of(desk, path))
    assert np.array_equal(desk.pixels("objA"), mine)
    desk.end()


@in_loop
async def test_a_row_that_nobody_opens_says_so_too(path: Path, after: After) -> None:
    await after.painted(path, file=path)
    desk = after.desk()
    await desk.open(path.parent, row="group")
    await desk.until(lambda: told(desk, OTHERS_RECOVERED))
    assert "one.png" in told(desk, OTHERS_RECOVERED)[0]
    assert [each.row.info.title for each in desk.studio.workspace.unsaved] == ["one.png"]
    assert kept_elsewhere(desk) == []
    desk.end()


@in_loop
async def test_after_the_next_crash_they_come_back_once(
    path: Path, after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    await after.painted(path, file=path)
    both = await after.painted(path.parent, file=path, x=40)
    desk = await after.opened(path.parent, file=path)
    assert np.array_equal(desk.pixels("objA"), both)
    assert told(desk)[0].startswith("Recovered 2 edits of one.png")
    assert await desk.session.save()
    desk.end()
    desk = await after.opened(path, file=path)
    assert told(desk) == []
    assert not desk.is_unsaved()
    desk.end()


@in_loop
async def test_edits_that_came_back_with_a_row_that_was_read_and_never_opened_stay_where_they_are(
    path: Path, after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = await after.painted(path, file=path)
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "follow", lambda self, found: None)  # the window was closed while it was read
        desk = await after.opened(path.parent, file=path)
        desk.end()
    assert kept_elsewhere(desk) == ["one.png"]
    desk = await after.opened(path.parent, file=path)
    assert np.array_equal(desk.pixels("objA"), mine)
    desk.end()


@in_loop
async def test_a_row_that_has_come_back_is_listed_before_it_is_kept_here(path: Path, after: After) -> None:
    await after.painted(path, file=path)
    keeper, source = Keeper.begin(place_of_files([path.parent]), lambda deed: deed()), open_local([path.parent])
    rows, place_of = source.rows(), partial(place_of_row, source)
    (key,) = keeper.waiting(rows, place_of)
    one = next(row for row in rows if row.key == key)
    found = keeper.restore(source.load(one), place_of(one))
    assert keeper.waiting(rows, place_of) == [key]
    keeper.release()
    assert keeper.waiting(rows, place_of) == [key]
    keeper.follow(found)
    keeper.release()
    assert keeper.waiting(rows, place_of) == [key]
    keeper.end()


@in_loop
async def test_what_a_crash_left_in_both_journals_is_taken_once(
    path: Path, after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = await after.painted(path, file=path)
    with monkeypatch.context() as patch:
        patch.setattr(Adopting, "release", lambda self, taken: None)
        desk = await after.opened(path.parent, file=path)
        await desk.kept()
        desk.end()
    assert len(kept_elsewhere(desk)) == 2
    desk = await after.opened(path.parent, file=path)
    assert np.array_equal(desk.pixels("objA"), mine)
    assert told(desk)[0].startswith("Recovered 1 edit of one.png, last at")
    desk.session.recovering.banner.discard()
    desk.end()
    assert kept_elsewhere(desk) == []


@in_loop
async def test_other_edits_of_the_same_row_wait_until_these_are_saved(path: Path, after: After) -> None:
    first = await after.painted(path, file=path)
    (journal,) = (each.path.name for each in waiting_workspaces(journals_folder()))
    aside = path.parent.parent / journal
    (journals_folder() / journal).rename(aside)
    second = await after.painted(path.parent, file=path, x=40)
    aside.rename(journals_folder() / journal)
    desk = await after.opened(path.parent, file=path)
    assert np.array_equal(desk.pixels("objA"), second)
    assert "Another edit of it, made when labels.json was open, stays kept" in told(desk)[0]
    assert await desk.session.save()
    desk.end()
    desk = await after.opened(path.parent, file=path)
    assert told(desk)[0].startswith("Recovered 1 edit of one.png")
    assert await desk.session.save()
    assert np.array_equal(objects_in(path, 0)["objA"], first | second)
    desk.end()
    assert kept_elsewhere(desk) == []


@in_loop
async def test_what_others_stored_meanwhile_is_merged_by_the_next_save(path: Path, after: After) -> None:
    mine = await after.painted(path, file=path)
    theirs = block(4, 4, 14, 14) | block(40, 2, 44, 6)
    change_outside(path, "objA", theirs)
    desk = await after.opened(path.parent, file=path)
    assert await desk.session.save()
    assert np.array_equal(objects_in(path, 0)["objA"], mine | theirs)
    desk.end()


@in_loop
async def test_edits_without_a_place_now_stay_where_they_are_and_it_is_said(path: Path, after: After) -> None:
    await after.painted(path, file=path)
    path.write_text(path.read_text().replace('"width": 48', '"width": 47'))
    desk = await after.opened(path.parent, file=path)
    assert not desk.is_unsaved()
    assert any("could not be brought back" in each.text for each in desk.notices)
    desk.end()
    assert kept_elsewhere(desk) == ["one.png"]


@in_loop
async def test_of_a_picture_that_got_labels_since_they_come_with_its_label_file(pictures: Path, after: After) -> None:
    desk = after.desk()
    name = await label_one(desk, pictures)
    desk.dab(30, 20)
    mine = desk.pixels(name)
    await desk.kept()
    desk.end()
    again = await after.opened(pictures / "labels.json", file=pictures / "labels.json", title="one-0.png")
    assert np.array_equal(again.pixels(name), mine)
    assert again.is_unsaved()
    assert await again.session.save()
    again.end()
    assert kept_elsewhere(again) == []


@in_loop
async def test_a_title_that_others_gave_the_row_does_not_keep_them_away(path: Path, after: After) -> None:
    mine = await after.painted(path, file=path)
    path.write_text(path.read_text().replace('"data_title": "one.png"', '"data_title": "better.png"'))
    desk = await after.opened(path.parent, file=path, title="better.png")
    assert np.array_equal(desk.pixels("objA"), mine)
    desk.end()


@in_loop
async def test_a_copy_made_since_that_comes_first_in_the_folder_gets_none_of_them(path: Path, after: After) -> None:
    mine = await after.painted(path.parent, file=path)
    copy = copied(path, "a-copy.json")
    desk = await after.opened(path.parent, file=copy)
    assert not desk.is_unsaved()
    await desk.session.open_row(row_of(desk, path))
    assert np.array_equal(desk.pixels("objA"), mine)
    assert told(desk)[0].startswith("Recovered 1 edit of one.png")
    desk.end()


@in_loop
async def test_of_a_file_renamed_in_its_folder_it_is_asked_where_it_is_now(
    path: Path, copy: Path, after: After
) -> None:
    stored = objects_in(path, 0)["objA"]
    mine = await after.painted(path.parent, file=path)
    renamed = path.rename(path.with_name("z.json"))
    desk = await after.opened(path.parent, file=renamed)
    for file in (renamed, copy):
        await desk.session.open_row(row_of(desk, file))
        assert np.array_equal(desk.pixels("objA"), stored)
    (notice,) = [each for each in desk.notices if each.topic == GONE]
    assert notice.text.startswith("labels.json is not there any more. Edits of one.png in it are still kept")
    desk.studio.ask.located = renamed
    assert notice.again
    await notice.again()
    await desk.studio.jobs.settle()
    assert desk.studio.workspace.files
    assert desk.studio.workspace.files.paths == (renamed,)
    assert np.array_equal(desk.pixels("objA"), mine)
    assert kept_elsewhere(desk) == []
    desk.end()


@in_loop
async def test_edits_of_two_rows_of_a_renamed_file_come_back_together(path: Path, after: After) -> None:
    desk = after.desk()
    await desk.open(path.parent)
    for title in ("one.png", "group.png"):
        await desk.session.open_row(row_of(desk, path, title))
        desk.dab(30, 30)
    await desk.kept()
    desk.end()
    renamed = path.rename(path.with_name("z.json"))
    again = await after.opened(path.parent, file=renamed)
    assert not again.studio.workspace.unsaved
    (notice,) = [each for each in again.notices if each.topic == GONE]
    again.studio.ask.located = renamed
    assert notice.again
    await notice.again()
    await again.studio.jobs.settle()
    assert len(again.studio.workspace.unsaved) == 2
    again.end()


@in_loop
async def test_no_two_rows_are_kept_under_one_key_when_a_file_has_gone(path: Path, copy: Path, after: After) -> None:
    desk = await after.opened(path.parent, file=path)
    desk.dab(30, 30)
    assert await desk.session.save()
    desk.end()
    moved = path.rename(path.with_name("z.json"))
    left = {
        copy: await after.painted(path.parent, file=copy, x=10),
        moved: await after.painted(path.parent, file=moved),
    }
    again = after.desk()
    await again.open(path.parent)
    for file, pixels in left.items():
        await again.session.open_row(row_of(again, file))
        assert np.array_equal(again.pixels("objA"), pixels)
    again.end()


@in_loop
async def test_of_a_folder_of_pictures_the_copy_of_its_label_file_gets_nothing(pictures: Path, after: After) -> None:
    desk = after.desk()
    name = await label_one(desk, pictures)
    stored = desk.pixels(name)
    for copy in ("a-copy.json", "labels_2.json"):
        copied(pictures / "labels.json", copy)
    desk.dab(30, 20)
    mine = desk.pixels(name)
    await desk.kept()
    desk.end()
    again = await after.opened(pictures, file=pictures / "a-copy.json", title="one-0.png")
    for file, pixels in {"a-copy.json": stored, "labels_2.json": stored, "labels.json": mine}.items():
        await again.session.open_row(row_of(again, pictures / file, "one-0.png"))
        assert np.array_equal(again.pixels(name), pixels), file
    again.end()


@in_loop
async def test_of_rows_that_one_file_has_twice_each_has_its_own_in_any_company(
    path: Path, copy: Path, after: After
) -> None:
    rows = json.loads(path.read_bytes())
    path.write_text(json.dumps([rows[0], rows[0]]))

    def twins(desk: KeepingDesk) -> list[str]:
        files = desk.studio.workspace.files
        assert files
        return [row.key for row in files.rows() if files.file_of(row) == str(path)]

    desk = after.desk()
    await desk.open(path)
    stored = desk.pixels("objA")
    await desk.session.open_row(twins(desk)[1])
    desk.dab(30, 30)
    mine = desk.pixels("objA")
    await desk.kept()
    desk.end()
    for opened in (path.parent, path):
        again = after.desk()
        await again.open(opened)
        for key, pixels in zip(twins(again), (stored, mine), strict=True):
            await again.session.open_row(key)
            assert np.array_equal(again.pixels("objA"), pixels)
        await again.kept()
        again.end()
