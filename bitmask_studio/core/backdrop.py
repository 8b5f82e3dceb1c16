"""The whole frame small, picture and masks, made at once: what is seen until the exact tiles are there."""

from __future__ import annotations

import time
from collections.abc import Sequence

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.ground import Ground
from bitmask_studio.core.mask import Bits
from bitmask_studio.core.overlay import Layer, flat
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.small_masks import Boxes, Grid, small
from bitmask_studio.core.tiles import Drawing, Scene, boxes_of

_TOGETHER = 128
"""Layers that are drawn between two looks at the time, at most."""
_MANY = 1 << 18
"""Small pixels that are looked at between two looks at the time, unless one layer alone has more."""
_ENOUGH = 4 << 20
"""Image pixels that are averaged at most; of a larger picture some are left out."""


class Backdrop(Struct, frozen=True, eq=False):
    """`pixels`, (h, w, 4) BGRX, show the frame at `zoom`, each the image pixel in its middle."""

    scene: Scene
    zoom: float
    ground: Pixels
    """The picture alone."""
    pixels: Pixels
    drawn: int
    """How many of the layers there was time for."""

    @property
    def complete(self) -> bool:
        return self.drawn == len(_layers(self.scene))


def backdrop(scene: Scene, seconds: float = 60.0, so_far: Backdrop | None = None) -> Backdrop:
    """Draw the scene, each mask by single pixels and without its outline, as many masks as `seconds` allow.

    `so_far`: one of the same scene (but perhaps for the active object), to go on from, its pixels are used; of one
    that has no more than the picture in common with the scene the picture is taken.
    """
    deadline = time.perf_counter() + seconds
    grid, layers = Grid.of(scene.width, scene.height), _layers(scene)
    if so_far is None or not so_far.scene.ground.same_as(scene.ground):
        ground = _reduced(scene.ground, grid)
        so_far = Backdrop(scene, 1 / grid.step, ground, ground.copy(), 0)
    elif so_far.scene.layers is not scene.layers:
        so_far = replace(so_far, scene=scene, pixels=so_far.ground.copy(), drawn=0)
    drawn = so_far.drawn
    while drawn < len(layers) and time.perf_counter() < deadline:
        drawn += _draw(so_far.pixels, layers[drawn : drawn + _TOGETHER], grid)
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


def _reduced(ground: Ground, grid: Grid) -> Pixels:
    """The picture with one pixel for `step` x `step` of its own, (h, w, 4)."""
    source = ground.pixels if ground.pixels is not None else ground.preview
    if source is None:
        source = np.full((1, 1, 3), 128, np.uint8)
        return np.repeat(np.repeat(cv2.cvtColor(source, cv2.COLOR_BGR2BGRA), grid.height, axis=0), grid.width, axis=1)
    skip = max(1, min(source.shape[0] * source.shape[1] // _ENOUGH, source.shape[0] // grid.height))
    way = cv2.INTER_AREA if skip == 1 else cv2.INTER_LINEAR
    size = grid.width, grid.height
    return ground.toned(np.asarray(cv2.resize(source[::skip], size, interpolation=way), np.uint8))


def _draw(pixels: Pixels, layers: Sequence[Layer], grid: Grid) -> int:
    """Draw the first of the layers, as many as take little time; answers how many."""
    places = grid.places(boxes_of(layers))
    sizes = np.cumsum((places[:, 2] - places[:, 0]) * (places[:, 3] - places[:, 1]))
    count = max(1, int(np.searchsorted(sizes, _MANY, side="right")))
    seen = np.flatnonzero((places[:count, 0] < places[:count, 2]) & [layer.opacity > 0 for layer in layers[:count]])
    shown = [layers[at] for at in seen.tolist()]
    for layer, (x0, y0, x1, y1), bits in zip(
        shown, places[seen].tolist(), _sampled(shown, places[seen], grid), strict=True
    ):
        region, opacity = pixels[y0:y1, x0:x1], layer.opacity
        tint = cv2.addWeighted(region, 1 - opacity, flat(layer.color, Box(x0, y0, x1, y1)), opacity, 0)
        cv2.copyTo(tint, bits.view(np.uint8), region)
    return count


def _sampled(layers: Sequence[Layer], places: Boxes, grid: Grid) -> Sequence[Bits]:
    """For each layer which of the small pixels of its place, none of them empty, it has: (height, width) of that."""
    masks = [layer.mask for layer in layers if layer.mask]
    if len(masks) == len(layers):
        return small(masks, places, grid)
    kept = iter(small(masks, places[[layer.mask is not None for layer in layers]], grid))
    boxes = grid.shown(places).tolist()
    return [
        next(kept) if layer.mask else _read(layer, Box(*box), grid) for layer, box in zip(layers, boxes, strict=True)
    ]


def _read(layer: Layer, box: Box, grid: Grid) -> Bits:
    """What a box shows of a layer that is no mask as it is kept."""
    return np.ascontiguousarray(layer.crop(box)[:: grid.step, :: grid.step])
