"""An icon that stands by itself, drawn in a colour of the palette in force."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bitmask_studio.ui.icons import draw
from bitmask_studio.ui.theme import RADIUS, Colors, colors


class IconLabel(QWidget):
    """`tone` and `ground` name fields of `Colors`; with a ground the icon sits on a tile with rounded corners."""

    def __init__(self, name: str, side: int, tone: str = "text", ground: str = "", inset: int = 0) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name, self._side, self._tone, self._ground, self._inset = name, side, tone, ground, inset

    def show_icon(self, name: str, tone: str) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(0, 0, self._side, self._side)
        if self._ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(_field(self._ground)))
            painter.drawRoundedRect(place, RADIUS + 2, RADIUS + 2)
        inset = self._inset
        draw(painter, self._name, place.adjusted(inset, inset, -inset, -inset), _field(self._tone))


def _field(name: str) -> str:
    palette: Colors = colors()
    return str(getattr(palette, name))
