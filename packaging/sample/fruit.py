"""One fruit on the belt: outline, skin, stem and leaf, lit as a round body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from sample.canvas import Canvas, Cover
from sample.light import ramp, rgb
from sample.noise import Floats, Random, fractal, sampled, smoothstep
from sample.outlines import Pair, Ring, blob, curve, placed, ribbon, shifted
from sample.solid import Surface, inflated, lit, surface


@dataclass(frozen=True)
class Fruit:
    """Where a fruit lies on the belt (px), which kind it is, how it is turned (radians)."""

    key: str
    kind: str
    at: Pair
    radius: float
    turn: float
    seed: int

    def outline(self, center: Pair) -> Ring:
        """Its edge when it lies at `center`."""
        return _OUTLINES[self.kind](np.random.default_rng(self.seed), center, self.radius, self.turn)


def draw_shadow(canvas: Canvas, fruit: Fruit, center: Pair) -> None:
    """The soft shadow of the lamp and the dark line of contact."""
    outline = fruit.outline(center)
    reach = fruit.radius
    canvas.dim(canvas.cover(shifted(outline, reach * 0.24, reach * 0.30), soft=reach * 0.13), (0.34, 0.36, 0.42))
    canvas.dim(canvas.cover(shifted(outline, reach * 0.06, reach * 0.08), soft=reach * 0.05), (0.30, 0.30, 0.32))


def draw(canvas: Canvas, fruit: Fruit, center: Pair) -> None:
    """The fruit itself, seen as the thing `fruit.key`."""
    random = np.random.default_rng(fruit.seed)
    cover = canvas.cover(fruit.outline(center))
    body = surface(_full_body(canvas, fruit, center, cover))
    skin, bumps = _SKINS[fruit.kind](random, cover, _local(cover, fruit, center))
    bumped = _bumped(body, bumps)
    gloss = {"orange": 0.34, "lemon": 0.36, "pear": 0.30, "banana": 0.18, "plum": 0.30}.get(fruit.kind, 0.75)
    canvas.paint(cover, lit(bumped, skin, gloss), fruit.key)
    _draw_stem(canvas, fruit, center, random)


def _full_body(canvas: Canvas, fruit: Fruit, center: Pair, cover: Cover) -> Floats:
    """The height over the cover of the whole fruit, also where the picture's border cuts it."""
    margin = int(fruit.radius * 2) + 8
    middle = (round(center[0]), round(center[1]))
    table = Canvas(2 * margin, 2 * margin)
    offset = (margin - middle[0], margin - middle[1])
    whole = table.cover(fruit.outline((center[0] + offset[0], center[1] + offset[1])))
    height = np.zeros((2 * margin, 2 * margin), np.float32)
    height[whole.place] = inflated(whole.alpha)
    shifted = cover.box.shifted(*offset)
    return height[shifted.rows, shifted.columns]


def _local(cover: Cover, fruit: Fruit, center: Pair) -> tuple[Floats, Floats]:
    """Coordinates turned with the fruit, in radii from its centre: (along, across)."""
    x, y = cover.grid()
    dx, dy = (x - center[0]) / fruit.radius, (y - center[1]) / fruit.radius
    cos, sin = np.float32(np.cos(fruit.turn)), np.float32(np.sin(fruit.turn))
    return dx * cos + dy * sin, dy * cos - dx * sin


def _bumped(body: Surface, bumps: Floats) -> Surface:
    nx = body.nx - cv2.Sobel(bumps, cv2.CV_32F, 1, 0, ksize=3) / 8
    ny = body.ny - cv2.Sobel(bumps, cv2.CV_32F, 0, 1, ksize=3) / 8
    length = np.sqrt(nx * nx + ny * ny + body.nz * body.nz)
    return Surface(nx / length, ny / length, body.nz / length)


Skin = tuple[Floats, Floats]
"""The colour, (height, width, 3), and the height of the bumps in px."""


def _apple(random: Random, cover: Cover, local: tuple[Floats, Floats], stops: list[tuple[float, str]]) -> Skin:
    along, across = local
    stem_along, stem_across = along - 0.30, across
    from_stem = np.sqrt(stem_along**2 + stem_across**2)
    around = (np.arctan2(stem_across, stem_along) / (2 * np.pi) + 0.5).astype(np.float32)
    strips = (
        fractal(random, (64, 512), 3, 4, 0.9)[:1].repeat(64, 0) * 0.4 + fractal(random, (64, 512), 16, 4, 0.35) * 0.6
    )
    streak = sampled(strips, around * 511, np.clip(from_stem * 36, 0, 63).astype(np.float32))
    patches = fractal(random, cover.size, 60, 4)
    tone = smoothstep(0.0, 1.15, 0.30 * streak + 0.42 * patches + 0.46 * np.clip(from_stem, 0, 1.1))
    color = ramp(tone, stops)
    dots = smoothstep(0.80, 0.93, fractal(random, cover.size, 5, 1)) * smoothstep(0.35, 0.8, from_stem)
    color = color * (1 - 0.45 * dots[..., None]) + rgb("#e8d9a0") * 0.45 * dots[..., None]
    hollow = -13.0 * np.exp(-((from_stem / 0.20) ** 2))
    color *= (1 - 0.55 * np.exp(-((from_stem / 0.13) ** 2)))[..., None]
    return color, (hollow + 0.5 * patches).astype(np.float32)


def _red_apple(random: Random, cover: Cover, local: tuple[Floats, Floats]) -> Skin:
    stops = [(0.0, "#c9b04a"), (0.28, "#c7702f"), (0.48, "#a91f1c"), (0.8, "#7d0d14"), (1.0, "#5c0810")]
    return _apple(random, cover, local, stops)


def _green_apple(random: Random, cover: Cover, local: tuple[Floats, Floats]) -> Skin:
    stops = [(0.0, "#6f8f22"), (0.4, "#86a82c"), (0.7, "#9dbb3a"), (1.0, "#c2b548")]
    return _apple(random, cover, local, stops)


def _orange(random: Random, cover: Cover, local: tuple[Floats, Floats]) -> Skin:
    pores = fractal(random, cover.size, 5.5, 2)
    tone = fractal(random, cover.size, 70, 4)
    color = ramp(tone, [(0.0, "#d9680c"), (0.5, "#ea7f12"), (1.0, "#f2982a")])
    color *= (0.80 + 0.28 * smoothstep(0.2, 0.55, pores))[..., None]
    navel = np.sqrt((local[0] - 0.35) ** 2 + (local[1] + 0.1) ** 2)
    color = (
        color * (1 - 0.8 * np.exp(-((navel / 0.07) ** 2)))[..., None]
        + rgb("#4c5a1c") * (0.6 * np.exp(-((navel / 0.06) ** 2)))[..., None]
    )
    return color, (2.6 * pores - 5.0 * np.exp(-((navel / 0.13) ** 2))).astype(np.float32)


def _lemon(random: Random, cover: Cover, local: tuple[Floats, Floats]) -> Skin:
    pores = fractal(random, cover.size, 6, 2)
    tone = fractal(random, cover.size, 60, 4) + 0.25 * smoothstep(0.8, 1.3, np.abs(local[0]))
    color = ramp(tone, [(0.0, "#d8b414"), (0.5, "#ecd02a"), (1.0, "#f0dc5a"), (1.2, "#b8b83a")])
    return color * (0.86 + 0.2 * pores)[..., None], (2.4 * pores).astype(np.float32)


def _pear(random: Random, cover: Cover, local: tuple[Floats, Floats]) -> Skin:
    tone = fractal(random, cover.size, 70, 4)
    color = ramp(tone - 0.2 * local[1], [(0.1, "#8d9a2e"), (0.5, "#b5b243"), (0.9, "#c9a84a"), (1.1, "#b9663a")])
    dots = smoothstep(0.70, 0.86, fractal(random, cover.size, 4, 1))
    rust = smoothstep(0.55, 0.85, fractal(random, cover.size, 30, 5)) * smoothstep(0.2, -1.0, local[0])
    mix = (0.35 * dots + 0.5 * rust)[..., None]
    return color * (1 - mix) + rgb("#7a5524") * mix, (0.8 * tone).astype(np.float32)


def _plum(random: Random, cover: Cover, local: tuple[Floats, Floats]) -> Skin:
    tone = fractal(random, cover.size, 50, 5)
    color = ramp(tone, [(0.0, "#2a0f33"), (0.5, "#45163f"), (1.0, "#6e2444")])
    bloom = smoothstep(0.40, 0.75, fractal(random, cover.size, 36, 5))[..., None] * 0.42
    crease = np.exp(-(((local[1] - 0.12 * np.cos(local[0] * 2)) / 0.05) ** 2))
    return color * (1 - bloom) + rgb("#8d92bd") * bloom, (-3.5 * crease).astype(np.float32)


def _banana(random: Random, cover: Cover, local: tuple[Floats, Floats]) -> Skin:
    tone = fractal(random, cover.size, 80, 4)
    color = ramp(tone, [(0.0, "#cf9d18"), (0.5, "#e6bd2f"), (1.0, "#efd056")])
    tips = smoothstep(1.42, 1.72, np.sqrt(local[0] ** 2 + local[1] ** 2))
    color = color * (1 - tips[..., None]) + rgb("#5d4a1c") * tips[..., None]
    bow = local[1] + 0.42 * (local[0] / 1.7) ** 2 * 1.0
    ridges = np.exp(-(((bow - 0.33) / 0.035) ** 2)) + np.exp(-(((bow - 0.08) / 0.04) ** 2))
    spots = smoothstep(0.72, 0.82, fractal(random, cover.size, 9, 2)) * smoothstep(
        0.4, 0.7, fractal(random, cover.size, 60, 3)
    )
    dark = (0.75 * spots + 0.20 * ridges)[..., None]
    return color * (1 - dark) + rgb("#4a2d12") * dark, (1.6 * ridges + 0.6 * tone).astype(np.float32)


def _round(random: Random, center: Pair, radius: float, turn: float) -> Ring:
    return blob(random, center, (radius, radius * 0.97), turn, 0.018, 5)


def _lemon_outline(random: Random, center: Pair, radius: float, turn: float) -> Ring:
    t = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    nipple = 0.26 * np.exp(-((np.minimum(t, 2 * np.pi - t) / 0.22) ** 2)) + 0.18 * np.exp(-(((t - np.pi) / 0.2) ** 2))
    local = np.stack((np.cos(t) * (1.12 + nipple), np.sin(t) * 0.84 * (1 - nipple)), axis=1) * radius
    return placed(local, center, turn)


def _pear_outline(random: Random, center: Pair, radius: float, turn: float) -> Ring:
    knots = [(-1.45, 0.0), (-1.33, 0.30), (-0.85, 0.50), (-0.2, 0.78), (0.5, 0.98), (1.05, 0.72), (1.28, 0.12)]
    mirrored = [(x, -y) for x, y in reversed(knots[1:-1])]
    closed = [*knots, (1.28, -0.12), *mirrored, knots[0]]
    return placed(curve(closed, 12) * radius, center, turn)


def _banana_outline(random: Random, center: Pair, radius: float, turn: float) -> Ring:
    spine = curve(
        [(-1.75, -0.66), (-1.45, -0.26), (-0.8, 0.12), (0.0, 0.26), (0.8, 0.10), (1.45, -0.34), (1.72, -0.62)]
    )
    ring = ribbon(spine, [0.16, 0.22, 0.50, 0.68, 0.74, 0.72, 0.58, 0.34, 0.14])
    return placed(ring * radius, center, turn)


def _draw_stem(canvas: Canvas, fruit: Fruit, center: Pair, random: Random) -> None:
    if fruit.kind not in ("red apple", "green apple", "pear"):
        return
    root = -1.42 if fruit.kind == "pear" else 0.30
    tip = (root - 0.42, -0.16) if fruit.kind == "pear" else (root + 0.34, -0.26)
    spine = curve([(root, 0.0), ((root + tip[0]) / 2, -0.03), tip], 10)
    stem = placed(ribbon(spine, [0.09, 0.06, 0.075, 0.11]) * fruit.radius, center, fruit.turn)
    canvas.dim(canvas.cover(shifted(stem, 4, 6), soft=3), (0.45, 0.45, 0.45))
    _paint_rod(canvas, canvas.cover(stem), "#5a3d20", fruit.key)
    if fruit.seed % 3 == 0:
        _draw_leaf(canvas, fruit, center, tip)


def _draw_leaf(canvas: Canvas, fruit: Fruit, center: Pair, tip: Pair) -> None:
    spine = curve([tip, (tip[0] + 0.35, tip[1] - 0.30), (tip[0] + 0.85, tip[1] - 0.30)], 12)
    leaf = placed(ribbon(spine, [0.02, 0.26, 0.40, 0.34, 0.18, 0.0]) * fruit.radius, center, fruit.turn)
    vein = placed(ribbon(spine, [0.04, 0.025, 0.005]) * fruit.radius, center, fruit.turn)
    canvas.dim(canvas.cover(shifted(leaf, 8, 11), soft=5), (0.4, 0.4, 0.4))
    cover = canvas.cover(leaf)
    tone = fractal(np.random.default_rng(fruit.seed), cover.size, 12, 4)
    body = surface(0.5 * inflated(cover.alpha) + 1.5 * tone)
    color = ramp(tone, [(0.0, "#2c5a1b"), (0.6, "#4c8428"), (1.0, "#6ea23c")])
    canvas.paint(cover, lit(body, color, 0.35), fruit.key)
    canvas.paint(canvas.cover(vein).faded(0.6), rgb("#a9c66a"))


def _paint_rod(canvas: Canvas, cover: Cover, color: str, owner: str) -> None:
    canvas.paint(cover, lit(surface(inflated(cover.alpha), 0.8), rgb(color), 0.2), owner)


_OUTLINES: dict[str, Callable[[Random, Pair, float, float], Ring]] = {
    "red apple": _round,
    "green apple": _round,
    "orange": _round,
    "plum": lambda random, center, radius, turn: blob(random, center, (radius * 1.12, radius * 0.92), turn, 0.01, 4),
    "lemon": _lemon_outline,
    "pear": _pear_outline,
    "banana": _banana_outline,
}
_SKINS: dict[str, Callable[[Random, Cover, tuple[Floats, Floats]], Skin]] = {
    "red apple": _red_apple,
    "green apple": _green_apple,
    "orange": _orange,
    "plum": _plum,
    "lemon": _lemon,
    "pear": _pear,
    "banana": _banana,
}
