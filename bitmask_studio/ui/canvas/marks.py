"""What is drawn over the tiles: other shapes, and a sentence about the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import ObjectInfo
from bitmask_studio.core.text import letters
from bitmask_studio.core.viewport import Viewport

_DOT = 3.0
_LINES = 3
"""How many lines a sentence about the picture takes at most, about."""


def draw_outlines(
    painter: QPainter, viewport: Viewport, objects: Sequence[ObjectInfo], chosen: str | None, scale: float
) -> None:
    """Draw the shapes that are no bitmasks thin, in their own colours; the chosen one a little stronger."""
    if not objects:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for each in objects:
        pen = QPen(QColor(each.color), (2.0 if each.object_hash == chosen else 1.2) * scale)
        painter.setPen(pen)
        for outline in each.outlines:
            points = [QPointF(*viewport.to_device(point)) for point in outline.points]
            if len(points) == 1:
                painter.drawEllipse(points[0], _DOT * scale, _DOT * scale)
            elif outline.closed:
                painter.drawPolygon(QPolygonF(points))
            else:
                painter.drawPolyline(QPolygonF(points))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def draw_note(painter: QPainter, text: str, view: Box, scale: float) -> None:
    """Write a sentence about the picture on a plate at the lower edge of the view."""
    font = painter.font()
    font.setPixelSize(round(12 * scale))
    painter.setFont(font)
    room = QRectF(0, 0, max(1.0, view.width - 48 * scale), view.height)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    text = painter.fontMetrics().elidedText(letters(text), Qt.TextElideMode.ElideMiddle, round(_LINES * room.width()))
    words = painter.boundingRect(room, flags, text)
    if words.width() > room.width():
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWrapAnywhere
        words = painter.boundingRect(room, flags, text)
    plate = words.adjusted(-12 * scale, -7 * scale, 12 * scale, 7 * scale)
    plate.moveCenter(QPointF(view.width / 2, view.height - plate.height() / 2 - 12 * scale))
    words.moveCenter(plate.center())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(24, 26, 29, 205))
    painter.drawRoundedRect(plate, 8 * scale, 8 * scale)
    painter.setPen(QColor(235, 237, 240))
    painter.drawText(words, flags, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
