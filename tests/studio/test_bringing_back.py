"""After a crash every row with edits says so, also those that nobody has opened yet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.studio.notices import OTHERS_RECOVERED, RECOVERED, Notice
from tests.studio.keeping_desk import KeepingDesk, crash, in_loop
from tests.studio.label_files import objects_in, write_labels


async def left_by_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *rows: str) -> Path:
    """A file of which these rows have an edit that was kept and not saved."""
    path = write_labels(tmp_path)
    desk = KeepingDesk(tmp_path / "before")
    for row in rows:
        await desk.open(path, row=row)
        desk.dab(30, 30)
        await desk.kept()
    crash(monkeypatch, tmp_path / "state-after")
    return path


def told(desk: KeepingDesk) -> list[Notice]:
    return [each for each in desk.notices if each.topic == OTHERS_RECOVERED]


@in_loop
async def test_a_row_that_is_not_opened_has_its_edits_back_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await left_by_a_crash(tmp_path, monkeypatch, "group")
    again = KeepingDesk(tmp_path / "after")
    await again.open(path, row="one")
    (notice,) = told(again)
    assert "group" in notice.text
    assert notice.lasting
    assert [each.row.info.title for each in again.studio.workspace.unsaved] == ["group.png"]
    assert notice.again
    await notice.again()
    assert again.document.row.info.title == "group.png"
    again.end()


@in_loop
async def test_the_next_save_stores_them_with_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = await left_by_a_crash(tmp_path, monkeypatch, "group")
    before = objects_in(path, 1)["objC"]
    again = KeepingDesk(tmp_path / "after")
    await again.open(path, row="one")
    assert await again.session.save()
    assert not np.array_equal(objects_in(path, 1)["objC"], before)
    again.end()


@in_loop
async def test_where_only_the_row_that_is_shown_has_edits_nothing_is_said_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await left_by_a_crash(tmp_path, monkeypatch, "one")
    again = KeepingDesk(tmp_path / "after")
    await again.open(path, row="one")
    assert told(again) == []
    again.end()


@in_loop
async def test_it_stands_behind_the_banner_of_the_row_that_is_shown_and_goes_when_its_rows_were_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_labels(tmp_path)
    desk = KeepingDesk(tmp_path / "before")
    await desk.open(path)
    keys = {row.title: row.key for row in desk.studio.workspace.rows}
    for key in keys.values():
        await desk.session.open_row(key)
        desk.dab(30, 30)
        await desk.kept()
    crash(monkeypatch, tmp_path / "state-after")
    again = KeepingDesk(tmp_path / "after")
    await again.open(path, row="one")
    topics = [each.topic for each in again.notices if each.topic]
    assert topics == [RECOVERED, OTHERS_RECOVERED]
    again.notices.clear()
    await again.session.open_row(keys["group.png"])
    assert [each.topic for each in again.notices] == [RECOVERED]
    again.end()


@in_loop
async def test_once_everything_is_saved_it_is_not_said_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await left_by_a_crash(tmp_path, monkeypatch, "group")
    again = KeepingDesk(tmp_path / "after")
    await again.open(path, row="one")
    again.over.clear()
    assert await again.session.save()
    assert OTHERS_RECOVERED in again.over
    again.notices.clear()
    await again.session.open_row(again.document.row.info.key)
    assert told(again) == []
    again.end()
