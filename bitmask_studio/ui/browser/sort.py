"""The button that puts the list of rows in order."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio.rows.row_order import AS_LISTED, Order, SortBy
from bitmask_studio.ui.icons import icon

_OF_FILES = (SortBy.LISTED, SortBy.TITLE, SortBy.TYPE, SortBy.SIZE, SortBy.FRAMES)
_LARGE_FIRST = (SortBy.EDITED, SortBy.SIZE, SortBy.FRAMES)
"""What is looked for by these is mostly the newest, the largest, the longest."""


class SortButton(QToolButton):
    """Tells by `changed` that another order is wanted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = AS_LISTED
        self._of_server = True
        self.setIcon(icon("sort"))
        self.setAccessibleName(tr("Sort rows"))
        self.setCheckable(True)
        self.clicked.connect(self.open_menu)
        self._tell()

    def offer(self, of_server: bool) -> None:
        """Offer the orders that make sense for rows of a server, or of files."""
        self._of_server = of_server
        if not of_server and self.order.by not in _OF_FILES:
            self.order = AS_LISTED
            self._tell()

    def choose(self, order: Order) -> None:
        """Order the rows so."""
        self.order = order
        self._tell()
        self.changed.emit()

    def open_menu(self) -> None:
        """Show what there is to choose from."""
        self._tell()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for by, title in _titles().items():
            if self._of_server or by in _OF_FILES:
                action = menu.addAction(title)
                action.setCheckable(True)
                action.setChecked(by is self.order.by)
                action.triggered.connect(lambda on, by=by: self.choose(Order(by, by in _LARGE_FIRST)))
                group.addAction(action)
        menu.addSeparator()
        menu.addAction(self._reversing(menu))
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _reversing(self, menu: QMenu) -> QAction:
        action = QAction(tr("Descending"), menu)
        action.setCheckable(True)
        action.setChecked(self.order.descending)
        action.setEnabled(self.order.by is not SortBy.LISTED)
        action.triggered.connect(lambda on: self.choose(Order(self.order.by, on)))
        return action

    def _tell(self) -> None:
        title = _titles()[self.order.by]
        direction = tr("descending") if self.order.descending else tr("ascending")
        listed = self.order.by is SortBy.LISTED
        self.setChecked(not listed)
        self.setToolTip(
            tr("Sort rows (now as listed)")
            if listed
            else tr("Sort rows (now by {title}, {direction})").format(title=title.lower(), direction=direction)
        )


def _titles() -> dict[SortBy, str]:
    return {
        SortBy.LISTED: tr("As Listed"),
        SortBy.TITLE: tr("Title"),
        SortBy.TYPE: tr("Type"),
        SortBy.SIZE: tr("Size"),
        SortBy.FRAMES: tr("Frames"),
        SortBy.STAGE: tr("Stage"),
        SortBy.STATUS: tr("Status"),
        SortBy.ASSIGNEE: tr("Assignee"),
        SortBy.EDITED: tr("Last Edited"),
    }
