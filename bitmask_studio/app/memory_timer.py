"""Has memory that lies free given back now and then while the program runs."""

from __future__ import annotations

from threading import Thread

from PySide6.QtCore import QObject, QTimer

from bitmask_studio.app.memory import give_back_free_memory, held

_GROWN = 16 << 20
"""Bytes held more than the least since the last time that are worth a look at what of them is free."""
_EVERY_MS = 20_000


class MemoryTimer(QTimer):
    """Looks now and then whether much more memory is held, and gives back what of it is free, on a thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held = 0
        self.timeout.connect(self._look)
        self.start(_EVERY_MS)

    def _look(self) -> None:
        now = held()
        if now > self._held + _GROWN:
            Thread(target=self._give_back, name="memory", daemon=True).start()
        else:
            self._held = min(self._held, now)

    def _give_back(self) -> None:
        give_back_free_memory()
        self._held = held()
