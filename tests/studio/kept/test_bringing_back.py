"""After a crash every row with edits says so, also those that nobody has opened yet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.studio.notices import OTHERS_RECOVERED, RECOVERED, Notice
from tests.studio.keeping_desk import KeepingDesk, after_a_crash, in_loop
from tests.studio.label_files import objects_in


def told(desk: KeepingDesk) -> list[Notice]:
    return [each for each in desk.notices if each.topic == OTHERS_RECOVERED]


@in_loop
async def test_a_row_that_is_not_opened_has_its_edits_back_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = await after_a_crash(tmp_path, monkeypatch, "group.png")
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
    again = await after_a_crash(tmp_path, monkeypatch, "group.png")
    path = tmp_path / "labels.json"
    before = objects_in(path, 1)["objC"]
    assert await again.session.save()
    assert not np.array_equal(objects_in(path, 1)["objC"], before)
    again.end()


@in_loop
async def test_where_only_the_row_that_is_shown_has_edits_nothing_is_said_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = await after_a_crash(tmp_path, monkeypatch, "one.png")
    assert told(again) == []
    again.end()


@in_loop
async def test_it_stands_behind_the_banner_of_the_row_that_is_shown_and_goes_when_its_rows_were_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = await after_a_crash(tmp_path, monkeypatch, "one.png", "group.png")
    topics = [each.topic for each in again.notices if each.topic]
    assert topics == [RECOVERED, OTHERS_RECOVERED]
    again.notices.clear()
    await again.session.open_row(again.key("group.png"))
    assert [each.topic for each in again.notices] == [RECOVERED]
    again.end()


@in_loop
async def test_once_everything_is_saved_it_is_not_said_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = await after_a_crash(tmp_path, monkeypatch, "group.png")
    again.over.clear()
    assert await again.session.save()
    assert OTHERS_RECOVERED in again.over
    again.notices.clear()
    await again.session.open_row(again.document.row.info.key)
    assert told(again) == []
    again.end()
