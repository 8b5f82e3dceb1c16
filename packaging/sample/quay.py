"""The harbour wall with its lamps and trees, and the lighthouse on its rocks."""

from __future__ import annotations

import numpy as np

from sample.canvas import Canvas
from sample.light import ramp, relief, rgb
from sample.noise import Random, fractal, smoothstep
from sample.outlines import Pair, blob, curve, ellipse, line, rectangle, ribbon
from sample.town import AFTERGLOW, SKY, veiled


def wall(canvas: Canvas, random: Random) -> None:
    """The quay's stone wall at the water's edge."""
    top = curve([(-10, 610), (500, 612), (930, 611), (1010, 622), (1040, 640)], 20)
    ring = np.concatenate((top, [[1040, 640], [-10, 640]]))
    cover = canvas.cover(ring)
    x, y = cover.grid()
    blocks = fractal(random, cover.size, 8, 3, 2.4)
    joints = 0.75 + 0.25 * (np.abs((y / 10) % 1 - 0.5) < 0.42)
    color = (
        ramp(blocks, [(0.0, "#4a4248"), (1.0, "#8f8078")])
        * (joints * smoothstep(648, 612, y) * (0.5 + 0 * x))[..., None]
    )
    canvas.paint(cover, color.astype(np.float32), "")


def lamps(canvas: Canvas) -> list[Pair]:
    """Street lamps along the quay; returns where their lights are."""
    heads = []
    for x in (120, 290, 452, 618, 770, 905):
        head = (float(x), 566.0)
        canvas.paint(canvas.cover(ribbon(line((x, 612), head), 2.2)), rgb("#1c1a22"), "")
        canvas.glow(canvas.cover(ellipse(head, (26, 26)), soft=16), rgb("#ff9d45") * 0.30)
        canvas.glow(canvas.cover(ellipse((x, 604), (34, 8)), soft=8), rgb("#ff9d45") * 0.35)
        canvas.paint(canvas.cover(ellipse(head, (3.4, 3.4)), soft=0.6), rgb("#fff1d0") * 3.0)
        heads.append(head)
    return heads


def tree(canvas: Canvas, random: Random, foot: Pair, height: float, owner: str) -> None:
    """A broad tree against the evening sky, light on its right."""
    crown = (foot[0], foot[1] - height * 0.62)
    trunk = curve([foot, (foot[0] + 2, foot[1] - height * 0.25), (crown[0], crown[1] + height * 0.1)], 8)
    canvas.paint(canvas.cover(ribbon(trunk, [height * 0.09, height * 0.05])), rgb("#251d20"), owner)
    rings, heads = [], []
    for _ in range(17):
        angle, reach = random.uniform(0, 6.283), height * 0.30 * np.sqrt(random.random())
        center = (crown[0] + reach * 1.15 * float(np.cos(angle)), crown[1] + reach * float(np.sin(angle)))
        radius = height * float(random.uniform(0.09, 0.17))
        rings.append(blob(random, center, (radius, radius), 0.0, 0.26, 14))
        heads.append((*center, radius))
    cover = canvas.cover(*rings, union=True)
    x, y = cover.grid()
    bumps = np.zeros(cover.size, np.float32)
    for hx, hy, hr in heads:
        bumps = np.maximum(bumps, np.sqrt(np.maximum(hr * hr - (x - hx) ** 2 - (y - hy) ** 2, 0)))
    leaves = fractal(random, cover.size, 5, 3)
    shade = np.clip(relief(0.5 * bumps + 3.0 * leaves, 0.6, (0.8, -0.5)), 0.3, 2.0)
    color = ramp(leaves, [(0.0, "#1d2a22"), (0.6, "#33452f"), (1.0, "#55603a")]) * (
        SKY * 0.6 + AFTERGLOW * 0.42 * (shade[..., None] - 0.25)
    )
    gaps = 1 - smoothstep(0.72, 0.80, fractal(random, cover.size, 9, 3)) * smoothstep(4, 0, bumps)
    canvas.paint(cover.faded(gaps), veiled(color, 0.10), owner)


def lighthouse(canvas: Canvas, random: Random) -> None:
    """White and red on a breakwater of rocks, its lamp lit."""
    _rocks(canvas, random)
    body = np.array([(1596, 600), (1606, 408), (1648, 408), (1658, 600)], float)
    cover = canvas.cover(body)
    x, y = cover.grid()
    across = (x - 1627) / (20 + (y - 408) * 0.056)
    bands = smoothstep(-0.06, 0.06, np.sin((y - 408) / 192 * 4 * np.pi + 0.01))[..., None]
    color = rgb("#e9e2d8") * (1 - bands) + rgb("#b2392f") * bands
    round_ = np.clip(0.30 - 0.75 * across - 0.2 * across**2 + 0.25, 0, 1)[..., None]
    dirt = (0.88 + 0.24 * fractal(random, cover.size, 26, 5, 0.4))[..., None]
    canvas.paint(cover, veiled(color * dirt * (SKY * 0.6 + AFTERGLOW * 0.75 * round_), 0.08), "lighthouse")
    dark = rgb("#2a2630")
    for ring in (rectangle((1627, 404), (58, 7)), rectangle((1627, 388), (56, 2.4)), rectangle((1627, 352), (34, 5))):
        canvas.paint(canvas.cover(ring), dark, "lighthouse")
    posts = [rectangle((x0, 395), (2.2, 16)) for x0 in np.linspace(1600, 1654, 8)]
    canvas.paint(canvas.cover(*posts, union=True), dark, "lighthouse")
    room = rectangle((1627, 376), (28, 46))
    canvas.paint(canvas.cover(room), rgb("#ffdf9a") * 1.6, "lighthouse")
    bars = [rectangle((x0, 376), (2.0, 46)) for x0 in (1614, 1622, 1632, 1640)]
    canvas.paint(canvas.cover(*bars, union=True), dark, "lighthouse")
    canvas.paint(
        canvas.cover(
            np.array([(1608, 352), (1627, 326), (1646, 352)], float), rectangle((1627, 322), (3, 12)), union=True
        ),
        rgb("#7d2a26"),
        "lighthouse",
    )
    for radius, power in ((16, 1.2), (60, 0.22), (150, 0.07)):
        canvas.glow(canvas.cover(ellipse((1627, 376), (radius, radius)), soft=radius * 0.6), rgb("#ffc878") * power)
    for at in (450, 510, 560):
        canvas.paint(canvas.cover(rectangle((1628, at), (8, 12))), rgb("#1d1b26"))


def _rocks(canvas: Canvas, random: Random) -> None:
    foot = curve(
        [(1372, 640), (1400, 626), (1520, 620), (1660, 612), (1800, 620), (1930, 622), (1930, 642), (1372, 642)]
    )
    canvas.paint(canvas.cover(foot), rgb("#2d2a33"), "")
    for _ in range(64):
        x = float(random.uniform(1380, 1915))
        y = 634 - float(random.uniform(0, 34)) * (1 - abs(x - 1640) / 420)
        radius = float(random.uniform(11, 25))
        ring = blob(random, (x, y), (radius * 1.25, radius * 0.8), float(random.normal(0, 0.3)), 0.22, 8)
        cover = canvas.cover(ring)
        gy = cover.grid()[1]
        rough = fractal(random, cover.size, 12, 4)
        shade = relief(rough * 3, 1.2, (-0.8, -0.5)) * (0.9 - 0.55 * np.clip((gy - y) / radius, -1, 1))
        tone = rgb("#6b6068") * (SKY * 0.7 + AFTERGLOW * 0.28) * shade[..., None]
        canvas.paint(cover, tone.astype(np.float32), "")
