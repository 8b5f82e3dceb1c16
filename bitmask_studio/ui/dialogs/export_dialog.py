"""Asks what to export, where to, and what to do with files that are there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.core.text import tr
from bitmask_studio.formats.base import Format
from bitmask_studio.studio.ask import ExportWish
from bitmask_studio.ui.dialogs.file_dialog import dress
from bitmask_studio.ui.dialogs.question import Question, Role
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.theme import SPACE_L, SPACE_M, SPACE_S
from bitmask_studio.ui.widgets.plain_text import plain_label

DEFAULT_FORMAT = "png"


class ExportDialog(Question):
    """Can be accepted only with a folder, which need not exist yet."""

    def __init__(self, parent: QWidget | None, formats: Mapping[str, Format], folder: str) -> None:
        super().__init__(parent, tr("Export Masks"), tr("Export masks as files"), "export")
        self._formats = formats
        self._format, self._format_note = QComboBox(), plain_label("", muted=True)
        self._folder, self._choose = QLineEdit(folder), QPushButton(tr("C&hoose …"))
        self._open_row, self._all_rows = QRadioButton(tr("The &open row")), QRadioButton(tr("&All rows"))
        self._force = QCheckBox(tr("&Replace files with other content"))
        self._fill()
        self._add_form()
        self._export = self.add_button(tr("&Export"), "", Role.AcceptRole, QDialog.DialogCode.Accepted)
        self._export.setDefault(True)
        self.add_cancel(tr("Write nothing"))
        self._format.currentIndexChanged.connect(self._show_format)
        self._folder.textChanged.connect(self._check)
        self._choose.clicked.connect(self._pick_folder)
        self._show_format()
        self._check()

    def wish(self) -> ExportWish:
        """What is chosen at the moment."""
        name = str(self._format.currentData())
        return ExportWish(name, self._path(), self._all_rows.isChecked(), self._force.isChecked())

    def _fill(self) -> None:
        for each in self._formats.values():
            self._format.addItem(tr(each.title), each.name)
        self._format.setCurrentIndex(max(self._format.findData(DEFAULT_FORMAT), 0))
        self._format.setAccessibleName(tr("Format"))
        self._folder.setPlaceholderText(tr("Where the files go"))
        self._folder.setAccessibleName(tr("Folder"))
        self._choose.setIcon(icon("open-folder"))
        self._choose.setAutoDefault(False)
        self._choose.setToolTip(tr("Choose the folder that the files go to"))
        self._open_row.setChecked(True)
        self._open_row.setToolTip(tr("Export the masks of the row in the window, on every frame"))
        self._all_rows.setToolTip(tr("Export the masks of every row in the list"))

    def _add_form(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, SPACE_M, 0, 0)
        form.setHorizontalSpacing(SPACE_L)
        form.setVerticalSpacing(SPACE_L)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        where = QHBoxLayout()
        where.setSpacing(SPACE_M)
        where.addWidget(self._folder, 1)
        where.addWidget(self._choose)
        note = plain_label(tr("Otherwise they are left as they are, and you get a list of them."), muted=True)
        form.addRow(_label(tr("&Format:"), self._format), _column(self._format, self._format_note))
        form.addRow(_label(tr("Fo&lder:"), self._folder), where)
        form.addRow(_label(tr("Rows:"), self._open_row), _column(self._open_row, self._all_rows))
        form.addRow(_label(tr("Files:"), self._force), _column(self._force, note))
        self.content.addLayout(form)

    def _show_format(self) -> None:
        chosen = self._formats[self._format.currentData()]
        text = tr("One {suffix} file for each row.") if chosen.per_row else tr("One {suffix} file for each mask.")
        self._format_note.setText(text.format(suffix=chosen.suffix))

    def _path(self) -> Path:
        return Path(self._folder.text().strip()).expanduser()

    def _check(self) -> None:
        there = self._path().is_absolute()
        self._export.setEnabled(there)
        self._export.setToolTip(tr("Write the files") if there else tr("Choose a folder first"))

    def _pick_folder(self) -> None:
        picker = QFileDialog(self, tr("Folder for the Masks"), self._folder.text().strip() or str(Path.home()))
        picker.setOption(QFileDialog.Option.DontUseNativeDialog, QGuiApplication.platformName() == "offscreen")
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.setOption(QFileDialog.Option.ShowDirsOnly)
        picker.fileSelected.connect(self._folder.setText)
        picker.finished.connect(picker.deleteLater)
        dress(picker)
        QDialog.open(picker)


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)
    label.setBuddy(buddy)
    label.setFixedHeight(buddy.sizeHint().height())
    return label


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(SPACE_S)
    for each in widgets:
        column.addWidget(each)
    return column
