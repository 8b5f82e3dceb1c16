"""The canvas: the picture with its masks, drawn from tiles at the zoom in force."""

from __future__ import annotations

import math
from collections.abc import Iterable
from weakref import WeakSet

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bitmask_studio.core.geometry import EMPTY, Box, Point
from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.overlay import Layer
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.core.text import tr
from bitmask_studio.core.tiles import Scene, TileStore
from bitmask_studio.core.viewport import WHEEL_STEP, Viewport, least_zoom
from bitmask_studio.studio import preferences
from bitmask_studio.studio.document import Document
from bitmask_studio.studio.studio import Studio
from bitmask_studio.studio.view import View
from bitmask_studio.ui.canvas_marks import Tip, draw_note, draw_outlines
from bitmask_studio.ui.scene import WIDEST, active_layer, build_scene, other_shapes
from bitmask_studio.ui.surface import Surface
from bitmask_studio.ui.theme import colors

FIT_MARGIN = 16
_LARGEST_FIT = 8.0
_TOO_SMALL = 24
"""An object that is smaller than this on screen, in logical px, is not seen well enough to be judged."""
_SEEN = 6
"""One that is smaller than this is not even found."""

_RESTYLING = ("opacity", "outline", "by_object", "only_chosen", "tone")
"""What of a view concerns the looks of everything."""
_FEW = 8


class Canvas(QWidget):
    """Shows the studio's frame. Keeps zoom and pan as a Viewport in device pixels, and no labels.

    `moved` tells that zoom or pan differ, `hovered` that another image point is under the pointer.
    """

    moved = Signal()
    hovered = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.studio = studio
        self.viewport = Viewport()
        self._pointer_at: QPointF | None = None
        self._surface = Surface(self._update_image, studio.settings.get(preferences.TILE_MEMORY) << 20, self)
        self._shapes: tuple[ObjectInfo, ...] = ()
        self._tip: Tip | None = None
        self._awaited = EMPTY
        self._painted_on: tuple[MaskPainter, View, Layer | None] | None = None
        """The stroke in progress, the view in which it is, and how its object is drawn."""
        self._follows_fit = True
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
        studio.settings_changed.connect(self._change_tip)

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
        margin = round(FIT_MARGIN * self.devicePixelRatioF())
        self._go(Viewport.fitting(self.view_box, *self._scene_size, margin, _LARGEST_FIT))
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

    def show_box(self, box: Box, closer: bool = False) -> None:
        """Bring an image box into the middle; zoom only when it would be cut off or tiny.

        The whole frame stays as it is as long as the box is seen there, unless somebody wants it `closer`.
        """
        view, zoom = self.view_box, self.viewport.zoom
        seen = zoom * max(box.width, box.height) >= _SEEN * self.devicePixelRatioF()
        if box.empty or (self._follows_fit and seen and not closer and view.covers(self.viewport.device_box(box))):
            return
        room = min(view.width / box.width, view.height / box.height)
        whole = Viewport.fitting(view, *self._scene_size).zoom
        if zoom > max(room * 0.9, whole):
            zoom = max(room * 0.8, whole)
        elif zoom * max(box.width, box.height) < _TOO_SMALL * self.devicePixelRatioF():
            zoom = min(room * 0.3, _LARGEST_FIT)
        center = self.viewport.to_device(box.center)
        self._go(self.viewport.zoomed(zoom, *center).centered(view, box.center))

    def point_at(self, position: QPointF | None) -> None:
        """Say where the pointer is (None: elsewhere), so that the ring and the status follow."""
        before, self._pointer_at = self._ring_box(), position
        now = self._ring_box()
        both = before.union(now)
        if both.area <= 2 * now.area:
            self._update_device(both)
        else:
            self._update_device(before)
            self._update_device(now)
        self.hovered.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect, scale = QPainter(self), event.rect(), self.devicePixelRatioF()
        self._awaited = EMPTY
        exposed = Box(rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1)
        if scale != 1:
            painter.scale(1 / scale, 1 / scale)
            _align(painter)
            exposed = _device(rect, scale)
            painter.setClipRect(_rect(exposed))
        self._paint_ground(painter, exposed)
        self._paint_image(painter, exposed)
        self._paint_marks(painter, scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._change_tip()
        if self._follows_fit:
            self.fit()
        else:
            self._go(self.viewport)

    def _paint_ground(self, painter: QPainter, exposed: Box) -> None:
        image = self._image_box if self.studio.document else EMPTY
        if image.covers(exposed):
            return
        painter.save()
        painter.setClipRegion(QRegion(_rect(exposed)) - QRegion(_rect(image)))
        painter.fillRect(_rect(exposed), QColor(colors().canvas))
        painter.restore()

    def _paint_image(self, painter: QPainter, exposed: Box) -> None:
        if self.studio.document is None:
            return
        x, y, seen = self.viewport.x, self.viewport.y, self._seen
        self._surface.mend(self._active(), seen)
        painter.translate(x, y)
        self._surface.paint(painter, exposed.shifted(-x, -y), seen, self.studio.view.peek)
        painter.translate(-x, -y)

    def _paint_marks(self, painter: QPainter, scale: float) -> None:
        studio, frame = self.studio, self.studio.frame
        if frame is None:
            return
        if not studio.view.peek:
            draw_outlines(painter, self.viewport, self._shapes, studio.view.object_hash, scale)
        if studio.picture_note:
            draw_note(painter, studio.picture_note, self.view_box, scale)
        if self._tip and self._pointer_at is not None:
            self._tip.draw(painter, *self._pointer_device)

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
        size = self._scene_size
        self._surface.start(self._scene())
        if size != self._scene_size:
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
            self._change_tip()

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
        if studio.gestures.painter or self._is_of_active():
            self._surface.touch(box, WIDEST * self._line)
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
    def _scene_size(self) -> tuple[int, int]:
        return self._surface.scene.width, self._surface.scene.height

    @property
    def _image_box(self) -> Box:
        """Where the image lies on the canvas, device px."""
        return self._surface.store.bounds.shifted(self.viewport.x, self.viewport.y)

    @property
    def _seen(self) -> Box:
        """What the canvas shows, device px relative to the image's corner."""
        return self.view_box.shifted(-self.viewport.x, -self.viewport.y)

    def _scene(self) -> Scene:
        self._shapes = other_shapes(self.studio)
        return build_scene(self.studio, self._line)

    @property
    def _line(self) -> int:
        """The width of a thin outline, device px."""
        return max(1, round(self.devicePixelRatioF()))

    def _zoom_to(self, zoom: float, middle: Point) -> None:
        self._go(self.viewport.zoomed(max(zoom, least_zoom(*self._scene_size)), *middle))

    def _go(self, viewport: Viewport) -> None:
        self._follows_fit = False
        viewport = viewport.kept_in_reach(self.view_box, *self._scene_size)
        self._surface.go_to(viewport.zoom)
        if viewport != self.viewport:
            self.viewport = viewport
            self._change_tip()
            self.moved.emit()
            self.hovered.emit()

    def _change_tip(self) -> None:
        """Another tool, brush or zoom."""
        studio = self.studio
        options = studio.tool_options if studio.tool.paints else None
        self._tip = Tip(options.size * self.viewport.zoom, options.shape, self.devicePixelRatioF()) if options else None
        self.update()

    def _ring_box(self) -> Box:
        """The device pixels that the ring of the brush touches."""
        return self._tip.reach(*self._pointer_device) if self._tip and self._pointer_at is not None else EMPTY

    @property
    def _pointer_device(self) -> tuple[float, float]:
        """Where the pointer is, device px."""
        assert self._pointer_at is not None
        scale = self.devicePixelRatioF()
        return self._pointer_at.x() * scale, self._pointer_at.y() * scale

    def _update_image(self, box: Box) -> None:
        self._update_device(box.shifted(self.viewport.x, self.viewport.y).intersection(self.view_box))

    def _update_device(self, box: Box) -> None:
        """Have a device box painted, together with what is awaited near it: one rectangle is quicker than several."""
        both = self._awaited.union(box)
        if both.area <= 2 * (self._awaited.area + box.area):
            box = both
        if box.empty:
            return
        self._awaited = box
        scale = self.devicePixelRatioF()
        if scale == 1:
            self.update(box.x0, box.y0, box.width, box.height)
        else:
            box = box.inflated(1)  # the widget may begin between two device pixels
            rect = QRectF(box.x0 / scale, box.y0 / scale, box.width / scale, box.height / scale)
            self.update(rect.toAlignedRect())


def _align(painter: QPainter) -> None:
    """Begin on a whole device pixel: at scales such as 150 % a widget may not, and tiles would be rounded apart."""
    begin = painter.deviceTransform()
    painter.translate(math.floor(begin.dx() + 0.5) - begin.dx(), math.floor(begin.dy() + 0.5) - begin.dy())


def _rect(box: Box) -> QRect:
    return QRect(box.x0, box.y0, box.width, box.height)


def _device(rect: QRect, scale: float) -> Box:
    corners = (Point(rect.left() * scale, rect.top() * scale), Point(rect.right() * scale, rect.bottom() * scale))
    return Box.around(corners, scale)
