"""What is open is stored under another name: that is claimed before anything is written, and keeps it from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.text import tr
from bitmask_studio.studio.kept.places import Place, place_of_files, place_of_row

if TYPE_CHECKING:  # what keeps a journal is not part of every start
    from bitmask_studio.studio.kept.keeping import Keeper
    from bitmask_studio.studio.session import Session


@asynccontextmanager
async def moving(session: Session, path: Path) -> AsyncIterator[Callable[[], None]]:
    """Everything is about to be stored in the file at `path`; what this gives is to be called as soon as it is.

    Raises SaveError, before anything is written, where another window has the file.
    """
    workspace, jobs, wish = session.studio.workspace, session.studio.jobs, session.wish_at(path)
    before, opens = workspace.keeper, workspace.files is not None
    if before is None:
        yield _nothing
        return
    place = place_of_files((path,), wish.images, wish.ontology)
    move = await jobs.run(lambda: Move.begin(before, place, opens))
    if move is None:
        text = tr(
            "Not saved: {file} is open in another window. Nothing was written and your edits are kept. "
            "Close it there, or choose another name."
        )
        raise SaveError(text.format(file=path.name))
    try:
        yield lambda: move.take_place(session)
    finally:
        if await jobs.run(move.is_settled):
            before.forget()
        await jobs.run(move.end)


class Move:
    """From one keeper to that of another place; every edit is in the journal of one or of both at each moment."""

    def __init__(self, before: Keeper, after: Keeper) -> None:
        self._before, self._after = before, after
        self._is_done = False

    @classmethod
    def begin(cls, before: Keeper, place: Place, opens: bool) -> Move | None:
        """Claim the place too, and have its journal where it `opens` it; blocks. None: another window has that place.

        To move to where one is already is no move.
        """
        after = before if place.identity == before.place.identity and not before.is_shut else before.beside(place)
        if after is None:
            return None
        move = cls(before, after)
        if opens and after is not before and after.open().was_in_use:
            move.end()
            return None
        return move

    def take_place(self, session: Session) -> None:
        """Everything is stored there: what is done is kept there from now on."""
        workspace = session.studio.workspace
        files = workspace.files
        if files is None or self._after is self._before or workspace.keeper is not self._before:
            return
        self._before.deafen()
        session.recovering.take(self._after)
        listed = [info for info in files.listed() if info.key in workspace.documents]
        places = {info.key: place for info in listed if (place := place_of_row(files, info))}
        self._after.take_over(workspace.documents.values(), places)
        self._is_done = True

    def is_settled(self) -> bool:
        """Whether all that was taken over is on the disk there, and can be forgotten where it was; blocks."""
        return self._is_done and self._after.journal is not None and self._after.journal.settle()

    def end(self) -> None:
        """Let go of the place that is not worked on; blocks."""
        if self._after is self._before:
            return
        stays, goes = (self._after, self._before) if self._is_done else (self._before, self._after)
        if stays.is_shut:
            goes.end()
        else:
            stays.narrow()
            goes.close()


def _nothing() -> None:
    """There is nothing that keeps what is open."""
