"""The banner of a row that came back stands over it each time, until its edits are stored, discarded or put aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitmask_studio.studio.notices import RECOVERED, SHUT, Notice
from tests.studio.keeping_desk import KeepingDesk, after_a_crash, in_loop
from tests.studio.label_files import write_labels


async def there_and_back(desk: KeepingDesk) -> Notice | None:
    """What the banner is after another row was looked at."""
    desk.notices.clear()
    rows = {row.title: row.key for row in desk.studio.workspace.rows}
    for name in ("group.png", "one.png"):
        await desk.session.open_row(rows[name])
    return next((each for each in desk.notices if each.topic == RECOVERED), None)


@in_loop
async def test_it_is_there_again_when_the_row_is_and_not_over_another_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await after_a_crash(tmp_path, monkeypatch, "one.png")
    told = await there_and_back(desk)
    assert told
    assert told.text.startswith("Recovered 1 edit of one.png")
    assert told.again
    await told.again()
    assert not desk.is_unsaved()
    desk.end()


@in_loop
async def test_once_the_row_is_saved_it_does_not_come_for_edits_made_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await after_a_crash(tmp_path, monkeypatch, "one.png")
    assert await desk.session.save()
    desk.dab(40, 30)
    assert await there_and_back(desk) is None
    desk.end()


@in_loop
async def test_once_they_are_discarded_it_does_not_come_for_edits_made_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await after_a_crash(tmp_path, monkeypatch, "one.png")
    desk.session.recovering.banner.discard()
    desk.dab(40, 30)
    assert await there_and_back(desk) is None
    desk.end()


@in_loop
async def test_once_undo_took_them_back_it_does_not_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await after_a_crash(tmp_path, monkeypatch, "one.png")
    desk.studio.undo()
    assert await there_and_back(desk) is None
    desk.end()


@in_loop
async def test_once_the_user_closed_it_it_does_not_come_and_the_edits_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await after_a_crash(tmp_path, monkeypatch, "one.png")
    told = next(each for each in desk.notices if each.topic == RECOVERED)
    assert told.closed
    told.closed()
    assert await there_and_back(desk) is None
    assert desk.is_unsaved()
    desk.end()


@in_loop
async def test_what_is_tried_in_a_second_window_leaves_try_again_where_it_is(tmp_path: Path) -> None:
    path = write_labels(tmp_path)
    desk, second = KeepingDesk(tmp_path / "desk"), KeepingDesk(tmp_path / "second")
    await desk.open(path)
    await second.open(path)
    second.notices.clear()
    second.dab(30, 30)
    second.studio.delete_chosen()
    assert {each.topic for each in second.notices} == {SHUT}
    assert all(each.again for each in second.notices)
    for each in (desk, second):
        each.end()
