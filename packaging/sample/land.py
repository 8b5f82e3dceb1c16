"""The ground of the aerial view: grass, fields with crop rows, river, pond, roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from sample.canvas import Canvas, Cover
from sample.light import ramp, relief, rgb
from sample.noise import Floats, Random, fractal, sampled, smoothstep
from sample.outlines import Pair, Ring, ribbon

SUN = (-0.72, -0.58)
"""The side that the sun stands on; shadows fall the other way."""


@dataclass(frozen=True)
class Field:
    """A field: its corners in px, what grows on it, the direction of its rows (radians)."""

    key: str
    crop: str
    corners: Sequence[Pair]
    angle: float
    pitch: float


def grass(canvas: Canvas, random: Random) -> None:
    """Rough grass over everything."""
    size = (canvas.height, canvas.width)
    tone = (
        0.55 * fractal(random, size, 340, 7) + 0.3 * fractal(random, size, 40, 4) + 0.15 * fractal(random, size, 5, 2)
    )
    color = ramp(tone, [(0.2, "#37461d"), (0.45, "#55632c"), (0.62, "#6f7a3c"), (0.8, "#8e8a4e")])
    tufts = fractal(random, size, 7, 3)
    canvas.paint(canvas.everywhere(), color * relief(tufts, 5.0)[..., None])


def field(canvas: Canvas, random: Random, plot: Field) -> None:
    """One field with its rows, the wheel tracks and the patches where things grow worse."""
    cover = canvas.cover(_frayed(random, plot.corners))
    along, across = _turned(cover, plot.angle)
    across = across + 5 * (fractal(random, cover.size, 170, 3) - 0.5)
    row = 0.5 + 0.5 * np.cos(across * (2 * np.pi / plot.pitch))
    plants = _laid(fractal(random, (512, 512), 7, 3, 1.6), along, across)
    patches = fractal(random, cover.size, 190, 6)
    fine = fractal(random, cover.size, 4, 2)
    color, height = _CROPS[plot.crop](row, plants, patches, fine)
    tracks = np.abs(np.abs((across % (plot.pitch * 14)) - plot.pitch * 7) - plot.pitch * 1.1)
    worn = 0.55 * smoothstep(plot.pitch * 0.42, plot.pitch * 0.2, tracks) * (0.6 + 0.4 * plants)
    color = color * (1 - worn[..., None]) + rgb("#75603f") * worn[..., None]
    shade = relief((height * (1 - worn)).astype(np.float32), 1.0, SUN)
    canvas.dim(canvas.cover(_ring(plot.corners), soft=5), (0.72, 0.72, 0.7))
    canvas.paint(cover, (color * shade[..., None]).astype(np.float32), plot.key)


Crop = tuple[Floats, Floats]
"""The colour, (height, width, 3), and the height in px."""


def _wheat(row: Floats, plants: Floats, patches: Floats, fine: Floats) -> Crop:
    tone = 0.55 * patches + 0.15 * row + 0.3 * fine
    color = ramp(tone, [(0.1, "#8f7640"), (0.45, "#b89b58"), (0.75, "#cdb274"), (1.0, "#d9c48c")])
    return color, 0.7 * row + 1.3 * fine + 6 * patches


def _maize(row: Floats, plants: Floats, patches: Floats, fine: Floats) -> Crop:
    leaf = smoothstep(0.42, 0.75, row * 0.75 + 0.6 * (plants - 0.4) + 0.35 * (patches - 0.45))[..., None]
    green = ramp(plants * 0.6 + patches * 0.5, [(0.1, "#2d4a18"), (0.55, "#47702a"), (0.9, "#6a9440")])
    soil = ramp(fine, [(0.0, "#5a452e"), (1.0, "#85694a")])
    return soil * (1 - leaf) + green * leaf, 3.4 * leaf[..., 0] * (0.6 + 0.8 * fine)


def _lavender(row: Floats, plants: Floats, patches: Floats, fine: Floats) -> Crop:
    bush = smoothstep(0.30, 0.62, row + 0.45 * (plants - 0.5))[..., None]
    violet = ramp(plants * 0.5 + patches * 0.35 + fine * 0.25, [(0.15, "#3f3566"), (0.5, "#6a589c"), (0.9, "#9a86c4")])
    soil = ramp(fine, [(0.0, "#77684a"), (0.6, "#9a875f"), (1.0, "#8a8a52")])
    return soil * (1 - bush) + violet * bush, 6.0 * bush[..., 0] * (0.55 + 0.5 * plants + 0.35 * fine)


def _ploughed(row: Floats, plants: Floats, patches: Floats, fine: Floats) -> Crop:
    tone = 0.55 * patches + 0.2 * fine + 0.25 * plants
    color = ramp(tone, [(0.15, "#3e2d20"), (0.5, "#5e4631"), (0.85, "#866a4c")])
    return color, 2.6 * row + 3.4 * plants + 1.6 * fine


def _rape(row: Floats, plants: Floats, patches: Floats, fine: Floats) -> Crop:
    tone = 0.5 * patches + 0.35 * fine + 0.15 * plants
    color = ramp(tone, [(0.12, "#8b8f24"), (0.4, "#bfae22"), (0.65, "#d9c42b"), (0.95, "#e6d552")])
    return color, 1.2 * fine + 0.6 * row + 5 * patches


def _mown(row: Floats, plants: Floats, patches: Floats, fine: Floats) -> Crop:
    stripe = smoothstep(0.35, 0.65, row)
    tone = 0.35 * stripe + 0.4 * patches + 0.25 * fine
    color = ramp(tone, [(0.1, "#4b6b2a"), (0.5, "#688a3a"), (0.9, "#8fa757")])
    return color, 1.1 * fine + 0.8 * plants


def water(canvas: Canvas, random: Random, rings: Sequence[Ring], owner: str) -> None:
    """Water inside the rings (even-odd), with a muddy bank, shallow edges and a little wind on it."""
    for ring in rings:
        canvas.paint(canvas.cover(_widened(ring), soft=6).faded(0.85), rgb("#8a7a55"))
    cover = canvas.cover(*rings)
    deep = np.minimum(cv2.distanceTransform((np.pad(cover.alpha, 1) > 0.5).astype(np.uint8), cv2.DIST_L2, 5), 90)[
        1:-1, 1:-1
    ]
    bed = fractal(random, cover.size, 120, 6)
    tone = deep / 46 + 0.5 * (bed - 0.5)
    color = ramp(tone, [(0.0, "#7b7450"), (0.12, "#5d6a4c"), (0.4, "#33503f"), (0.8, "#1f3b38"), (1.4, "#183034")])
    ripples = fractal(random, cover.size, 9, 4, 1.7) * smoothstep(0.2, 0.7, fractal(random, cover.size, 200, 3))
    light = relief(ripples.astype(np.float32), 4.5, SUN)[..., None]
    sky = 0.10 + 0.22 * smoothstep(0.4, 0.9, fractal(random, cover.size, 420, 3))[..., None]
    color = color * light + rgb("#9dbbd0") * sky * 0.55 * light**2
    canvas.paint(cover, color.astype(np.float32), owner)
    glints = smoothstep(0.80, 0.97, ripples)
    canvas.glow(cover.faded(glints), rgb("#fff6e0") * 0.5)


def road(canvas: Canvas, random: Random, spine: Ring, width: float, owner: str, lines: bool = True) -> None:
    """An asphalt road with gravel shoulders, darker strips where the wheels run, painted `lines`."""
    if lines:
        canvas.paint(canvas.cover(ribbon(spine, width + 13), soft=3).faded(0.75), rgb("#8a7d62"))
    cover = canvas.cover(ribbon(spine, width))
    tone = 0.5 * fractal(random, cover.size, 150, 5) + 0.5 * fractal(random, cover.size, 3, 2)
    canvas.paint(cover, ramp(tone, [(0.1, "#55565a"), (0.5, "#6d6e71"), (0.9, "#86868a")]), owner)
    for offset in (-0.31, -0.14, 0.14, 0.31):
        canvas.dim(canvas.cover(_beside(spine, offset * width, width * 0.07), soft=1.6).faded(0.6), (0.76, 0.76, 0.76))
    for offset in (-0.44, 0.44) if lines else ():
        canvas.paint(canvas.cover(_beside(spine, offset * width, 1.6)).faded(0.6), rgb("#d8d6cf"))
    for dash in _dashes(spine) if lines else []:
        canvas.paint(canvas.cover(ribbon(dash, 2.2)).faded(0.8), rgb("#dedcd4"))


def track(canvas: Canvas, random: Random, spine: Ring, width: float, owner: str) -> None:
    """A farm track: two worn ruts with grass between."""
    cover = canvas.cover(ribbon(spine, width))
    worn = fractal(random, cover.size, 26, 4)
    dust = ramp(
        0.6 * worn + 0.4 * fractal(random, cover.size, 3, 2), [(0.0, "#8a7350"), (0.5, "#b09a70"), (1.0, "#c9b68d")]
    )
    canvas.paint(cover.faded(0.72), dust)
    canvas.paint(Cover(cover.box, cover.alpha), canvas.picture[cover.place].copy(), owner)
    grown = canvas.cover(ribbon(spine, width * 0.26), soft=2.2)
    thin = fractal(random, grown.size, 9, 3)
    canvas.paint(grown.faded(0.65 * smoothstep(0.25, 0.6, thin)), rgb("#5d6a30"))


def _dashes(spine: Ring, length: float = 26.0, gap: float = 34.0) -> list[Ring]:
    steps = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(spine, axis=0).T))))
    starts = np.arange(0.0, steps[-1], length + gap)
    spots = [np.linspace(start, start + length, 6) for start in starts]
    return [np.stack((np.interp(s, steps, spine[:, 0]), np.interp(s, steps, spine[:, 1])), axis=1) for s in spots]


def _beside(spine: Ring, offset: float, width: float) -> Ring:
    edges = ribbon(spine, 2 * abs(offset)) if offset else spine
    half = len(edges) // 2
    side = edges[:half] if offset > 0 else edges[half:][::-1]
    return ribbon(side, width)


def _widened(ring: Ring) -> Ring:
    center = ring.mean(axis=0)
    away = ring - center
    wider: Ring = center + away * (1 + 9 / np.maximum(np.hypot(away[:, 0], away[:, 1]), 60))[:, None]
    return wider


def _ring(corners: Sequence[Pair]) -> Ring:
    return np.asarray(corners, float)


def _frayed(random: Random, corners: Sequence[Pair]) -> Ring:
    """The polygon with edges that wander by a pixel or two."""
    pieces = []
    ring = _ring(corners)
    for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        count = max(4, int(np.hypot(*(end - start)) / 9))
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        piece = start + t * (end - start)
        piece[1:] += random.normal(0, 0.8, (count - 1, 2))
        pieces.append(piece)
    return np.concatenate(pieces)


def _turned(cover: Cover, angle: float) -> tuple[Floats, Floats]:
    x, y = cover.grid()
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return x * cos + y * sin, y * cos - x * sin


def _laid(texture: Floats, along: Floats, across: Floats) -> Floats:
    """A texture laid out in turned coordinates, repeating as its mirror image."""
    height, width = texture.shape
    x = np.abs((along % (2 * width - 2)) - (width - 1)).astype(np.float32)
    y = np.abs((across % (2 * height - 2)) - (height - 1)).astype(np.float32)
    return sampled(texture, x, y)


_CROPS = {"wheat": _wheat, "maize": _maize, "lavender": _lavender, "ploughed": _ploughed, "rape": _rape, "mown": _mown}
