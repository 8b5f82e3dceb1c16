"""Seconds that run down until something may be tried again."""

from __future__ import annotations

from math import ceil
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

_BEAT_MS = 200


class Countdown(QObject):
    """Tells `left` whenever another whole second is left; 0 comes last, and only if nobody stops it before."""

    left = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._until, self._told = 0.0, 0
        self._beat = QTimer(self, interval=_BEAT_MS)
        self._beat.timeout.connect(self._tell)

    @property
    def running(self) -> bool:
        return self._beat.isActive()

    @property
    def seconds(self) -> int:
        """How many are left."""
        return self._told if self.running else 0

    def start(self, until: float) -> None:
        """Run to that moment of the monotonic clock; what is past ends at once."""
        self._until, self._told = until, -1
        self._beat.start()
        self._tell()

    def stop(self) -> None:
        self._beat.stop()

    def _tell(self) -> None:
        seconds = max(ceil(self._until - monotonic()), 0)
        if seconds == 0:
            self.stop()
        if seconds != self._told:
            self._told = seconds
            self.left.emit(seconds)
