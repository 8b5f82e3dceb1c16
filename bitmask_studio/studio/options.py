"""What a window was asked to open when the program was started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bitmask_studio.sources.encord.login import Login


class Options(NamedTuple):
    """The command line of a window; without files or sample it opens the welcome page.

    A named tuple because the window's frame comes before msgspec is imported.
    """

    files: tuple[Path, ...] = ()
    images: Path | None = None
    """Where the pictures of the files lie; None for beside them."""
    ontology: Path | None = None
    row: str | None = None
    """Label hash, data hash or title of the row to open."""
    frame: int | None = None
    """Position of the frame in its row, from 0."""
    sample: bool = False
    login: Login | None = None
    """How to sign in to Encord, when the command line names a key."""
    project: str | None = None
