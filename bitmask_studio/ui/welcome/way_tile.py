"""A way to begin, as a large button of the welcome page: an icon, a title, a line about it and its key."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout

from bitmask_studio.actions.base import Action
from bitmask_studio.ui.theme import ICON, RADIUS, SPACE_L, SPACE_S, TEXT_S, colors, scaled_font
from bitmask_studio.ui.widgets.icon_label import IconLabel
from bitmask_studio.ui.widgets.plain_text import ElidedLabel, plain_label


class Way(Struct, frozen=True):
    """One way to begin: the page's signal, the action whose icon and key it shares, and what that is good for.

    `title` stands instead of the action's own; `primary` is for the one that most people come for.
    """

    signal: str
    action: str
    line: str
    title: str = ""
    primary: bool = False


class WayTile(QAbstractButton):
    """A large button with an icon, a title, a line about it and its key."""

    def __init__(self, action: Action, way: Way) -> None:
        super().__init__()
        title, line = way.title or action.title.removesuffix("…").rstrip(), way.line
        self._primary = way.primary
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription(line)
        words = QVBoxLayout()
        words.setSpacing(SPACE_S // 2)
        name, about = plain_label(title, heading=True), ElidedLabel(line)
        name.setWordWrap(False)
        about.setProperty("muted", True)
        about.setFont(scaled_font(TEXT_S))
        words.addStretch(1)
        words.addWidget(name)
        words.addWidget(about)
        words.addStretch(1)
        self._row = layout = QHBoxLayout(self)
        layout.setSpacing(SPACE_L)
        self.be_low(False)
        tones = ("on_accent", "accent") if way.primary else ("accent", "accent_soft")
        layout.addWidget(IconLabel(action.icon, 2 * ICON, *tones, ICON // 2))
        layout.addLayout(words, 1)
        key = QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        hint = plain_label(key, muted=True)
        hint.setWordWrap(False)
        layout.addWidget(hint)
        for label in (name, about, hint):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def be_low(self, low: bool) -> None:
        """Take less height."""
        inset = SPACE_S if low else SPACE_L - SPACE_S
        self._row.setContentsMargins(SPACE_L - SPACE_S if low else SPACE_L, inset, SPACE_L, inset)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(palette.accent if self.hasFocus() or self._primary else palette.line))
        rest = palette.accent_soft if self._primary else palette.base
        ground = palette.line if self.isDown() else palette.hover if self.underMouse() else rest
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)
