"""Asks for one of an ontology's classes: type a part of its name, or take it from the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.palette import parse_color
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.ui.dialogs.question import Question, Role
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.widgets.chip import paint_chip
from bitmask_studio.ui.widgets.plain_text import plain_tip

_SIZE = QSize(440, 260)
_ICON = 16
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ClassQuestion(Question):
    """Can be accepted only with a class; the arrow keys move through the list while typing."""

    def __init__(self, parent: QWidget | None, classes: Sequence[ObjectClass]) -> None:
        super().__init__(parent, tr("Class"), tr("Which class is it?"), "layers")
        self._field, self._list = QLineEdit(), QListWidget()
        self._choose = self.add_button(tr("&Choose"), "", Role.AcceptRole, QDialog.DialogCode.Accepted)
        self._choose.setDefault(True)
        self.add_cancel(tr("Make no object"))
        self._build(classes)
        self._filter()
        self._field.setFocus()

    def feature_hash(self) -> str:
        """The chosen class."""
        row = self._list.currentRow()
        return str(self._list.item(row).data(Qt.ItemDataRole.UserRole)) if row >= 0 else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        moves = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES
        return QApplication.sendEvent(self._list, event) if moves else super().eventFilter(watched, event)

    def _build(self, classes: Sequence[ObjectClass]) -> None:
        self._field.setPlaceholderText(tr("Part of its name"))
        self._field.setAccessibleName(tr("Search the classes"))
        self._field.setClearButtonEnabled(True)
        self._field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._field.installEventFilter(self)
        self._field.textChanged.connect(self._filter)
        self._list.setAccessibleName(tr("Classes"))
        self._list.setProperty("card", True)
        self._list.setMinimumSize(_SIZE)
        self._list.setIconSize(QSize(_ICON, _ICON))
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for each in classes:
            item = QListWidgetItem(_chip(each.color), one_line(each.name))
            item.setData(Qt.ItemDataRole.UserRole, each.feature_hash)
            item.setToolTip(plain_tip(each.name))
            self._list.addItem(item)
        self._list.itemDoubleClicked.connect(self.accept)
        self._list.currentRowChanged.connect(self._check)
        self.content.addWidget(self._field)
        self.content.addWidget(self._list, 1)

    def _filter(self) -> None:
        """Show what holds the typed text, and choose the first of it unless what is chosen still shows."""
        wanted = self._field.text().strip().casefold()
        fitting = [row for row, item in enumerate(self._items()) if wanted in item.text().casefold()]
        for row, item in enumerate(self._items()):
            item.setHidden(row not in fitting)
        if self._list.currentRow() not in fitting:
            self._list.setCurrentRow(fitting[0] if fitting else -1)
        self._check()

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    def _check(self) -> None:
        there = self._list.currentRow() >= 0
        self._choose.setEnabled(there)
        self._choose.setToolTip(tr("Make an object of this class") if there else tr("No class has such a name"))


def _chip(color: str) -> QIcon:
    pixels = QPixmap(2 * _ICON, 2 * _ICON)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.scale(2, 2)
    place = QRectF(2, 2, _ICON - 4, _ICON - 4)
    blue, green, red = parse_color(color)
    paint_chip(painter, place, QColor(red, green, blue))
    painter.end()
    found = QIcon(pixels)
    found.addPixmap(pixels, QIcon.Mode.Selected)
    return found
