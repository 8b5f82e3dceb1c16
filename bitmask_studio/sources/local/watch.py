"""Follows the reading of files: tells how far it is, and ends it when nobody wants it any more."""

from __future__ import annotations

import time
from collections.abc import Callable

from bitmask_studio.core.errors import GivenUpError
from bitmask_studio.core.text import tr

_INTERVAL = 0.1
"""Seconds between two words of how far it is."""


class Watch:
    """Hears of all that is read and listed, on the thread that does it. Each step raises GivenUpError where it is."""

    def __init__(
        self, tell: Callable[[float], object] = lambda share: None, given_up: Callable[[], bool] = lambda: False
    ) -> None:
        """`tell` hears now and then which share of the work is done, from 0 to 1."""
        self._tell = tell
        self._given_up = given_up
        self._all = self._before = self._here = 0
        self._done = 0.0
        self._next = 0.0

    def let_be(self) -> None:
        """Raise no more: who reads on decides for himself when to stop."""
        self._given_up = lambda: False

    def expect(self, size: int) -> None:
        """So many bytes more are to be read."""
        self._all += size

    def begin(self, size: int) -> None:
        """Another file is read, of so many bytes: the one before is done with."""
        self._before, self._here, self._done = self._before + self._here, size, 0.0
        self._step(0)

    def read(self, size: int) -> None:
        """So many bytes of the file have been read."""
        self._step(size / 2)

    def listed(self, size: int) -> None:
        """So many bytes of the file have been understood."""
        self._step(size / 2)

    def _step(self, size: float) -> None:
        if self._given_up():
            raise GivenUpError(tr("Opening was cancelled."))
        self._done = min(self._done + size, self._here)
        now = time.monotonic()
        if now >= self._next and self._all:
            self._next = now + _INTERVAL
            self._tell(min((self._before + self._done) / self._all, 1.0))
