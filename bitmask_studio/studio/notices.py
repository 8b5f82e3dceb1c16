"""What the program tells its user: one value, one place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bitmask_studio.core.errors import SaveError, StudioError
from bitmask_studio.core.text import tr

_log = logging.getLogger(__name__)


class Level(Enum):
    """How much a notice matters; ERROR stays until it is closed."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """A plain sentence or two for the user; `offers` is the id of an action that helps."""

    text: str
    level: Level = Level.INFO
    offers: str | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """Work under way: what, and how to stop it where that is possible."""

    text: str
    cancel: Callable[[], object] | None = None


def notice_of(error: Exception) -> Notice:
    """What to say about a failure: its own words when it is expected, else a plain excuse; details go to the log."""
    if isinstance(error, StudioError):
        return Notice(str(error), Level.ERROR, offers="save_as" if isinstance(error, SaveError) else None)
    _log.error("unexpected failure", exc_info=error)
    text = tr("Something went wrong inside the program ({kind}). Your edits are still here.")
    return Notice(text.format(kind=type(error).__name__), Level.ERROR)
