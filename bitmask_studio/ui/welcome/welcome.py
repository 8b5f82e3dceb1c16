"""The window while nothing is open: how to begin, and what was open before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bitmask_studio.actions.registry import all_actions
from bitmask_studio.core.text import tr
from bitmask_studio.studio.kept.kept_rows import Waiting
from bitmask_studio.ui.dialogs.about import logo_label
from bitmask_studio.ui.theme import (
    ICON,
    RADIUS,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    TEXT_XL,
    colors,
    scaled_font,
)
from bitmask_studio.ui.welcome.recent_list import RecentList
from bitmask_studio.ui.welcome.recovered_list import RecoveredList
from bitmask_studio.ui.welcome.way_tile import Way, WayTile
from bitmask_studio.ui.widgets.icon_label import IconLabel
from bitmask_studio.ui.widgets.plain_text import plain_label

COLUMN = 420
"""Width of the ways to begin, and of the recent files beside them, logical px."""

LOGO = 64

LOW = 740
"""Below this height of the page, logical px, everything moves closer together and the logo goes."""


class WelcomePage(QWidget):
    """Asks for nothing itself: every choice is a signal."""

    connect_encord = Signal()
    try_sandbox = Signal()
    open_files = Signal()
    open_folder = Signal()
    open_sample = Signal()
    open_recent = Signal(str)
    """A path, or encord:DOMAIN|PROJECT_HASH|TITLE."""
    open_waiting = Signal(object)
    """A `Waiting` row."""
    locate_waiting = Signal(object)
    """A `Waiting` row whose file is in another place now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Welcome"))
        self._recent = RecentList()
        self._recent.chosen.connect(self.open_recent.emit)
        self._recent_part = self._recent_column()
        self._waiting = RecoveredList()
        self._waiting.chosen.connect(self.open_waiting)
        self._waiting.lost.connect(self.locate_waiting)
        self._waiting_part = self._waiting_column()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._logo, self._tiles, self._begin = logo_label(LOGO), list[WayTile](), _column(tr("Start"))
        self._hint = _DropHint()
        self._page = self._centred(self._header(), self._waiting_part, self._body(), self._hint)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolling(self._page))
        self.set_recent([])
        self.set_waiting([])

    def set_recent(self, entries: Sequence[str]) -> None:
        """Offer these files, folders and projects again, the last opened one first."""
        self._recent.set_entries(entries)
        self._recent_part.setVisible(bool(entries))
        self._arrange()

    def set_waiting(self, entries: Sequence[Waiting]) -> None:
        """Offer the rows with edits that were not saved, the last edited one first."""
        self._waiting.set_entries(entries)
        self._waiting_part.setVisible(bool(entries))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Recent files go beside the ways to begin where there is room, else below."""
        wide = self.width() >= 2 * COLUMN - SPACE_XL
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._recent.setMinimumHeight(0 if wide else self._recent.sizeHint().height())
        columns = 2 if wide and not self._recent_part.isHidden() else 1
        self._page.setMaximumWidth(columns * COLUMN + (columns - 1) * SPACE_XL)
        self._be_low(self.height() < LOW)

    def _be_low(self, low: bool) -> None:
        """Give up some air, so that a small window shows everything."""
        self._logo.setVisible(not low)
        space = SPACE_L if low else SPACE_XL
        layout = self._page.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.setContentsMargins(0, space, 0, space)
        layout.setSpacing(space)
        self._begin.setSpacing(SPACE_S + SPACE_S // 2 if low else SPACE_M)
        self._hint.be_low(low)
        for tile in self._tiles:
            tile.be_low(low)

    def _centred(self, *parts: QWidget | QBoxLayout) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
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
        header.addWidget(self._logo, 0, Qt.AlignmentFlag.AlignHCenter)
        header.addSpacing(SPACE_M)
        for label in (name, line):
            label.setWordWrap(False)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            header.addWidget(label)
        return header

    def _body(self) -> QBoxLayout:
        actions = {each.id: each for each in all_actions()}
        for each in _ways():
            tile = WayTile(actions[each.action], each)
            tile.clicked.connect(getattr(self, each.signal))
            self._tiles.append(tile)
            self._begin.addWidget(tile)
        self._begin.addStretch(1)
        self._columns.setSpacing(SPACE_XL)
        self._columns.addLayout(self._begin, 1)
        self._columns.addWidget(self._recent_part, 1)
        return self._columns

    def _waiting_column(self) -> QWidget:
        part = QWidget()
        column = _column(tr("Unsaved edits, kept when the program ended"))
        column.addWidget(self._waiting)
        part.setLayout(column)
        return part

    def _recent_column(self) -> QWidget:
        part = QWidget()
        column = _column(tr("Recent"))
        column.addWidget(self._recent, 1)
        part.setLayout(column)
        return part


def _ways() -> tuple[Way, ...]:
    sample = tr("Try with a Sample Encord Project")
    return (
        Way("connect_encord", "connect", tr("Edit the label rows of your projects"), primary=True),
        Way("try_sandbox", "try_sandbox", tr("A server on this computer, no account needed"), sample),
        Way("open_files", "open_files", tr("Encord or COCO labels as JSON, or pictures")),
        Way("open_folder", "open_folder", tr("Exported labels, or pictures")),
        Way("open_sample", "open_sample", tr("Labels and pictures as files, on a copy")),
    )


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
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        words = plain_label(tr("Or drop a file or folder anywhere in this window"), muted=True)
        words.setWordWrap(False)
        layout.addStretch(1)
        layout.addWidget(IconLabel("import-mask", ICON, "muted"))
        layout.addWidget(words)
        layout.addStretch(1)

    def be_low(self, low: bool) -> None:
        """Take less height."""
        inset = SPACE_M if low else SPACE_L
        self.setContentsMargins(SPACE_L, inset, SPACE_L, inset)

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
