"""Whoever leaves what has unsaved edits is asked, and nothing is closed against an answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.notices import Level
from bitmask_studio.studio.session import OpenWish
from tests.fakes.held_save import HeldSave
from tests.studio.label_files import objects_in
from tests.studio.session_desk import Desk, played


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


def test_what_is_painted_while_leaving_saves_is_asked_about_before_anything_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(desk: Desk, path: Path) -> None:
        desk.dab(40, 30)
        desk.studio.ask.leave = Leave.SAVE
        save = HeldSave(desk.studio.workspace.source, monkeypatch)
        leaving = asyncio.ensure_future(desk.session.may_leave())
        await desk.until(save.begun.is_set)
        desk.dab(10, 30)
        save.goes_on.set()
        assert await leaving

    desk = played(tmp_path, scenario)
    assert desk.studio.ask.asked == [("unsaved", ["one.png"])] * 2
    assert [each.text for each in desk.studio.notices] == [
        "Saved. What was done meanwhile is not saved yet.",
        "Saved",
    ]
    stored = objects_in(tmp_path / "labels.json", 0)["objA"]
    assert stored[30, 40] and stored[30, 10]


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
