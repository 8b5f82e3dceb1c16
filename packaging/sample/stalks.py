"""What grows below the flowers: stalks with hairs, buds, blades of grass, drops of dew, a ladybird."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample.canvas import Canvas, Cover
from sample.light import ramp, rgb
from sample.noise import Floats, Random, fractal, smoothstep
from sample.outlines import Pair, Ring, curve, ellipse, line, normals, placed, ribbon, shifted


@dataclass(frozen=True)
class Stalk:
    """A stalk or blade: the points of its middle line from the root up (px), its widths, its blur, how bright it is."""

    key: str
    spine: Sequence[Pair]
    widths: tuple[float, ...]
    blur: float
    light: float = 1.0
    hairy: bool = False


def stalk(canvas: Canvas, random: Random, plan: Stalk) -> None:
    """A round green stalk, lit from the upper right."""
    spine = curve(plan.spine, 30)
    if plan.hairy and plan.blur < 5:
        _hairs(canvas, random, plan, spine)
    body = canvas.cover(ribbon(spine, plan.widths), room=3 * plan.blur)
    tone = fractal(random, body.size, 46, 4, 0.4)
    color = ramp(tone, [(0.0, "#34511c"), (0.5, "#54742a"), (1.0, "#7a9440")]) * plan.light
    light = _side_light(canvas, body, spine, plan.widths)
    canvas.paint_unfocused(body, (color * light[..., None]).astype(np.float32), plan.blur, plan.key)


def _side_light(canvas: Canvas, body: Cover, spine: Ring, widths: Sequence[float]) -> Floats:
    """Darker towards the lower left edge, a bright line on the other side."""
    wide = max(widths)
    bright = canvas.cover(
        ribbon(shifted(spine, wide * 0.22, -wide * 0.05), [w * 0.55 for w in widths]), soft=wide * 0.14
    )
    light = np.full(body.size, 0.42, np.float32)
    common = body.box.intersection(bright.box)
    light[common.within(body.box)] += 0.85 * bright.alpha[common.within(bright.box)]
    return light


def _hairs(canvas: Canvas, random: Random, plan: Stalk, spine: Ring) -> None:
    """Fine hairs that stand off on both sides, bright against the light."""
    sides = normals(spine)
    rings = []
    for _ in range(int(len(spine) * 2.4)):
        at = int(random.integers(4, len(spine) - 4))
        side = sides[at] * float(random.choice([-1.0, 1.0]))
        root = spine[at] + random.normal(0, 3, 2)
        tip = root + side * max(plan.widths) * random.uniform(0.5, 1.15) + random.normal((0, 9), (3, 9))
        rings.append(ribbon(line((root[0], root[1]), (tip[0], tip[1]), 3), [2.2, 1.4]))
    cover = canvas.cover(*rings, union=True, room=3 * plan.blur)
    canvas.paint_unfocused(
        cover.faded(0.7), np.broadcast_to(rgb("#a9b070") * 0.75, (*cover.size, 3)), plan.blur, plan.key
    )


def blade(canvas: Canvas, random: Random, plan: Stalk) -> None:
    """A blade of grass folded along its middle: one half in the light, one in shade."""
    spine = curve(plan.spine, 30)
    cover = canvas.cover(ribbon(spine, plan.widths), room=3 * plan.blur)
    streaks = fractal(random, cover.size, 60, 4, 0.25)
    color = ramp(streaks, [(0.0, "#3f6420"), (0.5, "#6a8f2e"), (1.0, "#9ab84a")]) * plan.light
    half = ribbon(
        spine + normals(spine) * (np.linspace(plan.widths[0], plan.widths[-1], len(spine))[:, None] * 0.25),
        [w * 0.5 for w in plan.widths],
    )
    lit = canvas.cover(half, soft=1.0)
    light = np.full(cover.size, 0.62, np.float32)
    common = cover.box.intersection(lit.box)
    light[common.within(cover.box)] += 0.52 * lit.alpha[common.within(lit.box)]
    canvas.paint_unfocused(cover, (color * light[..., None]).astype(np.float32), plan.blur, plan.key)
    rib = canvas.cover(ribbon(spine, [w * 0.06 + 0.6 for w in plan.widths]), soft=0.8 + plan.blur)
    canvas.paint(rib.faded(0.5 if not plan.blur else 0.2), rgb("#c9d88a"))


def ear(canvas: Canvas, random: Random, plan: Stalk) -> None:
    """A grass in flower: a thin stalk whose seeds hang on threads."""
    stalk(canvas, random, plan)
    spine = curve(plan.spine, 30)
    sides = normals(spine)
    for step in range(46):
        at = len(spine) - 1 - int(step * 0.9)
        side = sides[at] * (1 if step % 2 else -1)
        reach = 16 + 26 * np.sin(min(1.0, step / 40) * np.pi)
        tip = spine[at] + side * reach + (0, -14 + random.normal(0, 4))
        angle = float(np.arctan2(tip[1] - spine[at][1], tip[0] - spine[at][0]))
        thread = canvas.cover(ribbon(line((spine[at][0], spine[at][1]), (tip[0], tip[1]), 4), 2.4), room=3 * plan.blur)
        canvas.paint_unfocused(thread, np.broadcast_to(rgb("#8a8a4a"), (*thread.size, 3)), plan.blur, plan.key)
        seed = canvas.cover(ellipse((tip[0], tip[1]), (15, 5.5), angle, 30), room=3 * plan.blur)
        x, y = seed.grid()
        tone = 0.55 - 0.03 * (y - tip[1]) + 0.02 * (x - tip[0]) + 0.3 * fractal(random, seed.size, 8, 2)
        canvas.paint_unfocused(
            seed, ramp(tone, [(0.0, "#5a4a28"), (0.6, "#a88f58"), (1.2, "#e0cc96")]), plan.blur, plan.key
        )


def bud(canvas: Canvas, random: Random, center: Pair, size: float, angle: float, owner: str) -> None:
    """A nodding poppy bud, hairy, with a slit of red."""
    outline = ellipse(center, (size, size * 0.62), angle)
    hairs = []
    for point in outline[::1]:
        away = (point - center) / np.hypot(*(point - center))
        tip = point + away * size * random.uniform(0.15, 0.34) + random.normal(0, 4, 2)
        hairs.append(ribbon(line((point[0], point[1]), (tip[0], tip[1]), 3), [2.8, 2.0]))
    canvas.paint(canvas.cover(*hairs, union=True).faded(0.9), rgb("#b5b57c") * 0.8, owner)
    cover = canvas.cover(outline)
    x, y = cover.grid()
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    u = ((x - center[0]) * cos + (y - center[1]) * sin) / size
    v = ((y - center[1]) * cos - (x - center[0]) * sin) / (size * 0.62)
    nz = np.sqrt(np.maximum(1 - u * u - v * v, 0))
    light = 0.22 + 0.62 * np.clip(0.5 * (x - center[0]) / size - 0.62 * (y - center[1]) / size + 0.6 * nz, 0, 1.2)
    color = ramp(fractal(random, cover.size, 26, 4, 1.6), [(0.0, "#3c5424"), (0.6, "#64803a"), (1.0, "#8da158")])
    slit = (
        smoothstep(0.16, 0.06, np.abs(v - 0.16 * np.sin(u * 3)))[..., None]
        * smoothstep(0.98, 0.7, np.abs(u))[..., None]
    )
    color = color * (1 - slit) + rgb("#c4201a") * slit
    canvas.paint(cover, (color * light[..., None]).astype(np.float32), owner)


def dew(canvas: Canvas, center: Pair, radius: float) -> None:
    """A drop of water: dark where the light enters, bright where it leaves, a sharp spark."""
    cover = canvas.cover(ellipse(center, (radius, radius * 0.92)))
    x, y = cover.grid()
    nx, ny = (x - center[0]) / radius, (y - center[1]) / radius
    edge = nx * nx + ny * ny
    canvas.dim(
        canvas.cover(
            ellipse((center[0] - radius * 0.3, center[1] + radius * 0.5), (radius, radius)), soft=radius * 0.25
        ).faded(0.6),
        (0.5, 0.5, 0.5),
    )
    inner = 0.55 + 0.75 * np.clip(-0.55 * nx + 0.75 * ny, -0.6, 1) + 0.25 * edge
    canvas.picture[cover.place] *= 1 + (np.clip(inner, 0.3, 1.6) * 1.15 - 1)[..., None] * cover.alpha[..., None]
    canvas.glow(cover.faded(np.clip(0.75 * ny - 0.5 * nx, 0, 1) * 0.30), rgb("#dff0b0"))
    canvas.glow(
        canvas.cover(
            ellipse((center[0] + radius * 0.36, center[1] - radius * 0.40), (radius * 0.18, radius * 0.14)), soft=0.8
        ),
        rgb("#ffffff") * 1.6,
    )


def ladybird(canvas: Canvas, center: Pair, size: float, angle: float, owner: str) -> None:
    """A seven-spot ladybird from above and a little from the side."""

    def part(points: Ring) -> Ring:
        return placed(points * size, center, angle)

    legs = [
        ribbon(curve([(x, 0.0), (x + dx, s * 0.78), (x + dx * 2.2, s * 1.12)], 6), [0.09, 0.06])
        for s in (-1, 1)
        for x, dx in ((-0.45, -0.12), (0.05, 0.0), (0.5, 0.14))
    ]
    feelers = [ribbon(curve([(1.1, s * 0.15), (1.35, s * 0.32), (1.5, s * 0.30)], 6), [0.05, 0.07]) for s in (-1, 1)]
    canvas.dim(canvas.cover(part(ellipse((-0.05, 0.16), (1.05, 0.95))), soft=size * 0.16), (0.35, 0.35, 0.4))
    canvas.paint(canvas.cover(*[part(ring) for ring in legs + feelers], union=True), rgb("#15110f"), owner)
    _dome(canvas, part(ellipse((0.86, 0.0), (0.36, 0.52))), center, size, angle, "#171312", owner)
    for side in (-1, 1):
        canvas.paint(canvas.cover(part(ellipse((0.96, side * 0.30), (0.14, 0.13)))), rgb("#e8e2d0") * 0.9)
    _dome(canvas, part(ellipse((0.0, 0.0), (1.0, 0.86))), center, size, angle, "#c41a10", owner)
    seam = canvas.cover(part(ribbon(line((-1.0, 0.0), (0.8, 0.0)), 0.035)), soft=0.6)
    canvas.paint(seam.faded(0.8), rgb("#1a0a08"))
    for x, y, r in (
        (0.60, 0.0, 0.17),
        (0.18, 0.42, 0.17),
        (0.18, -0.42, 0.17),
        (-0.45, 0.40, 0.15),
        (-0.45, -0.40, 0.15),
        (-0.1, 0.70, 0.10),
        (-0.1, -0.70, 0.10),
    ):
        canvas.paint(canvas.cover(part(ellipse((x, y), (r, r * 0.9))), soft=0.9).faded(0.93), rgb("#140c0a"))
    canvas.glow(
        canvas.cover(part(placed(ellipse((0.0, 0.0), (0.26, 0.10)), (0.30, -0.34), 0.5)), soft=size * 0.05),
        rgb("#fff4e8") * 0.9,
    )
    canvas.glow(canvas.cover(part(ellipse((-0.35, -0.5), (0.4, 0.14))), soft=size * 0.14), rgb("#bcd0ff") * 0.20)


def _dome(canvas: Canvas, ring: Ring, center: Pair, size: float, angle: float, color: str, owner: str) -> None:
    cover = canvas.cover(ring)
    middle = ring.mean(axis=0)
    x, y = cover.grid()
    reach = float(np.hypot(*(ring - middle).T).max())
    nx, ny = (x - middle[0]) / reach, (y - middle[1]) / reach
    nz = np.sqrt(np.maximum(1 - nx * nx - ny * ny, 0.0))
    light = 0.20 + 0.85 * np.clip(0.45 * nx - 0.60 * ny + 0.60 * nz, 0, 1)
    canvas.paint(cover, (rgb(color) * light[..., None]).astype(np.float32), owner)
