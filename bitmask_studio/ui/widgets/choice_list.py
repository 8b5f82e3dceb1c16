"""A list of things to open, each a name over where it is: a click or Enter chooses one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bitmask_studio.core.text import tr
from bitmask_studio.ui.icons import draw
from bitmask_studio.ui.theme import ICON, RADIUS, SPACE_M, SPACE_S, TEXT_S, colors, scaled_font
from bitmask_studio.ui.widgets.plain_text import plain_tip

_CHOICE, _MISSING = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


class Choice(Struct, frozen=True):
    """What a line of the list says, and with which icon; `path` only where there is something to look for."""

    meant: object
    """What is chosen with it."""
    name: str
    place: str
    icon: str
    tip: str
    path: str = ""


class ChoiceList(QListWidget):
    """Emits `chosen` with what a line means. A thread looks whether files are still there: a lost drive takes long."""

    chosen = Signal(object)
    _looked = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_TwoLines(self))
        self.itemClicked.connect(self._choose)
        self._looked.connect(self._mark_missing, Qt.ConnectionType.QueuedConnection)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Show these, the first on top."""
        self.clear()
        for each in choices:
            item = QListWidgetItem(each.name)
            item.setData(_CHOICE, each)
            item.setToolTip(plain_tip(each.tip))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, each.tip)
            self.addItem(item)
        self.updateGeometry()
        paths = tuple(dict.fromkeys(each.path for each in choices if each.path))
        threading.Thread(target=self._look, args=(paths,), daemon=True).start()

    def meant(self, item: QListWidgetItem) -> object:
        """What is chosen with a line."""
        return item.data(_CHOICE).meant

    def sizeHint(self) -> QSize:
        return self.size_of(self.count())

    def size_of(self, lines: int) -> QSize:
        """The size with so many lines, logical px."""
        return QSize(super().sizeHint().width(), lines * max(self.sizeHintForRow(0), 0) + 2 * self.frameWidth())

    def words_of_missing(self, path: str) -> str:
        """What a line says on demand whose file is gone."""
        return tr("{path} is not there any more: moved, renamed, or on a drive that is not connected.").format(
            path=path
        )

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
        self.chosen.emit(self.meant(item))

    def _look(self, paths: tuple[str, ...]) -> None:
        missing = frozenset(path for path in paths if not _exists(path))
        try:
            self._looked.emit(missing)
        except RuntimeError:
            return  # the window was closed meanwhile

    def _mark_missing(self, missing: frozenset[str]) -> None:
        for item in map(self.item, range(self.count())):
            path = item.data(_CHOICE).path
            if path in missing:
                item.setData(_MISSING, True)
                text = self.words_of_missing(path)
                item.setToolTip(plain_tip(text))
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, text)


class _TwoLines(QStyledItemDelegate):
    """A name over where it is, an icon before both."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = option.fontMetrics.height()
        return QSize(160, 2 * lines + 2 * SPACE_M + SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        inner = option.rect.adjusted(SPACE_M, SPACE_M, -SPACE_M, -SPACE_M)
        shown, missing = index.data(_CHOICE), bool(index.data(_MISSING))
        palette = colors()
        faded = QApplication.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name()
        mark = QRect(inner.left(), inner.center().y() - ICON // 2, ICON, ICON)
        draw(painter, shown.icon, QRectF(self._turned(option, mark)), faded if missing else palette.muted)
        words = inner.adjusted(ICON + SPACE_M + SPACE_S, 0, 0, 0)
        top = QRect(words.left(), words.top(), words.width(), words.height() // 2)
        bottom = top.translated(0, top.height())
        self._paint_line(painter, option, top, shown.name, faded if missing else palette.text)
        painter.setFont(scaled_font(TEXT_S))
        self._paint_line(painter, option, bottom, shown.place, faded if missing else palette.muted)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        palette, state = colors(), QStyle.StateFlag
        focused = bool(option.state & state.State_HasFocus)
        if focused or option.state & state.State_MouseOver:
            painter.setPen(QColor(palette.accent) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.hover))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _paint_line(self, painter: QPainter, option: QStyleOptionViewItem, place: QRect, text: str, color: str) -> None:
        place = self._turned(option, place)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        side = Qt.AlignmentFlag.AlignRight if _from_the_right(option) else Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(color))
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(place, flags, shown)

    def _turned(self, option: QStyleOptionViewItem, place: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, place)


def _from_the_right(option: QStyleOptionViewItem) -> bool:
    return bool(option.direction == Qt.LayoutDirection.RightToLeft)


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
