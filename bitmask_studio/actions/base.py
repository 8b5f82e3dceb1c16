"""What an action is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import Struct

from bitmask_studio.studio.session import Session

Deed = Callable[[Session], Coroutine[Any, Any, object] | object]
Test = Callable[[Session], bool]
Words = Callable[[Session], str]

EDIT, REVIEW = "edit", "review"


def always(session: Session) -> bool:
    """For actions that can be run at any time."""
    return session is not None


def has_document(session: Session) -> bool:
    return session.studio.document is not None


def has_object(session: Session) -> bool:
    return session.studio.chosen is not None


class Action(Struct, frozen=True):
    """One thing a user can do. `menu` is its path ("Edit"), `order` its place there; a new `group` draws a line.

    `run` may answer a coroutine, which then runs as a task. `checked` makes it a switch. `shortcut` may name several
    keys, parted by ", ". `hold` says that the key acts while it is held; the window sees to that.
    """

    id: str
    title: str
    menu: str
    order: int
    run: Deed
    shortcut: str = ""
    enabled: Test = always
    checked: Test | None = None
    icon: str = ""
    group: int = 0
    hold: bool = False
    tip: str = ""
    context: str = EDIT
    """While labels are judged by key, the keys of REVIEW actions take precedence; else they have none."""
    titled: Words | None = None
    """What a menu calls it where that depends on what is open: which step is taken back, which class is meant."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Each of its keys."""
        return tuple(key for key in self.shortcut.split(", ") if key)
