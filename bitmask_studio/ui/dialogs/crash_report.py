"""A failure of the program, told to its user: what happened, that the edits are safe, and a text to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio.failures import Report
from bitmask_studio.ui.dialogs.question import Question, Role
from bitmask_studio.ui.widgets.plain_text import plain_tip

_LINES = 12


class CrashReport(Question):
    """Deletes itself when it is closed; nothing is sent to anybody."""

    def __init__(self, window: QWidget, report: Report) -> None:
        super().__init__(window, tr("Report of a Failure"), report.heading, "warning")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window = window
        self.add_text(report.words)
        self.text = self._report(report.text)
        self.content.addWidget(self.text)
        told = tr("Nothing was sent to anybody. Keys and addresses have been taken out of the report.")
        self.add_text(told, muted=True)
        self.copy = QPushButton(tr("Copy &Report"))
        self.copy.setToolTip(plain_tip(tr("Put the whole report on the clipboard")))
        self.copy.clicked.connect(self._copy)
        self.buttons.addButton(self.copy, Role.ActionRole)
        if report.ended:
            last = self.add_button(
                tr("&Close"), tr("Close this report (Esc)"), Role.AcceptRole, self.DialogCode.Accepted
            )
        else:
            leave = self.add_button(
                tr("Close &Window"),
                tr("Close the program; unsaved edits are asked about"),
                Role.DestructiveRole,
                self.DialogCode.Rejected,
            )
            leave.clicked.connect(self._window.close)
            last = self.add_button(
                tr("&Continue"), tr("Go on working (Esc)"), Role.AcceptRole, self.DialogCode.Accepted
            )
        last.setDefault(True)
        last.setFocus()

    def open(self) -> None:
        """Show it over its window, which waits meanwhile."""
        QDialog.open(self)

    def _report(self, text: str) -> QPlainTextEdit:
        field = QPlainTextEdit()
        field.setPlainText(text)
        field.setReadOnly(True)
        field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        field.setMinimumHeight(field.fontMetrics().lineSpacing() * _LINES)
        field.setTabChangesFocus(True)
        field.setAccessibleName(tr("Report"))
        return field

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText(tr("Copied"))
