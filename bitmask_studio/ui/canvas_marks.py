"""What is drawn over the tiles: other shapes, the pixel grid, the ring of the brush."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import ObjectInfo
from bitmask_studio.core.viewport import Viewport

_DOT = 3.0
_SMALL_RING = 3.0
_LARGE_RING = 120.0


def draw_outlines(
    painter: QPainter, viewport: Viewport, objects: Iterable[ObjectInfo], chosen: str | None, scale: float
) -> None:
    """Draw the shapes that are no bitmasks thin, in their own colours; the chosen one a little stronger."""
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


def draw_ring(painter: QPainter, center: tuple[float, float], diameter: float, shape: BrushShape, scale: float) -> None:
    """Draw the outline of the brush's tip around a device position: light within dark, seen on any picture."""
    radius = max(diameter / 2, _SMALL_RING * scale)
    tip = QRectF(center[0] - radius, center[1] - radius, 2 * radius, 2 * radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=radius < _LARGE_RING * scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((QColor(0, 0, 0, 150), 2.6), (QColor(255, 255, 255, 235), 1.2)):
        painter.setPen(QPen(color, width * scale))
        if shape is BrushShape.ROUND:
            painter.drawEllipse(tip)
        else:
            painter.drawRect(tip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def draw_note(painter: QPainter, text: str, view: Box, scale: float) -> None:
    """Write a sentence about the picture on a plate at the lower edge of the view."""
    font = painter.font()
    font.setPixelSize(round(12 * scale))
    painter.setFont(font)
    room = QRectF(0, 0, max(1.0, view.width - 48 * scale), view.height)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    words = painter.boundingRect(room, flags, text)
    plate = words.adjusted(-12 * scale, -7 * scale, 12 * scale, 7 * scale)
    plate.moveCenter(QPointF(view.width / 2, view.height - plate.height() / 2 - 12 * scale))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(24, 26, 29, 205))
    painter.drawRoundedRect(plate, 8 * scale, 8 * scale)
    painter.setPen(QColor(235, 237, 240))
    painter.drawText(plate, flags, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def ring_reach(center: tuple[float, float], diameter: float, scale: float) -> Box:
    """The device pixels that `draw_ring` may touch."""
    radius = max(diameter / 2, _SMALL_RING * scale) + 3 * scale
    return Box.around((Point(*center),), radius)
