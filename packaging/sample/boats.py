"""Boats of the harbour, seen from the side: hull, cabin, masts, ropes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample.canvas import Canvas, Cover
from sample.light import rgb
from sample.noise import Floats, Random, fractal, smoothstep
from sample.outlines import Pair, Ring, curve, ellipse, line, ribbon, sagging

_SKY = np.array([0.42, 0.46, 0.58], np.float32)
_AFTERGLOW = np.array([1.25, 0.80, 0.52], np.float32)


@dataclass(frozen=True)
class Boat:
    """A boat whose waterline's middle lies at `at`; `length` in px, negative when its bow points left."""

    key: str
    kind: str
    at: Pair
    length: float
    hull: str
    stripe: str
    seed: int


def draw(canvas: Canvas, boat: Boat) -> None:
    """The boat above its waterline."""
    random = np.random.default_rng(boat.seed)
    _DRAWERS[boat.kind](canvas, random, boat)


def _at(boat: Boat, points: Sequence[Pair]) -> Ring:
    """Points in lengths from the waterline's middle, bow ahead at +x, up at -y."""
    ring = np.asarray(points, float)
    there: Ring = ring * (boat.length, abs(boat.length)) + np.asarray(boat.at)
    return there


def _lit(cover: Cover, color: Floats, right: Floats | float, up: Floats | float) -> Floats:
    """A surface under the evening sky: violet from above, warm from the right."""
    light = _SKY * (0.20 + 0.62 * np.asarray(up, np.float32))[..., None]
    light = light + _AFTERGLOW * (0.58 * np.asarray(right, np.float32) ** 1.4)[..., None]
    return (np.broadcast_to(color * light, (*cover.size, 3))).astype(np.float32)


def _part(
    canvas: Canvas, boat: Boat, ring: Ring, color: str, right: float = 0.3, up: float = 0.6, grain: float = 0.12
) -> Cover:
    """A flat part with a little dirt, brighter to the right."""
    cover = canvas.cover(ring)
    random = np.random.default_rng(int(abs(ring).sum()) % 9973)
    x, y = cover.grid()
    across = (x - cover.box.x0) / max(cover.box.width, 1) + 0 * y
    down = (y - cover.box.y0) / max(cover.box.height, 1) + 0 * x
    dirt = 1 - grain + 2 * grain * fractal(random, cover.size, 18, 4)
    canvas.paint(
        cover,
        _lit(cover, rgb(color), right * (0.4 + 1.2 * across), up * (1.15 - 0.5 * down)) * dirt[..., None],
        boat.key,
    )
    return cover


def _rope(
    canvas: Canvas, boat: Boat, start: Pair, end: Pair, width: float = 1.9, color: str = "#6d6473", sag: float = 0.0
) -> None:
    ends = _at(boat, [start, end])
    rope = sagging((ends[0, 0], ends[0, 1]), (ends[1, 0], ends[1, 1]), sag * abs(boat.length))
    canvas.paint(canvas.cover(ribbon(rope, width)), rgb(color), boat.key)


def _spar(canvas: Canvas, boat: Boat, start: Pair, end: Pair, widths: Sequence[float], color: str) -> None:
    ends = _at(boat, [start, end])
    cover = canvas.cover(
        ribbon(line((ends[0, 0], ends[0, 1]), (ends[1, 0], ends[1, 1])), [w * abs(boat.length) for w in widths])
    )
    x, y = cover.grid()
    slant = (ends[1, 0] - ends[0, 0]) / (ends[1, 1] - ends[0, 1] + 1e-6) if abs(ends[1, 1] - ends[0, 1]) > 40 else 0.0
    side = x - ends[0, 0] - (y - ends[0, 1]) * slant
    right = smoothstep(-2.5, 3.5, side) if slant or abs(ends[1, 1] - ends[0, 1]) > 40 else 0.3 + 0 * (x + y)
    canvas.paint(cover, _lit(cover, rgb(color), right + 0 * y, 0.7 + 0 * (x + y)), boat.key)


def _hull(canvas: Canvas, boat: Boat, sheer: Sequence[Pair], keel: Sequence[Pair]) -> None:
    """The side of the hull between its upper edge and the waterline, rounded, with a stripe and a wet foot."""
    top = curve([(x, y) for x, y in sheer], 16)
    ring = np.concatenate((top, curve([(x, y) for x, y in keel], 12)))
    cover = canvas.cover(_at(boat, [(x, y) for x, y in ring]))
    x, y = cover.grid()
    u = (x - boat.at[0]) / boat.length + 0 * y
    deck = np.interp(u, top[:, 0], top[:, 1]).astype(np.float32)
    v = np.clip(((y - boat.at[1]) / abs(boat.length) - deck) / np.maximum(-deck, 1e-3), 0, 1)
    random = np.random.default_rng(boat.seed)
    dirt = fractal(random, cover.size, 60, 5, 0.3)
    color = np.broadcast_to(rgb(boat.hull), (*cover.size, 3)) * (0.86 + 0.28 * dirt)[..., None]
    stripe = (smoothstep(0.10, 0.13, v) * smoothstep(0.22, 0.19, v) + smoothstep(0.82, 0.85, v))[..., None]
    color = color * (1 - stripe) + rgb(boat.stripe) * stripe
    turn = u * np.sign(boat.length)
    right = np.clip(0.22 + 0.95 * turn, 0, 1) * (1 - 0.7 * v)
    up = 0.18 + 0.72 * (1 - v) ** 1.6
    wave = 0.10 * smoothstep(0.45, 0.9, fractal(random, cover.size, 14, 3, 3.0)) * v
    planks = 1 - 0.10 * (np.abs((v * 9) % 1 - 0.5) < 0.06) * (boat.kind != "sail")
    shaded = _lit(cover, color, right + wave * 1.6, up) * planks[..., None]
    foot = smoothstep(0.985, 0.93, v)[..., None]
    canvas.paint(cover, (shaded * (0.35 + 0.65 * foot)).astype(np.float32), boat.key)
    rail = _at(boat, [(px, py) for px, py in top])
    canvas.paint(canvas.cover(ribbon(rail, 0.012 * abs(boat.length))), _lit_flat("#d9cdbb", 0.8), boat.key)


def _lit_flat(color: str, right: float) -> Floats:
    return (rgb(color) * (_SKY * 0.7 + _AFTERGLOW * 0.45 * right)).astype(np.float32)


def _windows(canvas: Canvas, boat: Boat, spots: Sequence[Pair], size: Pair, lamp: float) -> None:
    """Dark panes with the sky in them, or lit from inside."""
    for x, y in spots:
        w, h = size[0] / 2, size[1] / 2
        pane = canvas.cover(_at(boat, [(x - w, y - h), (x + w, y - h * 0.9), (x + w, y + h), (x - w, y + h)]))
        canvas.paint(pane, rgb("#151a2a"), boat.key)
        canvas.glow(pane, rgb("#ffb765") * lamp + rgb("#56608c") * 0.25)


def _sail(canvas: Canvas, random: Random, boat: Boat) -> None:
    _mast(canvas, random, boat)
    _part(
        canvas,
        boat,
        _at(boat, [(-0.22, -0.115), (-0.20, -0.175), (0.02, -0.195), (0.16, -0.165), (0.24, -0.125)]),
        "#e8e2d6",
        0.4,
    )
    _windows(canvas, boat, [(-0.13, -0.15), (-0.05, -0.155), (0.035, -0.157)], (0.055, 0.026), 0.5)
    _hull(
        canvas,
        boat,
        [(-0.50, -0.105), (-0.2, -0.095), (0.15, -0.11), (0.53, -0.165)],
        [(0.455, 0.0), (0.0, 0.004), (-0.46, 0.0)],
    )
    for x in np.linspace(-0.46, 0.44, 8):
        deck = -0.10 - 0.06 * max(0.0, float(x)) ** 1.4
        _rope(canvas, boat, (float(x), deck), (float(x), deck - 0.062), 2.0, "#a9a3ad")
    for lift in (0.031, 0.062):
        _rope(canvas, boat, (-0.46, -0.10 - lift), (0.44, -0.118 - lift), 1.7, "#a9a3ad", 0.004)
    for x in (-0.28, 0.05, 0.27):
        _part(canvas, boat, _at(boat, ellipse((x, -0.055), (0.014, 0.035))[:, :].tolist()), "#dfe3ea", 0.6)


def _mast(canvas: Canvas, random: Random, boat: Boat) -> None:
    foot, top = (0.06, -0.16), (0.045, -1.28)
    wires = [((0.52, -0.17), top), ((-0.49, -0.12), top), ((0.0, -0.12), (0.01, -0.80)), ((0.13, -0.12), (0.10, -0.80))]
    wires += [((0.01, -0.80), top), ((0.10, -0.80), top), ((-0.40, -0.22), (0.05, -1.1))]
    for start, end in wires:
        _rope(canvas, boat, start, end)
    _spar(canvas, boat, foot, top, (0.020, 0.017, 0.012), "#cfc4b4")
    _spar(canvas, boat, (0.0, -0.80), (0.11, -0.80), (0.009, 0.009), "#cfc4b4")
    _spar(canvas, boat, (0.05, -0.255), (-0.42, -0.235), (0.016, 0.014), "#b9ab96")
    roll = _at(boat, curve([(0.04, -0.285), (-0.1, -0.272), (-0.26, -0.262), (-0.41, -0.252)], 12).tolist())
    _part(
        canvas,
        boat,
        ribbon(
            roll,
            [0.030 * abs(boat.length), 0.052 * abs(boat.length), 0.046 * abs(boat.length), 0.018 * abs(boat.length)],
        ),
        boat.stripe,
        0.4,
        0.8,
    )
    flag = _at(boat, curve([(-0.49, -0.30), (-0.53, -0.285), (-0.58, -0.30)], 8).tolist())
    _rope(canvas, boat, (-0.49, -0.11), (-0.49, -0.335), 2.4, "#b9ab96")
    _part(canvas, boat, ribbon(flag, 0.045 * abs(boat.length)), "#c23b36", 0.5, 0.9)
    canvas.glow(canvas.cover(_at(boat, ellipse(top, (0.006, 0.006)).tolist()), soft=1.2), rgb("#fff0d0") * 2.0)


def _fishing(canvas: Canvas, random: Random, boat: Boat) -> None:
    for start, end in (
        ((-0.30, -0.62), (0.50, -0.24)),
        ((-0.30, -0.62), (-0.49, -0.16)),
        ((-0.1, -0.50), (0.34, -0.56)),
        ((0.34, -0.56), (0.50, -0.24)),
        ((-0.30, -0.62), (0.34, -0.56)),
    ):
        _rope(canvas, boat, start, end, 2.0, "#544b5c", 0.006)
    _spar(canvas, boat, (-0.28, -0.16), (-0.30, -0.64), (0.022, 0.014), "#8a6a48")
    _spar(canvas, boat, (0.32, -0.18), (0.34, -0.57), (0.018, 0.012), "#8a6a48")
    _spar(canvas, boat, (-0.28, -0.30), (0.10, -0.50), (0.016, 0.012), "#8a6a48")
    _part(
        canvas,
        boat,
        _at(boat, [(-0.06, -0.14), (-0.06, -0.40), (0.17, -0.40), (0.20, -0.32), (0.20, -0.14)]),
        "#e9e3d8",
        0.5,
        0.7,
        0.2,
    )
    _part(
        canvas, boat, _at(boat, [(-0.09, -0.395), (-0.07, -0.43), (0.18, -0.43), (0.22, -0.395)]), boat.stripe, 0.5, 0.9
    )
    _windows(canvas, boat, [(-0.015, -0.335), (0.06, -0.335), (0.135, -0.333)], (0.055, 0.062), 1.1)
    _part(canvas, boat, _at(boat, [(-0.05, -0.27), (0.0, -0.27), (0.0, -0.14), (-0.05, -0.14)]), "#7a4a30", 0.3)
    for x, tone in ((-0.24, "#b4553a"), (-0.17, "#3f6a7a"), (-0.205, "#b98b3c")):
        _part(
            canvas,
            boat,
            _at(boat, [(x - 0.035, -0.20), (x + 0.035, -0.20), (x + 0.035, -0.13), (x - 0.035, -0.13)]),
            tone,
            0.3,
            0.7,
            0.25,
        )
    _hull(
        canvas,
        boat,
        [(-0.51, -0.17), (-0.2, -0.135), (0.15, -0.155), (0.54, -0.27)],
        [(0.44, 0.0), (0.0, 0.004), (-0.47, 0.0)],
    )
    for x in (-0.32, -0.08, 0.16):
        _tyre(canvas, boat, (x, -0.085))


def _tyre(canvas: Canvas, boat: Boat, center: Pair) -> None:
    rings = [_at(boat, ellipse(center, (r, r)).tolist()) for r in (0.035, 0.017)]
    cover = canvas.cover(*rings)
    canvas.paint(cover, rgb("#16151a"), boat.key)
    canvas.glow(
        canvas.cover(_at(boat, ellipse((center[0] + 0.012, center[1] - 0.018), (0.012, 0.008)).tolist()), soft=2),
        rgb("#a08090") * 0.15,
    )


def _rowing(canvas: Canvas, random: Random, boat: Boat) -> None:
    """A rowing boat seen a little from above, its inside open to the eye."""
    rim = [(-0.5, -0.16), (-0.30, -0.205), (0.05, -0.21), (0.38, -0.20), (0.54, -0.215)]
    near = [(0.54, -0.215), (0.36, -0.125), (0.05, -0.095), (-0.28, -0.105), (-0.5, -0.16)]
    inside = np.concatenate((curve(rim, 14), curve(near, 14)))
    cover = _part(canvas, boat, _at(boat, inside.tolist()), "#5f4530", 0.15, 0.35, 0.25)
    x, y = cover.grid()
    ribs = (np.abs(((x - boat.at[0]) / abs(boat.length) * 16) % 1 - 0.5) < 0.07).astype(np.float32) + 0 * y
    canvas.dim(cover.faded(0.45 * ribs), (0.5, 0.5, 0.55))
    for x0 in (-0.25, 0.04, 0.30):
        seat = [(x0 - 0.035, -0.200), (x0 + 0.03, -0.202), (x0 + 0.045, -0.115), (x0 - 0.03, -0.110)]
        _part(canvas, boat, _at(boat, seat), "#a8804f", 0.45, 0.8, 0.2)
    _spar(canvas, boat, (-0.40, -0.165), (0.44, -0.19), (0.012, 0.012), "#c7a064")
    _spar(canvas, boat, (-0.36, -0.135), (0.30, -0.165), (0.012, 0.030), "#c7a064")
    _hull(
        canvas,
        boat,
        [(-0.5, -0.16), (-0.28, -0.105), (0.05, -0.095), (0.36, -0.125), (0.54, -0.215)],
        [(0.47, -0.03), (0.28, 0.0), (0.0, 0.006), (-0.3, 0.0), (-0.44, -0.02)],
    )
    back = _at(boat, curve(rim, 14).tolist())
    canvas.paint(canvas.cover(ribbon(back, 0.014 * abs(boat.length))), _lit_flat("#d9cdbb", 0.6), boat.key)


_DRAWERS = {"sail": _sail, "fishing": _fishing, "rowing": _rowing}
