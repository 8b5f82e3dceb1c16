"""Somebody at work in a session without a window: a hand that paints, and what is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from bitmask_studio.core.geometry import Point
from bitmask_studio.studio import preferences
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.notices import Busy
from bitmask_studio.studio.session import OpenWish, Session
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.screen import FakeStudio
from tests.studio.label_files import write_labels

PATIENCE = 20.0


class Desk:
    """A session on a studio without a window, and a hand that paints; `keeps`: it keeps a journal."""

    def __init__(self, folder: Path, keeps: bool = False) -> None:
        self.studio = FakeStudio(folder)
        self.studio.settings.set(preferences.BRUSH_SIZE, 3)
        self.session = Session(self.studio, keeps)
        self.busy: list[Busy | None] = []
        self.studio.busy_changed.connect(self.busy.append)

    def dab(self, x: float, y: float) -> None:
        for phase in (Phase.PRESS, Phase.RELEASE):
            self.studio.point(PointerEvent(phase, Point(x, y)))

    @property
    def document(self) -> Document:
        assert self.studio.document is not None
        return self.studio.document

    @property
    def shade(self) -> int | None:
        """The gray value of the picture that is shown."""
        return int(self.studio.picture.pixels[0, 0, 0]) if self.studio.picture else None

    def previewed(self) -> bool:
        """Whether a reduced picture is shown."""
        return self.studio.preview is not None

    @property
    def row(self) -> str | None:
        """The title of the row that is shown."""
        info = self.studio.workspace.row(self.studio.view.row)
        return info.title if info else None

    def key(self, title: str) -> str:
        return next(row.key for row in self.studio.workspace.rows if row.title == title)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something to become true."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, "it never came to that"
            await asyncio.sleep(0.005)


Scenario = Callable[[Desk, Path], Coroutine[Any, Any, None]]


def played(folder: Path, scenario: Scenario, opened: bool = True) -> Desk:
    """A desk after a scenario on label files of its own; `opened` opens them first."""
    path, desks = write_labels(folder), list[Desk]()

    async def main() -> None:
        desk = Desk(folder)
        desks.append(desk)
        if opened:
            assert await desk.session.open(OpenWish((path,)))
        await scenario(desk, path)
        await desk.studio.jobs.settle()

    asyncio.run(main())
    return desks[0]
