"""Keys that act while they are held: Space pans and V peeks, wherever the focus is; Space that is only tapped plays."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui.canvas.input import CanvasInput, types_text
from bitmask_studio.ui.commands import Commands

_HELD = (Qt.Key.Key_Space, Qt.Key.Key_V)


class HeldKeys(QObject):
    """Hears the keys of one window before whatever has the focus does; what is meant for a field, a button or a menu
    goes there.

    It listens where the focus is, and is told by the canvas and the window. It does not listen to the application: each
    event, a move of the pointer too, would come to Python several times, and PySide makes all types of objects there
    are to find out whose it is.
    """

    def __init__(self, window: QWidget, studio: Studio, canvas: CanvasInput, commands: Commands) -> None:
        super().__init__(window)
        self._window, self._studio, self._canvas, self._commands = window, studio, canvas, commands
        self._held: set[int] = set()
        canvas.hear = self.hear
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return isinstance(event, (QKeyEvent, QFocusEvent)) and self.hear(event)

    def hear(self, event: QEvent) -> bool:
        """A key, or that keys go elsewhere from now on; answers whether that is dealt with."""
        kind = event.type()
        to_popup = kind == QEvent.Type.FocusOut and QApplication.activePopupWidget() is not None
        if kind == QEvent.Type.WindowDeactivate or to_popup:
            self._canvas.let_go()
            for key in tuple(self._held):
                self._hold(key, False, tap=False)
        elif kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) and isinstance(event, QKeyEvent):
            return self._held_key(event)
        return False

    def _follow_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        """Listen there; the canvas tells of its keys itself."""
        if now is not None and now is not self._canvas.canvas and self._window.isAncestorOf(now):
            now.installEventFilter(self)

    def _held_key(self, event: QKeyEvent) -> bool:
        """Whether a key was a held one and has been dealt with; one that was held is always let go of."""
        key, down = event.key(), event.type() == QEvent.Type.KeyPress
        if key in self._held:
            if not down and not event.isAutoRepeat():
                self._hold(key, False)
            return True
        if down and key in _HELD and not event.isAutoRepeat() and self._may_hold(event):
            self._hold(key, True)
            return True
        return False

    def _may_hold(self, event: QKeyEvent) -> bool:
        """Whether a key is meant for the canvas, and not for a field, a button, a menu or another window."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        here = self._window.isActiveWindow() and QApplication.activePopupWidget() is None
        pressed = event.key() == Qt.Key.Key_Space and isinstance(QApplication.focusWidget(), QAbstractButton)
        return plain and here and self._studio.document is not None and not pressed and not types_text()

    def _hold(self, key: int, down: bool, tap: bool = True) -> None:
        self._held.add(key) if down else self._held.discard(key)
        if key != Qt.Key.Key_Space:
            self._studio.show(peek=down)
        elif self._canvas.hold_space(down) and tap:
            self._commands.run("play")
