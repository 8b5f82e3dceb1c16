"""The head of the chosen object's details: its class, its hash to copy, who made it and who changed it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from bitmask_studio.core.labels import ObjectFacts, ObjectInfo
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.document.object_words import created_words, edited_words, full_words, origin_words
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.widgets.chip import paint_chip
from bitmask_studio.ui.widgets.plain_text import ElidedLabel, plain_tip

_CHIP = 12


class FactsHead(QWidget):
    """Shows one object."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = _Chip()
        self.title = ElidedLabel("")
        self.title.setFont(theme.scaled_font(theme.TEXT_M, bold=True))
        self.hash = ElidedLabel("")
        self.hash.setFont(theme.fixed_font())
        self.hash.setProperty("muted", True)
        self.copy = QToolButton(autoRaise=True)
        self.copy.setIcon(icon("copy"))
        self.copy.setIconSize(QSize(theme.ICON - 4, theme.ICON - 4))
        self.copy.setToolTip(tr("Copy the object's hash"))
        self.copy.setAccessibleName(tr("Copy the object's hash"))
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.hash.text()))
        self.lines = [_Fact() for _ in range(3)]
        self._lay_out()

    def show_object(self, info: ObjectInfo, color: QColor) -> None:
        """Show what is known of an object; `color` is the one that it is drawn in."""
        self._chip.show_color(color, filled=info.is_bitmask)
        name = one_line(info.name)
        self.title.setText(name)
        self.title.setAccessibleName(tr("Class: {name}").format(name=name))
        self.hash.setText(info.file_hash)
        self.hash.setAccessibleName(tr("Object hash: {hash}").format(hash=info.file_hash))
        facts = info.facts or ObjectFacts()
        new = tr("New, not saved yet") if info.facts is None and info.bitmask is None and info.is_bitmask else ""
        texts = (created_words(facts) or new, edited_words(facts), origin_words(facts))
        tips = (
            full_words(facts.created_at, facts.created_by),
            full_words(facts.last_edited_at, facts.last_edited_by),
            "",
        )
        for line, text, tip in zip(self.lines, texts, tips, strict=True):
            line.show_fact(text, tip)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_S // 2)
        for widgets in ((self._chip, self.title), (self.hash, self.copy)):
            row = QHBoxLayout()
            row.setSpacing(theme.SPACE_M)
            for each in widgets:
                row.addWidget(each, isinstance(each, ElidedLabel))
            column.addLayout(row)
        for line in self.lines:
            column.addWidget(line)


class _Fact(QLabel):
    """A quiet line, cut at its end where it does not fit, whose tool tip tells all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFont(theme.scaled_font(theme.TEXT_S))
        self.setProperty("muted", True)
        self._text = ""

    def show_fact(self, text: str, tip: str) -> None:
        self._text = one_line(text)
        self.setToolTip(plain_tip(tip or self._text))
        self.setAccessibleName(self._text)
        self.setAccessibleDescription(tip)
        self.setVisible(bool(text))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width()))


class _Chip(QLabel):
    """A square of the object's colour; other shapes than bitmasks have its outline alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(_CHIP + 2, _CHIP + 2)
        self._color, self._filled = QColor(), True

    def show_color(self, color: QColor, *, filled: bool) -> None:
        self._color, self._filled = color, filled
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, QRectF(1, 1, _CHIP, _CHIP), self._color, filled=self._filled)
