"""What figures are held against: an empty repaint in the program's own process, and the beat of a free thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget


class Floor(QWidget):
    """A window of the canvas's size that paints nothing but its ground."""

    def __init__(self, width: int, height: int, x: int, sync: Callable[[], object]) -> None:
        super().__init__()
        self._sync = sync
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFixedSize(width, height)
        self.move(x, 0)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        QPainter(self).fillRect(event.rect(), QColor(40, 40, 40))

    def seconds(self, exposed: QRect) -> float:
        """What a repaint of a rectangle takes until it is on the screen."""
        began = time.perf_counter()
        self.repaint(exposed)
        self._sync()
        return time.perf_counter() - began


class PaintLog(QObject):
    """Notes which rectangles of a widget are repainted while it is listening."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        self.rects: list[QRect] = []

    def listen(self) -> None:
        self.rects.clear()
        self._widget.installEventFilter(self)

    def stop(self) -> QRect:
        """What was repainted since `listen`, as one rectangle."""
        self._widget.removeEventFilter(self)
        whole = QRect()
        for each in self.rects:
            whole = whole.united(each)
        return whole

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if isinstance(event, QPaintEvent):
            self.rects.append(event.rect())
        return False


class Heartbeat(QTimer):
    """Beats on the window's thread while it is entered; `gaps` are the seconds without a beat, one after another.

    Its own interval is no gap: a thread that is never held up has gaps of about 0.
    """

    EVERY_MS = 2

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = 0.0
        self.setTimerType(Qt.TimerType.PreciseTimer)
        self.timeout.connect(self._beat)

    def __enter__(self) -> Self:
        self._last = time.perf_counter()
        self.start(self.EVERY_MS)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._beat()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(max(0.0, now - self._last - self.EVERY_MS / 1e3))
        self._last = now
