"""The little square in the colour of an object or a class."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, Qt

from bitmask_studio.ui import theme

_CORNER = 3
_EDGE = 0.5
"""How much of its edge is the colour of text: black stands out from a dark ground so, and white from a light one."""


def paint_chip(painter: QPainter, place: QRectF, color: QColor, *, filled: bool = True) -> None:
    """Paint one; what has no pixels of its own has the outline alone. Half of the outline lies outside `place`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(edge_of(color))
    painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, _CORNER, _CORNER)


def edge_of(color: QColor) -> QColor:
    """The colour of its outline in the theme in force."""
    text = QColor(theme.colors().text)
    pairs = (color.redF(), text.redF()), (color.greenF(), text.greenF()), (color.blueF(), text.blueF())
    return QColor.fromRgbF(*(part + _EDGE * (other - part) for part, other in pairs))
