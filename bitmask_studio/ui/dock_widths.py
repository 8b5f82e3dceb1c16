"""Gives what stands on both sides of the canvas its width back whenever the window has room for it again."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow

_SHARE = 0.28
"""Of the window's width that each of them gets at most."""


class DockWidths(QObject):
    """Remembers how wide the docks of a window are wished: as given (logical px), or as somebody dragged them since."""

    def __init__(self, window: QMainWindow, wished: Mapping[QDockWidget, int]) -> None:
        super().__init__(window)
        self._window, self._wished = window, dict(wished)
        self._size = window.size()
        for each in wished:  # the window hears of too much: it calls `follow` itself
            each.installEventFilter(self)

    def follow(self) -> None:
        """To be called when the window has got another size."""
        self._size = self._window.size()
        self.apply()

    def apply(self) -> None:
        """Make them as wide as is wished, in a small window narrower: the canvas is what one works on."""
        most = round(_SHARE * self._window.width())
        widths = [min(each, most) for each in self._wished.values()]
        self._window.resizeDocks(list(self._wished), widths, Qt.Orientation.Horizontal)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QDockWidget) and self._is_dragged():
            self._wished[watched] = watched.width()
        return False

    def _is_dragged(self) -> bool:
        """Whether somebody drags the edge of a dock: else it follows the window, which has another size then."""
        pressed = QApplication.mouseButtons() & Qt.MouseButton.LeftButton
        return bool(pressed) and self._size == self._window.size()
