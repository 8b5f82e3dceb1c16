"""The dock with the objects of the frame: colour, class, area, visible, locked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.text import tr
from bitmask_studio.studio.session import Session
from bitmask_studio.studio.view import View
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import draw
from bitmask_studio.ui.scene import color_of

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
NAME, AREA, EYE, LOCK = range(4)
_CHIP = 12


class ObjectModel(QAbstractTableModel):
    """The objects of the frame, in the file's order."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = session.studio
        self._objects: tuple[ObjectInfo, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's names
        return 0 if parent.isValid() else len(self._objects)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's names
        return 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:  # noqa: ANN401
        titles = (tr("Object"), tr("Area, px"), "", "")
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return titles[section]
        if role == _ROLE.TextAlignmentRole and section == AREA:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:  # noqa: ANN401 - Qt's type
        each = self._objects[index.row()]
        if role == _ROLE.UserRole:
            return each
        if role == _ROLE.DisplayRole:
            return each.name if index.column() == NAME else self._area(each) if index.column() == AREA else ""
        if role == _ROLE.AccessibleTextRole:
            return self._spoken(each, index.column())
        if role == _ROLE.ToolTipRole:
            return self._tip(each, index.column())
        return None

    def reload(self) -> None:
        """Show the objects of the studio's frame anew."""
        self.beginResetModel()
        self._objects = self._studio.objects
        self.endResetModel()

    def refresh(self) -> None:
        """Draw areas, eyes and locks again."""
        if self._objects:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._objects) - 1, LOCK))

    def key(self, each: ObjectInfo) -> MaskKey:
        return MaskKey(self._studio.view.frame, each.object_hash)

    def place(self, object_hash: str | None) -> int:
        return next((at for at, each in enumerate(self._objects) if each.object_hash == object_hash), -1)

    def trouble(self, each: ObjectInfo) -> str | None:
        """Why the object cannot be edited, apart from its lock."""
        document = self._studio.document
        if document is None:
            return None
        if not each.is_bitmask:
            shape = each.shape.replace("_", " ")
            return tr("{shape}: not editable here; it is kept as it is.").format(shape=shape.capitalize())
        damage = document.damage(self.key(each))
        return tr("Damaged: {reason}").format(reason=damage) if damage else each.read_only

    def is_damaged(self, each: ObjectInfo) -> bool:
        document = self._studio.document
        return document is not None and document.damage(self.key(each)) is not None

    def is_hidden(self, each: ObjectInfo) -> bool:
        return self.key(each) in self._studio.view.hidden

    def is_locked(self, each: ObjectInfo) -> bool:
        return self.key(each) in self._studio.view.locked

    def color(self, each: ObjectInfo) -> QColor:
        blue, green, red = color_of(self._studio, each)
        return QColor(red, green, blue)

    def _area(self, each: ObjectInfo) -> str:
        document = self._studio.document
        if document is None or not each.is_bitmask or document.damage(self.key(each)):
            return "–"
        return f"{document.mask(self.key(each)).area:,}".replace(",", "\u202f")

    def _spoken(self, each: ObjectInfo, column: int) -> str:
        if column == EYE:
            return tr("hidden") if self.is_hidden(each) else tr("visible")
        if column == LOCK:
            return tr("locked") if self.is_locked(each) else tr("unlocked")
        return f"{each.name}, {each.object_hash}" if column == NAME else self._area(each)

    def _tip(self, each: ObjectInfo, column: int) -> str:
        if column == EYE:
            return tr("Show (Ctrl+H)") if self.is_hidden(each) else tr("Hide (Ctrl+H)")
        if column == LOCK:
            return tr("Unlock (Ctrl+L)") if self.is_locked(each) else tr("Lock (Ctrl+L)")
        return "\n".join(filter(None, (each.name, each.object_hash, self.trouble(each))))


class _ObjectDelegate(QStyledItemDelegate):
    """A colour chip and the class; what is not editable is muted; eyes and locks show quietly until they matter."""

    def __init__(self, model: ObjectModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, max(theme.ICON, QFontMetrics(option.font).height()) + theme.SPACE_M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        each: ObjectInfo = index.data(_ROLE.UserRole)
        text, option.text = option.text, ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        palette = theme.colors()
        if index.column() == NAME:
            self._paint_name(painter, option, each, text)
        elif index.column() == AREA:
            painter.setPen(QColor(palette.muted))
            painter.setFont(theme.numbers_font())
            box = option.rect.adjusted(0, 0, -theme.SPACE_S, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            self._paint_switch(painter, option.rect, each, index.column())

    def _paint_name(self, painter: QPainter, option: QStyleOptionViewItem, each: ObjectInfo, text: str) -> None:
        palette, rect = theme.colors(), option.rect
        chip = QRect(rect.left() + theme.SPACE_S, rect.center().y() - _CHIP // 2 + 1, _CHIP, _CHIP)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._model.color(each)
        painter.setPen(color.darker(140))
        painter.setBrush(color if each.is_bitmask else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip, 3, 3)
        painter.restore()
        left = chip.right() + theme.SPACE_M
        if self._model.is_damaged(each):
            size = theme.ICON - 2
            draw(painter, "damaged", QRect(left, rect.center().y() - size // 2, size, size).toRectF(), palette.danger)
            left += theme.ICON + 2
        quiet = self._model.trouble(each) is not None or self._model.is_hidden(each)
        painter.setPen(QColor(palette.muted if quiet else palette.text))
        painter.setFont(option.font)
        room = rect.right() - left
        shown = QFontMetrics(option.font).elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_switch(self, painter: QPainter, rect: QRect, each: ObjectInfo, column: int) -> None:
        palette, eye = theme.colors(), column == EYE
        on = self._model.is_hidden(each) if eye else self._model.is_locked(each)
        name = ("eye-off" if on else "eye") if eye else ("lock" if on else "unlock")
        size = theme.ICON - 4
        place = QRect(rect.center().x() - size // 2, rect.center().y() - size // 2, size, size)
        painter.setOpacity(1.0 if on else 0.35)
        draw(painter, name, place.toRectF(), palette.accent if on else palette.text)
        painter.setOpacity(1.0)


class ObjectPanel(QWidget):
    """The list of objects, and above it the class that a new one gets."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._studio = session.studio
        self._model = ObjectModel(session, self)
        self.list = QTreeView(rootIsDecorated=False, uniformRowHeights=True)
        self.list.setMouseTracking(True)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_ObjectDelegate(self._model, self.list))
        self.list.setAccessibleName(tr("Objects of this frame"))
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.list.clicked.connect(self._clicked)
        self.list.doubleClicked.connect(self._center)
        self.classes = QComboBox(minimumContentsLength=8)
        self.classes.setAccessibleName(tr("Class of new objects"))
        self.classes.setToolTip(tr("Class of new objects (1 to 9)"))
        self.classes.activated.connect(self._choose_class)
        self.new_button = QToolButton()
        self._hint = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._hint.setProperty("muted", True)
        self._lay_out()
        self._listen()

    def refresh(self) -> None:
        """Show areas, eyes and locks as they are now."""
        self._model.refresh()

    def reload(self) -> None:
        """Show the objects of the frame, and which is chosen."""
        self._model.reload()
        self._follow()
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space belongs to the canvas: it pans, also while this list has the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        head.addWidget(self.classes, 1)
        head.addWidget(self.new_button)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self._hint.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        column.addWidget(self._hint)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(AREA, QHeaderView.ResizeMode.ResizeToContents)
        for column_number in (EYE, LOCK):
            header.setSectionResizeMode(column_number, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column_number, theme.ICON + theme.SPACE_M)
        header.setMinimumSectionSize(theme.ICON)

    def _listen(self) -> None:
        studio = self._studio
        studio.document_changed.connect(self._fill_classes)
        studio.document_changed.connect(self.reload)
        studio.rows_changed.connect(self._fill_classes)
        studio.view_changed.connect(self._show_view)

    def _show_view(self, old: View, new: View) -> None:
        if (old.row, old.frame) != (new.row, new.frame):
            self.reload()
        self._model.refresh()
        self._follow()
        self._tell()

    def _follow(self) -> None:
        at = self._model.place(self._studio.view.object_hash)
        self.list.setCurrentIndex(self._model.index(at, NAME) if at >= 0 else QModelIndex())
        if self._studio.new_class:
            self.classes.setCurrentIndex(self.classes.findData(self._studio.new_class.feature_hash))

    def _tell(self) -> None:
        """One line below the list when painting would make an object, or there is nothing."""
        studio = self._studio
        waiting = studio.document is not None and studio.view.object_hash is None and studio.new_class is not None
        read_only = studio.document.row.info.read_only if studio.document else None
        if read_only:
            self._hint.setText(read_only)
        elif waiting and studio.new_class:
            self._hint.setText(tr("Paint to make a new object: {name}").format(name=studio.new_class.name))
        self._hint.setVisible(bool(read_only) or waiting)

    def _fill_classes(self) -> None:
        self.classes.clear()
        for each in self._studio.workspace.ontology.bitmask_classes:
            self.classes.addItem(" ".join(each.name.split()), each.feature_hash)
        self.classes.setEnabled(self.classes.count() > 0)
        self._follow()

    def _choose_class(self, at: int) -> None:
        self._studio.start_object(self.classes.itemData(at))

    def _clicked(self, index: QModelIndex) -> None:
        each: ObjectInfo = index.data(_ROLE.UserRole)
        key, view = self._model.key(each), self._studio.view
        if index.column() == EYE:
            self._studio.show(hidden=view.hidden ^ {key})
        elif index.column() == LOCK:
            self._studio.show(locked=view.locked ^ {key})
        else:
            self._studio.show(object_hash=each.object_hash)

    def _center(self, index: QModelIndex) -> None:
        if index.column() in (NAME, AREA):
            each: ObjectInfo = index.data(_ROLE.UserRole)
            self._studio.screen.show_box(self._studio.object_box(each.object_hash))
