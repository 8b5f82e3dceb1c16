"""The look of every short question, and the one way to wait for a dialog without a loop inside the loop."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from bitmask_studio.core.text import tr
from bitmask_studio.ui.theme import SPACE_L, SPACE_M, TEXT_L, scaled_font
from bitmask_studio.ui.widgets.icon_label import IconLabel
from bitmask_studio.ui.widgets.plain_text import plain_label

Role = QDialogButtonBox.ButtonRole

TEXT_WIDTH = 440
"""Of a question's words, logical px: about 65 letters a line."""


class Question(QDialog):
    """An icon, a heading, whatever is added to `content`, and buttons with verbs on them."""

    def __init__(self, parent: QWidget | None, title: str, heading: str, icon: str = "help") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.content = QVBoxLayout()
        self.content.setSpacing(SPACE_M)
        words = plain_label(heading, heading=True)
        words.setFont(scaled_font(TEXT_L, bold=True))
        words.setMinimumWidth(TEXT_WIDTH)
        self.content.addWidget(words)
        self.buttons = QDialogButtonBox()
        self._arrange(IconLabel(icon, 40, "accent", "accent_soft", SPACE_M))
        self.setAccessibleName(title)
        self.setAccessibleDescription(heading)

    def add_text(self, text: str, *, muted: bool = False) -> None:
        """Add a paragraph."""
        self.content.addWidget(plain_label(text, muted=muted))

    def add_button(self, text: str, tip: str, role: Role, code: int) -> QPushButton:
        """Add a button that ends the dialog with `code`."""
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.done(code))
        self.buttons.addButton(button, role)
        return button

    def add_cancel(self, tip: str) -> QPushButton:
        """Add the button that does what Esc does."""
        return self.add_button(tr("Cancel"), tip, Role.RejectRole, QDialog.DialogCode.Rejected)

    def _arrange(self, icon: QWidget) -> None:
        body = QHBoxLayout()
        body.setSpacing(SPACE_L)
        body.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(self.content, 1)
        layout = QVBoxLayout(self)
        margin = SPACE_L + SPACE_M
        layout.setContentsMargins(margin, margin, margin, SPACE_L)
        layout.setSpacing(margin)
        layout.addLayout(body, 1)
        layout.addWidget(self.buttons)


async def answer_of(dialog: QDialog) -> int:
    """Open a dialog, wait for its end and answer its code, 0 when it went away with its window.

    The dialog can be read until the next turn of the loop.
    """
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def settle(code: int) -> None:
        if not done.done():
            done.set_result(code)

    dialog.finished.connect(settle)
    dialog.destroyed.connect(lambda: settle(QDialog.DialogCode.Rejected))
    QDialog.open(dialog)
    try:
        return await done
    finally:
        if isValid(dialog):
            dialog.close()
            dialog.deleteLater()
