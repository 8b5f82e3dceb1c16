"""Puts a window on screen before anything else is done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QWidget

_PATIENCE_MS = 500
"""A window that starts on a desktop out of sight is not painted, and not waited for."""


def show_painted(window: QWidget) -> None:
    """Show a window and come back when it is painted."""
    loop = QEventLoop()
    watcher = _Watcher(loop)
    window.installEventFilter(watcher)
    QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
    window.show()
    loop.exec()
    window.removeEventFilter(watcher)


class _Watcher(QObject):
    """Ends a loop when the window that it watches is painted, or closed."""

    def __init__(self, loop: QEventLoop) -> None:
        super().__init__()
        self._loop = loop

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Paint, QEvent.Type.Close):
            self._loop.quit()
        return False
