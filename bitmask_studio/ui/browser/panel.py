"""The panel in which stages, states and types of rows are ticked off."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.rows.row_list import Choice, Facet, RowList
from bitmask_studio.studio.rows.row_order import natural_key
from bitmask_studio.studio.rows.row_words import count_words, type_words
from bitmask_studio.ui import theme
from bitmask_studio.ui.widgets.plain_text import plain_label, plain_tip

_HEIGHT = 460
_WIDTH = 260
_LONG = 30
"""Letters of a value that fit into the panel."""


class FilterPanel(QFrame):
    """Each value of the rows as a box to tick, with how many rows have it; Esc or a click elsewhere closes it."""

    toggled = Signal(object)
    mine_changed = Signal(bool)

    def __init__(
        self, rows: RowList, chosen: frozenset[Choice], mine: bool, why_not_mine: str, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("card", True)
        self.setAccessibleName(tr("Filter rows"))
        self._boxes = QWidget()
        self._column = QVBoxLayout(self._boxes)
        self._column.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        self._column.setSpacing(theme.SPACE_S)
        self._add_mine(mine, why_not_mine)
        for facet, title in ((Facet.STAGE, tr("Stage")), (Facet.STATUS, tr("Status")), (Facet.TYPE, tr("Type"))):
            self._add_facet(title, facet, rows.counts(facet), chosen)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._boxes)
        for each in (self._area.viewport(), self._boxes):
            each.setAutoFillBackground(False)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(1, 1, 1, 1)
        frame.addWidget(self._area)

    def popup(self, below: QWidget) -> None:
        """Open below a button, or where the screen has room."""
        inner = self._boxes.sizeHint()
        screen = below.screen().availableGeometry()
        height = min(inner.height() + 4, _HEIGHT, screen.height())
        self.resize(max(inner.width() + theme.SPACE_L, _WIDTH), height)
        at = below.mapToGlobal(QPoint(0, below.height() + 2))
        self.move(
            max(min(at.x(), screen.right() - self.width()), screen.left()),
            max(min(at.y(), screen.bottom() - height), screen.top()),
        )
        self.show()
        self.focusNextChild()

    def _add_mine(self, mine: bool, why_not: str) -> None:
        box = QCheckBox(tr("Mine"))
        box.setChecked(mine)
        box.setEnabled(not why_not)
        box.setToolTip(why_not or tr("Only rows that are assigned to you"))
        box.toggled.connect(self.mine_changed)
        self._column.addWidget(box)

    def _add_facet(self, title: str, facet: Facet, counts: dict[str, int], chosen: frozenset[Choice]) -> None:
        values = sorted(counts, key=lambda value: (not value, natural_key(value_words(facet, value))))
        if not any(values):
            return
        heading = plain_label(title, muted=True, heading=True)
        heading.setContentsMargins(0, theme.SPACE_M, 0, 0)
        self._column.addWidget(heading)
        for value in values:
            words = value_words(facet, value)
            shown = words if len(words) <= _LONG else f"{words[:_LONG]}…"
            text = tr("{value}  ({count})").format(value=shown, count=count_words(counts[value]))
            box = QCheckBox(text.replace("&", "&&"))
            box.setChecked((facet, value) in chosen)
            box.setToolTip(plain_tip(words))
            box.toggled.connect(lambda on, choice=(facet, value): self.toggled.emit(choice))
            self._column.addWidget(box)


def value_words(facet: Facet, value: str) -> str:
    """A value of a facet as the user reads it."""
    if not value:
        return tr("none")
    return type_words(value) if facet is Facet.TYPE else one_line(value)
