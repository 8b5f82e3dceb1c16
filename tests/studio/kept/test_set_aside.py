"""Edits that could not be read when their row was opened are back the next time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.studio.journal.journal import Journal
from bitmask_studio.studio.journal.kept import JournalError, KeptRow
from tests.studio.keeping_desk import KeepingDesk, crash, in_loop, left_by_a_crash
from tests.studio.label_files import objects_in


def unreadable(patch: pytest.MonkeyPatch) -> None:
    def fail(journal: Journal, key: str) -> KeptRow | None:
        raise JournalError("The journal cannot be read: the disk reports an error.")

    patch.setattr(Journal, "read", fail)


async def opened(folder: Path, path: Path) -> KeepingDesk:
    desk = KeepingDesk(folder)
    await desk.open(path)
    await desk.kept()
    return desk


@in_loop
async def test_edits_come_back_once_they_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await left_by_a_crash(tmp_path, monkeypatch, "one.png")
    path = tmp_path / "labels.json"
    before, painted = objects_in(path, 0)["objA"], desk.pixels("objA")
    with monkeypatch.context() as disk:
        unreadable(disk)
        second = await opened(tmp_path / "two", path)
        assert np.array_equal(second.pixels("objA"), before)
        assert "the disk reports an error" in "".join(second.told)
        second.end()
    third = await opened(tmp_path / "three", path)
    assert np.array_equal(third.pixels("objA"), painted)
    assert [each for each in third.told if each.startswith("Recovered 1 edit of")]
    third.studio.undo()
    assert np.array_equal(third.pixels("objA"), before)
    third.studio.redo()
    await third.kept()
    crash(monkeypatch, tmp_path / "crashed again")
    last = await opened(tmp_path / "four", path)
    assert np.array_equal(last.pixels("objA"), painted), "they are the row's own again"
    assert await last.session.save()
    last.end()
    after = await opened(tmp_path / "five", path)
    assert not after.document.unsaved
    assert np.array_equal(after.pixels("objA"), painted), "and not brought back twice"
    for each in (desk, third, after):
        each.end()


@in_loop
async def test_edits_made_meanwhile_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await left_by_a_crash(tmp_path, monkeypatch, "one.png")
    path = tmp_path / "labels.json"
    first = desk.pixels("objA")
    with monkeypatch.context() as disk:
        unreadable(disk)
        second = await opened(tmp_path / "two", path)
        second.dab(10, 20)
        await second.kept()
        painted = second.pixels("objA")
        second.end()
    third = await opened(tmp_path / "three", path)
    assert np.array_equal(third.pixels("objA"), painted)
    assert await third.session.save()
    third.end()
    fourth = await opened(tmp_path / "four", path)
    assert np.array_equal(fourth.pixels("objA"), first), "as it was when they were made: the save joins them"
    assert await fourth.session.save()
    assert np.array_equal(fourth.pixels("objA"), painted | first)
    for each in (desk, fourth):
        each.end()
