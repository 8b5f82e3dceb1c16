"""What the canvas has to show and the brush has to paint, worked out anew from their definitions, slowly and simply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]
Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]
Color = tuple[int, int, int]
XY = tuple[float, float]

GRAY = 128
GRID_FROM = 8.0
_LITTLE = 1e-9
"""What rounding may make of nothing."""


@dataclass(frozen=True)
class Shown:
    """One mask as it is drawn: whole-frame bits, blue, green, red, opacity, and the outline's device px and colour."""

    bits: Bits
    color: Color
    opacity: float
    line: int
    line_color: Color
    chosen: bool = False
    """The last one: its outline lies over the grid, everything else under it."""


@dataclass(frozen=True)
class Window:
    """Device pixels of a canvas of (width, height), the image's corner at (x, y)."""

    width: int
    height: int
    zoom: float
    x: int
    y: int

    def inside(self, width: int, height: int) -> Bits:
        """Which of its pixels show any of an image of (width, height)."""
        columns, rows = _edges(self.x, self.width, self.zoom), _edges(self.y, self.height, self.zoom)
        across = (columns[1:] > _LITTLE) & (columns[:-1] < width - _LITTLE)
        return np.asarray(((rows[1:] > _LITTLE) & (rows[:-1] < height - _LITTLE))[:, None] & across)


def shown(
    window: Window, picture: Pixels | None, size: tuple[int, int], masks: Sequence[Shown], ground: Color
) -> Floats:
    """What the canvas shows of a picture of `size` (width, height) px, the last mask on top; (H, W, 3), not rounded."""
    width, height = size
    gray = np.full((height, width, 3), GRAY, np.uint8)
    out = _sampled(window, (gray if picture is None else picture).astype(float), GRAY)
    for mask in masks:
        covered = _sampled(window, mask.bits.astype(float)[..., None], 0)
        out += (np.array(mask.color) - out) * covered * mask.opacity
        if not mask.chosen:
            out[_edge(window, mask)] = mask.line_color
    if window.zoom >= GRID_FROM:
        _draw_grid(window, out)
    if masks and masks[-1].chosen:
        out[_edge(window, masks[-1])] = masks[-1].line_color
    out[~window.inside(width, height)] = ground
    return out


def _draw_grid(window: Window, out: Floats) -> None:
    """The first device row and column of each image pixel lie a third of the way to gray."""
    for axis, corner, count in ((0, window.y, window.height), (1, window.x, window.width)):
        under = np.floor((np.arange(-1, count) + 0.5 - corner) / window.zoom)
        lines = np.moveaxis(out, axis, 0)
        lines[np.diff(under) != 0] += (GRAY - lines[np.diff(under) != 0]) / 3


def _sampled(window: Window, image: Floats, beyond: float) -> Floats:
    """Enlarged: the pixel under each device pixel's centre; reduced: the average over each device pixel's area."""
    rows = _weights(window.y, window.height, window.zoom, image.shape[0])
    columns = _weights(window.x, window.width, window.zoom, image.shape[1])
    inside = rows.sum(axis=1)[:, None, None] * columns.sum(axis=1)[None, :, None]
    average = np.einsum("ah,hwc,bw->abc", rows, image, columns, optimize=True)
    return np.asarray(average + (1 - inside) * beyond, np.float64)


def _weights(corner: int, count: int, zoom: float, length: int) -> Floats:
    """The share (device pixel, image pixel) that each has in the other along one axis."""
    if zoom >= 1:
        under = np.floor((np.arange(count) + 0.5 - corner) / zoom)
        return np.asarray(under[:, None] == np.arange(length), np.float64)
    edges, pixels = _edges(corner, count, zoom), np.arange(length)
    common = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(common, 0) * zoom, np.float64)


def _edges(corner: int, count: int, zoom: float) -> Floats:
    return np.asarray((np.arange(count + 1) - corner) / zoom, np.float64)


def _edge(window: Window, mask: Shown) -> Bits:
    """The device pixels half of the object (an eighth of the chosen one) that have one within `line` px that is not."""
    line = mask.line
    wide = Window(window.width + 2 * line, window.height + 2 * line, window.zoom, window.x + line, window.y + line)
    least = 31.5 / 255 if mask.chosen else 0.5
    inside = _sampled(wide, mask.bits.astype(float)[..., None], 0)[..., 0] >= least - _LITTLE
    deep = np.ones((window.height, window.width), np.bool_)
    for dy in range(2 * line + 1):
        for dx in range(2 * line + 1):
            deep &= inside[dy : dy + window.height, dx : dx + window.width]
    return np.asarray(inside[line : line + window.height, line : line + window.width] & ~deep)


def brushed(size: tuple[int, int], points: Sequence[XY], diameter: int, square: bool = False) -> Bits:
    """The pixels of a frame of `size` (width, height) that a stroke through `points` covers."""
    bits = np.zeros((size[1], size[0]), np.bool_)
    for start, end in zip((points[0], *points), points, strict=False):
        bits |= _segment(size, start, end, diameter / 2, square)
    return bits


def _segment(size: tuple[int, int], start: XY, end: XY, radius: float, square: bool) -> Bits:
    x, y = np.arange(size[0], dtype=float)[None, :] + 0.5, np.arange(size[1], dtype=float)[:, None] + 0.5
    covered = _near_square(x, y, start, end, radius) if square else _near(x, y, start, end, radius)
    if not covered.any() and 0 <= end[0] < size[0] and 0 <= end[1] < size[1]:
        covered[int(end[1]), int(end[0])] = True
    return covered


def _near(x: Floats, y: Floats, start: XY, end: XY, radius: float) -> Bits:
    (sx, sy), dx, dy = start, end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along, across = (x - sx) * dx + (y - sy) * dy, (x - sx) * dy - (y - sy) * dx
    beside = (along >= 0) & (along <= length) & (across * across <= radius * radius * length) & (length > 0)
    ends = [(x - px) ** 2 + (y - py) ** 2 <= radius * radius for px, py in (start, end)]
    return np.asarray(beside | ends[0] | ends[1])


def _near_square(x: Floats, y: Floats, start: XY, end: XY, radius: float) -> Bits:
    """A square on its way covers a centre if some part of the way lies within the radius of it in x and in y."""
    low, high = np.zeros(np.broadcast_shapes(x.shape, y.shape)), np.ones(np.broadcast_shapes(x.shape, y.shape))
    for centre, first, last in ((x, start[0], end[0]), (y, start[1], end[1])):
        step = last - first
        if step == 0:
            high = np.where(np.abs(centre - first) <= radius, high, -1.0)
        else:
            one, other = (centre - radius - first) / step, (centre + radius - first) / step
            low, high = np.maximum(low, np.minimum(one, other)), np.minimum(high, np.maximum(one, other))
    return np.asarray(low <= high)
