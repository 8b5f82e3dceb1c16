"""Words on a terminal: what others wrote is shown as plain text on one line, and progress does not flood."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TextIO

_INTERVAL = 0.1
_LONG_INTERVAL = 2.0
"""Seconds between two lines of progress on a terminal, and in a log."""


def plain(text: str) -> str:
    """`text` without line breaks and control characters, which a title could use to write over the terminal."""
    return "".join(each if each.isprintable() else " " for each in text)


def say(text: str) -> None:
    """One line of the answer, on stdout."""
    print(plain(text))


def tell(text: str) -> None:
    """One line beside the answer, on stderr; where that is closed or full, the work goes on without."""
    _write(sys.stderr, f"{plain(text)}\n")


def _write(stream: TextIO | None, text: str) -> None:
    if stream:
        with contextlib.suppress(OSError):
            stream.write(text)
            stream.flush()


class ProgressLine:
    """One line on stderr that is written over on a terminal, and a line now and then in a log."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = bool(self._stream) and self._stream.isatty()
        self._next = time.monotonic() + (_INTERVAL if self._live else _LONG_INTERVAL)
        self._width = 0

    @property
    def due(self) -> bool:
        """Whether it is time for the next line: making one may cost."""
        return time.monotonic() >= self._next

    def show(self, text: str) -> None:
        text = plain(text)
        self._next = time.monotonic() + (_INTERVAL if self._live else _LONG_INTERVAL)
        _write(self._stream, f"\r{text:<{self._width}}" if self._live else f"{text}\n")
        self._width = len(text)

    def clear(self) -> None:
        """Take the line off a terminal."""
        if self._live and self._width:
            _write(self._stream, f"\r{'':<{self._width}}\r")
        self._width = 0
