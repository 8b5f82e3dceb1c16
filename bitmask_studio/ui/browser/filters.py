"""What narrows the list of rows down beside the words typed: a button that opens a panel, and what was chosen there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.studio.rows.row_list import Choice, RowList
from bitmask_studio.studio.rows.row_words import joined
from bitmask_studio.ui import theme
from bitmask_studio.ui.browser.panel import FilterPanel, value_words
from bitmask_studio.ui.icons import draw, icon
from bitmask_studio.ui.widgets.plain_text import plain_tip

_CROSS = 12


class FilterBar(QWidget):
    """Tells by `changed` that other rows are wanted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen: frozenset[Choice] = frozenset()
        self.mine = False
        self._rows = RowList()
        self._why_not_mine = ""
        self.button = QToolButton()
        self.button.setText(tr("Filter"))
        self.button.setCheckable(True)
        self.button.setIcon(icon("filter"))
        self.button.setToolTip(tr("Show only rows of some stages, states or types, or your own"))
        self.button.setAccessibleName(tr("Filter rows by stage, status, type and assignee"))
        self.button.clicked.connect(self.open_panel)
        self.chip = Chip()
        self.chip.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(self.button)
        row.addWidget(self.chip, 1)
        row.addStretch()
        self._show_chosen()

    def set_rows(self, rows: RowList, why_not_mine: str) -> None:
        """Offer the values that these rows have; `why_not_mine` says why nobody knows which are the user's own."""
        self._rows, self._why_not_mine = rows, why_not_mine

    def open_panel(self) -> None:
        """Show what there is to choose from."""
        self._show_chosen()
        panel = FilterPanel(self._rows, self.chosen, self.mine, self._why_not_mine, self)
        panel.toggled.connect(self._toggle)
        panel.mine_changed.connect(self._set_mine)
        panel.popup(self.button)

    def clear(self) -> None:
        """Show the rows of all stages, types and people again."""
        self.reset()
        self.changed.emit()

    def reset(self) -> None:
        """As `clear`, for another list of rows: nobody is told."""
        self.chosen, self.mine = frozenset(), False
        self._show_chosen()

    def _toggle(self, choice: Choice) -> None:
        self.chosen ^= {choice}
        self._show_chosen()
        self.changed.emit()

    def _set_mine(self, mine: bool) -> None:
        self.mine = mine
        self._show_chosen()
        self.changed.emit()

    def _show_chosen(self) -> None:
        values = sorted((facet.value, value_words(facet, value)) for facet, value in self.chosen)
        words = joined(tr("Mine") if self.mine else "", *(words for _, words in values))
        style = Qt.ToolButtonStyle  # beside what is chosen there is not always room for a word
        self.button.setToolButtonStyle(style.ToolButtonIconOnly if words else style.ToolButtonTextBesideIcon)
        self.button.setChecked(bool(words))
        self.chip.setText(words)
        self.chip.setVisible(bool(words))


class Chip(QAbstractButton):
    """What the list is narrowed down to, with a cross: a click takes it back."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(plain_tip(tr("Only {values}. Click to show the others too.").format(values=text)))
        self.setAccessibleName(tr("Remove the filter {values}").format(values=text))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + _CROSS + 3 * theme.SPACE_M
        return QSize(width, metrics.height() + theme.SPACE_M)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, painter = theme.colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(palette.accent) if self.hasFocus() or self.underMouse() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.accent_soft))
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground.setWidth(min(ground.width(), self.sizeHint().width()))
        painter.drawRoundedRect(ground, theme.RADIUS, theme.RADIUS)
        cross = QRectF(ground.right() - theme.SPACE_M - _CROSS, ground.center().y() - _CROSS / 2, _CROSS, _CROSS)
        draw(painter, "close", cross, palette.text)
        words = ground.adjusted(theme.SPACE_M, 0, -_CROSS - 2 * theme.SPACE_M, 0)
        painter.setPen(QColor(palette.text))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(words.width()) + 1)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
