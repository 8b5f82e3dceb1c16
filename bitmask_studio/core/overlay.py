"""Masks over a picture, blended at the resolution of the screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import lru_cache

import cv2
import numpy as np
from msgspec import Struct

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.core.sampling import Pixels, sample, share, share_of

Color = tuple[int, int, int]
"""Blue, green, red, each 0 to 255: the order in which OpenCV and Qt's RGB32 keep them in memory."""

_FEW, _MANY = 64, 1024


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


def lay(out: Pixels, ground: Pixels, tint: Pixels, layer: Layer, zoom: float, device: Box) -> None:
    """Draw `ground` with the layer on it into `out`, all (device.height, device.width, 4); `tint` is `tinted` ground.

    Looks as `blend` over the ground does, and touches no other memory than these, so that a dab costs little.
    """
    np.copyto(out, ground)
    part = device_box(layer.box, zoom).intersection(device)
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
    if zoom >= 1:
        _draw_whole(out, tint, layer, zoom, device)
        return
    line = layer.line
    covered = coverage(layer, zoom, device.inflated(line) if line else device)
    here = slice(line, line + device.height), slice(line, line + device.width)
    if layer.opacity > 0:
        inner = covered[here]
        _mix_partly(out, ground, layer, inner)
        cv2.copyTo(tint, cv2.threshold(inner, 254, 255, cv2.THRESH_BINARY)[1], out)
    if line:
        inside = np.asarray(cv2.threshold(covered, layer.least - 1, 1, cv2.THRESH_BINARY)[1], np.uint8)
        cv2.copyTo(flat(layer.line_color, device), _edge(inside, line)[here], out)


def _draw_whole(out: Pixels, tint: Pixels, layer: Layer, zoom: float, device: Box) -> None:
    """The same where no device pixel is covered in part."""
    line, opaque = layer.line, layer.opacity > 0
    if not line:
        if opaque:
            cv2.copyTo(tint, _bits(layer, zoom, device), out)
        return
    covered = _bits(layer, zoom, device.inflated(line))
    here = slice(line, line + device.height), slice(line, line + device.width)
    inner = cv2.erode(covered, _kernel(line), borderType=cv2.BORDER_REPLICATE)
    shown = covered if opaque else cv2.bitwise_xor(covered, inner)
    cv2.copyTo(flat(layer.line_color, device), shown[here], out)
    if opaque:
        cv2.copyTo(tint, inner[here], out)


def _bits(layer: Layer, zoom: float, device: Box) -> Pixels:
    """Which device pixels the layer covers at a zoom of at least 1, not zero there, (device.height, device.width)."""
    if zoom == 1:
        return layer.crop(device).view(np.uint8)
    return sample(lambda box: layer.crop(box).view(np.uint8), zoom, device)


def _mix_partly(out: Pixels, ground: Pixels, layer: Layer, covered: Pixels) -> None:
    """Shift the pixels that are covered in part, 1 to 254, towards the colour by opacity times coverage."""
    at = np.flatnonzero(covered - np.uint8(1) < 254)
    if not len(at):
        return
    rows, columns = np.divmod(at, covered.shape[1])
    base = ground[rows, columns, :3].astype(np.float32)
    weight = covered[rows, columns].astype(np.float32)[:, None] * np.float32(layer.opacity / 255)
    out[rows, columns, :3] = base + (np.array(layer.color, np.float32) - base) * weight + np.float32(0.5)


@lru_cache(maxsize=256)
def _table(color: Color, opacity: float) -> Pixels:
    """What each value of each channel becomes where a colour covers it whole; rounds as `_mix_partly` does."""
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


def _edge(inside: Pixels, width: int) -> Pixels:
    """The device pixels of the object (those not zero) within `width` of its edge, not zero there."""
    return np.asarray(cv2.bitwise_xor(inside, cv2.erode(inside, _kernel(width), borderType=cv2.BORDER_REPLICATE)))


@lru_cache(maxsize=16)
def _kernel(reach: int) -> Pixels:
    return np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)


def device_box(box: Box, zoom: float) -> Box:
    """The device pixels that show any of an image box, relative to the image's corner."""
    if box.empty:
        return box
    floor, ceil = math.floor, math.ceil
    return Box(floor(box.x0 * zoom), floor(box.y0 * zoom), ceil(box.x1 * zoom), ceil(box.y1 * zoom))
