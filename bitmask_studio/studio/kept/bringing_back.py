"""Rows with edits that a crash left, beside the one that is shown: they are read, marked in the list, and told of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bitmask_studio.core.errors import StudioError

if TYPE_CHECKING:  # what keeps a journal is not part of every start
    from bitmask_studio.studio.kept.keeping import Keeper
    from bitmask_studio.studio.session import Session

MOST = 50
"""Rows that are read at once; others come back when they are opened."""


async def bring_back(session: Session, keeper: Keeper) -> None:
    """Read them one after the other, and say once which they are; one that cannot be read says so when it is opened."""
    studio, workspace = session.studio, session.studio.workspace
    rows, source = workspace.rows, workspace.source
    if keeper.journal is None or source is None:
        return
    from bitmask_studio.studio.kept.places import place_of_row

    waiting = await studio.jobs.run(lambda: keeper.waiting(rows, partial(place_of_row, source)))
    gone, missing = await studio.jobs.run(keeper.lost)
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
        session.recovering.banner.show_others(others)
    if workspace.keeper is keeper:
        session.connection.remind()
    if (gone or missing) and workspace.keeper is keeper:
        from bitmask_studio.studio.kept.kept_rows import tell_gone, tell_missing  # rarely wanted

        tell_gone(session, gone) if gone else tell_missing(session, missing)
