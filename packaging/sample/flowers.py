"""Flowers of the meadow, each drawn petal by petal: poppy, daisy, cornflower, buttercup."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from sample.canvas import Canvas, Cover
from sample.light import ramp, relief, rgb
from sample.noise import Floats, Random, fractal, sampled, smoothstep
from sample.outlines import Pair, Ring, curve, ellipse, placed, ribbon, shifted

_SUN = (0.55, -0.75)
_SHADE = (0.42, 0.42, 0.50)


@dataclass(frozen=True)
class Flower:
    """A flower: its middle and radius in px, how far it is tilted (1 faces the eye), to which side, its blur in px."""

    key: str
    kind: str
    at: Pair
    radius: float
    tilt: float
    lean: float
    blur: float
    seed: int


@dataclass(frozen=True)
class Petal:
    """One petal: its outline on the picture, the direction in which it grows, how bright it is."""

    ring: Ring
    heading: float
    light: float


def draw(canvas: Canvas, flower: Flower) -> None:
    """The flower, seen as the thing `flower.key`; out of focus it is drawn on a canvas of its own, then blurred."""
    random = np.random.default_rng(flower.seed)
    if not flower.blur:
        _DRAWERS[flower.kind](canvas, random, flower)
        return
    reach = flower.radius * 1.2 + 3 * flower.blur
    box = canvas.cover(ellipse(flower.at, (reach, reach))).box
    alone = Canvas(box.width, box.height)
    alone.picture[:] = canvas.picture[box.rows, box.columns]
    at = (flower.at[0] - box.x0, flower.at[1] - box.y0)
    _DRAWERS[flower.kind](alone, random, replace(flower, at=at))
    whole = Cover(box, alone.owned(alone.everywhere(), flower.key))
    canvas.paint_unfocused(whole, alone.picture, flower.blur, flower.key)


def _tilted(flower: Flower, local: Ring) -> Ring:
    """A ring in radii about the flower's middle, foreshortened and laid on the picture."""
    return placed(local * (1.0, flower.tilt) * flower.radius, flower.at, flower.lean)


def _polar(flower: Flower, cover: Cover) -> tuple[Floats, Floats]:
    """Angle and distance (in radii) about the flower's middle, as on its own plane."""
    x, y = cover.grid()
    cos, sin = np.float32(np.cos(flower.lean)), np.float32(np.sin(flower.lean))
    dx, dy = (x - flower.at[0]) / flower.radius, (y - flower.at[1]) / flower.radius
    u, v = dx * cos + dy * sin, (dy * cos - dx * sin) / flower.tilt
    return np.arctan2(v, u).astype(np.float32), np.sqrt(u * u + v * v).astype(np.float32)


def _crinkles(random: Random, angle: Floats, distance: Floats, fineness: float) -> Floats:
    """Folds that run from the middle outwards."""
    field = fractal(random, (256, 2048), 20 / fineness, 5, 0.22) * 0.6 + fractal(random, (256, 2048), 60, 4, 0.5) * 0.4
    u = np.abs((angle / np.pi + 1) * 1023.5).astype(np.float32)
    return sampled(field, u, np.clip(distance * 170, 0, 255).astype(np.float32))


def _shadow(canvas: Canvas, flower: Flower, ring: Ring, depth: float) -> None:
    """What one petal takes from those below it."""
    reach = flower.radius * depth
    soft = flower.radius * 0.045
    cover = canvas.cover(shifted(ring, -0.5 * reach, 0.8 * reach), soft=soft)
    mine = canvas.owned(cover, flower.key)
    canvas.dim(cover.faded(mine), _SHADE)


def _daisy(canvas: Canvas, random: Random, flower: Flower) -> None:
    count = 15
    for layer in range(2):
        for number in random.permutation(count):
            turn = 2 * np.pi * (number + 0.5 * layer) / count + random.normal(0, 0.06)
            _daisy_petal(canvas, random, flower, turn, layer)
    _disk(canvas, random, flower, 0.27, ("#8a4a08", "#d98a0c", "#f7c32a"))


def _daisy_petal(canvas: Canvas, random: Random, flower: Flower, turn: float, layer: int) -> None:
    reach = random.uniform(0.90, 1.03) - 0.08 * layer
    spine = curve([(0.12, 0.0), (0.5, random.normal(0, 0.03)), (reach, random.normal(0, 0.05))], 14)
    local = ribbon(spine, [0.07, 0.14, 0.185, 0.205, 0.21, 0.205, 0.19, 0.15, 0.02])
    ring = _tilted(flower, placed(local, (0.0, 0.0), turn))
    _shadow(canvas, flower, ring, 0.035)
    cover = canvas.cover(ring)
    angle, distance = _polar(flower, cover)
    off = np.angle(np.exp(1j * (angle - turn))).astype(np.float32) * distance
    grooves = 0.5 + 0.5 * np.cos(off * 105 + random.uniform(0, 3))
    tone = 0.80 + 0.12 * np.cos(turn + flower.lean - 0.9) + random.normal(0, 0.035)
    light = tone * (0.66 + 0.34 * smoothstep(0.25, 0.75, distance)) * (0.90 + 0.10 * grooves) - 0.9 * np.abs(off) ** 1.2
    color = ramp(distance, [(0.2, "#d5d6b4"), (0.45, "#eeeaea"), (0.9, "#f7f3f4"), (1.05, "#f3dfe6")])
    curl = 1.06 - 0.20 * smoothstep(0.78, 1.04, distance) + 0.10 * np.cos(off * 12 + 0.6)
    canvas.paint(cover, (color * (light * curl)[..., None]).astype(np.float32), flower.key)


def _disk(canvas: Canvas, random: Random, flower: Flower, size: float, tones: tuple[str, str, str]) -> None:
    """The dome of tiny florets, set in a sunflower's spiral."""
    dome = _tilted(flower, ellipse((0.0, -0.03), (size, size)))
    _shadow(canvas, flower, dome, 0.06)
    cover = canvas.cover(dome)
    angle, distance = _polar(flower, cover)
    bumps = np.zeros(cover.size, np.uint8)
    number = np.arange(1, 420)
    radii, turns = size * np.sqrt(number / 420), number * 2.399963
    spots = _tilted(flower, np.stack((radii * np.cos(turns), radii * np.sin(turns) - 0.03), axis=1)) - (
        cover.box.x0,
        cover.box.y0,
    )
    for x, y in spots:
        cv2.circle(
            bumps, (round(x * 16), round(y * 16)), round(size * flower.radius * 0.034 * 16), 255, -1, cv2.LINE_AA, 4
        )
    height = cv2.GaussianBlur(bumps.astype(np.float32) / 255, (0, 0), max(0.8, size * flower.radius * 0.016))
    part = np.clip(distance / size, 0, 1)
    tone = 0.55 * height + 0.55 * part - 0.10 + 0.12 * fractal(random, cover.size, 20, 3)
    color = ramp(tone, [(0.0, tones[0]), (0.45, tones[1]), (0.95, tones[2])])
    light = relief(height * size * flower.radius * 0.06, 0.9, _SUN) * (
        1.05 - 0.55 * part**2.5 * (0.7 - 0.5 * np.cos(angle + flower.lean + 0.9))
    )
    green = np.exp(-((part / 0.35) ** 2))[..., None] * 0.35
    color = color * (1 - green) + rgb("#8f9a2c") * green
    canvas.paint(cover, (color * np.clip(light, 0.1, 1.8)[..., None]).astype(np.float32), flower.key)


def _poppy(canvas: Canvas, random: Random, flower: Flower) -> None:
    for number, turn in enumerate((-1.65, 1.35, -0.1, 3.05)):
        _poppy_petal(canvas, random, flower, turn + float(random.normal(0, 0.12)), number)
    _stamens(canvas, random, flower)


def _poppy_petal(canvas: Canvas, random: Random, flower: Flower, turn: float, number: int) -> None:
    t = np.linspace(-1.0, 1.0, 220)
    ruffle = sum(random.uniform(0.2, 1.0) / k * np.cos(k * 3.1 * t + random.uniform(0, 6.28)) for k in range(2, 12))
    radius = (1.0 - 0.03 * number) * (1 - 0.40 * np.abs(t) ** 3.2) * (1 + 0.035 * ruffle)
    arc = np.stack((np.cos(t * 1.30) * radius, np.sin(t * 1.30) * radius), axis=1)
    ring = _tilted(flower, placed(np.concatenate((arc, [[0.0, 0.0]])), (0.0, 0.0), turn))
    _shadow(canvas, flower, ring, 0.10)
    cover = canvas.cover(ring)
    angle, distance = _polar(flower, cover)
    off = np.angle(np.exp(1j * (angle - turn))).astype(np.float32)
    folds = _crinkles(random, angle, distance, 0.6)
    broad = fractal(random, cover.size, flower.radius * 0.5, 3)
    height = folds * flower.radius * 0.026 * smoothstep(0.05, 0.6, distance) + broad * flower.radius * 0.42
    facing = np.cos(turn + flower.lean + 0.92)
    light = relief(height, 0.95, _SUN) * (0.84 + 0.26 * facing)
    tone = 0.24 + 0.36 * distance + 0.20 * folds + 0.26 * broad - 0.14 * np.abs(off)
    color = ramp(tone, [(0.1, "#6e0606"), (0.4, "#a8140e"), (0.65, "#cc2a1c"), (0.9, "#e65233"), (1.1, "#f08a66")])
    veins = smoothstep(0.30, 0.0, np.abs((off * 26 + 2.0 * folds) % 1 - 0.5)) * 0.14 * smoothstep(0.2, 0.6, distance)
    color *= (1 - veins)[..., None]
    edge = smoothstep(0.80, 1.0, distance)[..., None]
    color = color + edge * rgb("#ff8a5c") * 0.14
    blotch = smoothstep(0.36, 0.20, distance + 0.10 * folds + 0.1 * np.abs(off))[..., None]
    color = color * (1 - 0.93 * blotch) + rgb("#120a12") * 0.93 * blotch
    canvas.paint(cover, (color * np.clip(light, 0.25, 1.9)[..., None]).astype(np.float32), flower.key)


def _stamens(canvas: Canvas, random: Random, flower: Flower) -> None:
    """A ring of dark threads around the green capsule."""
    threads, heads = [], []
    for _ in range(110):
        turn, reach = random.uniform(0, 6.283), random.uniform(0.16, 0.30)
        tip = (reach * float(np.cos(turn)), reach * float(np.sin(turn)) - 0.05)
        threads.append(_tilted(flower, ribbon(curve([(0.0, 0.0), (tip[0] * 0.5, tip[1] * 0.5 - 0.02), tip], 5), 0.008)))
        heads.append(_tilted(flower, ellipse(tip, (0.017, 0.026), turn, 12)))
    for rings, color in ((threads, "#2a1626"), (heads, "#1a1420")):
        cover = canvas.cover(*rings, union=True)
        canvas.paint(cover, np.broadcast_to(rgb(color), (*cover.size, 3)), flower.key)
    cover = canvas.cover(*[shifted(head, 0, -flower.radius * 0.006) for head in heads[::2]], union=True)
    canvas.paint(cover.faded(0.5), np.broadcast_to(rgb("#6d6478"), (*cover.size, 3)))
    _capsule(canvas, random, flower)


def _capsule(canvas: Canvas, random: Random, flower: Flower) -> None:
    cover = canvas.cover(_tilted(flower, ellipse((0.0, -0.05), (0.115, 0.125))))
    x, y = cover.grid()
    nx, ny = (
        (x - flower.at[0]) / (0.115 * flower.radius),
        (y - flower.at[1] + 0.05 * flower.radius) / (0.125 * flower.radius),
    )
    rays = 0.5 + 0.5 * np.cos(np.arctan2(ny, nx) * 10)
    light = 0.55 + 0.30 * nx - 0.36 * ny - 0.2 * (nx * nx + ny * ny)
    star = smoothstep(0.7, 0.95, rays)[..., None] * smoothstep(0.95, 0.8, np.sqrt(nx * nx + ny * ny))[..., None] * 0.75
    color = rgb("#9bab58") * (1 - star) + rgb("#3b3a2a") * star
    canvas.paint(cover, (color * np.clip(light, 0.1, 1.3)[..., None]).astype(np.float32), flower.key)


def _cornflower(canvas: Canvas, random: Random, flower: Flower) -> None:
    for layer, count, reach in ((0, 13, 1.0), (1, 11, 0.80)):
        for number in range(count):
            turn = 2 * np.pi * (number + 0.5 * layer) / count + random.normal(0, 0.08)
            _floret(canvas, random, flower, turn, reach * random.uniform(0.9, 1.05))
    tips = []
    for _ in range(110):
        turn, far = random.uniform(0, 6.283), random.uniform(0.08, 0.40)
        spine = curve(
            [
                (0.0, 0.0),
                (far * 0.6 * np.cos(turn), far * 0.6 * np.sin(turn) - 0.02),
                (far * np.cos(turn), far * np.sin(turn) - 0.06),
            ],
            6,
        )
        tips.append(_tilted(flower, ribbon(spine, [0.02, 0.028, 0.03, 0.012])))
    for part, color in ((tips[:60], "#3a1c6a"), (tips[60:95], "#5a2f96"), (tips[95:], "#a488d8")):
        cover = canvas.cover(*part, union=True)
        tone = 0.7 + 0.6 * fractal(random, cover.size, 14, 3)
        canvas.paint(cover, rgb(color) * tone[..., None], flower.key)


def _floret(canvas: Canvas, random: Random, flower: Flower, turn: float, reach: float) -> None:
    """A trumpet that opens into five teeth."""
    teeth = [(0.62, -0.13), (reach, -0.27), (0.80, -0.12), (reach * 1.06, -0.11), (0.83, -0.02), (reach * 1.1, 0.03)]
    teeth += [(0.82, 0.06), (reach * 1.04, 0.15), (0.79, 0.13), (reach * 0.96, 0.27), (0.60, 0.12)]
    outline = [(0.10, -0.025), (0.35, -0.05), *teeth, (0.35, 0.05), (0.10, 0.025)]
    smooth = np.concatenate([curve(outline[a : a + 2], 6) for a in range(len(outline) - 1)])
    ring = _tilted(flower, placed(smooth, (0.0, 0.0), turn))
    _shadow(canvas, flower, ring, 0.05)
    cover = canvas.cover(ring)
    angle, distance = _polar(flower, cover)
    off = np.angle(np.exp(1j * (angle - turn))).astype(np.float32)
    lines = 0.5 + 0.5 * np.cos(off * 42)
    tone = (
        0.1
        + 0.62 * distance
        + 0.13 * lines
        + 0.18 * fractal(random, cover.size, 30, 3)
        + 0.08 * np.cos(turn + flower.lean + 0.9)
    )
    color = ramp(tone, [(0.1, "#2a1f7a"), (0.4, "#3346b8"), (0.7, "#4a6ade"), (1.0, "#86a4f2")])
    light = (0.80 + 0.28 * np.cos(off * 5 - 0.5)) * relief(lines * 3, 0.25, _SUN)
    canvas.paint(cover, (color * light[..., None]).astype(np.float32), flower.key)


def _buttercup(canvas: Canvas, random: Random, flower: Flower) -> None:
    for number in (0, 2, 4, 1, 3):
        turn = 2 * np.pi * number / 5 + 0.3
        t = np.linspace(-1, 1, 60)
        radius = 1.0 * (1 - 0.30 * np.abs(t) ** 3) * (1 - 0.05 * np.exp(-((t / 0.16) ** 2)))
        arc = np.stack((np.cos(t * 0.78) * radius, np.sin(t * 0.78) * radius), axis=1)
        ring = _tilted(flower, placed(np.concatenate((arc, [[0.06, 0.0]])), (0.0, 0.0), turn))
        _shadow(canvas, flower, ring, 0.06)
        cover = canvas.cover(ring)
        angle, distance = _polar(flower, cover)
        off = np.angle(np.exp(1j * (angle - turn))).astype(np.float32)
        folds = _crinkles(random, angle, distance, 0.7)
        tone = 0.25 + 0.5 * distance + 0.25 * folds
        color = ramp(tone, [(0.1, "#a87a06"), (0.45, "#e6b90c"), (0.8, "#f7d824"), (1.1, "#fbe660")])
        light = (0.82 + 0.22 * np.cos(turn + flower.lean + 0.9)) * (1 - 0.16 * off**2) * relief(folds * 5, 0.3, _SUN)
        shine = np.exp(-(((off - 0.25) / 0.24) ** 2) - ((distance - 0.62) / 0.2) ** 2) * 0.35
        canvas.paint(cover, (color * light[..., None] + shine[..., None]).astype(np.float32), flower.key)
    _disk(canvas, random, flower, 0.26, ("#8a7a0c", "#d9b812", "#f7e45a"))


_DRAWERS = {"daisy": _daisy, "poppy": _poppy, "cornflower": _cornflower, "buttercup": _buttercup}
