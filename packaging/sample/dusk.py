"""Sky, hills and water of the harbour: the light after sunset, and its mirror image on small waves."""

from __future__ import annotations

import cv2
import numpy as np

from sample.canvas import Canvas, Cover
from sample.light import ramp, rgb
from sample.noise import Floats, Random, blurred, fractal, sampled, smoothstep
from sample.outlines import Ring

HORIZON = 585.0
SUN_X = 1260.0


def sky(canvas: Canvas, random: Random) -> None:
    """A gradient that is warm where the sun went down, clouds lit from below, a few stars."""
    x, y = canvas.everywhere().grid()
    height = (HORIZON - y) / HORIZON
    warm = np.exp(-(((x - SUN_X) / 820) ** 2))
    cool = ramp(height, [(0.0, "#a98a8c"), (0.12, "#8a7c90"), (0.35, "#566588"), (0.7, "#2f4468"), (1.0, "#1a2a48")])
    hot = ramp(
        height,
        [
            (0.0, "#ffd08a"),
            (0.07, "#fdb368"),
            (0.18, "#ee8f5c"),
            (0.34, "#b5727a"),
            (0.60, "#5a587f"),
            (1.0, "#233456"),
        ],
    )
    canvas.picture[:] = cool * (1 - warm[..., None]) + hot * warm[..., None]
    glow = np.exp(-(((x - SUN_X) / 330) ** 2) - ((y - HORIZON) / 95) ** 2)
    canvas.picture += glow[..., None] * rgb("#ffb45c") * 0.75
    for cell, low, high, depth in ((190.0, 0.44, 0.72, 0.90), (70.0, 0.50, 0.80, 0.70)):
        _clouds(canvas, random, cell, (low, high), depth)
    _stars(canvas, random)


def _clouds(canvas: Canvas, random: Random, cell: float, limits: tuple[float, float], depth: float) -> None:
    """One layer of clouds on a ceiling that runs to the horizon."""
    field = fractal(random, (1500, 2600), cell, 7, 1.6)
    x, y = canvas.everywhere().grid()
    above = np.maximum(HORIZON - y, 1.0)
    away = 250.0 / (above + 85.0)
    u = (1300 + (x - 960) * away * 0.85) + 0 * y
    v = 60 + 1350 * np.clip(away / 2.95, 0, 1) + 0 * x
    density = sampled(field, u, v)
    toward = sampled(field, (u + (SUN_X - x) * 0.03 * away).astype(np.float32), (v + 16 * away).astype(np.float32))
    cloud = smoothstep(*limits, density) * smoothstep(4, 70, above) * depth
    rim = np.clip((density - toward) * 5 + 0.35, 0, 1) * (1 - 0.6 * cloud)
    warm = np.exp(-(((x - SUN_X) / 780) ** 2) - ((above - 60) / 330) ** 2)
    body = ramp(above / HORIZON + 0 * x, [(0.0, "#86707a"), (0.3, "#5b5870"), (1.0, "#2b3650")])
    light = rgb("#ff9a6b") * (warm * (0.18 + 1.25 * rim))[..., None] + rgb("#a99aac") * (0.22 * rim)[..., None]
    canvas.paint(Cover(canvas.everywhere().box, cloud.astype(np.float32)), (body * 0.9 + light).astype(np.float32))


def _stars(canvas: Canvas, random: Random) -> None:
    for _ in range(60):
        x, y = int(random.uniform(4, canvas.width - 4)), int(random.uniform(4, 190))
        canvas.picture[y, x] += random.uniform(0.05, 0.45) * (1 - y / 220)


def hills(canvas: Canvas, random: Random) -> None:
    """Three ridges, each nearer one darker and less veiled."""
    shapes = (
        (150, 120.0, 420.0, "#8d6f86", "#b98c86"),
        (96, 90.0, 260.0, "#5f5676", "#8f7280"),
        (48, 58.0, 150.0, "#34385a", "#5f5a74"),
    )
    for base, tall, cell, top, foot in shapes:
        line = fractal(random, (4, canvas.width), cell, 7)[0]
        rough = fractal(random, (4, canvas.width), 14, 3)[0]
        ridge = HORIZON - base * 0.35 - tall * line - 4 * rough
        xs = np.arange(canvas.width, dtype=float)
        outline = np.concatenate((np.stack((xs, ridge), axis=1), [[canvas.width, HORIZON + 60], [0, HORIZON + 60]]))
        cover = canvas.cover(outline)
        x, y = cover.grid()
        part = np.clip((HORIZON - y) / (base * 0.35 + tall), 0, 1) + 0 * x
        woods = fractal(random, cover.size, 16, 4, 1.4)
        color = ramp(part, [(0.0, foot), (1.0, top)]) * (0.82 + 0.36 * woods)[..., None]
        warm = np.exp(-(((x - SUN_X) / 420) ** 2))
        color = color + (0.22 * warm * (1 - part))[..., None] * rgb("#ffb06a")
        canvas.paint(cover, color.astype(np.float32))


class Ripples:
    """How the waves bend what the water mirrors: the shift of each pixel's mirror image, in px."""

    def __init__(self, canvas: Canvas, random: Random) -> None:
        x, y = canvas.everywhere().grid()
        below = np.maximum(y - HORIZON, 4.0)
        away = 900.0 / below
        field = 0.55 * fractal(random, (2048, 2048), 40, 6, 3.4) + 0.45 * fractal(random, (2048, 2048), 15, 4, 4.2)
        u = np.abs((1024 + (x - 960) * away * 0.30) % 4094 - 2047)
        v = np.abs((away * 210.0 + 0 * x) % 4094 - 2047)
        self.wave = sampled(field, u, v) - 0.5
        swell = fractal(random, (canvas.height, canvas.width), 120, 3, 4.0) - 0.5
        reach = np.clip(below / 600, 0.02, 1.2)
        self.dy = (self.wave * 190 * reach + swell * 40 * reach).astype(np.float32)
        self.dx = (np.roll(self.wave, 37, axis=1) * 30 * reach + swell * 10 * reach).astype(np.float32)

    def mirrored(self, picture: Floats, line: float, squeeze: float = 0.86) -> Floats:
        """What stands above `line` as the water below it shows it."""
        height, width = picture.shape[:2]
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        source = line - np.maximum(y - line, 0) * squeeze - np.abs(self.dy) * 0.6 + self.dy * 0.5
        return sampled(picture, x + self.dx, np.clip(source, 0, line))


def water(canvas: Canvas, ripples: Ripples, shore: Ring, line: float) -> None:
    """The harbour's water inside the ring: mirror image, depth, glitter below the sun."""
    mirror = ripples.mirrored(canvas.picture, line)
    cover = canvas.cover(shore)
    x, y = canvas.everywhere().grid()
    near = np.clip((y - line) / (canvas.height - line), 0, 1)
    slope = np.clip(cv2.Sobel(ripples.wave, cv2.CV_32F, 0, 1, ksize=3) * (1.2 + 3.5 * near), -0.5, 0.5)
    fresnel = np.clip(0.82 - 0.40 * near - 0.9 * np.abs(ripples.wave) * (0.3 + near) + slope, 0.08, 0.95)
    deep = ramp(near + 0 * x, [(0.0, "#454b60"), (0.5, "#1f2e42"), (1.0, "#0e1a29")])
    color = deep * (1 - fresnel[..., None]) + mirror * fresnel[..., None] * np.array([0.94, 0.93, 0.97], np.float32)
    path = np.exp(-(((x - SUN_X) / (110 + 260 * near)) ** 2)) * (1 - 0.75 * near)
    glitter = smoothstep(0.10, 0.26, ripples.wave) * path
    color = color + glitter[..., None] * rgb("#ffb46a") * 0.75
    canvas.paint(cover, color[cover.place].astype(np.float32), "water")


def mirror_of(canvas: Canvas, ripples: Ripples, thing: Canvas, line: float, strength: float = 0.8) -> None:
    """Lay the mirror image of what was painted on the canvas `thing` on the water below `line`."""
    seen = (thing.owner > 0).astype(np.float32)
    upright = np.concatenate((thing.picture * seen[..., None], seen[..., None]), axis=2)
    image = ripples.mirrored(upright, line)
    y = np.arange(canvas.height, dtype=np.float32)[:, None]
    alpha = image[..., 3] * (y > line) * strength * np.clip(1.05 - (y - line) / 620, 0.2, 1)
    color = image[..., :3] / np.maximum(image[..., 3:], 1e-3)
    color = color * 0.72 + rgb("#1d2947") * 0.28
    soft = blurred(alpha.astype(np.float32), 0.9)
    canvas.paint(Cover(canvas.everywhere().box, soft), color.astype(np.float32))
