"""The objects of the frame as a Qt model: one row an object; columns for name, area, eye and lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QStandardItemModel

from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.text import letters, tr
from bitmask_studio.studio.session import Session
from bitmask_studio.ui.canvas.scene import color_of
from bitmask_studio.ui.widgets.plain_text import plain_tip

Index = QModelIndex | QPersistentModelIndex
NAME, AREA, EYE, LOCK = range(4)
_ROLE = Qt.ItemDataRole


class ObjectModel(QStandardItemModel):
    """The objects of the frame, in the file's order.

    Without a single item: it is Qt's own model so that Qt knows the number of rows by itself. A view asks for it twice
    a row whenever it lays them out.
    """

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(0, 4, parent)
        self._studio = session.studio
        self._objects: tuple[ObjectInfo, ...] = ()
        self._rows: dict[str, int] = {}

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:  # noqa: ANN401
        titles = (tr("Object"), tr("Area, px"), "", "")
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return titles[section]
        if role == _ROLE.TextAlignmentRole and section == AREA:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def at(self, index: Index) -> ObjectInfo:
        """The object of a row."""
        return self._objects[index.row()]

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:  # noqa: ANN401 - Qt's type
        if index.row() >= len(self._objects):  # the number of rows is about to follow
            return None
        each = self._objects[index.row()]
        if role == _ROLE.UserRole:
            return each
        if role == _ROLE.DisplayRole:
            return letters(each.name) if index.column() == NAME else self.area(each) if index.column() == AREA else ""
        if role == _ROLE.AccessibleTextRole:
            return self._spoken(each, index.column())
        if role == _ROLE.ToolTipRole:
            return self._tip(each, index.column())
        return None

    def reload(self) -> None:
        """Show the objects of the studio's frame anew."""
        self._objects = self._studio.objects
        self._rows = {each.object_hash: row for row, each in reversed(list(enumerate(self._objects)))}
        self.setRowCount(len(self._objects))
        self.refresh()

    def count(self, key: MaskKey) -> None:
        """Draw the area of one object again, if it is on the frame."""
        at = self.place(key.object_hash) if key.frame == self._studio.view.frame else -1
        if at >= 0:
            self.dataChanged.emit(self.index(at, AREA), self.index(at, AREA))

    def refresh(self) -> None:
        """Draw all that is known of the objects again."""
        if self._objects:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self._objects) - 1, LOCK))

    def restyle(self, keys: Iterable[MaskKey] | None = None) -> None:
        """Draw names, eyes and locks again, of these objects or of all; areas don't follow the view."""
        rows: Sequence[int] = range(len(self._objects))
        if keys is not None:
            here = (self.place(key.object_hash) for key in keys if key.frame == self._studio.view.frame)
            rows = [row for row in here if row >= 0]
        if rows:
            first, last = min(rows), max(rows)
            self.dataChanged.emit(self.index(first, NAME), self.index(last, NAME))
            self.dataChanged.emit(self.index(first, EYE), self.index(last, LOCK))

    def key(self, each: ObjectInfo) -> MaskKey:
        return MaskKey(self._studio.view.frame, each.object_hash)

    def place(self, object_hash: str | None) -> int:
        """The row of an object; -1 where there is none."""
        return self._rows.get(object_hash or "", -1)

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

    def area(self, each: ObjectInfo) -> str:
        """The number of its pixels; a dash where there are none to count, and nothing while it is being decoded."""
        document, key = self._studio.document, self.key(each)
        if document is None or not each.is_bitmask or document.damage(key):
            return "–"
        return "" if document.is_awaited(key) else spaced(document.mask(key).area)

    def _spoken(self, each: ObjectInfo, column: int) -> str:
        if column == EYE:
            return tr("hidden") if self.is_hidden(each) else tr("visible")
        if column == LOCK:
            return tr("locked") if self.is_locked(each) else tr("unlocked")
        return letters(f"{each.name}, {each.object_hash}") if column == NAME else self.area(each)

    def _tip(self, each: ObjectInfo, column: int) -> str:
        if column == EYE:
            return tr("Show (Ctrl+H)") if self.is_hidden(each) else tr("Hide (Ctrl+H)")
        if column == LOCK:
            return tr("Unlock (Ctrl+L)") if self.is_locked(each) else tr("Lock (Ctrl+L)")
        lines = filter(None, (each.name, each.object_hash, self.trouble(each)))
        return "<br>".join(plain_tip(line) for line in lines)


def spaced(number: int) -> str:
    """With a narrow space at every third digit."""
    return f"{number:,}".replace(",", "\u202f")
