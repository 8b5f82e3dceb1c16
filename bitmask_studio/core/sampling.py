"""Image pixels to device pixels, exactly: the pixel under each centre when enlarged, the area average when reduced.

Device boxes are relative to the image's corner; the zoom is one that `viewport.snap` allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.spans import Spans
from bitmask_studio.core.viewport import ratio

Pixels = NDArray[np.uint8]
Read = Callable[[Box], Pixels]
"""Answers the pixels of an image box, (H, W) or (H, W, C); what lies outside the image as it should average in."""

_SMALL = 1 << 15
_LARGE = 1 << 23
"""Image pixels that are worked on at a time, so that showing a huge image small never takes a copy of it."""


def sample(read: Read, zoom: float, device: Box) -> Pixels:
    """What `device` shows of the image behind `read`, (device.height, device.width[, C])."""
    if zoom >= 1:
        return _nearest(read, zoom, device)
    if device.area / zoom**2 <= _SMALL:
        return _weighted(read, zoom, device)
    return np.concatenate([_averaged(read, zoom, band) for band in _bands(zoom, device)])


def share(read: Callable[[Box], NDArray[np.bool_]], zoom: float, device: Box) -> Pixels:
    """How much of each device pixel is set in the bits behind `read`, 0 to 255, (device.height, device.width).

    Exact, and rounded half up: the same for a device pixel whatever box it is asked for in.
    """
    if zoom >= 1:
        return _nearest(lambda box: read(box).view(np.uint8) * np.uint8(255), zoom, device)
    return np.concatenate([_counted(read, zoom, band) for band in _bands(zoom, device)])


def share_of(spans: Spans, place: Box, zoom: float, device: Box) -> Pixels:
    """The same of the spans of a mask that lie at an image box, reduced: makes no pixels, costs the ends of rows."""
    step, length = ratio(zoom)
    first, last = max(place.y0, device.y0 * length // step), min(place.y1, -(-device.y1 * length // step))
    across, down = device.width + 2, device.height + 2
    if first >= last:
        return np.zeros((device.height, device.width), np.uint8)
    # All in parts of an image pixel, of which `step` make one pixel and `length` one device pixel.
    ends = spans.ends[first - place.y0 : last - place.y0].astype(np.int64)
    ends *= step
    ends += place.x0 * step - device.x0 * length
    np.minimum(np.maximum(ends, 0, out=ends), device.width * length, out=ends)
    columns = ends // length
    later = ends - columns * length
    later[:, 1::2] *= -1
    here = -later
    here[:, 0::2] += length
    here[:, 1::2] -= length
    tops = np.arange(first * step, last * step, step) - device.y0 * length
    rows = tops // length
    below = np.maximum(tops + step - (rows + 1) * length, 0)
    columns += ((rows + 1) * across)[:, None]
    parts = _scattered(columns, here, later, step - below, across * down)
    if below.any():
        cut = np.flatnonzero(below)
        parts += _scattered(columns[cut] + across, here[cut], later[cut], below[cut], across * down)
    counts = np.cumsum(parts.reshape(down, across)[1:-1, :-2], axis=1)
    counts *= 510
    counts += length**2
    counts /= 2 * length**2
    return counts.astype(np.uint8)


def _scattered(
    columns: NDArray[np.int64], here: NDArray[np.int64], later: NDArray[np.int64], weights: NDArray[np.int64], size: int
) -> NDArray[np.float64]:
    """Sums at flat places: what begins there, and in the place after it; whole numbers that float64 holds exactly."""
    weight = weights[:, None]
    places = np.concatenate((columns.reshape(-1), columns.reshape(-1) + 1))
    values = np.concatenate(((here * weight).reshape(-1), (later * weight).reshape(-1)))
    return np.asarray(np.bincount(places, values, size), np.float64)


def _bands(zoom: float, device: Box) -> list[Box]:
    """`device` from top to bottom in boxes that show `_LARGE` image pixels at most, if one row does not show more."""
    height = max(1, int(_LARGE * zoom**2 / device.width))
    tops = range(device.y0, device.y1, height)
    return [Box(device.x0, top, device.x1, min(top + height, device.y1)) for top in tops]


def _nearest(read: Read, zoom: float, device: Box) -> Pixels:
    if zoom == 1:
        return read(device)
    columns, rows = _under(zoom, device.x0, device.x1), _under(zoom, device.y0, device.y1)
    x0, y0 = int(columns[0]), int(rows[0])
    pixels = read(Box(x0, y0, int(columns[-1]) + 1, int(rows[-1]) + 1))
    return np.asarray(pixels.take(columns - x0, axis=1).take(rows - y0, axis=0), np.uint8)


def _under(zoom: float, begin: int, end: int) -> NDArray[np.intp]:
    """The image pixels under the centres of device pixels."""
    at = np.arange(begin, end) + 0.5
    at /= zoom
    return np.asarray(np.floor(at, out=at), np.intp)


def _averaged(read: Read, zoom: float, device: Box) -> Pixels:
    """By OpenCV's area filter, on a box grown to where device and image pixels begin together."""
    step, length = ratio(zoom)
    first_x, first_y = device.x0 // step, device.y0 // step
    last_x, last_y = -(-device.x1 // step), -(-device.y1 // step)
    pixels = read(Box(first_x * length, first_y * length, last_x * length, last_y * length))
    size = (last_x - first_x) * step, (last_y - first_y) * step
    reduced = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8)[device.within(Box(first_x * step, first_y * step, size[0], size[1]))]


def _weighted(read: Read, zoom: float, device: Box) -> Pixels:
    """By the weight each image row and column has in each device pixel: cheaper for small boxes."""
    x0, across = _weights(device.x0, device.x1, zoom)
    y0, down = _weights(device.y0, device.y1, zoom)
    pixels = read(Box(x0, y0, x0 + across.shape[1], y0 + down.shape[1])).astype(np.float32)
    rows = np.tensordot(down, pixels, axes=(1, 0))
    reduced = np.tensordot(rows, across, axes=(1, 1))
    if reduced.ndim == 3:
        reduced = reduced.transpose(0, 2, 1)
    return np.ascontiguousarray(reduced + 0.5).astype(np.uint8)


def _weights(begin: int, end: int, zoom: float) -> tuple[int, NDArray[np.float32]]:
    """The first image pixel, and for each device pixel (row) its share of each image pixel (column); rows sum to 1."""
    step, length = ratio(zoom)
    edges = np.arange(begin, end + 1) * length / step
    first, last = math.floor(edges[0]), math.ceil(edges[-1])
    pixels = np.arange(first, last)
    low = np.maximum(edges[:-1, None], pixels)
    high = np.minimum(edges[1:, None], pixels + 1)
    return first, (np.maximum(high - low, 0) * zoom).astype(np.float32)


def _counted(read: Callable[[Box], NDArray[np.bool_]], zoom: float, device: Box) -> Pixels:
    """By the number of pixels above and left of each corner of a device pixel, in whole parts of an image pixel."""
    step, length = ratio(zoom)
    columns, rows = _edges(device.x0, device.x1, step, length), _edges(device.y0, device.y1, step, length)
    box = Box(columns.first, rows.first, columns.last, rows.last)
    above = np.asarray(cv2.integral(np.ascontiguousarray(read(box)).view(np.uint8)), np.int32)
    upper, lower = (_between(above.take(each, axis=0), columns, step) for each in (rows.whole, rows.after))
    part = rows.part[:, None]
    corners = upper * (step - part) + lower * part
    counts = np.diff(np.diff(corners, axis=0), axis=1)
    return np.asarray((counts * 510 + length**2) // (2 * length**2), np.uint8)


def _between(lines: NDArray[np.int32], columns: _Edges, step: int) -> NDArray[np.int64]:
    """The counts at the edges of the device columns, in `step`ths."""
    left, right = (lines.take(each, axis=1).astype(np.int64) for each in (columns.whole, columns.after))
    return left * (step - columns.part) + right * columns.part


class _Edges(NamedTuple):
    """Where device pixels begin and end: `whole` image pixels after `first`, and `part` steps of the next one."""

    first: int
    last: int
    whole: NDArray[np.int64]
    after: NDArray[np.int64]
    part: NDArray[np.int64]


def _edges(begin: int, end: int, step: int, length: int) -> _Edges:
    whole, part = np.divmod(np.arange(begin, end + 1, dtype=np.int64) * length, step)
    first, last = int(whole[0]), int(whole[-1] + (part[-1] > 0))
    whole -= first
    return _Edges(first, last, whole, np.minimum(whole + 1, last - first), part)
