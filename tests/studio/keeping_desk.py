"""Somebody at work in a session that keeps a journal, and what a crash of it leaves."""

from __future__ import annotations

import asyncio
import functools
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec

import pytest

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.state import VARIABLE, state_folder
from bitmask_studio.studio import preferences
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.keeping import Keeper
from bitmask_studio.studio.notices import Notice
from bitmask_studio.studio.session import OpenWish, Session
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.screen import FakeStudio
from tests.studio.label_files import HEIGHT, WIDTH, Bits

PATIENCE = 20.0
P = ParamSpec("P")


def in_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test that awaits."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


class KeepingDesk:
    """A session without a window over the state folder in force; `end` closes it in order."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.studio = FakeStudio(folder)
        self.studio.settings.set(preferences.BRUSH_SIZE, 3)
        self.session = Session(self.studio, keeps=True)
        self.notices: list[Notice] = []
        self.over: list[str] = []
        self.studio.noticed.connect(self.notices.append)
        self.studio.over.connect(self.over.append)

    async def open(self, *paths: Path, row: str | None = None) -> None:
        await self.session.open(OpenWish(paths, row=row))
        await self.studio.jobs.settle()

    def dab(self, x: float, y: float) -> None:
        for phase in (Phase.PRESS, Phase.RELEASE):
            self.studio.point(PointerEvent(phase, Point(x, y)))

    @property
    def document(self) -> Document:
        assert self.studio.document is not None
        return self.studio.document

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

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something to become true."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, "it never came to that"
            await asyncio.sleep(0.005)

    async def kept(self) -> None:
        """Wait until the mark says that every edit is kept."""
        await self.until(lambda: self.keeper.journal and self.keeper.journal.kept)

    def end(self) -> None:
        self.session.end()


def crash(patch: pytest.MonkeyPatch, into: Path) -> None:
    """Go on with the state folder as it is on the disk now, as a program does that is started after a crash."""
    shutil.copytree(state_folder(), into)
    patch.setenv(VARIABLE, str(into))
