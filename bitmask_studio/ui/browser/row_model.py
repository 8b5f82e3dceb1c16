"""The rows that a list shows, as a Qt model: a view on the rows of a source, filtered and in some order."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.studio.rows.row_list import Numbers, RowList
from bitmask_studio.studio.rows.row_words import describe, moment, work_words
from bitmask_studio.ui.widgets.plain_text import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole


class RowModel(QAbstractListModel):
    """Holds the numbers of the rows shown; a row's own facts are read when it is drawn."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = RowList()
        self._numbers: Numbers = np.empty(0, np.intp)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's names
        return 0 if parent.isValid() else len(self._numbers)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:  # noqa: ANN401 - Qt's type
        if role == _ROLE.DisplayRole:
            return self.row(index).name
        if role == _ROLE.UserRole:
            return self.row(index)
        if role == _ROLE.AccessibleTextRole:
            return "\n".join(_lines(self.row(index)))
        return "<br>".join(map(plain_tip, _lines(self.row(index)))) if role == _ROLE.ToolTipRole else None

    def row(self, index: Index) -> RowInfo:
        number = int(self._numbers[index.row()])
        return self._rows.rows[number]

    def show(self, rows: RowList, numbers: Numbers) -> bool:
        """Show these rows of a list; answers whether those shown before stay where they are."""
        before = len(self._numbers)
        kept = rows is self._rows and np.array_equal(numbers[:before], self._numbers)
        if kept and len(numbers) > before:
            self.beginInsertRows(QModelIndex(), before, len(numbers) - 1)
            self._numbers = numbers
            self.endInsertRows()
        elif not kept:
            self.beginResetModel()
            self._rows, self._numbers = rows, numbers
            self.endResetModel()
        return kept

    def after(self, key: str | None, step: int) -> str | None:
        """The key of the row so many steps below another; of the first one below a row that is not shown."""
        number = self._rows.number(key)
        found = np.flatnonzero(self._numbers == (-1 if number is None else number))
        at = int(found[0]) + step if len(found) else 0
        return self._rows.rows[int(self._numbers[at])].key if 0 <= at < len(self._numbers) else None

    def place(self, key: str | None) -> QModelIndex:
        """The index of a row; an invalid one when it is not shown."""
        number = self._rows.number(key)
        found = np.flatnonzero(self._numbers == (-1 if number is None else number))
        return self.index(int(found[0])) if len(found) else QModelIndex()


def _lines(row: RowInfo) -> list[str]:
    """Everything that is known of a row, for the tool tip and for those who listen."""
    edited = tr("Last edited {time}").format(time=moment(row.last_edited)) if row.last_edited else ""
    lines = (
        row.name,
        describe(row),
        work_words(row),
        edited,
        row.label_hash or tr("no labels yet"),
        row.read_only or "",
        row.damage or "",
    )
    return [line for line in lines if line]
