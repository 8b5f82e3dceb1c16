"""Save As: another window's file is never written to, and at no moment is an edit in no journal."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.sources.local import LocalSource
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.kept.keeping import Keeper
from bitmask_studio.studio.notices import SHUT, notice_of
from tests.studio.keeping_desk import KeepingDesk, crash, in_loop
from tests.studio.label_files import Bits, copied, objects_in, write_labels

New = Callable[[], KeepingDesk]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_labels(tmp_path / "project")


@pytest.fixture
def other(path: Path) -> Path:
    """Another file with the same rows."""
    return copied(path, "other.json")


@pytest.fixture
def window(tmp_path: Path) -> Iterator[New]:
    """Opens windows over one state folder."""
    made: list[KeepingDesk] = []

    def new() -> KeepingDesk:
        made.append(KeepingDesk(tmp_path / f"desk-{len(made)}"))
        return made[-1]

    yield new
    for each in made:
        each.end()


async def save_as(desk: KeepingDesk, path: Path) -> bool:
    desk.studio.ask.new_file = path
    saved = await desk.session.save_as()
    await desk.studio.jobs.settle()
    return saved


async def pixels_after_a_crash(new: New, path: Path) -> Bits:
    desk = new()
    await desk.open(path)
    pixels = desk.pixels("objA")
    desk.end()
    return pixels


@pytest.mark.parametrize("opened", [["other.json"], ["."], ["other.json", "more.json"]])
@in_loop
async def test_a_file_that_another_window_has_is_refused_before_anything_is_written(
    path: Path, other: Path, window: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Sequence[str]
) -> None:
    copied(path, "more.json")
    mine = path.rename(tmp_path / "mine.json")
    first, desk = window(), window()
    await first.open(*(path.parent / each for each in opened))
    await desk.open(mine)
    desk.dab(30, 30)
    painted, before = desk.pixels("objA"), other.read_bytes()
    with pytest.raises(SaveError, match=r"Not saved: other\.json is open in another window.*another name") as error:
        await save_as(desk, other)
    assert notice_of(error.value).offers == "save_as"
    assert other.read_bytes() == before
    assert desk.is_unsaved()
    assert not desk.is_shut()
    desk.dab(40, 30)
    painted = desk.pixels("objA")
    await desk.kept()
    crash(monkeypatch, tmp_path / "after")
    assert np.array_equal(await pixels_after_a_crash(window, mine), painted)


@in_loop
async def test_the_file_that_is_open_may_be_stored_under_its_own_name(path: Path, window: New) -> None:
    desk, other = window(), window()
    await desk.open(path)
    desk.dab(30, 30)
    assert await save_as(desk, path)
    assert np.array_equal(objects_in(path, 0)["objA"], desk.pixels("objA"))
    desk.dab(40, 30)
    await desk.kept()
    await other.open(path)
    assert other.is_shut()


@in_loop
async def test_after_a_save_that_failed_the_claim_is_on_what_is_open_alone(path: Path, window: New) -> None:
    desk, other = window(), window()
    await desk.open(path)
    desk.dab(30, 30)
    blocked = path.with_name("blocked.json")
    blocked.mkdir()
    with pytest.raises(SaveError):
        await save_as(desk, blocked)
    desk.dab(40, 30)
    await desk.kept()
    blocked.rmdir()
    blocked.write_bytes(path.read_bytes())
    await other.open(blocked)
    assert not other.is_shut()
    await other.open(path)
    assert other.is_shut()


@in_loop
async def test_from_a_folder_saved_into_one_file_of_it_the_others_are_free(
    path: Path, other: Path, window: New
) -> None:
    desk, second = window(), window()
    await desk.open(path.parent)
    desk.dab(30, 30)
    assert await save_as(desk, path.with_name("all.json"))
    await second.open(other)
    assert not second.is_shut()
    await second.open(path.with_name("all.json"))
    assert second.is_shut()


@in_loop
async def test_a_window_for_looking_goes_on_with_a_file_of_its_own(
    path: Path, window: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, desk = window(), window()
    await first.open(path)
    await desk.open(path)
    with pytest.raises(SaveError, match="open in another window"):
        await save_as(desk, path)
    assert await save_as(desk, path.with_name("mine.json"))
    assert not desk.is_shut()
    desk.dab(30, 30)
    assert desk.is_unsaved()
    painted = desk.pixels("objA")
    await desk.kept()
    first.dab(40, 30)
    await first.kept()
    crash(monkeypatch, tmp_path / "after")
    assert np.array_equal(await pixels_after_a_crash(window, path.with_name("mine.json")), painted)


@in_loop
async def test_edits_go_on_with_their_history_where_the_file_had_one_of_its_own(
    path: Path, other: Path, window: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = window()
    await before.open(other)
    before.dab(20, 20)
    await before.kept()
    before.end()
    desk = window()
    await desk.open(path)
    stored = desk.pixels("objA")
    desk.dab(30, 30)
    assert await save_as(desk, other)
    desk.dab(40, 30)
    painted = desk.pixels("objA")
    await desk.kept()
    crash(monkeypatch, tmp_path / "after")
    again = window()
    await again.open(other)
    assert np.array_equal(again.pixels("objA"), painted)
    again.studio.undo()
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), stored)
    assert not again.document.history.undo_title


class Halt:
    """Keeps a job where it is until it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, where: type, name: str, after: bool) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        deed = getattr(where, name)

        def halted(*args: object) -> object:
            if not after:
                self._wait()
            answer = deed(*args)
            if after:
                self._wait()
            return answer

        monkeypatch.setattr(where, name, halted)

    def _wait(self) -> None:
        self.reached.set()
        assert self.go_on.wait(20)


HALTS = {
    "before it is written": (LocalSource, "save_as", False),
    "when it is written": (LocalSource, "save_as", True),
    "when it is listed": (LocalSource, "rows", False),
    "when the other journal is closed": (Keeper, "close", False),
    "when the other journal is closed at last": (Keeper, "close", True),
}


@pytest.mark.parametrize("moment", HALTS)
@in_loop
async def test_an_edit_that_the_mark_calls_kept_while_it_is_saved_comes_back(
    path: Path, window: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    desk, new = window(), path.with_name("new.json")
    await desk.open(path)
    desk.dab(30, 30)
    await desk.kept()
    with monkeypatch.context() as patch:
        halt = Halt(patch, *HALTS[moment])
        saving = asyncio.ensure_future(save_as(desk, new))
        await desk.until(halt.reached.is_set)
        desk.dab(40, 30)
        painted = desk.pixels("objA")
        await desk.kept()
        crash(patch, tmp_path / "after")
        halt.go_on.set()
        assert await saving
        found = [await pixels_after_a_crash(window, each) for each in (path, new) if each.exists()]
    assert any(np.array_equal(each, painted) for each in found)
    assert desk.is_unsaved()
    await desk.kept()


@in_loop
async def test_a_window_for_looking_takes_no_edit_and_drops_none(path: Path, window: New) -> None:
    first, desk = window(), window()
    await first.open(path)
    await desk.open(path)
    before = desk.pixels("objA")

    def paint() -> None:
        desk.dab(30, 30)

    def make() -> None:
        desk.studio.start_object()
        desk.dab(30, 30)

    def delete() -> None:
        desk.studio.show(object_hash="objA")
        desk.studio.delete_chosen()

    studio, banner = desk.studio, desk.session.recovering.banner
    deeds: tuple[Callable[[], object], ...] = (
        paint,
        make,
        delete,
        studio.delete_everywhere,
        studio.undo,
        studio.redo,
        banner.discard,
    )
    for deed in deeds:
        deed()
        assert not desk.studio.workspace.unsaved
        assert np.array_equal(desk.pixels("objA"), before)
    desk.notices.clear()
    assert await desk.session.save()
    assert [each.topic for each in desk.notices] == [SHUT]
    assert await desk.session.may_leave()


@in_loop
async def test_edits_in_a_window_that_cannot_store_them_are_never_said_to_be_saved(path: Path, window: New) -> None:
    first, desk = window(), window()
    await first.open(path)
    await desk.open(path)
    desk.document.remove(MaskKey(0, "objA"), "Delete")
    desk.studio.ask.leave = Leave.SAVE
    assert not await desk.session.save()
    assert not await desk.session.may_leave()


@in_loop
async def test_a_row_that_was_being_read_is_kept_with_the_other_file(
    path: Path, window: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, new = window(), path.with_name("new.json")
    await desk.open(path, row="group")
    one = next(row.key for row in desk.studio.workspace.rows if row.title == "one.png")
    desk.studio.workspace.documents.pop(one, None)
    with monkeypatch.context() as patch:
        halt = Halt(patch, LocalSource, "load", after=True)
        opening = asyncio.ensure_future(desk.session.open_row(one))
        await desk.until(halt.reached.is_set)
        assert await save_as(desk, new)
        halt.go_on.set()
        await opening
    desk.dab(30, 30)
    painted = desk.pixels("objA")
    await desk.kept()
    crash(monkeypatch, tmp_path / "after")
    assert np.array_equal(await pixels_after_a_crash(window, new), painted)
