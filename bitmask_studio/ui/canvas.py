"""The canvas: the picture with its masks, drawn from tiles at the zoom in force."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import replace
from weakref import WeakSet

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.text import tr
from bitmask_studio.core.tiles import Place, Scene, Tile, TileStore
from bitmask_studio.core.viewport import WHEEL_STEP, Viewport
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.studio import Studio
from bitmask_studio.studio.view import View
from bitmask_studio.ui.canvas_marks import draw_note, draw_outlines, draw_ring, ring_reach
from bitmask_studio.ui.scene import active_layer, build_scene
from bitmask_studio.ui.theme import colors

PAINT_BUDGET = 0.012
"""Seconds after which a repaint draws no more missing tiles, one apart; the rest follow in the next repaints."""

FIT_MARGIN = 16
_LARGEST_FIT = 8.0
_TOO_SMALL = 24
"""An object that is smaller than this on screen, in logical px, is not seen well enough to be judged."""

_RESTYLING = ("opacity", "outline", "by_object", "only_chosen")
"""What of a view concerns the looks of every object."""


class Canvas(QWidget):
    """Shows the studio's frame. Keeps zoom and pan as a Viewport in device pixels, and no labels.

    `moved` tells that zoom or pan differ, `hovered` the image point (Point) under the pointer, or None. `is_whole` says
    whether the last repaint had time for every tile.
    """

    moved = Signal()
    hovered = Signal(object)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.studio = studio
        self.viewport = Viewport()
        self._pointer_at: QPointF | None = None
        self._store = TileStore(Scene(1, 1), 1.0)
        self._before: TileStore | None = None
        self._follows_fit = True
        self.is_whole = True
        self.at_once = False
        """Every repaint draws all tiles, however long that takes: while frames are played none is seen half drawn."""
        self._heard: WeakSet[Document] = WeakSet()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(tr("The picture with its masks. Paint with the pointer."))
        studio.document_changed.connect(self._open_document)
        studio.picture_changed.connect(self._show_picture)
        studio.view_changed.connect(self._show_view)
        studio.settings_changed.connect(self.update)

    @property
    def view_box(self) -> Box:
        """The canvas in device px."""
        scale = self.devicePixelRatioF()
        return Box.of_size(round(self.width() * scale), round(self.height() * scale))

    @property
    def pointer(self) -> Point | None:
        """The image point under the pointer."""
        return self.image_point(self._pointer_at) if self._pointer_at else None

    def image_point(self, position: QPointF) -> Point:
        """Where a widget position lies on the image, not rounded."""
        scale = self.devicePixelRatioF()
        return self.viewport.to_image(position.x() * scale, position.y() * scale)

    def fit(self) -> None:
        """The whole frame, as large as fits; followed when the window is resized, until the user zooms or pans."""
        scene, margin = self._store.scene, round(FIT_MARGIN * self.devicePixelRatioF())
        self._go(Viewport.fitting(self.view_box, scene.width, scene.height, margin, _LARGEST_FIT))
        self._follows_fit = True

    def actual_size(self) -> None:
        """One image pixel on one device pixel, the middle of the view staying where it is."""
        self._zoom_to(1.0, self.view_box.center)

    def zoom_by(self, steps: float, around: QPointF | None = None) -> None:
        """Zoom by notches of the wheel, around a widget position or the middle."""
        scale = self.devicePixelRatioF()
        middle = Point(around.x() * scale, around.y() * scale) if around else self.view_box.center
        self._zoom_to(self.viewport.zoom * WHEEL_STEP**steps, middle)

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by logical px."""
        scale = self.devicePixelRatioF()
        self._go(self.viewport.moved(round(dx * scale), round(dy * scale)))

    def show_box(self, box: Box) -> None:
        """Bring an image box into the middle; zoom only when it would be cut off or tiny."""
        if box.empty:
            return
        view, zoom = self.view_box, self.viewport.zoom
        room = min(view.width / box.width, view.height / box.height)
        whole = Viewport.fitting(view, self._store.scene.width, self._store.scene.height).zoom
        if zoom > max(room * 0.9, whole):
            zoom = max(room * 0.8, whole)
        elif zoom * max(box.width, box.height) < _TOO_SMALL * self.devicePixelRatioF():
            zoom = min(room * 0.3, _LARGEST_FIT)
        center = self.viewport.to_device(box.center)
        self._go(self.viewport.zoomed(zoom, *center).centered(view, box.center))

    def point_at(self, position: QPointF | None) -> None:
        """Say where the pointer is (None: elsewhere), so that the ring and the status follow."""
        self._update_ring()
        self._pointer_at = position
        self._update_ring()
        self.hovered.emit(self.pointer)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale = self.devicePixelRatioF()
        painter.scale(1 / scale, 1 / scale)
        _align(painter)
        exposed = _device(event.rect(), scale)
        painter.setClipRect(_rect(exposed))
        self._paint_ground(painter, exposed)
        self._paint_tiles(painter, exposed)
        self._paint_marks(painter, scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._follows_fit:
            self.fit()
        else:
            self._go(self.viewport)

    def _paint_ground(self, painter: QPainter, exposed: Box) -> None:
        image = (
            self._store.bounds.shifted(self.viewport.x, self.viewport.y) if self.studio.document else Box(0, 0, 0, 0)
        )
        ground = QRegion(_rect(exposed)) - QRegion(_rect(image))
        painter.save()
        painter.setClipRegion(ground)
        painter.fillRect(_rect(exposed), QColor(colors().canvas))
        painter.restore()

    def _paint_tiles(self, painter: QPainter, exposed: Box) -> None:
        if self.studio.document is None:
            return
        deadline = math.inf if self.at_once else time.perf_counter() + PAINT_BUDGET
        missing = made = False
        for place in self._store.places(exposed.shifted(-self.viewport.x, -self.viewport.y)):
            tile = self._store.get(place)
            if (tile is None or tile.stale) and (not made or time.perf_counter() < deadline):
                tile, made = self._store.make(place), True
            missing = missing or tile is None or tile.stale
            self._paint_tile(painter, place, tile)
        self.is_whole = not missing
        if missing:
            self.update()
        else:
            self._before = None

    def _paint_tile(self, painter: QPainter, place: Place, tile: Tile | None) -> None:
        """A tile where it belongs; one that is not ready as the tiles of the zoom before show it."""
        box = self._store.box(place).shifted(self.viewport.x, self.viewport.y)
        if tile:
            painter.drawImage(box.x0, box.y0, _image(tile.picture if self.studio.view.peek else tile.whole))
            return
        painter.fillRect(_rect(box), QColor(128, 128, 128))
        if self._before:
            painter.save()
            painter.setClipRect(_rect(box), Qt.ClipOperation.IntersectClip)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(self.viewport.x, self.viewport.y)
            factor = self._store.zoom / self._before.zoom
            painter.scale(factor, factor)
            for other in self._before.tiles:
                painter.drawImage(other.box.x0, other.box.y0, _image(other.whole))
            painter.restore()

    def _paint_marks(self, painter: QPainter, scale: float) -> None:
        studio, frame = self.studio, self.studio.frame
        if frame is None:
            return
        if not studio.view.peek:
            draw_outlines(painter, self.viewport, self._other_shapes(), studio.view.object_hash, scale)
        if studio.picture_note:
            draw_note(painter, studio.picture_note, self.view_box, scale)
        if self.pointer and studio.tool.paints:
            options = studio.tool_options
            center = self.viewport.to_device(self.pointer)
            draw_ring(painter, center, options.size * self.viewport.zoom, options.shape, scale)

    def _other_shapes(self) -> list[ObjectInfo]:
        studio = self.studio
        visible = (each for each in studio.objects if studio.is_visible(MaskKey(studio.view.frame, each.object_hash)))
        return [each for each in visible if each.outlines]

    def _open_document(self) -> None:
        document = self.studio.document
        if document and document not in self._heard:
            self._heard.add(document)
            document.painted.connect(lambda frame, box: self._painted(document, frame, box))
            document.objects_changed.connect(lambda frame: self._restyle())
        self._show_picture()
        self.fit()

    def _show_picture(self) -> None:
        """Start from nothing: another frame, or another picture under it."""
        size = self._store.scene.width, self._store.scene.height
        self._store = TileStore(self._scene(), self.viewport.zoom)
        self._before = None
        self.is_whole = False
        if size != (self._store.scene.width, self._store.scene.height):
            self.fit()
        self.update()

    def _show_view(self, old: View, new: View) -> None:
        alone = (old.only_chosen or new.only_chosen) and old.object_hash != new.object_hash
        if (old.row, old.frame) != (new.row, new.frame):
            self._show_picture()
        elif alone or any(getattr(old, name) != getattr(new, name) for name in _RESTYLING):
            self._restyle()
        else:
            changed = {old.key, new.key} if old.key != new.key else set()
            self._redraw(key for key in changed | (old.hidden ^ new.hidden) if key and key.frame == new.frame)
        self.update()

    def _redraw(self, keys: Iterable[MaskKey]) -> None:
        """Draw a few objects anew, each within its own box."""
        document = self.studio.document
        scene = self._scene()
        for key in keys:
            if document:
                self._store.mend(scene, document.mask(key).box)

    def _restyle(self) -> None:
        self._store.show(self._scene())
        self.update()

    def _painted(self, document: Document, frame: int, box: Box) -> None:
        studio = self.studio
        if document is not studio.document or frame != studio.view.frame:
            return
        if studio.gestures.painter:
            scene, under = replace(self._store.scene, active=active_layer(studio, self._line)), False
        else:
            scene, under = self._scene(), True
        device = self._store.mend(scene, box, under)
        self._update_device(device.shifted(self.viewport.x, self.viewport.y))

    def _scene(self) -> Scene:
        return build_scene(self.studio, self._line)

    @property
    def _line(self) -> int:
        """The width of a thin outline, device px."""
        return max(1, round(self.devicePixelRatioF()))

    def _zoom_to(self, zoom: float, middle: Point) -> None:
        self._go(self.viewport.zoomed(zoom, *middle))

    def _go(self, viewport: Viewport) -> None:
        self._follows_fit = False
        scene = self._store.scene
        viewport = viewport.kept_in_reach(self.view_box, scene.width, scene.height)
        if viewport.zoom != self._store.zoom:
            self._before = self._store if self._store.tiles else self._before
            self._store = TileStore(scene, viewport.zoom)
        if viewport != self.viewport:
            self.viewport = viewport
            self.update()
            self.moved.emit()
            self.hovered.emit(self.pointer)

    def _update_ring(self) -> None:
        if self.pointer and self.studio.tool.paints:
            center = self.viewport.to_device(self.pointer)
            diameter = self.studio.tool_options.size * self.viewport.zoom
            self._update_device(ring_reach(center, diameter, self.devicePixelRatioF()))

    def _update_device(self, box: Box) -> None:
        scale = self.devicePixelRatioF()
        box = box.inflated(1)  # the widget may begin between two device pixels
        rect = QRectF(box.x0 / scale, box.y0 / scale, box.width / scale, box.height / scale)
        self.update(rect.toAlignedRect())


def _align(painter: QPainter) -> None:
    """Begin on a whole device pixel: at scales such as 150 % a widget may not, and tiles would be rounded apart."""
    begin = painter.deviceTransform()
    painter.translate(math.floor(begin.dx() + 0.5) - begin.dx(), math.floor(begin.dy() + 0.5) - begin.dy())


def _image(pixels: Pixels) -> QImage:
    """A tile's own memory, (H, W, 4), as an image; the tile outlives the drawing."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)


def _rect(box: Box) -> QRect:
    return QRect(box.x0, box.y0, box.width, box.height)


def _device(rect: QRect, scale: float) -> Box:
    corners = (Point(rect.left() * scale, rect.top() * scale), Point(rect.right() * scale, rect.bottom() * scale))
    return Box.around(corners, scale)
