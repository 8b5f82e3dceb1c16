"""What a run leaves behind that ends so hard that not even Python can tell: found by the next one."""

from __future__ import annotations

import contextlib
import faulthandler
import os
from pathlib import Path
from typing import TextIO

_MOST = 1 << 16
"""Bytes that are read of what was left."""


class LastWords:
    """A file in `folder` into which Python writes where it was when the process dies of a signal.

    Where it cannot be written there is none: nothing else changes.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{os.getpid()}.txt"
        self._file: TextIO | None = None

    def keep(self) -> None:
        """Be ready from now on."""
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            number = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(number, "w")
            faulthandler.enable(self._file)

    def drop(self) -> None:
        """The run ends as it should."""
        if self._file is None:
            return
        faulthandler.disable()
        with contextlib.suppress(OSError):
            self._file.close()
            self._path.unlink(missing_ok=True)
        self._file = None

    def take(self) -> str | None:
        """What the latest of the former runs left that died; told once. What killed runs left empty goes too.

        To be called before `keep`: numbers of processes come again.
        """
        found: list[tuple[float, str]] = []
        for path in self._left():
            with contextlib.suppress(OSError):
                text = path.read_bytes()[:_MOST].decode(errors="replace")
                if text or not _lives(path.stem):
                    found.append((path.stat().st_mtime, text))
                    path.unlink()
        return max(((when, text) for when, text in found if text.strip()), default=(0.0, None))[1]

    def _left(self) -> list[Path]:
        try:
            return [path for path in self._path.parent.iterdir() if path.suffix == ".txt"]
        except OSError:
            return []


def _lives(number: str) -> bool:
    """Whether there is a process of that number; Windows lets nobody take an open file away, so there all may be."""
    if os.name != "posix" or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
