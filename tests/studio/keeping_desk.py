"""Somebody at work in a session that keeps a journal, and what a crash of it leaves."""

from __future__ import annotations

import asyncio
import functools
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec

import pytest

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.state import VARIABLE, state_folder
from bitmask_studio.studio.kept.keeping import Keeper
from bitmask_studio.studio.notices import Notice
from bitmask_studio.studio.session import OpenWish
from tests.studio.label_files import HEIGHT, WIDTH, Bits, write_labels
from tests.studio.session_desk import Desk

P = ParamSpec("P")


def in_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test that awaits."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


class KeepingDesk(Desk):
    """A session without a window over the state folder in force; `end` closes it in order."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder, keeps=True)
        self.notices: list[Notice] = []
        self.over: list[str] = []
        self.studio.noticed.connect(self.notices.append)
        self.studio.over.connect(self.over.append)

    async def open(self, *paths: Path, row: str | None = None) -> None:
        await self.session.open(OpenWish(paths, row=row))
        await self.studio.jobs.settle()

    @property
    def keeper(self) -> Keeper:
        assert self.studio.workspace.keeper is not None
        return self.studio.workspace.keeper

    def shows(self, key: str) -> bool:
        return self.document.row.info.key == key

    def is_unsaved(self) -> bool:
        return self.document.unsaved

    def is_shut(self) -> bool:
        return self.keeper.is_shut

    @property
    def told(self) -> list[str]:
        return [notice.text for notice in self.notices]

    def pixels(self, object_hash: str, frame: int = 0) -> Bits:
        return self.document.mask(MaskKey(frame, object_hash)).to_array(HEIGHT, WIDTH)

    async def kept(self) -> None:
        """Wait until the mark says that every edit is kept."""
        await self.until(lambda: self.keeper.journal and self.keeper.journal.kept)

    def end(self) -> None:
        self.session.end()


def crash(patch: pytest.MonkeyPatch, into: Path) -> None:
    """Go on with the state folder as it is on the disk now, as a program does that is started after a crash."""
    shutil.copytree(state_folder(), into)
    patch.setenv(VARIABLE, str(into))


async def left_by_a_crash(folder: Path, patch: pytest.MonkeyPatch, *rows: str) -> KeepingDesk:
    """Whoever wrote label files into a folder and was at work on them, with an edit in each of these rows that is kept
    and not saved."""
    desk = KeepingDesk(folder / "before")
    await desk.open(write_labels(folder), row=rows[0])
    for row in rows:
        await desk.session.open_row(desk.key(row))
        desk.dab(30, 30)
        await desk.kept()
    crash(patch, folder / "state-after")
    return desk


async def after_a_crash(folder: Path, patch: pytest.MonkeyPatch, *rows: str) -> KeepingDesk:
    """Whoever opens the row `one` of these files the next time."""
    await left_by_a_crash(folder, patch, *rows)
    again = KeepingDesk(folder / "after")
    await again.open(folder / "labels.json", row="one")
    return again
