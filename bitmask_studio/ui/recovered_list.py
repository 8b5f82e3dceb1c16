"""The rows with edits that a program could not save before it ended: a click opens one, and they come back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio.recovering import Waiting
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.plain_text import plain_tip
from bitmask_studio.ui.theme import SPACE_M

MOST_LINES = 4
"""More are reached by scrolling."""


class RecoveredList(QListWidget):
    """One line for each row; emits `chosen` with a `Waiting`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Rows with unsaved edits"))
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(16, 16))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.itemClicked.connect(self._choose)

    def set_entries(self, entries: Sequence[Waiting]) -> None:
        """Show these, the first on top."""
        self.clear()
        for each in entries:
            item = QListWidgetItem(icon("recent"), " ".join(each.text.split()))
            item.setData(Qt.ItemDataRole.UserRole, each)
            item.setToolTip(plain_tip("\n".join((each.text, *each.about.paths[:1]))))
            item.setSizeHint(QSize(160, self.fontMetrics().height() + 2 * SPACE_M))
            self.addItem(item)
        self.setFixedHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        lines = min(self.count(), MOST_LINES)
        return QSize(super().sizeHint().width(), lines * max(self.sizeHintForRow(0), 0) + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self._choose(self.currentItem())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentRow() < 0:
            self.setCurrentRow(0)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
