"""What may be shown next is read while nobody waits; rows left long ago let go of what they held, edits never."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import Frame, LabelRow, RowInfo
from bitmask_studio.sources.base import Picture
from bitmask_studio.studio import preferences
from bitmask_studio.studio.document.document import Document
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.memory_source import MemorySource, a_frame, a_row, an_object, stored
from tests.studio.session_desk import Desk

WIDTH, HEIGHT = 64, 48
Scenario = Callable[[Desk, "Gallery"], Coroutine[Any, Any, None]]


@dataclass
class Gallery(MemorySource):
    """Every frame has a picture; `shown` lists whose were read, as ROW:FRAME."""

    shown: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        assert self.gate.wait(10)
        self.shown.append(f"{info.key}:{frame.position}")
        return Picture(np.full((frame.height, frame.width, 3), frame.number, np.uint8))


def row_of(key: str, frames: int = 1, one_file: bool = False) -> LabelRow:
    each = an_object("objA", stored(np.eye(HEIGHT, WIDTH, dtype=np.bool_)))
    shown = (a_frame(each, number=n, width=WIDTH, height=HEIGHT) for n in range(frames))
    placed = (replace(frame, position=n) for n, frame in enumerate(shown))
    return a_row(key, *(replace(frame, data_hash="film") if one_file else frame for frame in placed))


def played(folder: Path, rows: Sequence[LabelRow], scenario: Scenario) -> Desk:
    desks: list[Desk] = []

    async def main() -> None:
        desk, source = Desk(folder), Gallery(rows)
        desks.append(desk)
        desk.studio.take_source(source, source.rows())
        await scenario(desk, source)
        await desk.studio.jobs.settle()

    asyncio.run(main())
    return desks[0]


async def opened(desk: Desk, key: str) -> None:
    await desk.session.open_row(key)
    await desk.studio.jobs.settle()


def rows(count: int) -> list[LabelRow]:
    return [row_of(f"r{n}") for n in range(count)]


def test_the_rows_and_frames_on_both_sides_are_read_and_going_there_reads_nothing(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        await opened(desk, "b")
        assert source.shown == ["b:0", "b:1", "c:0", "a:0"]
        await desk.session.open_frame(1)
        assert desk.shade == 1
        await desk.studio.jobs.settle()
        assert source.shown[4:] == ["b:2"]
        source.loaded.clear()
        source.shown.clear()
        for key in ("c", "b", "a"):
            await desk.session.open_row(key)
            assert desk.shade == 0
        assert (source.loaded, source.shown) == ([], [])

    played(tmp_path, [row_of("a"), row_of("b", 3), row_of("c")], scenario)


def test_nothing_is_read_ahead_while_somebody_paints(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        await desk.session.open_row("r0")
        desk.studio.point(PointerEvent(Phase.PRESS, Point(3, 3)))
        await asyncio.sleep(0.1)
        assert source.shown == ["r0:0"]
        desk.studio.point(PointerEvent(Phase.RELEASE, Point(3, 3)))
        await desk.studio.jobs.settle()
        assert source.shown == ["r0:0", "r1:0"]

    played(tmp_path, rows(2), scenario)


def test_what_was_to_be_read_around_a_row_that_was_left_is_dropped(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        await desk.session.open_row("r1")
        source.gate.clear()
        await asyncio.sleep(0.05)
        leaving = asyncio.ensure_future(desk.session.open_row("r8"))
        await asyncio.sleep(0.05)
        source.gate.set()
        await leaving
        await desk.studio.jobs.settle()
        assert "r0:0" not in source.shown
        assert {"r7:0", "r9:0"} <= set(source.shown)

    played(tmp_path, rows(10), scenario)


def test_rows_without_labels_are_left_alone_and_so_are_films(tmp_path: Path) -> None:
    bare = row_of("bare")
    bare = replace(bare, info=replace(bare.info, uninitialised=True))

    async def scenario(desk: Desk, source: Gallery) -> None:
        await opened(desk, "r0")
        assert "bare" not in source.loaded
        assert source.shown == ["r0:0"]
        await opened(desk, "film")
        await desk.session.open_frame(2)
        await desk.studio.jobs.settle()
        assert [each for each in source.shown if each.startswith("film")] == ["film:0", "film:1", "film:2", "film:3"]

    played(tmp_path, [bare, row_of("r0"), row_of("film", 5, one_file=True)], scenario)


def test_a_picture_larger_than_half_the_room_is_not_read_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        monkeypatch.setattr(desk.studio.workspace._pictures, "_budget", lambda: WIDTH * HEIGHT * 3 * 2 - 1)
        await opened(desk, "r0")
        assert source.shown == ["r0:0"]
        assert source.loaded == ["r0", "r1"]

    played(tmp_path, rows(2), scenario)


def test_what_fails_ahead_is_not_told_and_is_tried_again_when_it_is_opened(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        source.gone = frozenset(["r1"])
        await opened(desk, "r0")
        assert desk.studio.told == []
        source.gone = frozenset()
        await desk.session.open_row("r1")
        assert desk.studio.view.row == "r1"

    played(tmp_path, rows(2), scenario)


def test_a_row_that_is_being_read_ahead_is_not_read_twice_when_somebody_opens_it(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        await desk.session.open_row("r0")
        source.gate.clear()
        await asyncio.sleep(0.05)
        going = asyncio.ensure_future(desk.session.open_row("r1"))
        await asyncio.sleep(0.05)
        source.gate.set()
        await going
        assert (source.loaded.count("r1"), source.shown.count("r1:0"), desk.shade) == (1, 1, 0)

    played(tmp_path, rows(2), scenario)


def test_opening_row_after_row_keeps_a_few_and_their_pictures(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        sizes = []
        for row in source.rows():
            await opened(desk, row.key)
            kept = [each for each in source.rows() if desk.studio.workspace.known_picture(each.key, 0)]
            sizes.append((len(desk.studio.workspace.documents), len(kept)))
        assert max(sizes) <= (7, 7)
        assert {"r28", "r29"} <= desk.studio.workspace.documents.keys()

    played(tmp_path, rows(30), scenario)


def listened_to(document: Document) -> weakref.ref[Document]:
    document.painted.connect(lambda frame, box: document.frame_box(frame))
    return weakref.ref(document)


def test_a_row_that_was_let_go_leaves_memory_at_once_although_others_listened(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        await opened(desk, "r0")
        seen = listened_to(desk.document)
        gc.disable()
        try:
            for row in source.rows()[1:]:
                await opened(desk, row.key)
            assert seen() is None
        finally:
            gc.enable()

    played(tmp_path, rows(9), scenario)


def test_rows_with_edits_and_with_steps_to_undo_are_never_let_go(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        desk.studio.settings.set(preferences.BRUSH_SIZE, 9)
        for key in ("r1", "r2"):
            await desk.session.open_row(key)
            desk.dab(40, 3)
        desk.studio.undo()
        edited = dict(desk.studio.workspace.documents)
        for row in source.rows()[3:]:
            await opened(desk, row.key)
        assert desk.studio.workspace.unsaved == [edited["r1"]]
        await desk.session.open_row("r2")
        assert desk.document is edited["r2"]
        desk.studio.redo()
        await desk.session.open_row("r1")
        assert desk.document is edited["r1"]
        desk.studio.undo()
        assert desk.studio.workspace.unsaved == [edited["r2"]]
        assert "r3" not in desk.studio.workspace.documents

    played(tmp_path, rows(20), scenario)


def test_unsaved_rows_are_told_in_the_order_of_their_opening(tmp_path: Path) -> None:
    async def scenario(desk: Desk, source: Gallery) -> None:
        await opened(desk, "r1")
        for key in ("r2", "r0"):
            await opened(desk, key)
            desk.dab(40, 3)
        assert [each.row.info.key for each in desk.studio.workspace.unsaved] == ["r2", "r0"]

    played(tmp_path, rows(3), scenario)
