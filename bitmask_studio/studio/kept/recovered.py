"""What came back with a row, as far as the user is to hear of it."""

from __future__ import annotations

from msgspec import Struct

from bitmask_studio.studio.kept.restoring import Found, Restored


class Recovered(Struct, frozen=True):
    """Edits that came back with a row; `misfit`: they have no place in it any more."""

    edits: int
    last_at: float
    misfit: bool = False
    damage: str | None = None
    """What was kept of the row and cannot be read, for the user."""
    others: str = ""
    """What else is kept of the row, for the user."""
    told: bool = False
    """Whether the user has heard of it."""


def recovered(found: Restored) -> Recovered | None:
    """What is to be told of a row that was restored; None for nothing."""
    kept, edits = found.kept, _left(found)
    if found.unread:
        return Recovered(0, 0, damage=found.unread)
    if kept and (edits or kept.damage or found.aside):
        return Recovered(edits, kept.last_at, found.found is Found.MISFIT, kept.damage, found.aside)
    return Recovered(0, 0, others=found.aside) if found.aside else None


def _left(found: Restored) -> int:
    """How many edits came back that are not stored."""
    kept = found.kept
    if kept is None or found.found is Found.ALL:
        return 0
    return len(kept.log) - (kept.saving or 0 if found.found is Found.SAVE else 0)
