"""The houses and the church on the far shore of the harbour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample.canvas import Canvas
from sample.light import ramp, rgb
from sample.noise import Floats, Random, fractal, smoothstep
from sample.outlines import Pair, ellipse, line, rectangle, ribbon

SKY = np.array([0.40, 0.41, 0.58], np.float32)
AFTERGLOW = np.array([1.15, 0.72, 0.46], np.float32)
_ROOFS = ("#7a4436", "#5b4a4a", "#8a5238", "#4d5058", "#6e3f38")
_WALLS = ("#d8c7ae", "#c98f6b", "#e3d9c6", "#b8695a", "#c9b27a", "#9fb0b3", "#d9a68c", "#b9a99a", "#e6c9a0", "#8fa3a8")


@dataclass(frozen=True)
class Front:
    """A house front: its left foot (px), width, height to the eaves, roof height, wall colour."""

    key: str
    foot: Pair
    width: float
    height: float
    roof: float
    wall: str
    eaves: bool
    """Whether its roof slopes towards the water, instead of its gable."""


def fronts(random: Random) -> list[Front]:
    """Two rows of houses along the quay, back row first."""
    rows: list[Front] = []
    for row, (base, low, high) in enumerate(((596.0, 96, 150), (612.0, 64, 112))):
        x = 30.0 + 25 * row
        while x < 905:
            width, height = float(random.uniform(54, 92)), float(random.uniform(low, high))
            wall = _WALLS[int(random.integers(len(_WALLS)))]
            rows.append(
                Front(
                    f"house-{row}-{len(rows)}",
                    (x, base),
                    width,
                    height,
                    float(random.uniform(20, 36)),
                    wall,
                    bool(random.random() < 0.55),
                )
            )
            x += width + float(random.choice([0, 0, 0, 26, 44]) if row else random.choice([0, 6, 46, 80]))
    return rows


def front(canvas: Canvas, random: Random, plan: Front) -> None:
    """One house: gable towards the water, plaster, lit and dark windows."""
    (x0, y1), w, h = plan.foot, plan.width, plan.height
    veil = 0.20 if plan.foot[1] < 600 else 0.08
    peak = [] if plan.eaves else [(x0 + w / 2, y1 - h - plan.roof)]
    wall = np.array([(x0, y1), (x0, y1 - h), *peak, (x0 + w, y1 - h), (x0 + w, y1)])
    cover = canvas.cover(wall)
    gx, gy = cover.grid()
    across, down = (gx - x0) / w + 0 * gy, (gy - cover.box.y0) / cover.box.height + 0 * gx
    dirt = 0.82 + 0.32 * fractal(random, cover.size, 30, 5) - 0.16 * down
    light = SKY * 0.44 + AFTERGLOW * (0.04 + 0.22 * across[..., None] ** 2)
    canvas.paint(cover, veiled(rgb(plan.wall) * dirt[..., None] * light, veil), plan.key)
    if plan.eaves:
        _slope(canvas, random, plan, veil)
    for side in () if plan.eaves else (-1, 1):
        _gable(canvas, plan, side, veil)
    _panes(canvas, random, plan)


def _slope(canvas: Canvas, random: Random, plan: Front, veil: float) -> None:
    """A tiled roof that slopes towards the water, with a chimney and a dormer."""
    (x0, y1), w, h = plan.foot, plan.width, plan.height
    top, eave = y1 - h - plan.roof, y1 - h + 3
    stack = rectangle((x0 + w * 0.24, top - 6), (9, 24))
    canvas.paint(
        canvas.cover(stack),
        veiled((rgb("#8a5b4c") * (SKY * 0.5 + AFTERGLOW * 0.25))[None, None], veil)[0, 0],
        plan.key,
    )
    cover = canvas.cover(np.array([(x0 - 3, eave), (x0 + 5, top), (x0 + w - 5, top), (x0 + w + 3, eave)]))
    x, y = cover.grid()
    tiles = 0.85 + 0.15 * np.cos(y * 1.7) + 0.10 * np.cos(x * 1.5 + np.floor(y * 0.27) * 1.6)
    stain = 0.75 + 0.5 * fractal(random, cover.size, 24, 4)
    tone = rgb(_ROOFS[int(plan.width) % len(_ROOFS)]) * (SKY * 0.75 + AFTERGLOW * 0.16) * (tiles * stain)[..., None]
    canvas.paint(cover, veiled(tone.astype(np.float32), veil), plan.key)
    dormer = np.array(
        [
            (x0 + w * 0.5, eave - 4),
            (x0 + w * 0.5, top + 9),
            (x0 + w * 0.5 + 8, top + 1),
            (x0 + w * 0.5 + 16, top + 9),
            (x0 + w * 0.5 + 16, eave - 4),
        ]
    )
    canvas.paint(
        canvas.cover(dormer),
        veiled((rgb(plan.wall) * (SKY * 0.4 + AFTERGLOW * 0.16))[None, None], veil)[0, 0],
        plan.key,
    )
    _pane(canvas, (x0 + w * 0.5 + 8, top + plan.roof * 0.55), (7.0, 9.0), float(random.random()))


def _gable(canvas: Canvas, plan: Front, side: int, veil: float) -> None:
    (x0, y1), w, h = plan.foot, plan.width, plan.height
    edge = x0 if side < 0 else x0 + w
    slope = line((x0 + w / 2, y1 - h - plan.roof - 2), (edge + side * 5, y1 - h + 3), 8)
    tone = rgb("#6b3c33") * (SKY * 0.7 + AFTERGLOW * (0.55 if side > 0 else 0.12))
    canvas.paint(canvas.cover(ribbon(slope, 6.5)), veiled(tone[None, None], veil)[0, 0], plan.key)
    if side > 0:
        stack = rectangle((x0 + w * 0.72, y1 - h - plan.roof * 0.62 - 8), (8, 20))
        canvas.paint(
            canvas.cover(stack),
            veiled((rgb("#8a5b4c") * (SKY * 0.7 + AFTERGLOW * 0.3))[None, None], veil)[0, 0],
            plan.key,
        )


def veiled(color: Floats, amount: float) -> Floats:
    """Air between the eye and the far shore."""
    return (color * (1 - amount) + rgb("#8a7187") * amount).astype(np.float32)


def _panes(canvas: Canvas, random: Random, plan: Front) -> None:
    (x0, y1), w, h = plan.foot, plan.width, plan.height
    columns = max(2, int(w / 22))
    for row in range(int(h / 29)):
        for column in range(columns):
            x = x0 + w * (column + 0.5) / columns
            y = y1 - h + 20 + row * 29
            if y > y1 - 14 or random.random() < 0.08:
                continue
            _pane(canvas, (x, y), (8.5, 13.0), float(random.random()))
    door = rectangle((x0 + w * 0.5, y1 - 10), (10, 20))
    canvas.paint(canvas.cover(door), rgb("#2a2026"))


def _pane(canvas: Canvas, center: Pair, size: Pair, chance: float) -> None:
    canvas.paint(canvas.cover(rectangle(center, (size[0] + 3, size[1] + 3))).faded(0.75), rgb("#b7a79b") * 0.45)
    pane = canvas.cover(rectangle(center, size))
    if chance < 0.36:
        canvas.paint(pane, rgb("#ffb55a") * (0.7 + 1.6 * chance))
        canvas.glow(canvas.cover(ellipse(center, (9, 11)), soft=6), rgb("#ff9a3c") * 0.16)
    else:
        canvas.paint(pane, rgb("#2a2c42") * (0.7 + 0.7 * chance))
    canvas.paint(
        canvas.cover(rectangle(center, (1.3, size[1])), rectangle(center, (size[0], 1.3)), union=True).faded(0.7),
        rgb("#6f6468") * 0.6,
    )


def church(canvas: Canvas, random: Random) -> None:
    """A stone tower with a copper spire behind the houses."""
    tower = rectangle((470, 480), (46, 240))
    cover = canvas.cover(tower)
    x, _ = cover.grid()
    stone = ramp(fractal(random, cover.size, 9, 4, 2.0), [(0.0, "#7a6f68"), (1.0, "#b0a393")])
    light = SKY * 0.6 + AFTERGLOW * (0.12 + 0.5 * smoothstep(455, 493, x))[..., None]
    canvas.paint(cover, veiled(stone * light, 0.24), "church")
    for side, warm in ((-1, 0.1), (1, 0.6)):
        half = np.array([(470, 262), (470 + side * 27, 362), (470, 362)], float)
        canvas.paint(
            canvas.cover(half),
            veiled((rgb("#5b8577") * (SKY + AFTERGLOW * warm * 0.6))[None, None], 0.22)[0, 0],
            "church",
        )
    canvas.paint(
        canvas.cover(ribbon(line((470, 240), (470, 266)), 2.4), ribbon(line((464, 248), (476, 248)), 2.2), union=True),
        rgb("#453c44"),
        "church",
    )
    dial = canvas.cover(ellipse((470, 396), (11, 11)))
    canvas.paint(dial, rgb("#ffe2a8") * 0.8)
    canvas.paint(
        canvas.cover(ribbon(line((470, 396), (470, 388)), 1.6), ribbon(line((470, 396), (476, 399)), 1.6), union=True),
        rgb("#2a2026"),
    )
