"""Errors whose text is written for the person in front of the program."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path


class StudioError(Exception):
    """Something expected went wrong; the text says what happened, what is safe and what to do next."""

    topic = ""
    """What the user was about to do: told again, or done, it makes these words old."""
    again: Callable[[], Awaitable[object]] | None = None
    """Does what failed once more, where that may help."""


class InputError(StudioError):
    """What was given (a file, a name, an option) cannot be used."""


class GivenUpError(StudioError):
    """The user ended what was under way; nothing has changed."""


class RleError(StudioError):
    """An rleString that does not describe a mask of the size it claims; the text names the reason."""


class PictureError(StudioError):
    """A picture is missing, damaged, too large or of another size than its row says."""

    passes = False
    """Whether it may be there a moment later."""


class SaveError(StudioError):
    """Nothing was written; the text says why and that the edits are still held."""

    kept_in: Path | None = None
    """The folder of the journal in which all of them are, whatever happens to the window."""
