"""Draws a regatta: the small moving scene that the sandbox's video, data group and unopened rows show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask

WIDTH, HEIGHT = 480, 270
FRAMES = 24
FRAMES_PER_SECOND = 12

Pixels = NDArray[np.uint8]
Shape = NDArray[np.int32]
Color = tuple[int, int, int]

_HORIZON = 110
_SUPER = 8


@dataclass(frozen=True)
class Light:
    """The colours (blue, green, red) of sky and water: above and below each."""

    sky: tuple[Color, Color] = ((214, 160, 104), (238, 222, 196))
    water: tuple[Color, Color] = ((168, 140, 84), (104, 70, 32))


MORNING = Light(((190, 170, 160), (200, 215, 240)), ((170, 160, 140), (120, 95, 70)))
EVENING = Light(((110, 60, 60), (90, 140, 240)), ((100, 110, 190), (60, 40, 30)))


@dataclass(frozen=True)
class Craft:
    """A sailing boat: where it floats at frame 0, its speed in px a frame, its size and the colour of its sail."""

    key: str
    x: float
    y: float
    speed: float
    size: float
    sail: Color

    def outlines(self, frame: int) -> tuple[Sequence[tuple[float, float]], Sequence[tuple[float, float]]]:
        """Hull and sail as points in image px."""
        size, bob = self.size, np.sin(frame / 3 + self.x) * 1.5
        x, y = self.x + self.speed * frame, self.y + bob
        hull = ((x - size, y), (x + size, y), (x + 0.7 * size, y + 0.3 * size), (x - 0.75 * size, y + 0.3 * size))
        sail = ((x - 0.1 * size, y - 0.05 * size), (x - 0.1 * size, y - 1.7 * size), (x + 0.8 * size, y - 0.1 * size))
        return hull, sail


CRAFTS = (
    Craft("near", 90, 178, 9.5, 46, (235, 240, 245)),
    Craft("far", 400, 132, -6.0, 24, (70, 90, 220)),
)
BUOY = (240.0, 205.0, 9.0)
"""Centre and radius of the buoy in px."""


def draw(frame: int, light: Light | None = None) -> Pixels:
    """The picture of a frame: uint8 (HEIGHT, WIDTH, 3), blue, green, red."""
    light = light or Light()
    fades = np.vstack([_fade(*light.sky, _HORIZON), _fade(*light.water, HEIGHT - _HORIZON)])
    pixels = np.ascontiguousarray(fades, np.uint8)
    _waves(pixels, frame)
    for craft in (CRAFTS[1], CRAFTS[0]):
        hull, sail = craft.outlines(frame)
        cv2.fillPoly(pixels, [_fixed(hull)], (45, 52, 66), cv2.LINE_AA, 3)
        cv2.fillPoly(pixels, [_fixed(sail)], craft.sail, cv2.LINE_AA, 3)
    x, y, radius = (round(each) for each in BUOY)
    cv2.circle(pixels, (x, y), radius, (48, 59, 235), -1, cv2.LINE_AA)
    return pixels


def mask_of(craft: Craft, frame: int) -> Mask:
    """The pixels of a boat that can be seen: what lies before it is taken away."""
    seen = _filled(craft, frame)
    if craft.key == "far":
        seen &= ~_filled(CRAFTS[0], frame)
    x, y, radius = (round(each) for each in BUOY)
    hidden = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(hidden, (x, y), radius, 1, -1)
    return Mask.of(Box.of_size(WIDTH, HEIGHT), seen & ~hidden.astype(bool))


def _filled(craft: Craft, frame: int) -> NDArray[np.bool_]:
    canvas = np.zeros((HEIGHT, WIDTH), np.uint8)
    for outline in craft.outlines(frame):
        cv2.fillPoly(canvas, [_fixed(outline)], 1, cv2.LINE_8, 3)
    return canvas.astype(bool)


def _fixed(points: Sequence[tuple[float, float]]) -> Shape:
    """Points in the fixed point numbers with 3 binary places that OpenCV draws with."""
    return np.round(np.array(points) * _SUPER).astype(np.int32)


def _fade(top: Color, bottom: Color, rows: int) -> NDArray[np.float64]:
    part = np.linspace(0, 1, rows)[:, None, None]
    return np.broadcast_to(np.array(top) * (1 - part) + np.array(bottom) * part, (rows, WIDTH, 3))


def _waves(pixels: Pixels, frame: int) -> None:
    """Bright short strokes that drift, longer the nearer they are."""
    numbers = np.random.default_rng(11)
    for _ in range(90):
        depth, x = numbers.random(), numbers.random() * WIDTH
        y = round(_HORIZON + 6 + depth * (HEIGHT - _HORIZON - 10))
        start = round((x + frame * (1 + 2 * depth)) % WIDTH)
        cv2.line(pixels, (start, y), (start + round(4 + 14 * depth), y), (196, 178, 140), 1)
