"""A session on two open rows, for trying actions as a menu would run them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.actions.base import Action
from bitmask_studio.actions.registry import all_actions
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.session import Session
from tests.fakes.memory_source import MemorySource, a_frame, a_row, an_object, stored
from tests.fakes.screen import FakeStudio


class Menu:
    """Runs actions by their id and tells whether they are on offer."""

    def __init__(self, folder: Path) -> None:
        self.studio = FakeStudio(folder)
        self.session = Session(self.studio)
        self.actions = {each.id: each for each in all_actions()}

    def open(self) -> None:
        """Show a row of two frames, each with the objects `low` and `high`."""
        bits = np.zeros((40, 60), np.bool_)
        bits[10:20, 10:20] = True
        frames = [
            a_frame(an_object("low", stored(bits)), an_object("high", stored(bits)), number=n, width=60, height=40)
            for n in range(2)
        ]
        row = a_row("row", *(replace(frame, position=frame.number) for frame in frames))
        self.studio.workspace.use(MemorySource([row]), [row.info])
        self.studio.document = self.studio.workspace.documents["row"] = Document(row)
        self.studio.show(row="row", frame=0, object_hash="low")

    def __getitem__(self, name: str) -> Action:
        return self.actions[name]

    def run(self, name: str) -> None:
        """What choosing the entry does, to its end."""
        assert self.enabled(name)

        async def main() -> None:
            answer = self[name].run(self.session)
            if isinstance(answer, Coroutine):
                await answer
            await self.studio.jobs.settle()

        asyncio.run(main())

    def enabled(self, name: str) -> bool:
        return self[name].enabled(self.session)

    def checked(self, name: str) -> bool:
        test = self[name].checked
        assert test is not None
        return test(self.session)


@pytest.fixture
def menu(tmp_path: Path) -> Menu:
    """A menu with a row open."""
    menu = Menu(tmp_path)
    menu.open()
    return menu


@pytest.fixture
def bare_menu(tmp_path: Path) -> Menu:
    """A menu with nothing open."""
    return Menu(tmp_path)
