"""A button of a tool bar that runs an action."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolBar, QToolButton


class ActionButton(QToolButton):
    """Looks as its action says: enabled, checked, its tip.

    The button that Qt makes takes its picture from the action anew with each change of it, and the bar and the window
    are laid out anew for that: while the first dab of a stroke, which can be undone, waits to be painted.
    """

    def __init__(self, action: QAction, bar: QToolBar) -> None:
        super().__init__(bar, autoRaise=True)
        self._action = action
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # as Qt's: a click must not lead the keys away from the canvas
        self.setIcon(action.icon())
        self.setIconSize(bar.iconSize())
        self.setCheckable(action.isCheckable())
        action.changed.connect(self._follow)
        self._follow()

    def nextCheckState(self) -> None:
        self._action.trigger()
        self._follow()

    def _follow(self) -> None:
        action = self._action
        self.setEnabled(action.isEnabled())
        self.setChecked(action.isChecked())
        self.setToolTip(action.toolTip())
        self.setStatusTip(action.statusTip())
        self.setAccessibleName(action.text().replace("&", ""))
