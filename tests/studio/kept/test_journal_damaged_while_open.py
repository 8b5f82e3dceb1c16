"""Something else damages the journal of an open row: it is said once, and a crash after it loses nothing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.studio.journal.names import journals_folder
from bitmask_studio.studio.notices import Level
from tests.studio.keeping_desk import KeepingDesk, crash, in_loop
from tests.studio.label_files import write_labels

_TICK = 0.02
"""Seconds after which a file that is written to has another time."""


def empty_the_journal() -> None:
    for each in journals_folder().iterdir():
        os.truncate(each, 0)


@in_loop
@pytest.mark.parametrize("paints_on", [True, False])
async def test_edits_before_and_after_the_damage_come_back_with_undo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paints_on: bool
) -> None:
    path = write_labels(tmp_path)
    desk = KeepingDesk(tmp_path / "desk")
    await desk.open(path)
    before = desk.pixels("objA")
    for x in (10, 20, 30):
        desk.dab(x, 30)
    await desk.kept()
    await asyncio.sleep(_TICK)
    empty_the_journal()
    if paints_on:
        desk.dab(40, 30)
    edits, after = (4 if paints_on else 3), desk.pixels("objA")
    await desk.until(lambda: [each for each in desk.told if "written to it again" in each])
    await desk.kept()
    crash(monkeypatch, tmp_path / "after the crash")
    again = KeepingDesk(tmp_path / "again")
    await again.open(path)
    assert np.array_equal(again.pixels("objA"), after)
    for _ in range(edits):
        again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)
    assert [each.level for each in desk.notices if "journal" in each.text] == [Level.WARNING]
    for each in (desk, again):
        each.end()


@in_loop
async def test_edits_that_a_crash_left_outlive_the_damage_although_nothing_is_done_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_labels(tmp_path)
    desk = KeepingDesk(tmp_path / "desk")
    await desk.open(path)
    desk.dab(30, 30)
    await desk.kept()
    after = desk.pixels("objA")
    crash(monkeypatch, tmp_path / "first crash")
    second = KeepingDesk(tmp_path / "second")
    await second.open(path)
    await second.kept()
    await asyncio.sleep(_TICK)
    empty_the_journal()
    await second.until(lambda: [each for each in second.told if "written to it again" in each])
    await second.kept()
    crash(monkeypatch, tmp_path / "second crash")
    third = KeepingDesk(tmp_path / "third")
    await third.open(path)
    assert np.array_equal(third.pixels("objA"), after)
    assert third.document.unsaved
    for each in (desk, second, third):
        each.end()
