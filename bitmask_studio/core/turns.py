"""Programs that change the same file do so one after another: each waits for its turn."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bitmask_studio.core.files import locked
from bitmask_studio.core.reading import open_ordinary

_PATIENCE = 5.0
_PAUSE = 0.01


@contextlib.contextmanager
def turn(path: Path) -> Iterator[None]:
    """Keep other windows of this program from changing the file until it is replaced in here, or to the end.

    Waits for them a few seconds at most: one that is frozen keeps nobody from work, and whoever writes looks again
    whether the file is still what it was. A file that cannot be opened needs no turn.
    """
    file = _waited_for(path)
    try:
        yield
    finally:
        if file:
            file.close()


def _waited_for(path: Path) -> BinaryIO | None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            file = open_ordinary(path)
            # Whoever had its turn before has put another file in its place: then this one is nobody's any more.
            if locked(file) and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except OSError:
            return None
        file.close()
        time.sleep(_PAUSE)
    return None
