"""Text of several lines to read, select and copy."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget


class WrappedText(QTextEdit):
    """Plain text to read, select and copy, which wraps inside words too and is as high as it needs at its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setCursorWidth(0)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self._twin = QTextDocument(self)
        """Measures, where the text itself would be laid out anew. Only one: PySide keeps all clones of a document."""
        self._twin.setDocumentMargin(0)

    def fit(self, max_width: int, max_height: int) -> QSize:
        """Logical px that the text takes when it may be `max_width` wide; what is higher than allowed scrolls."""
        twin = self._twin
        twin.setDefaultFont(self.document().defaultFont())
        twin.setDefaultTextOption(self.document().defaultTextOption())
        twin.setPlainText(self.toPlainText())
        twin.setTextWidth(-1)
        width = min(ceil(twin.idealWidth()) + 1, max_width)
        twin.setTextWidth(width)
        needed = ceil(twin.size().height())
        height = min(needed, max_height)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if needed > max_height else policy.ScrollBarAlwaysOff)
        return QSize(width, height)
