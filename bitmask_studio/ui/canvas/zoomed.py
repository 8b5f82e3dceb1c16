"""A widget that shows a part of an image at some zoom: which part that is, and how it changes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from bitmask_studio.core.geometry import EMPTY, Box, Point
from bitmask_studio.core.signal import Signal as Listeners
from bitmask_studio.core.viewport import WHEEL_STEP, Viewport, least_zoom
from bitmask_studio.ui.canvas.heard_widget import HeardWidget

FIT_MARGIN = 16
_LARGEST_FIT = 8.0
_TOO_SMALL = 24
"""An object that is smaller than this on screen, in logical px, is not seen well enough to be judged."""
_SEEN = 6
"""One that is smaller than this is not even found."""


class Zoomed(HeardWidget):
    """Keeps zoom and pan as a Viewport in device pixels.

    `moved` tells that zoom or pan differ, `hovered` that another image point is under the pointer.
    """

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport()
        self.hovered = Listeners[()]()
        self._pointer_at: QPointF | None = None
        self._follows_fit = True
        # Looked up by each event of the pointer, and by each repaint.
        self._scale = self.devicePixelRatioF()
        """Device px a logical one."""
        self._view = EMPTY
        """The widget in device px."""
        self._seen = EMPTY
        """The same, relative to the image's corner."""
        self._awaited = EMPTY
        """The last device box that is to be repainted."""

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of the image, image px."""
        raise NotImplementedError

    @property
    def view_box(self) -> Box:
        """The widget in device px."""
        scale = self.devicePixelRatioF()
        return Box.of_size(round(self.width() * scale), round(self.height() * scale))

    @property
    def pointer(self) -> Point | None:
        """The image point under the pointer."""
        return self.image_point(self._pointer_at) if self._pointer_at else None

    def image_point(self, position: QPointF) -> Point:
        """Where a widget position lies on the image, not rounded."""
        (x, y), scale, viewport = position.toTuple(), self._scale, self.viewport
        return Point((x * scale - viewport.x) / viewport.zoom, (y * scale - viewport.y) / viewport.zoom)

    def fit(self) -> None:
        """The whole image, as large as fits; followed when the window is resized, until the user zooms or pans."""
        margin = round(FIT_MARGIN * self.devicePixelRatioF())
        self._go(Viewport.fitting(self.view_box, *self.image_size, margin, _LARGEST_FIT))
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
        """Move the image by logical px."""
        scale = self.devicePixelRatioF()
        self._go(self.viewport.moved(round(dx * scale), round(dy * scale)))

    def show_box(self, box: Box, closer: bool = False) -> None:
        """Bring an image box into the middle; zoom only when it would be cut off or tiny.

        The whole image stays as it is as long as the box is seen there, unless somebody wants it `closer`.
        """
        view, zoom = self.view_box, self.viewport.zoom
        seen = zoom * max(box.width, box.height) >= _SEEN * self.devicePixelRatioF()
        if box.empty or (self._follows_fit and seen and not closer and view.covers(self.viewport.device_box(box))):
            return
        room = min(view.width / box.width, view.height / box.height)
        whole = Viewport.fitting(view, *self.image_size).zoom
        if zoom > max(room * 0.9, whole):
            zoom = max(room * 0.8, whole)
        elif zoom * max(box.width, box.height) < _TOO_SMALL * self.devicePixelRatioF():
            zoom = min(room * 0.3, _LARGEST_FIT)
        center = self.viewport.to_device(box.center)
        self._go(self.viewport.zoomed(zoom, *center).centered(view, box.center))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        if self._follows_fit:
            self.fit()
        else:
            self._go(self.viewport)

    def _zoom_to(self, zoom: float, middle: Point) -> None:
        self._go(self.viewport.zoomed(max(zoom, least_zoom(*self.image_size)), *middle))

    def _go(self, viewport: Viewport) -> None:
        self._follows_fit = False
        viewport = viewport.kept_in_reach(self.view_box, *self.image_size)
        differs, self.viewport = viewport != self.viewport, viewport
        self._measure()
        if differs:
            self.moved.emit()
            self.hovered.emit()

    def _measure(self) -> None:
        """Note what is the same for all events until the widget or what it shows is another."""
        self._scale, self._view = self.devicePixelRatioF(), self.view_box
        self._seen = self._view.shifted(-self.viewport.x, -self.viewport.y)

    def _update_device(self, box: Box) -> None:
        """Have a device box painted, together with what is awaited near it: one rectangle is quicker than several."""
        box, awaited = box.intersection(self._view), self._awaited
        if awaited.covers(box):
            return
        if awaited is not EMPTY and (both := awaited.union(box)).area <= 2 * (awaited.area + box.area):
            box = both
        self._awaited = box
        scale = self._scale
        if scale == 1:
            self.update(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0)
        else:
            box = box.inflated(1)  # the widget may begin between two device pixels
            rect = QRectF(box.x0 / scale, box.y0 / scale, box.width / scale, box.height / scale)
            self.update(rect.toAlignedRect())
