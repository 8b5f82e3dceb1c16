"""A row that is read before its workspace is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import cast

import numpy as np
import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import Frame, LabelRow, RowInfo
from bitmask_studio.sources.base import Picture, Source
from bitmask_studio.sources.local import LocalSource, open_local
from bitmask_studio.studio.early_row import EarlyRow
from bitmask_studio.studio.jobs import Jobs
from bitmask_studio.studio.workspace import Workspace
from tests.studio.label_files import write_labels

SMALL = Picture(np.zeros((1, 1, 3), np.uint8))


class Watched:
    """A source that notes what is asked of it, and gives every frame the same reduced picture."""

    def __init__(self, source: LocalSource) -> None:
        self._source = source
        self.asked: list[str] = []
        self.sides: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)

    def load(self, info: RowInfo) -> LabelRow:
        self.asked.append("row")
        return self._source.load(info)

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture:
        self.asked.append("preview")
        self.sides.append(side)
        return SMALL


def watched(folder: Path) -> tuple[Watched, Source, Sequence[RowInfo]]:
    source = open_local([write_labels(folder)], None, None)
    seen = Watched(source)
    return seen, cast(Source, seen), source.rows()


def never(error: Exception) -> None:
    raise AssertionError from error


def test_whoever_asks_waits_until_row_and_picture_are_there(tmp_path: Path) -> None:
    _, source, rows = watched(tmp_path)
    early = EarlyRow(source, rows[0], 0, 1280)
    reader = Thread(target=early.read)
    reader.start()
    assert early.row().info.key == rows[0].key
    assert early.preview() is SMALL
    reader.join()


def test_a_frame_that_is_not_there_has_no_reduced_picture(tmp_path: Path) -> None:
    seen, source, rows = watched(tmp_path)
    early = EarlyRow(source, rows[0], 1000, 1280)
    early.read()
    assert early.preview() is None
    assert seen.asked == ["row"]


def test_a_row_that_cannot_be_read_is_told_to_whoever_asks(tmp_path: Path) -> None:
    class Broken(Watched):
        def load(self, info: RowInfo) -> LabelRow:
            raise InputError("broken")

    _, source, rows = watched(tmp_path)
    early = EarlyRow(cast(Source, Broken(cast(LocalSource, source))), rows[0], 0, 1280)
    early.read()
    for ask in (early.row, early.preview):
        with pytest.raises(InputError, match="broken"):
            ask()


def test_a_workspace_reads_the_row_that_was_begun_no_second_time(tmp_path: Path) -> None:
    async def main() -> None:
        seen, source, rows = watched(tmp_path)
        workspace, told = Workspace(Jobs(never), lambda: 1 << 30), list[Picture]()

        async def previewed(picture: Picture) -> None:
            told.append(picture)

        workspace.begin_early(source, rows[0], 0)
        workspace.use(source, rows)
        await workspace.document(rows[0].key, 0)
        await workspace.picture(rows[0].key, 0, previewed)
        assert (seen.asked, told) == (["row", "preview"], [SMALL])
        workspace.use(source, rows)
        await workspace.document(rows[0].key, 0)
        assert seen.asked == ["row", "preview", "row"]

    asyncio.run(main())


def test_a_reduced_picture_is_as_large_as_the_screen_shows_it(tmp_path: Path) -> None:
    async def main() -> None:
        seen, source, rows = watched(tmp_path)
        workspace = Workspace(Jobs(never), lambda: 1 << 30)
        workspace.preview_side = lambda: 700
        workspace.begin_early(source, rows[1], 0)
        workspace.use(source, rows)
        await workspace.document(rows[1].key, 0)
        workspace.preview_side = lambda: 1900
        for position in (0, 1):
            await workspace.picture(rows[1].key, position, lambda _: asyncio.sleep(0))
        assert seen.sides == [700, 1900]

    asyncio.run(main())


def test_what_was_begun_of_a_source_that_was_not_taken_is_forgotten(tmp_path: Path) -> None:
    async def main() -> None:
        (tmp_path / "other").mkdir()
        _, source, rows = watched(tmp_path)
        other, taken, others = watched(tmp_path / "other")
        workspace = Workspace(Jobs(never), lambda: 1 << 30)
        workspace.begin_early(source, rows[0], 0)
        workspace.use(taken, others)
        await workspace.document(others[0].key, 0)
        assert other.asked == ["row"]

    asyncio.run(main())
