"""A widget that leaves what mouse, pen and keys do on it to somebody else.

Qt's own handlers tell of it: an event filter would be called for every event there is, the repaints too.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QWidget


class Receiver(Protocol):
    """Hears what is done on a widget."""

    def press(self, event: QMouseEvent) -> None: ...

    def move(self, event: QMouseEvent) -> None: ...

    def release(self, event: QMouseEvent) -> None: ...

    def pen(self, event: QTabletEvent) -> None: ...

    def wheel(self, event: QWheelEvent) -> None: ...

    def leave(self) -> None: ...

    def hear(self, event: QEvent) -> bool:
        """A key, or that keys go elsewhere from now on; answers whether that is dealt with."""


class HeardWidget(QWidget):
    """Tells its `receiver`, as soon as there is one."""

    receiver: Receiver | None = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.receiver:
            self.receiver.move(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.receiver:
            self.receiver.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.receiver:
            self.receiver.release(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        if self.receiver:
            self.receiver.pen(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.receiver:
            self.receiver.wheel(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self.receiver:
            self.receiver.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self.receiver and self.receiver.hear(event)):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not (self.receiver and self.receiver.hear(event)):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.receiver:
            self.receiver.hear(event)
