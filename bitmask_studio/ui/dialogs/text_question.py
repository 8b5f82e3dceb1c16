"""A question whose answer is one line of text."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.ui.dialogs.question import Question, Role


class TextQuestion(Question):
    """Can be accepted only with something in the field; `label` and `verb` carry the mnemonics."""

    def __init__(self, parent: QWidget | None, title: str, heading: str, label: str, verb: str, tip: str) -> None:
        super().__init__(parent, title, heading, "layers")
        self._tip = tip
        self._field = QLineEdit()
        self._field.setAccessibleName(label.replace("&", "").rstrip(":"))
        name = QLabel(label)
        name.setBuddy(self._field)
        self.content.addWidget(name)
        self.content.addWidget(self._field)
        self._accept = self.add_button(verb, "", Role.AcceptRole, QDialog.DialogCode.Accepted)
        self.add_cancel(tr("Change nothing"))
        self._accept.setDefault(True)
        self._field.textChanged.connect(self._check)
        self._field.setFocus()
        self._check()

    def text(self) -> str:
        """What was typed, without blanks around it."""
        return self._field.text().strip()

    def _check(self) -> None:
        self._accept.setEnabled(bool(self.text()))
        self._accept.setToolTip(self._tip if self.text() else tr("Type a name first"))
