"""Edits whose file was moved, renamed or replaced stay listed, and come back where one says that it is now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.studio.kept.kept_rows import Waiting
from bitmask_studio.studio.notices import GONE, RECOVERED, Level, Notice
from tests.studio.keeping_desk import KeepingDesk, crash, in_loop
from tests.studio.label_files import Bits, objects_in, write_labels


class Left:
    """What a crash left of a file with a stroke in each of some rows."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._tmp_path, self._monkeypatch = tmp_path, monkeypatch
        (tmp_path / "project").mkdir()
        self.path = write_labels(tmp_path / "project")
        self.pixels: list[Bits] = []

    async def begin(self, *rows: str, opened: Path | None = None) -> KeepingDesk:
        """The next start, after strokes in these rows."""
        desk = KeepingDesk(self._tmp_path / "before")
        await desk.open(opened or self.path)
        keys = {row.title: row.key for row in desk.studio.workspace.rows}
        for row in rows:
            await desk.session.open_row(keys[f"{row}.png"])
            desk.dab(30, 30)
            self.pixels.append(desk.pixels("objA" if row == "one" else "objC"))
            await desk.kept()
        crash(self._monkeypatch, self._tmp_path / "state-after")
        return KeepingDesk(self._tmp_path / "after")


@pytest.fixture
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Left:
    return Left(tmp_path, monkeypatch)


async def waiting(desk: KeepingDesk) -> Sequence[Waiting]:
    return await desk.session.recovering.waiting()


def offered(desk: KeepingDesk) -> Notice:
    return next(each for each in reversed(desk.notices) if each.verb == "Locate…")


@in_loop
async def test_where_the_file_is_not_there_its_new_place_is_asked_for_and_the_edits_come_back_there(left: Left) -> None:
    desk = await left.begin("one")
    moved = left.path.rename(left.path.with_name("other.json"))
    (found,) = await waiting(desk)
    await desk.session.recovering.open(found)
    notice = offered(desk)
    assert "does not exist" in notice.text
    assert "still kept" in notice.text
    desk.studio.ask.located = moved
    assert notice.again
    await notice.again()
    await desk.studio.jobs.settle()
    assert ("locate", left.path) in desk.studio.ask.asked
    assert np.array_equal(desk.pixels("objA"), left.pixels[0])
    assert any(each.topic == RECOVERED for each in desk.notices)
    desk.studio.undo()
    assert not desk.is_unsaved()
    desk.studio.redo()
    assert await desk.session.save()
    assert np.array_equal(objects_in(moved, 0)["objA"], left.pixels[0])
    desk.session.drop_source()
    await desk.studio.jobs.settle()
    assert await waiting(desk) == []
    desk.end()


@in_loop
async def test_all_rows_of_the_file_come_along(left: Left) -> None:
    desk = await left.begin("one", "group")
    moved = left.path.rename(left.path.with_name("other.json"))
    desk.studio.ask.located = moved
    await desk.session.recovering.locate((await waiting(desk))[0])
    await desk.studio.jobs.settle()
    assert len(desk.studio.workspace.unsaved) == 2
    desk.session.drop_source()
    await desk.studio.jobs.settle()
    assert {each.path for each in await waiting(desk)} == {str(moved)}
    desk.end()


@in_loop
async def test_of_a_folder_that_was_moved_the_new_place_is_asked_for(left: Left) -> None:
    desk = await left.begin("one", opened=left.path.parent)
    there = left.path.parent.rename(left.path.parent.with_name("elsewhere"))
    desk.studio.ask.located = there / "labels.json"
    (found,) = await waiting(desk)
    await desk.session.recovering.locate(found)
    await desk.studio.jobs.settle()
    assert np.array_equal(desk.pixels("objA"), left.pixels[0])
    desk.end()


@in_loop
async def test_a_file_without_the_row_is_refused_in_words_and_nothing_changes(left: Left) -> None:
    desk = await left.begin("one")
    rows = json.loads(left.path.read_bytes())
    left.path.write_text(json.dumps(rows[1:]))
    (found,) = await waiting(desk)
    await desk.session.recovering.open(found)
    assert "one.png: not in labels.json any more. The edits are still kept" in offered(desk).text
    assert offered(desk).level is Level.WARNING
    desk.studio.ask.located = left.path
    again = offered(desk).again
    assert again
    await again()
    assert offered(desk).text.startswith("one.png is not in labels.json: no label row there has its hashes.")
    desk.session.drop_source()
    await desk.studio.jobs.settle()
    assert await waiting(desk) == [found]
    desk.end()


@in_loop
async def test_who_opens_the_file_itself_hears_of_rows_that_are_not_in_it_any_more(left: Left) -> None:
    desk = await left.begin("one")
    rows = left.path.read_bytes()
    gone = json.loads(rows)[0]
    left.path.write_text(json.dumps([each for each in json.loads(rows) if each["data_hash"] != gone["data_hash"]]))
    await desk.open(left.path)
    await desk.studio.jobs.settle()
    notices = [each for each in desk.notices if each.topic == GONE]
    assert [each.text.split(".png")[0] for each in notices] == ["one"]
    assert "not in labels.json any more" in notices[0].text
    moved = left.path.with_name("other.json")
    moved.write_bytes(rows)
    desk.studio.ask.located = moved
    assert notices[0].again
    await notices[0].again()
    await desk.studio.jobs.settle()
    assert np.array_equal(desk.pixels("objA"), left.pixels[0])
    desk.end()


@in_loop
async def test_rows_that_are_in_their_file_are_not_told_of_as_missing(left: Left) -> None:
    desk = await left.begin("one", "group")
    await desk.open(left.path)
    await desk.studio.jobs.settle()
    assert not [each for each in desk.notices if each.topic == GONE]
    desk.end()


@in_loop
async def test_from_a_file_that_was_replaced_the_edits_go_to_where_its_rows_are_now(left: Left) -> None:
    desk = await left.begin("one")
    moved = left.path.with_name("other.json")
    moved.write_bytes(left.path.read_bytes())
    left.path.write_text(json.dumps(json.loads(moved.read_bytes())[1:]))
    await desk.session.recovering.open((await waiting(desk))[0])
    assert desk.document.row.info.title == "group.png"
    desk.studio.ask.located = moved
    again = offered(desk).again
    assert again
    await again()
    await desk.studio.jobs.settle()
    assert np.array_equal(desk.pixels("objA"), left.pixels[0])
    desk.end()


@in_loop
@pytest.mark.parametrize("content", [b"{", b"{}", b"\x00" * 100, None])
async def test_what_is_no_label_file_is_refused_in_words(left: Left, content: bytes | None) -> None:
    desk = await left.begin("one")
    other = left.path.with_name("broken.json")
    if content is not None:
        other.write_bytes(content)
    desk.studio.ask.located = other
    (found,) = await waiting(desk)
    await desk.session.recovering.locate(found)
    assert offered(desk).text.endswith("Nothing was changed, and the edits are still kept.")
    assert await waiting(desk) == [found]
    desk.end()


@in_loop
async def test_who_thinks_better_of_it_changes_nothing(left: Left) -> None:
    desk = await left.begin("one")
    (found,) = await waiting(desk)
    await desk.session.recovering.locate(found)
    assert desk.studio.workspace.source is None
    assert await waiting(desk) == [found]
    desk.end()
