"""Opening files that others made: pipes and devices, which may never answer, are none."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from bitmask_studio.core.text import tr


def open_ordinary(path: Path, buffering: int = -1) -> BinaryIO:
    """An ordinary file for reading. Raises OSError, also where there is something else under that name."""
    file: BinaryIO = open(path, "rb", buffering, opener=_without_waiting)  # noqa: SIM115 the caller closes it
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, tr("it is no ordinary file"), str(path))


def read_ordinary(path: Path) -> bytes:
    """The content of an ordinary file. Raises OSError as `open_ordinary`."""
    with open_ordinary(path) as file:
        return file.read()


def json_files(folder: Path) -> list[Path]:
    """The `*.json` of a folder, by name. Raises OSError where it is no folder or cannot be read."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json" and path.is_file())


def json_files_if_any(folder: Path) -> list[Path]:
    """As `json_files`; none where it is no folder or cannot be read."""
    try:
        return json_files(folder)
    except (OSError, ValueError):
        return []


def _without_waiting(path: str, flags: int) -> int:
    """Opened so a pipe does not wait for somebody at its other end; to ordinary files it makes no difference."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
