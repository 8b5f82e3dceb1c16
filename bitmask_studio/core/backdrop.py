"""The whole frame small, picture and masks, made at once: what is seen until the exact tiles are there."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import cv2
import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.ground import Ground
from bitmask_studio.core.overlay import Layer, tinted
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.tiles import Drawing, Scene

SIDE = 1024
"""The longer side at most, px."""
_ENOUGH = 4 << 20
"""Image pixels that are averaged at most; of a larger picture some are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """`pixels`, (h, w, 4) BGRX, show the frame at `zoom`, each the image pixel in its middle."""

    scene: Scene
    zoom: float
    pixels: Pixels
    drawn: int
    """How many of the layers there was time for."""

    @property
    def complete(self) -> bool:
        return self.drawn == len(_layers(self.scene))


def backdrop(scene: Scene, seconds: float = 60.0, so_far: Backdrop | None = None) -> Backdrop:
    """Draw the scene, each mask by single pixels and without its outline, as many masks as `seconds` allow.

    `so_far`: one of the same scene (but perhaps for the active object), to go on from; its pixels are used.
    """
    deadline = time.perf_counter() + seconds
    step = max(1, -(-max(scene.width, scene.height) // SIDE))
    if so_far is None or so_far.scene.layers is not scene.layers or not so_far.scene.ground.same_as(scene.ground):
        so_far = Backdrop(scene, 1 / step, _reduced(scene.ground, step), 0)
    drawn = so_far.drawn
    for layer in _layers(scene)[drawn:]:
        if time.perf_counter() > deadline:
            break
        drawn += 1
        if layer.opacity > 0 and not layer.box.empty:
            _draw(so_far.pixels, layer, step)
    return replace(so_far, drawn=drawn)


def _layers(scene: Scene) -> tuple[Layer, ...]:
    return (*scene.layers, scene.active) if scene.active else scene.layers


def enlarged(small: Backdrop, scene: Scene, zoom: float, device: Box) -> Drawing:
    """What the device pixels of a box show of it, not smoothed: a tile to begin with. Of no ground that is known."""
    rows, columns = (
        np.minimum((np.arange(begin, end) + 0.5) / zoom * small.zoom, length - 1).astype(np.intp)
        for begin, end, length in zip(
            (device.y0, device.x0), (device.y1, device.x1), small.pixels.shape[:2], strict=True
        )
    )
    pixels = small.pixels.take(rows, axis=0).take(columns, axis=1)
    ground = Ground(scene.width, scene.height, preview=pixels)
    return Drawing(ground, pixels, pixels, pixels, 0)


def _reduced(ground: Ground, step: int) -> Pixels:
    """The picture with one pixel for `step` x `step` of its own, (h, w, 4)."""
    width, height = max(1, ground.width // step), max(1, ground.height // step)
    source = ground.pixels if ground.pixels is not None else ground.preview
    if source is None:
        source = np.full((1, 1, 3), 128, np.uint8)
        return np.repeat(np.repeat(cv2.cvtColor(source, cv2.COLOR_BGR2BGRA), height, axis=0), width, axis=1)
    skip = max(1, min(source.shape[0] * source.shape[1] // _ENOUGH, source.shape[0] // height))
    way = cv2.INTER_AREA if skip == 1 else cv2.INTER_LINEAR
    return ground.toned(np.asarray(cv2.resize(source[::skip], (width, height), interpolation=way), np.uint8))


def _draw(pixels: Pixels, layer: Layer, step: int) -> None:
    height, width = pixels.shape[:2]
    box, half = layer.box, step // 2
    x0, x1 = max(0, -(-(box.x0 - half) // step)), min(width, -(-(box.x1 - half) // step))
    y0, y1 = max(0, -(-(box.y0 - half) // step)), min(height, -(-(box.y1 - half) // step))
    if x0 >= x1 or y0 >= y1:
        return
    bits = layer.crop(box)[y0 * step + half - box.y0 :: step, x0 * step + half - box.x0 :: step][: y1 - y0, : x1 - x0]
    region = pixels[y0:y1, x0:x1]
    cv2.copyTo(tinted(region, layer), np.ascontiguousarray(bits).view(np.uint8), region)
