"""The ring of the brush: the outline of its tip around the pointer, and the device pixels that takes."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box

_SMALLEST = 3.0
_LARGE = 120.0
"""From this radius on, logical px, the ring is drawn by lines of whole px."""
_BANDED = 256
"""From this reach on, device px, what lies inside the ring is not painted again for the ring's sake."""
_BANDS = 8
_PARTS = 4
_NOTHING = Qt.BrushStyle.NoBrush
_DARK, _LIGHT = (0, 0, 0, 150), (255, 255, 255, 235)


class Ring:
    """The outline of the brush's tip as it is drawn: `diameter` device px, `scale` device px a logical one."""

    def __init__(self, diameter: float, shape: BrushShape, scale: float) -> None:
        self.shape = shape
        self.radius = max(diameter / 2, _SMALLEST * scale)
        self._scale = scale
        self._reach = math.ceil(self.radius + 3 * scale)
        self._images: dict[tuple[int, int], tuple[QImage, int]] = {}
        """Each with how far its middle is from its corner."""
        self._bands = _bands(self._reach, self.radius - 3 * scale, shape) if self._reach >= _BANDED else ()
        self._pens = [QPen(QColor(*color), round(scale)) for color in (_DARK, _DARK, _LIGHT)]

    def boxes(self, x: float, y: float) -> tuple[Box, ...]:
        """The device pixels that `draw` may touch around (x, y), in one box or in as many as always."""
        left, top, reach = int(x // 1), int(y // 1), self._reach
        if not self._bands:
            return (Box(left - reach, top - reach, left + reach + 2, top + reach + 2),)
        return tuple(Box(left + x0, top + y0, left + x1, top + y1) for x0, y0, x1, y1 in self._bands)

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it around a device position: light within dark, seen on any picture."""
        if self.radius >= _LARGE * self._scale:
            self._stroke(painter, (x, y))
            return
        left, top = int(x // 1), int(y // 1)
        part = round((x - left) * _PARTS), round((y - top) * _PARTS)
        if part not in self._images:
            image = _image(round(self.radius * _PARTS), part, self.shape, self._scale)
            self._images[part] = image, image.width() // 2
        image, half = self._images[part]
        painter.drawImage(left - half, top - half, image)

    def _stroke(self, painter: QPainter, center: tuple[float, float]) -> None:
        """A large ring by lines of whole px, which are quick however long."""
        width = round(self._scale)
        painter.setBrush(_NOTHING)
        for pen, more in zip(self._pens, (-width, width, 0), strict=True):
            painter.setPen(pen)
            _outline(painter, center, self.radius + more, self.shape)


def united(before: tuple[Box, ...], now: tuple[Box, ...]) -> tuple[Box, ...]:
    """Boxes that hold those from before and now, in pairs if these are near each other."""
    if len(before) == len(now) == 1 and (joined := before[0].union(now[0])).area <= 2 * now[0].area:
        return (joined,)
    both = tuple(one.union(other) for one, other in zip(before, now, strict=False))
    if len(before) == len(now) and sum(each.area for each in both) <= 2 * sum(each.area for each in now):
        return both
    return before + now


def _bands(reach: int, inner: float, shape: BrushShape) -> tuple[Box, ...]:
    """Boxes around the outline alone, relative to the middle: between a square of `reach` and a tip of `inner` px."""
    edge = reach + 2
    edges = [round(edge * math.sin(math.pi * (at / _BANDS - 0.5))) for at in range(_BANDS + 1)]
    found = []
    for top, bottom in pairwise(edges):
        far, near = max(-top, bottom), 0 if top < 0 < bottom else min(abs(top), abs(bottom))
        if shape is BrushShape.SQUARE:
            outer, hole = edge, math.floor(inner) - 1 if far < inner else 0
        else:
            outer = math.ceil(math.sqrt(max(edge**2 - max(near - 2, 0) ** 2, 0)))
            hole = max(0, math.floor(math.sqrt(max(inner**2 - (far + 2) ** 2, 0))) - 1)
        if hole > 0:
            found += [Box(-outer, top, 1 - hole, bottom), Box(hole, top, outer, bottom)]
        else:
            found += [Box(-outer, top, outer, bottom)]
    return tuple(found)


@lru_cache(maxsize=64)
def _image(radius: int, center: tuple[int, int], shape: BrushShape, scale: float) -> QImage:
    """A small ring drawn once, its center in `_PARTS`ths of a px beside the middle: strokes of curves are slow."""
    half = math.ceil(radius / _PARTS + 3 * scale) + 1
    image = QImage(2 * half, 2 * half, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = half + center[0] / _PARTS, half + center[1] / _PARTS
    for color, width in ((_DARK, 2.6), (_LIGHT, 1.2)):
        painter.setPen(QPen(QColor(*color), width * scale))
        _outline(painter, middle, radius / _PARTS, shape)
    painter.end()
    return image


def _outline(painter: QPainter, center: tuple[float, float], radius: float, shape: BrushShape) -> None:
    tip = QRectF(center[0] - radius, center[1] - radius, 2 * radius, 2 * radius)
    (painter.drawEllipse if shape is BrushShape.ROUND else painter.drawRect)(tip)
