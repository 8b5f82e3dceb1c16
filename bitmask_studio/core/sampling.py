"""Image pixels to device pixels, exactly: the pixel under each centre when enlarged, the area average when reduced.

Device boxes are relative to the image's corner; the zoom is one that `viewport.snap` allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.spans import SIMPLE, Ends, Spans
from bitmask_studio.core.viewport import ratio

Pixels = NDArray[np.uint8]
Read = Callable[[Box], Pixels]
"""Answers the pixels of an image box, (H, W) or (H, W, C); what lies outside the image as it should average in."""
Parts = NDArray[np.signedinteger[Any]]
"""Numbers of parts of an image pixel."""

_ADDED, _ADDED_WHOLE = 4, 8
"""How many image rows a device row shows from which on adding them up is quickest; where it shows whole ones."""
_SMALL = 1 << 15
_BYTE = 256
_DAB = 1 << 16
"""Image pixels up to which products of matrices are quicker than sums of whole numbers."""
_SIDE = 256
"""Image pixels of a side of what is multiplied: its weights, which are kept, grow with the square of that."""
_SURE = 1 << 11
"""Parts of a device pixel up to which float32 holds all sums exactly."""
_LARGE = 1 << 23
"""Image pixels that are worked on at a time, so that showing a huge image small never takes a copy of it."""


def sample(read: Read, zoom: float, device: Box) -> Pixels:
    """What `device` shows of the image behind `read`, (device.height, device.width[, C])."""
    if zoom >= 1:
        return _nearest(read, zoom, device)
    if device.area / zoom**2 <= _SMALL:
        return _weighted(read, zoom, device)
    step, length = ratio(zoom)
    average = _summed if length >= (_ADDED if step > 1 else _ADDED_WHOLE) * step else _averaged
    return np.concatenate([average(read, zoom, band) for band in _bands(zoom, device)])


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
    table, begin = spans.ends[first - place.y0 : last - place.y0], device.x0 * length - place.x0 * step
    if table.shape[1] <= SIMPLE:
        ends: Parts = table.astype(np.int64)
        ends *= step
        ends -= begin
    else:
        ends = _between_columns(table, begin // step, -((begin + device.width * length) // -step))
        ends *= step
        ends -= begin % step
    np.minimum(np.maximum(ends, 0, out=ends), device.width * length, out=ends)
    columns = ends // length
    later = ends - columns * length
    later[:, 1::2] *= -1
    here = -later
    here[:, 0::2] += length
    here[:, 1::2] -= length
    tops = (np.arange(first * step, last * step, step) - device.y0 * length).astype(ends.dtype)
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


def _between_columns(ends: Ends, left: int, right: int) -> Parts:
    """Where spans lie from `left` on, as far as `right`; without those of which no row has one between the two."""
    first = np.count_nonzero(np.maximum.accumulate(ends[:, 1::2].max(axis=0)) <= left)
    last = ends.shape[1] // 2 - np.count_nonzero(np.minimum.accumulate(ends[:, -2::-2].min(axis=0)) >= right)
    found = ends[:, 2 * first : 2 * last].astype(np.int32)
    np.minimum(np.maximum(found, left, out=found), right, out=found)
    found -= left
    return found


def _scattered(columns: Parts, here: Parts, later: Parts, weights: Parts, size: int) -> NDArray[np.float64]:
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


def _summed(read: Read, zoom: float, device: Box) -> Pixels:
    """As `_averaged`: the rows by whole numbers, which is a tenth of the work, then the columns of what is left."""
    step, length = ratio(zoom)
    first_x, last_x = device.x0 // step, -(-device.x1 // step)
    top, bottom = device.y0 * length // step, -(-device.y1 * length // step)
    pixels = read(Box(first_x * length, top, last_x * length, bottom))
    rows = pixels.reshape(len(pixels), -1)
    sums = np.empty((device.height, rows.shape[1]), np.float32)
    for out, number in zip(sums, range(device.y0, device.y1), strict=True):
        _add_up(rows, number * length - top * step, step, length, out)
    width = (last_x - first_x) * step
    size = width, device.height
    reduced = cv2.resize(sums.reshape(-1, *pixels.shape[1:]), size, interpolation=cv2.INTER_AREA)
    left = device.x0 - first_x * step
    return (reduced[:, left : left + device.width] / length + np.float32(0.5)).astype(np.uint8)


def _add_up(rows: Pixels, begin: int, step: int, length: int, out: NDArray[np.float32]) -> None:
    """Sum `length` parts of rows, each of which has `step`, from the part `begin` on."""
    first, last = -(-begin // step), (begin + length) // step
    np.multiply(cv2.reduce(rows[first:last], 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[0], step, out=out)
    if before := first * step - begin:
        out += rows[first - 1] * np.float32(before)
    if after := begin + length - last * step:
        out += rows[last] * np.float32(after)


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
    if step == 1:
        return _counted_evenly(read, length, device)
    if device.area / zoom**2 <= _DAB and max(device.width, device.height) / zoom <= _SIDE and length <= _SURE:
        return _weighed(read, step, length, device)
    columns, rows = _edges(device.x0, device.x1, step, length), _edges(device.y0, device.y1, step, length)
    box = Box(columns.first, rows.first, columns.last, rows.last)
    above = np.asarray(cv2.integral(np.ascontiguousarray(read(box)).view(np.uint8)), np.int32)
    upper, lower = (_between(above.take(each, axis=0), columns, step) for each in (rows.whole, rows.after))
    part = rows.part[:, None]
    corners = upper * (step - part) + lower * part
    counts = np.diff(np.diff(corners, axis=0), axis=1)
    return np.asarray((counts * 510 + length**2) // (2 * length**2), np.uint8)


def _counted_evenly(read: Callable[[Box], NDArray[np.bool_]], length: int, device: Box) -> Pixels:
    """The same where a device pixel shows `length` x `length` whole image pixels."""
    box = Box(device.x0 * length, device.y0 * length, device.x1 * length, device.y1 * length)
    bits, (height, width) = read(box).view(np.uint8), (device.height, device.width)
    small, large = (np.uint8, np.uint16) if length < _BYTE else (np.uint32, np.uint32)
    rows = np.add.reduce(bits.reshape(height, length, width * length), 1, small)
    return _shares(length)[np.add.reduce(rows.reshape(height, width, length), 2, large)]


@lru_cache(maxsize=16)
def _shares(length: int) -> Pixels:
    """What so many of `length` x `length` pixels are of 255."""
    counts = np.arange(length**2 + 1, dtype=np.int64)
    return np.asarray((counts * 510 + length**2) // (2 * length**2), np.uint8)


def _weighed(read: Callable[[Box], NDArray[np.bool_]], step: int, length: int, device: Box) -> Pixels:
    """The same by the whole parts that each device pixel shows of rows and columns: quicker for what a dab changes."""
    x0, across = _parts(device.x0 % step, device.width, step, length)
    y0, down = _parts(device.y0 % step, device.height, step, length)
    x0, y0 = x0 + device.x0 // step * length, y0 + device.y0 // step * length
    bits = read(Box(x0, y0, x0 + across.shape[1], y0 + down.shape[1])).astype(np.float32)
    counts = (down @ bits @ across.T).astype(np.int64)
    counts *= 510
    counts += length**2
    counts //= 2 * length**2
    return counts.astype(np.uint8)


@lru_cache(maxsize=128)
def _parts(begin: int, count: int, step: int, length: int) -> tuple[int, NDArray[np.float32]]:
    """The first image pixel, and the `step`ths of each that device pixels from `begin` on show; theirs are `length`."""
    edges = np.arange(begin, begin + count + 1) * length
    first, last = int(edges[0]) // step, -(-int(edges[-1]) // step)
    pixels = np.arange(first, last) * step
    low, high = np.maximum(edges[:-1, None], pixels), np.minimum(edges[1:, None], pixels + step)
    return first, np.maximum(high - low, 0).astype(np.float32)


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
