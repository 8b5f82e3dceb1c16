"""Lets Qt's own file dialog, which stands in where the system has none, look like the other dialogs."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QFileDialog, QHeaderView, QTreeView

_SIZE = QSize(860, 540)


def dress(dialog: QFileDialog) -> None:
    """Give it room, columns as wide as what is in them and buttons without icons; a dialog of the system stays so."""
    files = dialog.findChild(QTreeView, "treeView")
    if files is None:
        return
    fit, mode = files.header(), QHeaderView.ResizeMode
    for column in range(fit.count()):
        fit.setSectionResizeMode(column, mode.ResizeToContents if column else mode.Stretch)
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.findChildren(QAbstractButton):
            button.setIcon(QIcon())
    parent = dialog.parentWidget()
    dialog.resize(_SIZE.boundedTo(parent.window().size()) if parent else _SIZE)
