"""Zoom and pan as arithmetic between device pixels of the canvas and image pixels.

The zoom (device px per image px) is k/64 or, reduced, 64/k with a whole k (a multiple of 8 from 512 on). Reduced, 64
device pixels therefore show exactly k image pixels, and the picture's corner always lies on a whole device pixel: a
tile whose side is a multiple of 64 covers whole image pixels, which makes exact area averages cheap.
"""

from __future__ import annotations

import math

from msgspec import Struct
from msgspec.structs import replace

from bitmask_studio.core.geometry import Box, Point

GRAIN = 64
MIN_ZOOM, MAX_ZOOM = 0.01, 64.0
LEAST_SIDE = 16
"""Device px to which the longer side of an image may be reduced: a smaller one is not found again."""
WHEEL_STEP = 1.25
"""The factor of one notch of the wheel."""


class Viewport(Struct, frozen=True):
    """`x`, `y`: where the image's corner lies, device px."""

    zoom: float = 1.0
    x: int = 0
    y: int = 0

    def to_image(self, x: float, y: float) -> Point:
        return Point((x - self.x) / self.zoom, (y - self.y) / self.zoom)

    def to_device(self, point: Point) -> tuple[float, float]:
        return point.x * self.zoom + self.x, point.y * self.zoom + self.y

    def device_box(self, box: Box) -> Box:
        """The device pixels that show any part of an image box."""
        if box.empty:
            return box
        left, top = self.to_device(Point(box.x0, box.y0))
        right, bottom = self.to_device(Point(box.x1, box.y1))
        return Box(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))

    def zoomed(self, zoom: float, x: float, y: float) -> Viewport:
        """At the allowed zoom nearest to `zoom`, the image point under device pixel (x, y) staying where it is."""
        point, near = self.to_image(x, y), snap(zoom)
        return Viewport(near, round(x - point.x * near), round(y - point.y * near))

    def moved(self, dx: int, dy: int) -> Viewport:
        return replace(self, x=self.x + dx, y=self.y + dy)

    def kept_in_reach(self, view: Box, width: int, height: int) -> Viewport:
        """Moved so that some of the (width, height) image stays inside the view."""
        margin = 48
        x = min(max(self.x, margin - round(width * self.zoom)), view.width - margin)
        y = min(max(self.y, margin - round(height * self.zoom)), view.height - margin)
        return replace(self, x=x, y=y)

    @classmethod
    def fitting(cls, view: Box, width: int, height: int, margin: int = 0, largest: float = MAX_ZOOM) -> Viewport:
        """The whole (width, height) image in the middle of the view, with `margin` device px around it."""
        width, height = max(1, width), max(1, height)
        space = max(1, view.width - 2 * margin), max(1, view.height - 2 * margin)
        zoom = snap_down(min(space[0] / width, space[1] / height, largest))
        return cls(zoom).centered(view, Point(width / 2, height / 2))

    def centered(self, view: Box, point: Point) -> Viewport:
        """With an image point in the middle of the view."""
        return replace(
            self, x=round(view.width / 2 - point.x * self.zoom), y=round(view.height / 2 - point.y * self.zoom)
        )


def least_zoom(width: int, height: int) -> float:
    """How far a (width, height) image may be reduced; MIN_ZOOM unless it is small."""
    return min(max(LEAST_SIDE / max(width, height, 1), MIN_ZOOM), 1.0)


def snap(zoom: float) -> float:
    """The allowed zoom nearest to `zoom`."""
    zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
    if zoom >= 1:
        return round(zoom * GRAIN) / GRAIN
    step = _step(GRAIN / zoom)
    return GRAIN / (round(GRAIN / zoom / step) * step)


def snap_down(zoom: float) -> float:
    """The largest allowed zoom up to `zoom`."""
    zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
    if zoom >= 1:
        return math.floor(zoom * GRAIN) / GRAIN
    step = _step(GRAIN / zoom)
    # The quotient of an allowed zoom carries rounding, which must not lead to the next smaller one.
    return GRAIN / min(math.ceil(GRAIN / zoom / step - 1e-9) * step, GRAIN / MIN_ZOOM)


def ratio(zoom: float) -> tuple[int, int]:
    """(device px, image px), without common factors, that show the same length at an allowed zoom below 1."""
    image = round(GRAIN / zoom)
    common = math.gcd(image, GRAIN)
    return GRAIN // common, image // common


def _step(k: float) -> int:
    return 8 if k >= 512 else 1
