"""What a save to Encord says when it does not come to its end: what happened, what is safe, what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, ConflictError
from bitmask_studio.sources.encord.errors import ServerError


def cancelled(info: RowInfo, reached: bool) -> str:
    """Given up by the user; `reached`: a send may have arrived."""
    if not reached:
        return tr("Cancelled. Nothing was sent and your edits are kept.")
    return tr(
        "Cancelled. Whether {row} is saved is not known; your edits are kept here. "
        "Save again: what is there already is found."
    ).format(row=info.name)


def kept(error: ServerError) -> str:
    """What went wrong, and that nothing is lost."""
    return f"{error} {tr('Nothing was sent and your edits are kept.')}"


def conflict_error(conflicts: tuple[Conflict, ...]) -> ConflictError:
    """Both changed the same labels, and nobody has decided yet."""
    return ConflictError(
        tr(
            "{n} labels were changed here and by somebody else on Encord. Choose which to keep; yours are not lost."
        ).format(n=len(conflicts)),
        conflicts,
    )


def unconfirmed(info: RowInfo, reason: str) -> str:
    """It was sent, and reading it back failed."""
    return tr(
        "Not confirmed: {row} was sent, but could not be read again: {reason}. Whether it is saved is not known; "
        "your edits are kept here. Save again when the connection works: what is there already is found."
    ).format(row=info.name, reason=reason)


def first(losses: Sequence[str]) -> str:
    """One loss in full, the others counted."""
    more = len(losses) - 1
    return losses[0] if not more else tr("{first} There are {n} more such things.").format(first=losses[0], n=more)
