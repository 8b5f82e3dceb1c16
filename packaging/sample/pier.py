"""The pier in the foreground: planks, posts, a lamp, a bollard."""

from __future__ import annotations

import numpy as np

from sample.canvas import Canvas, Cover
from sample.light import ramp, rgb
from sample.noise import Floats, Random, fractal, sampled, smoothstep
from sample.outlines import Pair, Ring, ellipse, line, rectangle, ribbon, shifted
from sample.town import AFTERGLOW, SKY


def deck(canvas: Canvas, random: Random) -> None:
    """Weathered planks that run in from the lower right, on posts, with a bollard and a lamp."""
    planks = np.array([(1990, 985), (1330, 1076), (1108, 1300), (1990, 1300)], float)
    for foot, wide in (((1345, 1074), 26), ((1560, 1046), 22), ((1760, 1018), 20)):
        _post(canvas, random, foot, wide)
    cover = canvas.cover(planks, soft=1.0)
    x, y = cover.grid()
    depth = (y - 960) / 340
    along = (x - 1990) / (0.35 + depth)
    plank = (along * 0.015 + 60) % 1
    number = np.floor(along * 0.015 + 60)
    shade = 0.75 + 0.5 * np.abs(np.sin(number * 12.9898) * 43.7585 % 1)
    grain = _grained(random, along, depth) * 0.62 + 0.38 * fractal(random, cover.size, 70, 4)
    color = ramp(grain, [(0.0, "#4b3d36"), (0.5, "#75614f"), (1.0, "#a28a6e")]) * shade[..., None]
    gap = smoothstep(0.0, 0.05, np.minimum(plank, 1 - plank))
    light = (
        SKY * 0.62
        + AFTERGLOW * 0.26
        + rgb("#ffb15a") * 1.6 * np.exp(-(((x - 1700) / 300) ** 2) - ((y - 1100) / 110) ** 2)[..., None]
    )
    canvas.paint(cover, (color * light * (0.18 + 0.82 * gap[..., None])).astype(np.float32), "")
    edge = ribbon(line((1990, 988), (1330, 1079)), 12), ribbon(line((1330, 1079), (1100, 1310)), 17)
    for beam in edge:
        canvas.paint(canvas.cover(beam, soft=0.8), rgb("#3b2f2b") * 0.8, "")
        canvas.paint(canvas.cover(shifted(beam, 0, -5), soft=0.8).faded(0.5), rgb("#b08f70") * 0.6)


def _grained(random: Random, along: Floats, depth: Floats) -> Floats:
    """The grain of the wood, fine across a plank and long along it."""
    field = fractal(random, (512, 2048), 40, 6, 0.12)
    u = np.abs((along * 2.2) % 4094 - 2047).astype(np.float32)
    v = (np.clip(depth, 0, 1.2) * 400 + 0 * along).astype(np.float32)
    return sampled(field, u, v)


def _post(canvas: Canvas, random: Random, top: Pair, width: float) -> None:
    cover = canvas.cover(rectangle((top[0], top[1] + 55), (width, 130)), soft=0.8)
    x, y = cover.grid()
    across = (x - top[0]) / width * 2 + 0 * y
    bark = fractal(random, cover.size, 22, 4, 0.25)
    shade = (0.35 + 0.65 * np.clip(1 - across**2, 0, 1)) * smoothstep(top[1] + 125, top[1] + 40, y)
    canvas.paint(cover, (rgb("#5b4a40") * (shade * (0.5 + 0.6 * bark))[..., None] * 0.9).astype(np.float32), "")


def lamp(canvas: Canvas) -> Pair:
    """A lamp post and a bollard on the pier; returns where the light is."""
    head = (1700.0, 742.0)
    for x0, wide, top, foot, tone in ((1700, 11, 760, 1110, "#2b2830"), (1700, 22, 1082, 1116, "#2b2830")):
        cover = canvas.cover(
            np.array(
                [(x0 - wide * 0.35, top), (x0 + wide * 0.35, top), (x0 + wide / 2, foot), (x0 - wide / 2, foot)], float
            ),
            soft=0.7,
        )
        x, y = cover.grid()
        shine = 0.7 + 1.4 * np.exp(-(((x - x0 + 2) / 2.0) ** 2)) + 0 * y
        canvas.paint(cover, (rgb(tone) * shine[..., None]).astype(np.float32), "")
    hood = np.array([(1678, 742), (1686, 722), (1714, 722), (1722, 742)], float)
    canvas.paint(canvas.cover(hood, soft=0.7), rgb("#1f1c24"), "")
    glass = canvas.cover(np.array([(1682, 743), (1718, 743), (1710, 764), (1690, 764)], float), soft=0.7)
    canvas.paint(glass, rgb("#ffe3a6") * 3.0, "")
    for radius, power in ((22, 0.7), (90, 0.16), (240, 0.05)):
        canvas.glow(canvas.cover(ellipse((1700, 752), (radius, radius)), soft=radius * 0.6), rgb("#ffb257") * power)
    _bollard(canvas)
    return head


def _bollard(canvas: Canvas) -> None:
    body: Ring = np.array(
        [
            (1448, 1172),
            (1454, 1122),
            (1440, 1108),
            (1442, 1098),
            (1500, 1098),
            (1502, 1108),
            (1488, 1122),
            (1494, 1172),
        ],
        float,
    )
    canvas.dim(canvas.cover(shifted(body, -30, 14), soft=9), (0.35, 0.35, 0.42))
    cover: Cover = canvas.cover(body, soft=1.0)
    x, y = cover.grid()
    across = (x - 1471) / 27 + 0 * y
    shade = 0.25 + 0.5 * np.exp(-(((across - 0.45) / 0.35) ** 2)) + 0.22 * np.exp(-(((across + 0.7) / 0.2) ** 2))
    canvas.paint(cover, (rgb("#6d5a55") * shade[..., None] * 1.2).astype(np.float32), "")
