"""What the program tells its user: one value, one place."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from enum import Enum

from msgspec import Struct

from bitmask_studio.core.errors import GivenUpError, PictureError, SaveError, StudioError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.errors import Kind, NotSavedError, ServerError

_SIGN_IN = frozenset((Kind.NOT_ACCEPTED, Kind.KEY_MISSING, Kind.KEY_UNSUITABLE, Kind.KEY_LOCKED, Kind.WRONG_PASSPHRASE))
_PASSING = frozenset((Kind.NO_CONNECTION, Kind.TIMED_OUT, Kind.SERVER, Kind.TOO_MANY_REQUESTS, Kind.BAD_ANSWER))

_log = logging.getLogger(__name__)


SAVING, OPENING, ROW = "saving", "opening", "row"
"""Topics of notices: a save, opening something, and what is said of the row on screen."""
KEEPING, RECOVERED, OTHERS_RECOVERED, SHUT, GONE = "keeping", "recovered", "others", "shut", "gone"
"""More topics: whether edits are kept, those that came back after a crash, of other rows too, another window, files
that are not there any more."""


class Level(Enum):
    """How much a notice matters; ERROR stays until it is closed."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """A plain sentence or two for the user; `offers` is the id of an action that helps.

    `countdown` is how many seconds from now that action has to wait for, because a server asked for it.
    """

    text: str
    level: Level = Level.INFO
    offers: str | None = None
    countdown: float | None = None
    topic: str = ""
    """A later notice of the same topic takes this one's place: what it said is over then."""
    again: Callable[[], Awaitable[object]] | None = field(default=None, compare=False)
    """What the offered action does here: once more exactly what failed, for example."""
    verb: str = ""
    """What the offered action is called here; without it, by its own title."""
    lasting: bool = False
    """Whether it stays until it is closed or its topic is over, as errors do."""
    closed: Callable[[], object] | None = field(default=None, compare=False)
    """Told when the user closes it without doing what it offers."""

    @property
    def stays(self) -> bool:
        """Whether time alone does not take it away."""
        return self.lasting or self.level is Level.ERROR


class Busy(Struct, frozen=True):
    """Work under way: what, and how to stop it where that is possible."""

    text: str
    cancel: Callable[[], object] | None = None


def notice_of(error: Exception, discreet: bool = False) -> Notice:
    """What to say about a failure: its own words when it is expected, else a plain excuse; details go to the log.

    `discreet`: not even there, where what failed may quote what was typed, a passphrase by mistake.
    """
    if isinstance(error, StudioError):
        _log.info("told: %s: %s", type(error).__name__, "" if discreet else error)
        return replace(_notice_of_expected(error), again=error.again)
    from bitmask_studio.studio.failures import place_of

    _log.error("unexpected failure: %s", place_of(error), exc_info=None if discreet else error)
    text = tr("Something went wrong inside the program ({kind}). Your edits are still here.")
    return Notice(text.format(kind=type(error).__name__), Level.ERROR)


def _notice_of_expected(error: StudioError) -> Notice:
    if isinstance(error, ServerError):
        return _notice_of_server(error)
    if isinstance(error, SaveError):
        return _notice_of_save(error)
    if isinstance(error, GivenUpError):
        return Notice(str(error), topic=error.topic)
    if isinstance(error, PictureError) and error.passes:
        return Notice(str(error), Level.WARNING, "retry", topic=error.topic)
    return Notice(str(error), Level.ERROR, topic=error.topic)


def _notice_of_save(error: SaveError) -> Notice:
    """Signing in again or waiting helps where a server refused; else another file does."""
    text = str(error)
    if error.kept_in:
        kept = tr("{error} Until they are saved, your edits are safe in {folder}.")
        text = kept.format(error=error, folder=error.kept_in)
    if isinstance(error, NotSavedError) and error.kind in _SIGN_IN:
        return Notice(text, Level.ERROR, "reconnect", topic=SAVING)
    if isinstance(error, NotSavedError) and error.kind is Kind.CANCELLED:
        return Notice(text, Level.WARNING, "retry", topic=SAVING)
    if isinstance(error, NotSavedError) and error.kind in _PASSING:
        return Notice(text, Level.ERROR, "retry", error.retry_after, SAVING)
    return Notice(text, Level.ERROR, "save_as", topic=SAVING)


def _notice_of_server(error: ServerError) -> Notice:
    if error.kind is Kind.CANCELLED:
        return Notice(str(error), topic=error.topic)
    offers = "reconnect" if error.kind in _SIGN_IN else "retry" if error.kind in _PASSING else None
    return Notice(str(error), Level.ERROR, offers, error.retry_after, error.topic)
