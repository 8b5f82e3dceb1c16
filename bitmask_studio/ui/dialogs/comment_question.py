"""Asks for a comment of some lines, which may stay empty."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QWidget

from bitmask_studio.core.text import one_line, tr
from bitmask_studio.ui.dialogs.question import TEXT_WIDTH, Question, Role
from bitmask_studio.ui.theme import TEXT_L, scaled_font

_LINES = 5


class CommentQuestion(Question):
    """Enter makes a new line; Ctrl+Enter goes on. `verb` is on the button that does."""

    def __init__(self, parent: QWidget | None, title: str, verb: str) -> None:
        super().__init__(parent, verb.replace("&", ""), _short(title), "comment")
        self._field = QPlainTextEdit()
        self._field.setAccessibleName(tr("Comment"))
        self._field.setPlaceholderText(tr("Optional: what others should know (Ctrl+Enter goes on)"))
        self._field.setTabChangesFocus(True)
        self._field.setProperty("card", True)
        self._field.setFixedHeight(_LINES * self._field.fontMetrics().lineSpacing() + 2 * self._field.frameWidth() + 12)
        name = QLabel(tr("C&omment:"))
        name.setBuddy(self._field)
        self.content.addWidget(name)
        self.content.addWidget(self._field, 1)
        tip = tr("Go on with this comment (Ctrl+Enter)")
        go_on = self.add_button(verb, tip, Role.AcceptRole, QDialog.DialogCode.Accepted)
        go_on.setDefault(True)
        self.add_cancel(tr("Change nothing"))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(Qt.Modifier.CTRL | key), self, self.accept)
        self._field.setFocus()

    def text(self) -> str:
        """What was typed, without blanks around it."""
        return self._field.toPlainText().strip()


def _short(title: str) -> str:
    """As much of a title as a heading has room for on one line: it may hold a long name."""
    metrics = QFontMetrics(scaled_font(TEXT_L, bold=True))
    return metrics.elidedText(one_line(title), Qt.TextElideMode.ElideMiddle, TEXT_WIDTH)
