"""The dock with the label rows: filter as you type, a click opens."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.studio.session import Session
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import draw, icon
from bitmask_studio.ui.plain_text import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_HASH_PART = 4
"""Shorter words stand in nearly every hash and would filter nothing."""
_MOVING = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)
_ICONS = {
    "image": "image",
    "img_group": "image-group",
    "image_sequence": "image-group",
    "group": "layers",
    "video": "video",
    "dicom": "medical",
    "nifti": "medical",
}
_TYPES = {
    "image": "Image",
    "img_group": "Group",
    "image_sequence": "Sequence",
    "group": "Data group",
    "video": "Video",
    "dicom": "DICOM",
    "nifti": "NIfTI",
}


class RowModel(QAbstractListModel):
    """The rows of the workspace, in the source's order."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = session.studio
        self._rows: tuple[RowInfo, ...] = ()
        self._studio.rows_changed.connect(self.reload)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's names
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:  # noqa: ANN401 - Qt's type
        row = self._rows[index.row()]
        if role == _ROLE.DisplayRole:
            return row.name
        if role == _ROLE.UserRole:
            return row
        lines = row.name, describe(row), row.label_hash or tr("no labels yet")
        if role == _ROLE.AccessibleTextRole:
            return "\n".join(lines)
        return "<br>".join(map(plain_tip, lines)) if role == _ROLE.ToolTipRole else None

    def reload(self) -> None:
        """Show the workspace's rows anew."""
        self.beginResetModel()
        self._rows = self._studio.workspace.rows
        self.endResetModel()

    def is_unsaved(self, row: RowInfo) -> bool:
        return self._studio.workspace.is_unsaved(row.key)

    def refresh(self) -> None:
        """Draw the unsaved marks again."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def place(self, key: str | None) -> QModelIndex:
        """The index of a row; an invalid one when it is not there."""
        at = next((number for number, row in enumerate(self._rows) if row.key == key), -1)
        return self.index(at) if at >= 0 else QModelIndex()


class _RowFilter(QSortFilterProxyModel):
    """Keeps the rows whose title, type or hash holds every word typed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words: list[str] = []

    def look_for(self, text: str) -> None:
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        if not self._words:
            return True
        row: RowInfo = self.sourceModel().index(source_row, 0).data(_ROLE.UserRole)
        text, hashes = f"{row.title} {row.data_type}".casefold(), f"{row.label_hash} {row.data_hash}".casefold()
        return all(word in text or (len(word) >= _HASH_PART and word in hashes) for word in self._words)


class _RowDelegate(QStyledItemDelegate):
    """A row in two lines: what it is called, and type, size and objects; a dot when it has unsaved edits."""

    def __init__(self, model: RowModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, 2 * QFontMetrics(option.font).height() + 2 * theme.SPACE_M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        row: RowInfo = index.data(_ROLE.UserRole)
        option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        palette, rect = (
            theme.colors(),
            option.rect.adjusted(theme.SPACE_M, theme.SPACE_M, -theme.SPACE_M, -theme.SPACE_M),
        )
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        place = QRect(rect.left(), rect.center().y() - theme.ICON // 2, theme.ICON, theme.ICON)
        draw(painter, _ICONS.get(row.data_type, "image"), place.toRectF(), palette.accent if chosen else palette.muted)
        left = place.right() + theme.SPACE_M + 2
        if self._model.is_unsaved(row):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent))
            painter.drawEllipse(QRect(rect.right() - 7, rect.top() + QFontMetrics(option.font).height() // 2 - 3, 7, 7))
            rect.setRight(rect.right() - 14)
        self._line(
            painter, option, QRect(left, rect.top(), rect.right() - left, rect.height() // 2), row.name, palette.text
        )
        option.textElideMode = Qt.TextElideMode.ElideRight
        below = QRect(left, rect.top() + rect.height() // 2, rect.right() - left, rect.height() // 2)
        option.font = theme.scaled_font(theme.TEXT_S)
        self._line(painter, option, below, describe(row), palette.muted)

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, text: str, color: str) -> None:
        painter.setFont(option.font)
        painter.setPen(QColor(color))
        shown = QFontMetrics(option.font).elidedText(" ".join(text.split()), option.textElideMode, rect.width())
        painter.drawText(
            rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, shown
        )


class Browser(QWidget):
    """The list of rows with its filter."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._model = RowModel(session, self)
        self._filter = _RowFilter(self)
        self._filter.setSourceModel(self._model)
        self.search = QLineEdit(placeholderText=tr("Filter rows"), clearButtonEnabled=True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setToolTip(tr("Show only rows whose title, type or hash holds these words (Ctrl+F)"))
        self.search.setAccessibleName(tr("Filter rows"))
        self.search.textChanged.connect(self._look_for)
        self.search.installEventFilter(self)
        self.search.setAcceptDrops(False)  # files are dropped on the window
        self.list = QListView(uniformItemSizes=True)
        self.list.setMouseTracking(True)
        self.list.setModel(self._filter)
        self.list.setItemDelegate(_RowDelegate(self._model, self.list))
        self.list.setAccessibleName(tr("Label rows"))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.installEventFilter(self)
        self._count = QLabel()
        self._count.setProperty("muted", True)
        self._lay_out()
        session.studio.rows_changed.connect(self._tell_count)
        session.studio.view_changed.connect(lambda old, new: self._follow() if old.row != new.row else None)
        self._tell_count()

    def refresh(self) -> None:
        """Show which rows have unsaved edits now."""
        self._model.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that mean something here while list or filter have the focus are no shortcuts of the window."""
        if watched is self.search and isinstance(event, QKeyEvent):
            return self._key_in_filter(event)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and event.key() in _MOVING:
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _key_in_filter(self, event: QKeyEvent) -> bool:
        """Return opens the first row found, Down goes into the list, Esc clears the filter and then leaves it."""
        key = Qt.Key
        if event.key() not in (key.Key_Escape, key.Key_Down, key.Key_Return, key.Key_Enter):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress and event.key() == key.Key_Down:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.type() == QEvent.Type.KeyPress and event.key() == key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.type() == QEvent.Type.KeyPress:
            if event.key() != key.Key_Escape and self._filter.rowCount():
                self._open(self._filter.index(0, 0))
            self.search.clearFocus()
        return True

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        head.addWidget(self.search)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self._count.setContentsMargins(theme.SPACE_M + 2, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        column.addWidget(self._count)

    def _look_for(self, text: str) -> None:
        self._filter.look_for(text)
        self._follow()
        self._tell_count()

    def _open(self, index: QModelIndex) -> None:
        row: RowInfo = index.data(_ROLE.UserRole)
        if row.key != self._session.studio.view.row:
            self._session.studio.jobs.start(self._session.open_row(row.key))

    def _follow(self) -> None:
        index = self._filter.mapFromSource(self._model.place(self._session.studio.view.row))
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index)

    def _tell_count(self) -> None:
        shown, total = self._filter.rowCount(), self._model.rowCount()
        whole = tr("1 row") if total == 1 else tr("{total} rows")
        text = whole if shown == total else tr("{shown} of {total} rows")
        self._count.setText(text.format(shown=shown, total=total))
        self._follow()


def describe(row: RowInfo) -> str:
    """Type, size, frames and objects of a row in one line."""
    parts = [tr(_TYPES.get(row.data_type, row.data_type))]
    if row.width and row.height:
        parts.append(f"{row.width} × {row.height}")
    if row.frames > 1:
        parts.append(tr("{count} frames").format(count=row.frames))
    parts.append(tr("1 object") if row.objects == 1 else tr("{count} objects").format(count=row.objects))
    return " · ".join(parts)
