"""What stands on the ground of the aerial view: houses, a building round a courtyard, trees, cars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from sample.canvas import Canvas, Cover
from sample.land import SUN
from sample.light import ramp, relief, rgb
from sample.noise import Floats, Random, fractal, smoothstep
from sample.outlines import Pair, Ring, blob, placed, rectangle, ribbon, shifted

_SHADE = (0.36, 0.40, 0.52)
_ROOFS = {
    "red": [(0.0, "#6d3222"), (0.5, "#99492f"), (1.0, "#b9694a")],
    "brown": [(0.0, "#4d382c"), (0.5, "#6f5342"), (1.0, "#8f735e")],
    "slate": [(0.0, "#3d444d"), (0.5, "#59616b"), (1.0, "#7b838c")],
    "orange": [(0.0, "#8a4526"), (0.5, "#b86a3d"), (1.0, "#d08d5c")],
}


@dataclass(frozen=True)
class House:
    """A house: where it stands, (length, depth) in px, how it is turned, its roof; `yard` px of open court inside."""

    key: str
    center: Pair
    size: Pair
    angle: float
    tiles: str
    hipped: bool = False
    yard: float = 0.0
    storeys: float = 1.0


def house(canvas: Canvas, random: Random, plan: House) -> None:
    """The roof with its shadow on the ground, a chimney, skylights."""
    outer = rectangle(plan.center, plan.size, plan.angle)
    inner = rectangle(plan.center, (plan.yard, plan.yard * plan.size[1] / plan.size[0]), plan.angle)
    _cast(canvas, outer, 34 * plan.storeys)
    if plan.yard:
        _court(canvas, random, plan, inner)
    cover = canvas.cover(outer, inner) if plan.yard else canvas.cover(outer)
    canvas.paint(cover, _roof(random, cover, plan), plan.key)
    canvas.dim(_rim(canvas, outer), (0.55, 0.55, 0.55))
    if not plan.yard:
        _fittings(canvas, random, plan)


def _cast(canvas: Canvas, ring: Ring, length: float) -> None:
    """The shadow of a convex block."""
    away = np.array([-SUN[0], -SUN[1]]) * length
    hull = cv2.convexHull(np.concatenate((ring, ring + away)).astype(np.float32))[:, 0].astype(float)
    canvas.dim(canvas.cover(hull, soft=1.8), _SHADE)
    canvas.dim(canvas.cover(ring, soft=7).faded(0.6), (0.5, 0.5, 0.5))


def _court(canvas: Canvas, random: Random, plan: House, inner: Ring) -> None:
    cover = canvas.cover(inner)
    stones = fractal(random, cover.size, 4, 2)
    canvas.paint(cover, ramp(stones, [(0.0, "#8d8270"), (1.0, "#b9ad96")]) * relief(stones, 2.0)[..., None], "")
    away = np.array([-SUN[0], -SUN[1]]) * 30
    lit = canvas.cover(inner + away)
    shadow = Cover(cover.box, cover.alpha.copy())
    common = cover.box.intersection(lit.box)
    shadow.alpha[common.within(cover.box)] *= 1 - lit.alpha[common.within(lit.box)]
    canvas.dim(shadow, _SHADE)


def _roof(random: Random, cover: Cover, plan: House) -> Floats:
    """Planes that slope to their eaves, each as bright as it faces the sun, with rows of tiles."""
    x, y = cover.grid()
    cos, sin = np.float32(np.cos(plan.angle)), np.float32(np.sin(plan.angle))
    u = (x - plan.center[0]) * cos + (y - plan.center[1]) * sin
    v = (y - plan.center[1]) * cos - (x - plan.center[0]) * sin
    nu, nv, slope = _planes(u, v, plan)
    facing = (nu * cos - nv * sin) * SUN[0] + (nu * sin + nv * cos) * SUN[1]
    course = np.where(np.abs(nu) > 0.5, v, u)
    rows = 0.5 + 0.5 * np.cos(slope * 1.15)
    joints = 0.5 + 0.5 * np.cos(course * 1.3 + (slope * 1.15 / np.pi).astype(np.int32) * 1.6)
    tone = (
        0.45 * fractal(random, cover.size, 50, 5)
        + 0.35 * fractal(random, cover.size, 3.2, 2)
        + 0.12 * rows
        + 0.08 * joints
    )
    moss = 0.35 * smoothstep(0.62, 0.85, fractal(random, cover.size, 34, 5))[..., None]
    color = ramp(tone, _ROOFS[plan.tiles]) * (1 - moss) + rgb("#6a6a40") * moss
    light = 0.62 + 0.62 * facing + 0.13 * (rows - 0.5)
    ridge = np.exp(-(((slope - slope.max()) / 2.2) ** 2))
    shaded = color * np.clip(light, 0.2, 1.5)[..., None] * 1.15
    return np.asarray(shaded + ridge[..., None] * 0.05, np.float32)


def _planes(u: Floats, v: Floats, plan: House) -> tuple[Floats, Floats, Floats]:
    """Which way each point of the roof slopes down, and its distance from the eaves, in the house's own axes."""
    to_u, to_v = plan.size[0] / 2 - np.abs(u) + 0 * v, plan.size[1] / 2 - np.abs(v) + 0 * u
    outward: Floats = np.ones_like(to_u)
    slope = np.minimum(to_u, to_v)
    ends = to_u < to_v
    if plan.yard:
        wing = (plan.size[0] - plan.yard) / 4
        inward = slope > wing
        outward = np.where(inward, -0.75, 1.0)
        slope = np.where(inward, 2 * wing - slope, slope)
    elif not plan.hipped:
        ends, slope = np.zeros_like(ends), to_v
    return np.where(ends, np.sign(u), 0) * outward, np.where(ends, 0, np.sign(v)) * outward, slope


def _rim(canvas: Canvas, ring: Ring) -> Cover:
    closed = np.concatenate((ring, ring[:1]))
    edges = [ribbon(closed[at : at + 2], 1.6) for at in range(len(ring))]
    return canvas.cover(*edges, union=True).faded(0.6)


def _fittings(canvas: Canvas, random: Random, plan: House) -> None:
    length, depth = plan.size
    spot = placed(np.array([[random.uniform(-0.3, 0.3) * length, -depth * 0.12]]), plan.center, plan.angle)[0]
    chimney = rectangle((float(spot[0]), float(spot[1])), (11, 9), plan.angle)
    canvas.dim(canvas.cover(shifted(chimney, 8, 6), shifted(chimney, 4, 3), soft=1, union=True), _SHADE)
    canvas.paint(canvas.cover(chimney), rgb("#94715c"))
    canvas.paint(canvas.cover(rectangle((float(spot[0]), float(spot[1])), (6, 4), plan.angle)), rgb("#241c18"))
    for step in range(int(random.integers(0, 4))):
        local = np.array([[(step - 1) * length * 0.22, depth * 0.26]])
        at = placed(local, plan.center, plan.angle)[0]
        window = canvas.cover(rectangle((float(at[0]), float(at[1])), (11, 8), plan.angle))
        canvas.paint(window, rgb("#3a4a58"))
        canvas.glow(window, rgb("#8fb0cc") * random.uniform(0.02, 0.5))


def tree(canvas: Canvas, random: Random, center: Pair, radius: float, owner: str, tint: str = "green") -> None:
    """A crown of leaves from above: domes of twigs, brighter towards the sun, with its shadow beside it."""
    rings = [blob(random, center, (radius * 0.8, radius * 0.8), 0.0, 0.14, 9)]
    heads = _heads(random, center, radius)
    rings += [blob(random, (x, y), (r, r), 0.0, 0.2, 9) for x, y, r in heads]
    away = (-SUN[0] * radius * 0.75, -SUN[1] * radius * 0.75)
    canvas.dim(canvas.cover(*[ring + away for ring in rings], soft=2.5, union=True), _SHADE)
    cover = canvas.cover(*rings, union=True)
    x, y = cover.grid()
    height = np.zeros(cover.size, np.float32)
    for hx, hy, hr in heads:
        rise = radius * 0.75 * (1 - ((hx - center[0]) ** 2 + (hy - center[1]) ** 2) / (radius * radius * 1.1))
        dome = np.sqrt(np.maximum(hr * hr - (x - hx) ** 2 - (y - hy) ** 2, 0)) * 0.8
        height = np.maximum(height, np.where(dome > 0, dome + rise, 0))
    leaves = fractal(random, cover.size, 6, 3)
    bumps = cv2.GaussianBlur(height.astype(np.float32), (0, 0), 1.2) + 4.2 * leaves
    tone = 0.55 * height / radius + 0.40 * leaves + random.uniform(-0.06, 0.10)
    light = np.clip(relief(bumps, 0.62, SUN), 0.32, 1.9)
    canvas.paint(cover, (ramp(tone, _LEAVES[tint]) * light[..., None]).astype(np.float32), owner)


def _heads(random: Random, center: Pair, radius: float) -> list[tuple[float, float, float]]:
    heads = []
    for _ in range(int(14 + radius * 0.35)):
        angle, reach = random.uniform(0, 6.283), radius * 0.78 * np.sqrt(random.random())
        size = radius * random.uniform(0.20, 0.36)
        heads.append((center[0] + reach * float(np.cos(angle)), center[1] + reach * float(np.sin(angle)), float(size)))
    return heads


_LEAVES = {
    "green": [(0.1, "#1f3312"), (0.45, "#37551f"), (0.75, "#567532"), (1.0, "#7f9650")],
    "dark": [(0.1, "#14260f"), (0.45, "#244019"), (0.75, "#3b5a28"), (1.0, "#5f7844")],
    "olive": [(0.1, "#2c3619"), (0.45, "#4a552a"), (0.75, "#6a7340"), (1.0, "#8c905c")],
    "autumn": [(0.1, "#4a2f12"), (0.45, "#7f5a1d"), (0.75, "#b28532"), (1.0, "#d1ac5c")],
}


def car(canvas: Canvas, center: Pair, angle: float, paint: str, owner: str) -> None:
    """A car from above: body, glass all round, roof, a shadow below."""

    def part(points: Sequence[Pair]) -> Ring:
        return placed(np.asarray(points, float), center, angle)

    body = part(
        [
            (-20, -8),
            (-18, -9.4),
            (15, -9.4),
            (19.5, -7.5),
            (21, -3),
            (21, 3),
            (19.5, 7.5),
            (15, 9.4),
            (-18, 9.4),
            (-20, 8),
        ]
    )
    canvas.dim(canvas.cover(shifted(body, 7.5, 6), soft=2.2), _SHADE)
    canvas.dim(canvas.cover(body, soft=3), (0.45, 0.45, 0.45))
    cover = canvas.cover(body)
    x, y = cover.grid()
    across = ((y - center[1]) * np.cos(angle) - (x - center[0]) * np.sin(angle)) / 9.4
    shade = 0.95 - 0.5 * np.abs(across) ** 3 + 0.25 * np.exp(-(((across + 0.35) / 0.25) ** 2))
    canvas.paint(cover, (rgb(paint) * shade[..., None]).astype(np.float32), owner)
    canvas.paint(
        canvas.cover(
            part([(-15, -6), (-11, -7.6), (7, -7.6), (11.5, -6.4), (11.5, 6.4), (7, 7.6), (-11, 7.6), (-15, 6)])
        ),
        rgb("#1b242b"),
    )
    canvas.glow(canvas.cover(part([(7.5, -6.2), (10.5, -5.6), (10.5, -1), (7.5, -1)]), soft=0.8), rgb("#a9c6dd") * 0.35)
    canvas.paint(canvas.cover(part([(-10, -6.2), (5, -6.2), (5, 6.2), (-10, 6.2)]), soft=0.4), rgb(paint) * 1.12)
    canvas.glow(canvas.cover(part([(-8, -4.6), (2, -4.6), (2, -2.6), (-8, -2.6)]), soft=1.0), rgb("#ffffff") * 0.35)
