"""Put an exported file into its folder without ever taking the place of something else unasked."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path

from bitmask_studio.core import files
from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.text import tr
from bitmask_studio.formats.base import Format, NamedMask


class Found(Enum):
    """What lies under a file's name before it is written."""

    NOTHING = "nothing"
    SAME = "same"
    """A file with exactly the pixels to be written."""
    OTHER = "other"
    """Anything else that could be replaced, links included."""
    FOLDER = "folder"


def make_folder(folder: Path) -> None:
    """Make `folder` with all above it, and take away what killed exports left in it. Raises SaveError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise SaveError(_no_folder(folder, error)) from error
    files.sweep(folder)


def _no_folder(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileExistsError) and path.exists():
        return tr("{path} is a file. Choose a folder.").format(path=path)
    if isinstance(error, FileExistsError):
        return tr("{path} is a link to a place that is not there. Choose a folder.").format(path=path)
    if isinstance(error, NotADirectoryError):
        return tr("{path} cannot be made a folder: what is above it is a file.").format(path=path)
    reason = error.strerror if isinstance(error, OSError) else error
    return tr("{path} cannot be made a folder: {error}.").format(path=path, error=reason)


def look(path: Path, kind: Format, masks: Sequence[NamedMask]) -> Found:
    """What is at `path`; opens nothing but plain files. Raises SaveError when even the name cannot be looked up."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return Found.NOTHING
    except OSError as error:
        raise SaveError(tr("{path} cannot be written: {error}.").format(path=path, error=error.strerror)) from error
    if stat.S_ISDIR(mode):
        return Found.FOLDER
    return Found.SAME if _is_same(path, kind, masks) else Found.OTHER


def write(path: Path, kind: Format, masks: Iterable[NamedMask]) -> None:
    """Write the file; a link at `path` is replaced itself, never what it leads to. Raises SaveError."""
    with files.replacing(path) as out:
        kind.write(out, masks)


def _is_same(path: Path, kind: Format, masks: Sequence[NamedMask]) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as existing:
            return kind.same(existing, masks)
    except OSError:
        return False
