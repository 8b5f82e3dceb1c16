"""Reads the files of a wish: how far it is, how to stop it, and the rest of a long list while one works already."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.local import LocalSource, Watch
from bitmask_studio.studio.notices import OPENING, Level
from bitmask_studio.studio.rows.row_words import count_words

if TYPE_CHECKING:
    from bitmask_studio.studio.session import OpenWish, Session

_PATIENCE = 1.0
"""Seconds, at most, for which the reading stands still while the list takes new rows: both at once are slower."""


class FileReading:
    """One reading of the files of a wish."""

    def __init__(self, session: Session, wish: OpenWish) -> None:
        self._session = session
        self._studio = session.studio
        self._wish = wish
        self._stop = Event()
        self._name = wish.paths[0].name or str(wish.paths[0])
        self.text = tr("Opening {name} …").format(name=self._name)
        """What is being done."""

    def stop(self) -> None:
        """Nobody wants it any more."""
        self._stop.set()

    async def read(self) -> tuple[LocalSource, Sequence[RowInfo]]:
        """The files and their rows; of a single long list the first ones, unless a certain row is asked for.

        Raises StudioError; GivenUpError when it was stopped.
        """
        jobs, loop, wish = self._studio.jobs, asyncio.get_running_loop(), self._wish
        watch = Watch(lambda share: jobs.tell(loop, self._tell, share), self._stop.is_set)
        at_once = wish.row is None and wish.key is None
        return await self._studio.workspace.read(wish.paths, wish.images, wish.ontology, watch, at_once)

    async def go_on(self, source: LocalSource) -> None:
        """Read the rest of a list of which the first rows are shown, until it is stopped or something else is shown."""
        studio, loop = self._studio, asyncio.get_running_loop()
        self.text = tr("Reading the rows of {name} …").format(name=self._name)

        def found(rows: Sequence[RowInfo]) -> None:
            taken = Event()
            studio.jobs.tell(loop, self._take, source, rows, taken)
            taken.wait(_PATIENCE)

        def given_up() -> bool:
            return self._stop.is_set() or studio.workspace.source is not source

        try:
            await studio.jobs.run(lambda: source.read_on(found, given_up))
        except InputError as error:
            self._tell_broken(source, error)
        finally:
            studio.busy()
        if studio.workspace.source is source and source.is_whole:
            studio.set_rows(source, await studio.jobs.run(source.rows))
            self._session.recovering.search()
        elif studio.workspace.source is source and self._stop.is_set():
            text = tr("Only the first {n} rows of {name} are listed: the rest was not read. Open it again to see them.")
            studio.say(self._counted(text), Level.WARNING, OPENING)

    def _take(self, source: LocalSource, rows: Sequence[RowInfo], taken: Event) -> None:
        try:
            self._studio.add_rows(source, rows)
        finally:
            taken.set()

    def _tell(self, share: float) -> None:
        studio = self._studio
        percent = tr("{text} {n} %").format(text=self.text, n=int(100 * share))
        if not self._stop.is_set():
            studio.busy(percent, self.stop)

    def _tell_broken(self, source: LocalSource, error: InputError) -> None:
        if self._studio.workspace.source is source:
            text = tr("{error} The {n} rows before that are listed; edits of them can be saved with Save As.")
            self._studio.say(self._counted(text, str(error)), Level.ERROR, OPENING)

    def _counted(self, text: str, error: str = "") -> str:
        rows = len(self._studio.workspace.rows)
        return text.format(n=count_words(rows), name=self._name, error=error)
