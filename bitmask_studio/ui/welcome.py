"""The window while nothing is open: how to begin, and what was open before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.actions.base import Action
from bitmask_studio.actions.registry import all_actions
from bitmask_studio.core.text import tr
from bitmask_studio.ui.about import logo_label
from bitmask_studio.ui.icon_label import IconLabel
from bitmask_studio.ui.plain_text import ElidedLabel, plain_label
from bitmask_studio.ui.recent_list import RecentList
from bitmask_studio.ui.theme import (
    ICON,
    RADIUS,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    TEXT_S,
    TEXT_XL,
    colors,
    scaled_font,
)

COLUMN = 420
"""Width of the ways to begin, and of the recent files beside them, logical px."""

LOGO = 64


class WelcomePage(QWidget):
    """Asks for nothing itself: every choice is a signal."""

    open_files = Signal()
    open_folder = Signal()
    open_sample = Signal()
    open_recent = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Welcome"))
        self._recent = RecentList()
        self._recent.chosen.connect(self.open_recent)
        self._recent_part = self._recent_column()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._page = self._centred(self._header(), self._body(), _DropHint())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolling(self._page))
        self.set_recent([])

    def set_recent(self, paths: Sequence[str]) -> None:
        """Offer these files and folders again, the last opened one first."""
        self._recent.set_paths(paths)
        self._recent_part.setVisible(bool(paths))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Recent files go beside the ways to begin where there is room, else below."""
        wide = self.width() >= 2 * COLUMN - SPACE_XL
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        columns = 2 if wide and not self._recent_part.isHidden() else 1
        self._page.setMaximumWidth(columns * COLUMN + (columns - 1) * SPACE_XL)

    def _centred(self, *parts: QWidget | QBoxLayout) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, SPACE_XL, 0, SPACE_XL)
        layout.setSpacing(SPACE_XL)
        layout.addStretch(2)
        for part in parts:
            if isinstance(part, QWidget):
                layout.addWidget(part)
            else:
                layout.addLayout(part)
        layout.addStretch(3)
        return page

    def _header(self) -> QVBoxLayout:
        header = QVBoxLayout()
        header.setSpacing(SPACE_S)
        name = plain_label(tr("Bitmask Studio"), heading=True)
        name.setFont(scaled_font(TEXT_XL, bold=True))
        line = plain_label(tr("Look at, touch up and export bitmask labels, exact to the pixel."), muted=True)
        header.addWidget(logo_label(LOGO), 0, Qt.AlignmentFlag.AlignHCenter)
        header.addSpacing(SPACE_M)
        for label in (name, line):
            label.setWordWrap(False)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            header.addWidget(label)
        return header

    def _body(self) -> QBoxLayout:
        begin = _column(tr("Start"))
        signals = {"open_files": self.open_files, "open_folder": self.open_folder, "open_sample": self.open_sample}
        actions = {each.id: each for each in all_actions()}
        for each in _ways():
            tile = _Tile(actions[each.action], each.line)
            tile.clicked.connect(signals[each.action])
            begin.addWidget(tile)
        begin.addStretch(1)
        self._columns.setSpacing(SPACE_XL)
        self._columns.addLayout(begin, 1)
        self._columns.addWidget(self._recent_part, 1)
        return self._columns

    def _recent_column(self) -> QWidget:
        part = QWidget()
        column = _column(tr("Recent"))
        column.addWidget(self._recent, 1)
        part.setLayout(column)
        return part


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to begin: the action it stands for, and what that is good for."""

    action: str
    line: str


def _ways() -> tuple[_Way, ...]:
    return (
        _Way("open_files", tr("Encord or COCO labels as JSON, or pictures")),
        _Way("open_folder", tr("Exported labels, or pictures")),
        _Way("open_sample", tr("Try everything on a copy, no account needed")),
    )


class _Tile(QAbstractButton):
    """A large button with an icon, a title, a line about it and its key."""

    def __init__(self, action: Action, line: str) -> None:
        super().__init__()
        title = action.title.removesuffix("…").rstrip()
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
        words.addWidget(name)
        words.addWidget(about)
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L - SPACE_S, SPACE_L, SPACE_L - SPACE_S)
        layout.setSpacing(SPACE_L)
        layout.addWidget(IconLabel(action.icon, 2 * ICON, "accent", "accent_soft", ICON // 2))
        layout.addLayout(words, 1)
        key = QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        hint = plain_label(key, muted=True)
        hint.setWordWrap(False)
        layout.addWidget(hint)
        for label in (name, about, hint):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

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
        painter.setPen(QColor(palette.accent if self.hasFocus() else palette.line))
        ground = palette.line if self.isDown() else palette.hover if self.underMouse() else palette.base
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)


def _column(title: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_M)
    heading = plain_label(title, muted=True, heading=True)
    heading.setWordWrap(False)
    column.addWidget(heading)
    return column


class _DropHint(QWidget):
    """Says where things can be dropped: everywhere."""

    def __init__(self) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        words = plain_label(tr("Or drop a file or folder anywhere in this window"), muted=True)
        words.setWordWrap(False)
        layout.addStretch(1)
        layout.addWidget(IconLabel("import-mask", ICON, "muted"))
        layout.addWidget(words)
        layout.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colors().muted), 1)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setOpacity(0.7)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)


def _scrolling(page: QWidget) -> QScrollArea:
    middle = QWidget()
    row = QHBoxLayout(middle)
    row.setContentsMargins(SPACE_XL, 0, SPACE_XL, 0)
    row.addStretch(1)
    row.addWidget(page, 1000)
    row.addStretch(1)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidgetResizable(True)
    area.setWidget(middle)
    for each in (area.viewport(), middle):
        each.setAutoFillBackground(False)
    return area
