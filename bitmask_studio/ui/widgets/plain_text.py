"""Text of others (names, paths, messages) shown letter by letter: never as markup, never wider than its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from bitmask_studio.core.text import letters

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit


def plain_tip(text: str) -> str:
    """A tool tip that shows `text` as it is, whatever looks like markup in it."""
    return f"<qt>{_escaped(letters(text))}</qt>" if text else ""


def _escaped(text: str) -> str:
    """Text without anything that could be taken for markup; the html module brings a table of all entities (3 ms)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_label(text: str, parent: QWidget | None = None, *, muted: bool = False, heading: bool = False) -> QLabel:
    """A label of whole sentences, which wraps between words."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(letters(text))
    label.setWordWrap(True)
    label.setProperty("muted", muted)
    label.setProperty("heading", heading)
    return label


def explain_refusals(line: QLineEdit, words: str) -> None:
    """Say what a field takes whenever it does not take what is typed."""
    line.inputRejected.connect(lambda: explain(line, words))


def explain(line: QLineEdit, words: str) -> None:
    """Say what a field takes, below it and for a moment."""
    # Later: the key that led here, or leaving the field, takes tips away.
    QTimer.singleShot(0, line, lambda: QToolTip.showText(line.mapToGlobal(line.rect().bottomLeft()), words, line))


def keep_room(label: QLabel, texts: Iterable[str]) -> None:
    """Let a label have room for the widest of these for good: other words move nothing beside it.

    Nor is the window laid out anew for them: Qt asks no widget of a fixed size how large it would like to be.
    """
    metrics, margins = label.fontMetrics(), label.contentsMargins()
    width = max(map(metrics.horizontalAdvance, texts)) + margins.left() + margins.right()
    label.setFixedSize(width, metrics.height() + margins.top() + margins.bottom())


class ElidedLabel(QLabel):
    """One line of plain text, cut in the middle where it does not fit; the tool tip has all of it then."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = ""
        self.setText(text)

    def show_short(self, text: str, whole: str) -> None:
        """Show a short form of what the tool tip has in full."""
        self._whole = whole
        self.setText(text)
        self._tell_whole()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(self.contentsRect(), flags, self._shown())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def _tell_whole(self) -> None:
        whole = self._whole or self.text()
        self.setToolTip("" if self._shown() == letters(whole) else plain_tip(whole))

    def _height(self) -> int:
        margins = self.contentsMargins()
        return self.fontMetrics().height() + margins.top() + margins.bottom()

    def _shown(self) -> str:
        room = self.contentsRect().width()
        return self.fontMetrics().elidedText(letters(self.text()), Qt.TextElideMode.ElideMiddle, room)
