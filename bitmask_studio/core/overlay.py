"""Masks over a picture, blended at the resolution of the screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Bits
from bitmask_studio.core.sampling import Pixels, sample, share

Color = tuple[int, int, int]
"""Blue, green, red, each 0 to 255: the order in which OpenCV and Qt's RGB32 keep them in memory."""

BACKGROUND: Color = (128, 128, 128)
"""What surrounds the picture and stands in for a missing one: neutral gray, so that it tints no colour."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One object as it is drawn: `crop` answers the pixels of an image box, `box` holds all that are set."""

    box: Box
    crop: Callable[[Box], Bits]
    color: Color
    opacity: float
    """Of the fill, 0 to 1."""
    line: int
    """Width of the outline inside the edge, device px; 0 for none."""
    line_color: Color


def sample_picture(pixels: Pixels | None, width: int, height: int, zoom: float, device: Box) -> Pixels:
    """What `device` shows of a (height, width) BGR picture, as (H, W, 4); gray where there is none."""
    out = np.empty((device.height, device.width, 4), np.uint8)
    out[...] = (*BACKGROUND, 255)
    if pixels is not None:
        picture, frame = pixels, Box.of_size(width, height)
        out[..., :3] = sample(lambda box: _read_picture(picture, frame, box), zoom, device)
    return out


def blend(out: Pixels, layers: Iterable[Layer], zoom: float, device: Box) -> None:
    """Draw the layers in turn into `out`, (device.height, device.width, 4), which shows `device`."""
    for layer in layers:
        part = device_box(layer.box, zoom).intersection(device)
        if not part.empty:
            _blend_layer(out[part.within(device)], layer, zoom, part)


def draw_grid(out: Pixels, zoom: float, device: Box) -> None:
    """Part the image's pixels by lines of gray: the first device column and row of each, shifted a third towards it."""
    for axis, begin, end in ((0, device.y0, device.y1), (1, device.x0, device.x1)):
        edges = np.floor((np.arange(begin - 1, end) + 0.5) / zoom)
        lines = np.flatnonzero(np.diff(edges))
        at = (lines, slice(None)) if axis == 0 else (slice(None), lines)
        out[at] = (out[at].astype(np.uint16) * 2 + 128) // 3


def coverage(layer: Layer, zoom: float, device: Box) -> Pixels:
    """How much of each device pixel the layer covers, 0 to 255, (device.height, device.width)."""
    return share(layer.crop, zoom, device)


def _blend_layer(out: Pixels, layer: Layer, zoom: float, device: Box) -> None:
    margin = layer.line
    reach = device.inflated(margin)
    covered = coverage(layer, zoom, reach)
    inner = covered[device.within(reach)]
    if layer.opacity > 0:
        mix = _mix_whole if zoom >= 1 else _mix_partly
        mix(out, layer.color, inner, layer.opacity)
    if margin:
        edge = _edge(covered, margin)[device.within(reach)]
        np.copyto(out.view(np.uint32)[..., 0], _packed(layer.line_color), where=edge)


def _mix_whole(out: Pixels, color: Color, covered: Pixels, opacity: float) -> None:
    """Shift the pixels of `out` that are covered, 0 or 255, towards the colour; rounds as `_mix_partly` does."""
    table = np.arange(256, dtype=np.float32)[:, None]
    weight = np.float32(255) * np.float32(opacity / 255)
    mixed = np.repeat(np.arange(256, dtype=np.uint8), 4).reshape(1, 256, 4)
    mixed[0, :, :3] = table + (np.array(color, np.float32) - table) * weight + 0.5
    cv2.copyTo(cv2.LUT(out, mixed), covered, out)


def _mix_partly(out: Pixels, color: Color, covered: Pixels, opacity: float) -> None:
    """Shift `out` towards the colour by opacity times coverage."""
    weight = covered.astype(np.float32)[..., None] * (opacity / 255)
    base = out[..., :3].astype(np.float32)
    out[..., :3] = base + (np.array(color, np.float32) - base) * weight + 0.5


def _packed(color: Color) -> np.uint32:
    """A colour as the four bytes of a pixel."""
    return np.uint32(np.array([*color, 255], np.uint8).view(np.uint32)[0])


def _edge(covered: Pixels, width: int) -> NDArray[np.bool_]:
    """The device pixels of the object within `width` of its edge."""
    inside = cv2.threshold(covered, 127, 1, cv2.THRESH_BINARY)[1]
    kernel = np.ones((2 * width + 1, 2 * width + 1), np.uint8)
    eroded = cv2.erode(inside, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(inside > eroded)


def device_box(box: Box, zoom: float) -> Box:
    """The device pixels that show any of an image box, relative to the image's corner."""
    if box.empty:
        return box
    left, top, right, bottom = (value * zoom for value in (box.x0, box.y0, box.x1, box.y1))
    return Box(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))


def _read_picture(picture: Pixels, frame: Box, box: Box) -> Pixels:
    """The pixels of a box that may reach beyond the picture, gray there."""
    if frame.covers(box):
        return picture[box.rows, box.columns]
    out = np.empty((box.height, box.width, 3), np.uint8)
    out[...] = BACKGROUND
    common = frame.intersection(box)
    if not common.empty:
        out[common.within(box)] = picture[common.rows, common.columns]
    return out
