"""The whole frame small, picture and masks, made at once: what is seen until the exact tiles are there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.ground import Ground
from bitmask_studio.core.mask import Bits
from bitmask_studio.core.overlay import Layer, flat
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.spans import SIMPLE, Spans, read_many
from bitmask_studio.core.tiles import Drawing, Scene

Boxes = NDArray[np.int64]
"""(n, 4) x0, y0, x1, y1."""

SIDE = 1024
"""The longer side at most, px."""
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
    drawn, layers = so_far.drawn, _layers(scene)
    while drawn < len(layers) and time.perf_counter() < deadline:
        drawn += _draw(so_far.pixels, layers[drawn : drawn + _TOGETHER], step)
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


def _draw(pixels: Pixels, layers: Sequence[Layer], step: int) -> int:
    """Draw the first of the layers, as many as take little time; answers how many."""
    boxes = np.array([layer.box for layer in layers], np.int64).reshape(-1, 4)
    places = _places(boxes, step, pixels)
    sizes = np.cumsum((places[:, 2] - places[:, 0]) * (places[:, 3] - places[:, 1]))
    count = max(1, int(np.searchsorted(sizes, _MANY, side="right")))
    seen = np.flatnonzero((places[:count, 0] < places[:count, 2]) & [layer.opacity > 0 for layer in layers[:count]])
    shown = [layers[at] for at in seen.tolist()]
    sampled = _sampled(shown, boxes[seen], places[seen], step)
    for layer, place, bits in zip(shown, places[seen].tolist(), sampled, strict=True):
        x0, y0, x1, y1 = place
        region = pixels[y0:y1, x0:x1]
        tint = cv2.addWeighted(region, 1 - layer.opacity, flat(layer.color, Box(*place)), layer.opacity, 0)
        cv2.copyTo(tint, bits.view(np.uint8), region)
    return count


def _places(boxes: Boxes, step: int, pixels: Pixels) -> Boxes:
    """Which small pixels show the image pixel in their middle of each layer's box."""
    height, width = pixels.shape[:2]
    places = np.clip((boxes - step // 2 + step - 1) // step, 0, (width, height, width, height))
    places[(places[:, 0] >= places[:, 2]) | (places[:, 1] >= places[:, 3])] = 0
    return places


def _sampled(layers: Sequence[Layer], boxes: Boxes, places: Boxes, step: int) -> Iterator[Bits]:
    """For each layer which of the small pixels of its place, none of them empty, it has: (height, width) of that."""
    shown = places * step + step // 2
    shown[:, 2:] += 1 - step  # from the first image pixel that is shown to the last
    parts = shown - boxes[:, (0, 1, 0, 1)]
    spans = [_simple(layer) for layer in layers]
    tables = [
        each.ends[y0:y1:step] for each, (_, y0, _, y1) in zip(spans, parts.tolist(), strict=True) if each is not None
    ]
    simple = [each is not None for each in spans]
    together = read_many(tables, parts[simple, 0], (places[:, 2] - places[:, 0])[simple], step)
    for layer, easy, box in zip(layers, simple, shown.tolist(), strict=True):
        yield next(together) if easy else _read(layer, Box(*box), step)


def _simple(layer: Layer) -> Spans | None:
    """A layer's spans where they are few enough to be read with those of others."""
    spans = layer.mask.spans if layer.mask else None
    return spans if spans is not None and spans.ends.shape[1] <= SIMPLE else None


def _read(layer: Layer, box: Box, step: int) -> Bits:
    """Every `step`-th pixel of a layer in a box."""
    bits = layer.mask.crop(box, step) if layer.mask else layer.crop(box)[::step, ::step]
    return np.ascontiguousarray(bits)
