"""What is drawn over the tiles: other shapes, the pixel grid, the ring of the brush."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import ObjectInfo
from bitmask_studio.core.text import letters
from bitmask_studio.core.viewport import Viewport

_DOT = 3.0
_SMALL_RING = 3.0
_LARGE_RING = 120.0
_PARTS = 4
_LINES = 3
"""How many lines a sentence about the picture takes at most, about."""
_DARK, _LIGHT = (0, 0, 0, 150), (255, 255, 255, 235)


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


class Tip(Struct, frozen=True):
    """The outline of the brush's tip as it is drawn: `diameter` device px, `scale` device px a logical one."""

    diameter: float
    shape: BrushShape
    scale: float

    @property
    def radius(self) -> float:
        return max(self.diameter / 2, _SMALL_RING * self.scale)

    def reach(self, x: float, y: float) -> Box:
        """The device pixels that `draw` may touch."""
        reach = math.ceil(self.radius + 3 * self.scale)
        left, top = math.floor(x), math.floor(y)
        return Box(left - reach, top - reach, left + reach + 2, top + reach + 2)

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it around a device position: light within dark, seen on any picture."""
        radius, scale = self.radius, self.scale
        if radius >= _LARGE_RING * scale:
            _stroke_ring(painter, (x, y), radius, self.shape, round(scale))
            return
        left, top = math.floor(x), math.floor(y)
        part = round((x - left) * _PARTS), round((y - top) * _PARTS)
        ring = _ring(round(radius * _PARTS), part, self.shape, scale)
        half = ring.width() // 2
        painter.drawImage(left - half, top - half, ring)


@lru_cache(maxsize=64)
def _ring(radius: int, center: tuple[int, int], shape: BrushShape, scale: float) -> QImage:
    """A small ring drawn once, its center in `_PARTS`ths of a px beside the middle: strokes of curves are slow."""
    half = math.ceil(radius / _PARTS + 3 * scale) + 1
    image = QImage(2 * half, 2 * half, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = half + center[0] / _PARTS, half + center[1] / _PARTS
    for color, width in ((_DARK, 2.6), (_LIGHT, 1.2)):
        painter.setPen(QPen(QColor(*color), width * scale))
        _draw_tip(painter, middle, radius / _PARTS, shape)
    painter.end()
    return image


def _stroke_ring(painter: QPainter, center: tuple[float, float], radius: float, shape: BrushShape, width: int) -> None:
    """A large ring by lines of whole px, which are quick however long."""
    for color, more in ((_DARK, -width), (_DARK, width), (_LIGHT, 0)):
        painter.setPen(QPen(QColor(*color), width))
        _draw_tip(painter, center, radius + more, shape)


def _draw_tip(painter: QPainter, center: tuple[float, float], radius: float, shape: BrushShape) -> None:
    tip = QRectF(center[0] - radius, center[1] - radius, 2 * radius, 2 * radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    (painter.drawEllipse if shape is BrushShape.ROUND else painter.drawRect)(tip)


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
