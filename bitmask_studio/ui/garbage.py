"""Collects Python's garbage on the window's thread alone.

Python collects cycles on whatever thread happens to allocate, and a Qt object that is destroyed on a worker's thread
brings the process down.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000
_BULK = 10_000
"""So many objects made since the last time, and still there, are something that was read, such as a list of rows."""


class GarbageTimer(QTimer):
    """From its making on, garbage is collected when this timer says so, and at no other time."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self.timeout.connect(collect_what_is_due)
        self.start(_EVERY_MS)


def collect_what_is_due() -> None:
    """Collect the oldest generation that has outgrown its threshold, as Python itself would.

    What was read is never looked at again: going through 100,000 rows for cycles would hold the window up for long.
    """
    counts, thresholds = gc.get_count(), gc.get_threshold()
    if counts[0] > _BULK:
        gc.freeze()
        return
    due = [number for number in range(3) if counts[number] > thresholds[number]]
    if due:
        gc.collect(due[-1])
