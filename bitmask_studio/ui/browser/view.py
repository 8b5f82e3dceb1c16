"""The view of the list of rows: as quick with a hundred thousand rows as with ten."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.ui import theme

PAUSE_MS = 120
"""How long nothing has to move before pictures of what is on screen are worth reading."""
_MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
"""Page Up and Page Down open the previous and the next row wherever the focus is."""


class RowView(QTableView):
    """A table of one column, because a QListView measures every row again whenever one of them changes.

    `settled` tells that what is on screen has been so for a moment.
    """

    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.nothing = ""
        """What is said where no row is."""
        self.setAccessibleName(tr("Label rows"))
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.settled)
        self.verticalScrollBar().valueChanged.connect(self.stir)

    def set_row_height(self, height: int) -> None:
        if self.verticalHeader().defaultSectionSize() != height:
            self.verticalHeader().setMinimumSectionSize(height)
            self.verticalHeader().setDefaultSectionSize(height)

    @property
    def is_moving(self) -> bool:
        """Whether `settled` is still to come."""
        return self._pause.isActive()

    def stir(self) -> None:
        """What is on screen has changed."""
        self._pause.start()

    @property
    def on_screen(self) -> range:
        """The rows that can be seen, top to bottom."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0 or not self.isVisible():
            return range(0)
        return range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1)

    def mark(self, index: QModelIndex) -> None:
        """Make a row the current one without going to it; an invalid index leaves none."""
        self.setAutoScroll(False)
        self.setCurrentIndex(index)
        self.setAutoScroll(True)

    def offset(self, index: QModelIndex) -> int:
        """How far below the upper edge a row begins, px."""
        return self.rowViewportPosition(index.row())

    def put(self, index: QModelIndex, offset: int) -> None:
        """Scroll so that a row begins that far below the upper edge, or as near as can be."""
        self.updateGeometries()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.offset(index) - offset)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row, not to the ends of a line."""
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: -1}
        if action in ends and self.model().rowCount():
            return self.model().index(ends[action] % self.model().rowCount(), 0)
        return super().moveCursor(action, modifiers)

    def event(self, event: QEvent) -> bool:
        """Keys that move in the list are no shortcuts of the window while the list has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and event.key() in _MOVING:
                event.accept()
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stir()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.nothing and not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(theme.colors().muted)
            edge = theme.SPACE_L
            place = self.viewport().rect().adjusted(edge, 2 * edge, -edge, -edge)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(place, flags, self.nothing)
