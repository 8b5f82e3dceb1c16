"""Masks over a picture, blended at the resolution of the screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import lru_cache

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.core.sampling import Pixels, sample, share, share_of

Color = tuple[int, int, int]
"""Blue, green, red, each 0 to 255: the order in which OpenCV and Qt's RGB32 keep them in memory."""

_FEW, _MANY = 64, 1024
_SMALL = 1 << 12
"""Device px that are mixed all at once, sooner than those that are covered in part are found."""


class Layer(Struct, frozen=True):
    """One object as it is drawn: `crop` answers the pixels of an image box, `box` holds all that are set."""

    box: Box
    crop: Callable[[Box], Bits]
    color: Color
    opacity: float
    """Of the fill, 0 to 1."""
    line: int
    """Width of the outline inside the edge, device px; 0 for none."""
    line_color: Color
    least: int = 128
    """How much of a device pixel the object has to cover, of 255, to be outlined there."""
    mask: Mask | None = None
    """What `crop` is of, where that is a mask as it is kept: looked at without making its pixels."""


def blend(out: Pixels, layers: Iterable[Layer], zoom: float, device: Box) -> None:
    """Draw the layers in turn into `out`, (device.height, device.width, 4), which shows `device`."""
    for layer in layers:
        part = device_box(layer.box, zoom).intersection(device)
        if not part.empty:
            _blend_layer(out[part.within(device)], layer, zoom, part)


def tinted(ground: Pixels, layer: Layer) -> Pixels:
    """`ground`, (H, W, 4), as it looks where the layer covers it."""
    return np.asarray(cv2.LUT(ground, _table(layer.color, layer.opacity)), np.uint8)


def lay(out: Pixels, ground: Pixels, tint: Pixels, layer: Layer, zoom: float, device: Box, grown: bool = False) -> None:
    """Draw `ground` with the layer on it into `out`, all (device.height, device.width, 4); `tint` is `tinted` ground.

    Looks as `blend` over the ground does, and touches no other memory than these, so that a dab costs little.
    `grown`: out has the layer already, which has only gained pixels since.
    """
    if not (grown and layer.opacity > 0):
        np.copyto(out, ground)
    part = _place(layer.box, zoom).intersection(device)
    if part == device:
        _draw(out, ground, tint, layer, zoom, part)
    elif not part.empty:
        at = part.within(device)
        _draw(out[at], ground[at], tint[at], layer, zoom, part)


def draw_grid(out: Pixels, zoom: float, device: Box) -> None:
    """Part the image's pixels by lines of gray: the first device column and row of each, shifted a third towards it."""
    for axis, begin, end in ((0, device.y0, device.y1), (1, device.x0, device.x1)):
        edges = np.floor((np.arange(begin - 1, end) + 0.5) / zoom)
        lines = np.flatnonzero(np.diff(edges))
        at = (lines, slice(None)) if axis == 0 else (slice(None), lines)
        out[at] = (out[at].astype(np.uint16) * 2 + 128) // 3


def coverage(layer: Layer, zoom: float, device: Box) -> Pixels:
    """How much of each device pixel the layer covers, 0 to 255, (device.height, device.width)."""
    spans = layer.mask.spans if layer.mask and zoom < 1 else None
    if spans is None or 16 * spans.ends.shape[1] * zoom > device.width:
        return share(layer.crop, zoom, device)
    return share_of(spans, layer.box, zoom, device)


def _blend_layer(out: Pixels, layer: Layer, zoom: float, device: Box) -> None:
    _draw(out, out, tinted(out, layer), layer, zoom, device)


def _draw(out: Pixels, ground: Pixels, tint: Pixels, layer: Layer, zoom: float, device: Box) -> None:
    """Fill and outline over `out`, which holds the ground already."""
    line, opaque = layer.line, layer.opacity > 0
    around = device.inflated(line) if line else device
    if zoom >= 1:
        covered = _bits(layer, zoom, around)
        if opaque:
            cv2.copyTo(tint, _within(covered, line), out)
    else:
        shares = coverage(layer, zoom, around)
        if opaque:
            _fill(out, ground, tint, layer, _within(shares, line))
        covered = np.greater_equal(shares, layer.least).view(np.uint8) if line else shares
    if line:
        cv2.copyTo(flat(layer.line_color, device), _edge(covered, line), out)


def _fill(out: Pixels, ground: Pixels, tint: Pixels, layer: Layer, shares: Pixels) -> None:
    """Shift the pixels towards the colour by opacity times how much of each is covered."""
    if shares.size <= _SMALL:
        _mix(out, ground, layer, shares)
        return
    _mix_partly(out, ground, layer, shares)
    cv2.copyTo(tint, cv2.threshold(shares, 254, 255, cv2.THRESH_BINARY)[1], out)


def _bits(layer: Layer, zoom: float, device: Box) -> Pixels:
    """Which device pixels the layer covers at a zoom of at least 1, not zero there, (device.height, device.width)."""
    if zoom == 1:
        return layer.crop(device).view(np.uint8)
    return sample(lambda box: layer.crop(box).view(np.uint8), zoom, device)


def _mix(out: Pixels, ground: Pixels, layer: Layer, shares: Pixels) -> None:
    """Fill all pixels, those that are covered in part, as a whole or not at all: rounds as `_table` does."""
    mixed = _color(layer.color) - ground
    mixed *= (shares * np.float32(layer.opacity / 255))[:, :, None]
    mixed += ground
    mixed += 0.5
    out[...] = mixed


def _mix_partly(out: Pixels, ground: Pixels, layer: Layer, shares: Pixels) -> None:
    """Fill the pixels that are covered in part, 1 to 254, and no others."""
    at = np.flatnonzero(shares - np.uint8(1) < 254)
    if not len(at):
        return
    rows, columns = np.divmod(at, shares.shape[1])
    base = ground[rows, columns]
    mixed = _color(layer.color) - base
    mixed *= (shares[rows, columns] * np.float32(layer.opacity / 255))[:, None]
    out[rows, columns] = mixed + base + np.float32(0.5)


@lru_cache(maxsize=256)
def _color(color: Color) -> NDArray[np.float32]:
    return np.array([*color, 255], np.float32)


@lru_cache(maxsize=256)
def _table(color: Color, opacity: float) -> Pixels:
    """What each value of each channel becomes where a colour covers it whole; rounds as `_mix` does."""
    values = np.arange(256, dtype=np.float32)[:, None]
    weight = np.float32(255) * np.float32(opacity / 255)
    mixed = np.repeat(np.arange(256, dtype=np.uint8), 4).reshape(1, 256, 4)
    mixed[0, :, :3] = values + (np.array(color, np.float32) - values) * weight + 0.5
    return mixed


def flat(color: Color, device: Box) -> Pixels:
    """One colour all over a box."""
    x0, y0, x1, y1 = device
    if y1 - y0 <= _FEW and x1 - x0 <= _FEW:
        return _small_flat(color)[: y1 - y0, : x1 - x0]
    whole = _large_flat(color, device.height // _MANY, device.width // _MANY)
    return whole[: device.height, : device.width]


@lru_cache(maxsize=256)
def _small_flat(color: Color) -> Pixels:
    return np.full((_FEW, _FEW), _packed(color)).view(np.uint8).reshape(_FEW, _FEW, 4)


@lru_cache(maxsize=2)
def _large_flat(color: Color, rows: int, columns: int) -> Pixels:
    """Kept, because new memory of this size costs more than all that is done with it."""
    return (
        np.full(((rows + 1) * _MANY, (columns + 1) * _MANY), _packed(color))
        .view(np.uint8)
        .reshape((rows + 1) * _MANY, (columns + 1) * _MANY, 4)
    )


@lru_cache(maxsize=1024)
def _packed(color: Color) -> np.uint32:
    """A colour as the four bytes of a pixel."""
    return np.uint32(np.array([*color, 255], np.uint8).view(np.uint32)[0])


def _within(around: Pixels, line: int) -> Pixels:
    """What is left of a box that was `line` px larger on each side."""
    return around[line:-line, line:-line] if line else around


def _edge(covered: Pixels, width: int) -> Pixels:
    """The device pixels of the object (those not zero) within `width` of its edge, not zero there.

    Of a box that is `width` smaller on each side than that of `covered`.
    """
    rows, columns = covered.shape
    inner = covered.reshape(-1)
    for step in (columns, 1):  # along rows that follow each other in one line: several times as quick as in two axes
        for _ in range(2 * width):
            inner = inner[:-step] & inner[step:]
    shape = rows - 2 * width, columns - 2 * width
    return np.ndarray(shape, np.uint8, inner, strides=(columns, 1)) ^ _within(covered, width)


@lru_cache(maxsize=16)
def _place(box: Box, zoom: float) -> Box:
    """The `device_box` of what is worked on, asked for again and again."""
    return device_box(box, zoom)


def device_box(box: Box, zoom: float) -> Box:
    """The device pixels that show any of an image box, relative to the image's corner."""
    if box.empty:
        return box
    floor, ceil = math.floor, math.ceil
    return Box(floor(box.x0 * zoom), floor(box.y0 * zoom), ceil(box.x1 * zoom), ceil(box.y1 * zoom))
