"""The program's own icons, drawn in the colour of the text around them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from bitmask_studio.core.resources import resource
from bitmask_studio.ui.theme import colors


class _TintedIcon(QIconEngine):
    """Draws an SVG in the palette's colour at the moment of drawing, so that a change of theme needs no new icons."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        draw(painter, self._name, QRectF(rect), _color(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _TintedIcon(self._name)


def icon(name: str) -> QIcon:
    """The icon `resources/icons/NAME.svg`; an empty one for an empty name."""
    return QIcon(_TintedIcon(name)) if name else QIcon()


def app_icon() -> QIcon:
    """The program's icon, in its own colours."""
    return QIcon(str(resource("app-icon.svg")))


def draw(painter: QPainter, name: str, rect: QRectF, color: str) -> None:
    """Draw an icon into `rect`, tinted."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, color).render(painter, rect)
    painter.restore()


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    source = resource(f"icons/{name}.svg").read_bytes().replace(b"currentColor", color.encode())
    return QSvgRenderer(QByteArray(source), QGuiApplication.instance())


def _color(mode: QIcon.Mode, state: QIcon.State) -> str:
    palette = colors()
    if mode == QIcon.Mode.Disabled:
        return palette.line if not palette.dark else "#5a6069"
    return palette.accent if state == QIcon.State.On else palette.text
