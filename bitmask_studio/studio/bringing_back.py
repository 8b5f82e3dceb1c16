"""Rows with edits that a crash left, beside the one that is shown: they are read, marked in the list, and told of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.text import tr
from bitmask_studio.studio.notices import OTHERS_RECOVERED, Notice

if TYPE_CHECKING:  # what keeps a journal is not part of every start
    from bitmask_studio.studio.keeping import Keeper
    from bitmask_studio.studio.session import Session

MOST = 50
"""Rows that are read at once; others come back when they are opened."""
_NAMED = 3


async def bring_back(session: Session, keeper: Keeper) -> None:
    """Read them one after the other, and say once which they are; one that cannot be read says so when it is opened."""
    studio, workspace = session.studio, session.studio.workspace
    if keeper.journal is None:
        return
    rows, files = workspace.rows, workspace.files
    waiting = await studio.jobs.run(lambda: keeper.waiting(rows, files.file_of if files else lambda info: ""))
    others = [key for key in waiting if workspace.row(key) and key != studio.view.row]
    for key in others[:MOST]:
        if workspace.keeper is not keeper:
            return
        try:
            await workspace.read_row(key)
        except StudioError:
            continue
    if keeper.is_adopting:
        await studio.jobs.run(keeper.release)
    others = [key for key in others if workspace.is_unsaved(key) or key not in workspace.documents]
    if others and workspace.keeper is keeper:
        studio.rows_changed.emit()
        studio.noticed.emit(_notice(session, others))
    if workspace.keeper is keeper:
        session.connection.remind()


def _notice(session: Session, keys: Sequence[str]) -> Notice:
    rows = [session.studio.workspace.row(key) for key in keys]
    named = [row.name for row in rows if row][:_NAMED]
    names = ", ".join(named) if len(keys) <= _NAMED else tr("{names}, …").format(names=", ".join(named))
    more = tr("Edits of {n} rows came back: {names}. They are marked in the list, and stored by the next save.")
    one = tr("Edits of {names} came back. The row is marked in the list, and stored by the next save.")
    text = (one if len(keys) == 1 else more).format(n=len(keys), names=names)

    async def show() -> None:
        await session.open_row(keys[0])

    return Notice(text, offers="retry", topic=OTHERS_RECOVERED, again=show, lasting=True, verb=tr("Show"))
