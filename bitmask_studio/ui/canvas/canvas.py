"""The canvas: the picture with its masks, drawn from tiles at the zoom in force."""

from __future__ import annotations

import math
from collections.abc import Iterable
from weakref import WeakSet

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bitmask_studio.core.geometry import EMPTY, Box, Point
from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.overlay import Layer
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.core.text import tr
from bitmask_studio.core.tiles import Scene, TileStore
from bitmask_studio.studio import preferences
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.studio import Studio
from bitmask_studio.studio.view import View
from bitmask_studio.ui.canvas.brush_ring import Ring, united
from bitmask_studio.ui.canvas.marks import draw_note, draw_outlines
from bitmask_studio.ui.canvas.scene import WIDEST, active_layer, build_scene, other_shapes
from bitmask_studio.ui.canvas.surface import Surface
from bitmask_studio.ui.canvas.zoomed import Zoomed
from bitmask_studio.ui.theme import colors

_RESTYLING = ("opacity", "outline", "by_object", "only_chosen", "tone")
"""What of a view concerns the looks of everything."""
_FEW = 8
_LARGE = 200_000
"""Device px of what a dab has changed from which on its parts are painted one by one."""


class Canvas(Zoomed):
    """Shows the studio's frame, and keeps no labels."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.studio = studio
        self._surface = Surface(self._update_image, studio.settings.get(preferences.TILE_MEMORY) << 20, self)
        self._shapes: tuple[ObjectInfo, ...] = ()
        self._ring: Ring | None = None
        self._ringed: tuple[Box, ...] = ()
        """Where the ring is, device px."""
        self._painted_on: tuple[MaskPainter, View, Layer | None] | None = None
        """The stroke in progress, the view in which it is, and how its object is drawn."""
        self._image = EMPTY
        """Where the image lies on the canvas, device px."""
        self._heard: WeakSet[Document] = WeakSet()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # else Qt tells each parent of each move
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(tr("The picture with its masks. Paint with the pointer."))
        studio.document_changed.connect(self._open_document)
        studio.picture_changed.connect(self._show_picture)
        studio.view_changed.connect(self._show_view)
        studio.settings_changed.connect(self._change_ring)
        self.moved.connect(self._change_ring)

    @property
    def is_whole(self) -> bool:
        """Whether the last repaint had every tile, each as it is now."""
        return self._surface.is_whole

    @property
    def shows_all(self) -> bool:
        """Whether the last repaint had the picture and every mask, if not exact yet."""
        return self._surface.shows_all

    @property
    def store(self) -> TileStore:
        """The tiles at the zoom in force."""
        return self._surface.store

    @property
    def at_once(self) -> bool:
        """Every repaint draws all tiles, however long that takes: while frames are played none is seen half drawn."""
        return self._surface.at_once

    @at_once.setter
    def at_once(self, at_once: bool) -> None:
        self._surface.at_once = at_once

    def point_at(self, position: QPointF | None) -> None:
        """Say where the pointer is (None: elsewhere), so that the ring and the status follow."""
        before, self._pointer_at = self._ringed, position
        now = self._ringed = self._ring_boxes()
        for box in united(before, now):
            self._update_device(box)
        self.hovered.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = QPainter(self), event.rect()
        self._awaited, scale = EMPTY, self.devicePixelRatioF()
        exposed = Box(rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1)
        if scale != self._scale:
            self._measure()
        if scale != 1:
            painter.scale(1 / scale, 1 / scale)
            _align(painter)
            exposed = _device(rect, scale)
            painter.setClipRect(_rect(exposed))
        has_document = self.studio.document is not None
        if not (has_document and self._image.covers(exposed)):
            self._paint_ground(painter, exposed, self._image if has_document else EMPTY)
        if has_document:
            self._paint_image(painter, exposed)
            self._paint_marks(painter, scale)

    def _paint_ground(self, painter: QPainter, exposed: Box, image: Box) -> None:
        color = QColor(colors().canvas)
        for part in exposed.beside(image):
            painter.fillRect(_rect(part), color)

    def _paint_image(self, painter: QPainter, exposed: Box) -> None:
        surface, viewport = self._surface, self.viewport
        if surface.awaits_mending:
            surface.mend(self._active(), self._seen)
        surface.paint(painter, (viewport.x, viewport.y), exposed, self._seen, self.studio.view.peek)

    def _paint_marks(self, painter: QPainter, scale: float) -> None:
        studio = self.studio
        if self._shapes and not studio.view.peek:
            draw_outlines(painter, self.viewport, self._shapes, studio.view.object_hash, scale)
        if studio.picture_note:
            draw_note(painter, studio.picture_note, self.view_box, scale)
        if self._ring and self._pointer_at is not None:
            x, y = self._pointer_at.toTuple()
            self._ring.draw(painter, x * scale, y * scale)

    def _open_document(self) -> None:
        document = self.studio.document
        if document and document not in self._heard:
            self._heard.add(document)
            document.painted.connect(lambda frame, box: self._painted(document, frame, box))
            document.objects_changed.connect(lambda frame: self._restyle())
            document.decoded.connect(lambda frame: self._show_decoded(document, frame))
        self._show_frame()
        self.fit()

    def _show_decoded(self, document: Document, frame: int) -> None:
        """The masks of a frame have come after it was shown: at once, if small, where it is not drawn yet."""
        if document is not self.studio.document or frame != self.studio.view.frame:
            return
        draw = self._surface.show if self.is_whole else self._surface.start
        draw(self._scene())
        self.update()

    def _show_picture(self) -> None:
        """Another picture under the same masks."""
        picture, preview = self.studio.picture, self.studio.preview
        pixels, reduced = (each.pixels if each else None for each in (picture, preview))
        self._surface.show(replace(self._surface.scene, pixels=pixels, preview=reduced))
        self.update()

    def _show_frame(self) -> None:
        """Start from nothing: another frame."""
        size = self.image_size
        self._surface.start(self._scene())
        if size != self.image_size:
            self.fit()
        self.update()

    def _show_view(self, old: View, new: View) -> None:
        alone = (old.only_chosen or new.only_chosen) and old.object_hash != new.object_hash
        if old.row != new.row:
            return  # another document follows
        if old.frame != new.frame:
            self._show_frame()
        elif alone or any(getattr(old, name) != getattr(new, name) for name in _RESTYLING):
            self._restyle()
        else:
            changed = {old.key, new.key} if old.key != new.key else set()
            self._redraw(key for key in changed | (old.hidden ^ new.hidden) if key and key.frame == new.frame)
        if old.peek != new.peek:
            self.update()
        if old.tool != new.tool:
            self._change_ring()

    def _redraw(self, keys: Iterable[MaskKey]) -> None:
        """Draw a few objects anew, each within its own box."""
        document, boxes = self.studio.document, list[Box]()
        for key in keys:
            if document:
                boxes.append(document.mask(key).box)
        if len(boxes) > _FEW:
            self._restyle()
        elif boxes:
            scene = self._scene()
            for box in boxes:
                self._surface.change(scene, box, self._seen)
            self.update()

    def _restyle(self) -> None:
        self._surface.show(self._scene())
        self.update()

    def _painted(self, document: Document, frame: int, box: Box) -> None:
        studio = self.studio
        if document is not studio.document or frame != studio.view.frame:
            return
        painter, line = studio.gestures.painter, WIDEST * self._line
        if painter and box.area * self.viewport.zoom**2 >= _LARGE:
            for part in painter.changed:
                self._surface.touch(part, line, painter.only_adds)
        elif painter:
            self._surface.touch(box, line, painter.only_adds)
        elif self._is_of_active():
            self._surface.touch(box, line)
        else:
            self._surface.change(self._scene(), box, self._seen)

    def _active(self) -> Layer | None:
        """The object that is worked on. That of a stroke reads the scratch: one layer does for all of its dabs."""
        painter, view = self.studio.gestures.painter, self.studio.view
        if painter is None:
            self._painted_on = None
            return active_layer(self.studio, self._line)
        if self._painted_on is None or self._painted_on[0] is not painter or self._painted_on[1] is not view:
            self._painted_on = painter, view, active_layer(self.studio, self._line)
        return self._painted_on[2]

    def _is_of_active(self) -> bool:
        """Whether it is the active object whose pixels differ from what is shown, and no other's."""
        shown, now = self._surface.scene.active, active_layer(self.studio, self._line)
        return shown is not None and now is not None and shown.crop != now.crop

    @property
    def image_size(self) -> tuple[int, int]:
        return self._surface.scene.width, self._surface.scene.height

    def _scene(self) -> Scene:
        self._shapes = other_shapes(self.studio)
        return build_scene(self.studio, self._line)

    @property
    def _line(self) -> int:
        """The width of a thin outline, device px."""
        return max(1, round(self._scale))

    def _measure(self) -> None:
        before = self._scale
        super()._measure()
        self._surface.go_to(self.viewport.zoom)
        self._image = self._surface.store.bounds.shifted(self.viewport.x, self.viewport.y)
        if self._scale != before:
            self._change_ring()

    def _change_ring(self) -> None:
        """Another tool, brush or zoom."""
        studio = self.studio
        options = studio.tool_options if studio.tool.paints else None
        self._ring = Ring(options.size * self.viewport.zoom, options.shape, self._scale) if options else None
        self._ringed = self._ring_boxes()
        self.update()

    def _ring_boxes(self) -> tuple[Box, ...]:
        """The device pixels that the ring of the brush touches."""
        if self._ring is None or self._pointer_at is None:
            return ()
        (x, y), scale = self._pointer_at.toTuple(), self._scale
        return self._ring.boxes(x * scale, y * scale)

    def _update_image(self, box: Box) -> None:
        self._update_device(box.shifted(self.viewport.x, self.viewport.y))


def _align(painter: QPainter) -> None:
    """Begin on a whole device pixel: at scales such as 150 % a widget may not, and tiles would be rounded apart."""
    begin = painter.deviceTransform()
    painter.translate(math.floor(begin.dx() + 0.5) - begin.dx(), math.floor(begin.dy() + 0.5) - begin.dy())


def _rect(box: Box) -> QRect:
    return QRect(box.x0, box.y0, box.width, box.height)


def _device(rect: QRect, scale: float) -> Box:
    corners = (Point(rect.left() * scale, rect.top() * scale), Point(rect.right() * scale, rect.bottom() * scale))
    return Box.around(corners, scale)
