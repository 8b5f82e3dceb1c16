"""A look a few seconds after a save to a server: it may lie under somebody else's save of the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict
from bitmask_studio.studio.notices import ROW, Level
from bitmask_studio.studio.studio import Studio

if TYPE_CHECKING:
    from bitmask_studio.sources.encord.source import EncordSource

PATIENCE = 3.0
"""Seconds: longer than a save is on its way between its last look at the row and its arrival."""


class SecondLook:
    """Looks once after the last of several saves; what was written over is stored again, and told."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._turn = 0

    def soon(self, source: EncordSource) -> None:
        """Something was saved just now."""
        self._turn += 1
        asyncio.get_running_loop().call_later(PATIENCE, self._begin, source, self._turn)

    def _begin(self, source: EncordSource, turn: int) -> None:
        if turn == self._turn and self._studio.workspace.server is source:
            self._studio.jobs.start(self._look(source))

    async def _look(self, source: EncordSource) -> None:
        look = await self._studio.jobs.run(source.look_again)
        for info in look.restored:
            text = tr("Somebody saved {row} at the same moment as you and wrote over it. Yours is stored again.")
            self._tell(text, info.name)
        for info, error in look.failed:
            text = tr("Somebody saved {row} at the same moment as you and wrote over some of it. ")
            self._tell(text, info.name, str(error))
        self._tell_lost(look.lost)
        if look.restored:
            self.soon(source)

    def _tell_lost(self, lost: Sequence[Conflict]) -> None:
        """Both painted one place, and theirs arrived last."""
        for key in dict.fromkeys(each.row for each in lost):
            row = self._studio.workspace.row(key)
            text = tr(
                "Somebody saved {row} just after you and changed what you had painted. Theirs is stored now: "
                "open the row again to see it."
            )
            self._tell(text, row.name if row else key)

    def _tell(self, text: str, row: str, more: str = "") -> None:
        self._studio.say(text.format(row=row) + more, Level.WARNING, ROW)
