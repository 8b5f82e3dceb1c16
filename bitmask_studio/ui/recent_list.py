"""The files and projects opened last, to be opened again with one click or with Enter."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

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
from bitmask_studio.sources.encord.login import is_loopback
from bitmask_studio.studio.session import PROJECT
from bitmask_studio.ui.icons import draw
from bitmask_studio.ui.plain_text import plain_tip
from bitmask_studio.ui.theme import ICON, RADIUS, SPACE_M, SPACE_S, TEXT_S, colors, scaled_font

_ENTRY, _MISSING = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_LABELS = frozenset((".json",))
_LEFT_TO_RIGHT = "\u2066{}\u2069"
"""Keeps the slashes of a path in their places among letters that run from right to left."""

Index = QModelIndex | QPersistentModelIndex


class _Shown(Struct, frozen=True):
    """What a line of the list says, and with which icon; `path` only where there is something to look for."""

    name: str
    place: str
    icon: str
    tip: str
    path: str = ""

    @classmethod
    def of(cls, entry: str) -> _Shown:
        """An entry is a path, or encord:DOMAIN|PROJECT_HASH|TITLE."""
        domain, bar, rest = entry.removeprefix(PROJECT).partition("|")
        if entry.startswith(PROJECT) and bar:
            project, _, title = rest.partition("|")
            host = _host(domain)
            place = tr("Server on this computer") if is_loopback(host) else host
            return cls(title or project, place, "cloud", f"{title or project}\n{domain}")
        icon = "open-file" if Path(entry).suffix.lower() in _LABELS else "images-folder"
        return cls(Path(entry).name or entry, _LEFT_TO_RIGHT.format(short_folder(entry)), icon, entry, entry)


def _host(domain: str) -> str:
    """Whose server it is; what is no address stands for itself."""
    try:
        return urlsplit(domain).hostname or domain
    except ValueError:
        return domain


class RecentList(QListWidget):
    """Emits `chosen` with an entry. A thread looks whether files are still there: a lost network drive takes long."""

    chosen = Signal(str)
    _looked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Recent files and projects"))
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_TwoLines(self))
        self.itemClicked.connect(self._choose)
        self._looked.connect(self._mark_missing, Qt.ConnectionType.QueuedConnection)

    def set_entries(self, entries: Sequence[str]) -> None:
        """Show these, the first on top."""
        self.clear()
        shown = [(entry, _Shown.of(entry)) for entry in entries]
        for entry, each in shown:
            item = QListWidgetItem(each.name)
            item.setData(_ENTRY, entry)
            item.setToolTip(plain_tip(each.tip))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, each.tip)
            self.addItem(item)
        self.updateGeometry()
        paths = tuple(each.path for _, each in shown if each.path)
        threading.Thread(target=self._look, args=(paths,), daemon=True).start()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.count() * max(self.sizeHintForRow(0), 0) + 2 * self.frameWidth())

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
        self.chosen.emit(item.data(_ENTRY))

    def _look(self, paths: tuple[str, ...]) -> None:
        missing = frozenset(path for path in paths if not _exists(path))
        try:
            self._looked.emit(missing)
        except RuntimeError:
            return  # the window was closed meanwhile

    def _mark_missing(self, missing: frozenset[str]) -> None:
        for item in map(self.item, range(self.count())):
            path = item.data(_ENTRY)
            if path in missing:
                item.setData(_MISSING, True)
                text = tr("{path} is not there any more: moved, renamed, or on a drive that is not connected.")
                item.setToolTip(plain_tip(text.format(path=path)))
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, text.format(path=path))


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
        shown, missing = _Shown.of(str(index.data(_ENTRY))), bool(index.data(_MISSING))
        palette = colors()
        faded = QApplication.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name()
        mark = QRect(inner.left(), inner.center().y() - ICON // 2, ICON, ICON)
        draw(painter, shown.icon, QRectF(self._turned(option, mark)), faded if missing else palette.muted)
        words = inner.adjusted(ICON + SPACE_M + SPACE_S, 0, 0, 0)
        top = QRect(words.left(), words.top(), words.width(), words.height() // 2)
        bottom = top.translated(0, top.height())
        self._paint_line(painter, option, top, str(index.data()), faded if missing else palette.text)
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


def short_folder(path: str) -> str:
    """The folder of a path, with `~` for the user's own."""
    folder = Path(path).parent
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)


def _from_the_right(option: QStyleOptionViewItem) -> bool:
    return bool(option.direction == Qt.LayoutDirection.RightToLeft)


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
