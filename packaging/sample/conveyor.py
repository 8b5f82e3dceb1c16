"""An image group: fruit on a conveyor belt, five moments, passing below a scanner's arm that cuts them in two."""

from __future__ import annotations

import numpy as np

from bitmask_studio.core.geometry import Point
from sample import fruit
from sample.canvas import Canvas
from sample.fruit import Fruit
from sample.light import Film, develop, ramp, relief, rgb
from sample.noise import Floats, blurred, fractal, smoothstep
from sample.outlines import Pair, Ring, blob, line, rectangle, ribbon, shifted
from sample.scene import TOUCH_UP, Picture, Scene, Thing, bitten

WIDTH, HEIGHT = 1280, 800
FRAMES = 5
STEP = 150
BELT = (104, 696)
ARM_X = 838

_FRUITS = (
    Fruit("apple-1", "red apple", (250, 270), 76, 0.4, 3),
    Fruit("orange-1", "orange", (398, 300), 74, 1.0, 11),
    Fruit("banana-1", "banana", (300, 520), 92, -0.25, 5),
    Fruit("lemon-1", "lemon", (560, 420), 60, 0.7, 7),
    Fruit("apple-2", "green apple", (700, 240), 74, 2.4, 8),
    Fruit("plum-1", "plum", (640, 590), 52, 0.2, 9),
    Fruit("plum-2", "plum", (736, 566), 50, 1.9, 19),
    Fruit("pear-1", "pear", (900, 470), 70, -2.6, 10),
    Fruit("orange-2", "orange", (1050, 250), 72, 2.0, 31),
    Fruit("apple-3", "red apple", (1096, 390), 78, 2.9, 12),
    Fruit("lemon-2", "lemon", (1180, 590), 58, -0.5, 17),
    Fruit("apple-4", "red apple", (60, 400), 75, 5.2, 15),
    Fruit("banana-2", "banana", (-130, 280), 94, 0.5, 25),
    Fruit("plum-3", "plum", (-60, 590), 51, 0.9, 29),
    Fruit("pear-2", "pear", (-190, 520), 68, 0.3, 30),
    Fruit("apple-5", "green apple", (-370, 330), 77, 3.6, 18),
    Fruit("orange-3", "orange", (-400, 520), 73, 3.0, 41),
)
_RIPENESS = {"apple-2": "Unripe", "pear-1": "Spoiled", "banana-1": "Spoiled"}
_DAMAGE = {"pear-1": "Bruise", "banana-1": "Brown spots"}


def draw() -> Scene:
    """All frames."""
    strip = _belt_strip()
    return Scene("Fruit on a conveyor", tuple(_frame(number, strip) for number in range(FRAMES)))


def _frame(number: int, strip: Floats) -> Picture:
    canvas = Canvas(WIDTH, HEIGHT)
    start = (FRAMES - 1 - number) * STEP
    canvas.picture[:] = strip[:, start : start + WIDTH]
    _light_pool(canvas)
    places = [(each, (each.at[0] + number * STEP, each.at[1])) for each in _FRUITS]
    seen = [(each, at) for each, at in places if canvas.reaches(each.outline(at))]
    for each, at in seen:
        fruit.draw_shadow(canvas, each, at)
    for each, at in seen:
        fruit.draw(canvas, each, at)
    _bruise(canvas, {each.key: at for each, at in seen})
    _rails(canvas)
    _arm(canvas)
    pixels = develop(
        canvas.picture, np.random.default_rng(100 + number), Film(vignette=0.35, grain=0.008, blur=0.55, contrast=0.2)
    )
    return Picture(f"fruit-conveyor-{number}.jpg", pixels, _things(canvas, number, {each.key: at for each, at in seen}))


def _bruise_outline(pear: Pair) -> Ring:
    return blob(np.random.default_rng(2), (pear[0] + 8, pear[1] + 26), (25, 18), 0.6, 0.16, 6)


def _bruise(canvas: Canvas, places: dict[str, Pair]) -> None:
    """The brown spot on the spoiled pear."""
    if "pear-1" not in places:
        return
    outline = _bruise_outline(places["pear-1"])
    spot = canvas.cover(outline, soft=2.5)
    canvas.paint(spot.faded(0.62 * canvas.owned(spot, "pear-1")), rgb("#3d2410"))
    core = canvas.cover(outline * 0.5 + outline.mean(axis=0) * 0.5, soft=5)
    canvas.paint(core.faded(0.55 * canvas.owned(core, "pear-1")), rgb("#1f120a"))


def _things(canvas: Canvas, number: int, places: dict[str, Pair]) -> tuple[Thing, ...]:
    things = []
    for each in _FRUITS:
        mask = canvas.visible(each.key)
        if mask.area < 60:
            continue
        answers = {"Ripeness": _RIPENESS.get(each.key, "Ripe")}
        if each.key in _DAMAGE:
            answers["Damage"] = _DAMAGE[each.key]
        if (each.key, number) == ("orange-1", 1):
            x, y = places[each.key]
            mask, answers = bitten(mask, Point(x + 58, y + 34), 30), answers | TOUCH_UP
        things.append(Thing(each.key, "Fruit", mask, answers))
    if "pear-1" in places and places["pear-1"][0] < WIDTH - 40:
        points = tuple(Point(round(x, 1), round(y, 1)) for x, y in _bruise_outline(places["pear-1"])[::8])
        things.append(Thing("bruise-1", "Bruise", points, {}))
    return tuple(things)


def _belt_strip() -> Floats:
    """The empty belt, long enough for every frame: woven rubber with scuffs and seams."""
    random = np.random.default_rng(4)
    size = (HEIGHT, WIDTH + FRAMES * STEP)
    x, y = np.arange(size[1], dtype=np.float32)[None, :], np.arange(size[0], dtype=np.float32)[:, None]
    weave = 0.5 + 0.25 * np.cos(x * 0.898 + np.cos(y * 0.898) * 1.2) + 0.25 * np.cos(y * 0.898)
    dirt = fractal(random, size, 160, 6)
    scuffs = smoothstep(0.58, 0.9, fractal(random, size, 5, 4, 18.0)) * smoothstep(0.4, 0.7, dirt)
    tone = 0.25 + 0.5 * dirt + 0.10 * fractal(random, size, 3, 2)
    belt = ramp(tone, [(0.0, "#20282d"), (0.5, "#323d43"), (1.0, "#4a565b")])
    belt = belt * relief(weave.astype(np.float32), 1.1)[..., None] + (scuffs * 0.035)[..., None]
    seam = np.minimum(x % 610, 610 - x % 610)
    belt *= (1 - 0.55 * np.exp(-((seam / 2.0) ** 2)) + 0.25 * np.exp(-(((seam - 5) / 2.0) ** 2)))[..., None]
    return belt.astype(np.float32)


def _light_pool(canvas: Canvas) -> None:
    x, y = canvas.everywhere().grid()
    pool = np.exp(-(((x - 520) / 760) ** 2 + ((y - 330) / 520) ** 2))
    canvas.picture *= (0.62 + 1.15 * pool)[..., None] * np.array([1.03, 1.0, 0.95], np.float32)


def _rails(canvas: Canvas) -> None:
    """Brushed metal along both sides, with bolts."""
    random = np.random.default_rng(6)
    for top, bottom, side in ((0, BELT[0], 1), (BELT[1], HEIGHT, -1)):
        middle = (WIDTH / 2, (top + bottom) / 2)
        edge = rectangle(middle, (WIDTH + 40, bottom - top))
        canvas.dim(canvas.cover(shifted(edge, 10, 26 * side if side > 0 else -6), soft=10), (0.25, 0.25, 0.28))
        cover = canvas.cover(edge)
        y = np.linspace(0, 1, cover.size[0], dtype=np.float32)[:, None]
        brushed = fractal(random, cover.size, 2.2, 2, 60.0)
        bend = 0.30 + 0.35 * np.exp(-(((y - 0.3) / 0.16) ** 2)) + 0.5 * np.exp(-(((y - 0.92) / 0.05) ** 2))
        x = cover.grid()[0]
        sweep = 0.55 + 0.55 * np.exp(-(((x - 430) / 420) ** 2))
        canvas.paint(
            cover, (rgb("#a9b2b8") * ((bend * sweep) * (0.8 + 0.4 * brushed))[..., None]).astype(np.float32), ""
        )
        for bolt_x in range(90, WIDTH, 220):
            _bolt(canvas, (bolt_x, top + 50 if side > 0 else bottom - 50))


def _bolt(canvas: Canvas, center: tuple[float, float]) -> None:
    ring = rectangle((0, 0), (1, 1))
    hexagon = np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 7)[:-1] + center[0]]) * 13 + center
    canvas.dim(canvas.cover(shifted(hexagon, 4, 5), soft=4), (0.3, 0.3, 0.3))
    cover = canvas.cover(hexagon)
    x, y = cover.grid()
    tone = 0.5 - 0.022 * (x - center[0]) - 0.026 * (y - center[1])
    canvas.paint(cover, (rgb("#8b9398") * np.clip(tone, 0.1, 1.2)[..., None] * 1.4).astype(np.float32))
    slot = ring * (3, 16) + center
    canvas.paint(canvas.cover(slot).faded(0.6), rgb("#22272b"))


def _arm(canvas: Canvas) -> None:
    """The scanner's arm above the belt, nearer than the focus: a soft edge, a shadow far off, a line of blue light."""
    arm = ribbon(line((ARM_X + 30, -20), (ARM_X - 14, HEIGHT + 20)), 58)
    canvas.dim(canvas.cover(shifted(arm, 64, 40), soft=22), (0.42, 0.43, 0.46))
    cover = canvas.cover(arm, soft=1.6)
    x, y = cover.grid()
    across = (x - (ARM_X + 30 - (y + 20) * 44 / (HEIGHT + 40))) / 29
    shade = 0.16 + 0.5 * np.exp(-(((across + 0.45) / 0.30) ** 2)) + 0.18 * np.exp(-(((across - 0.85) / 0.1) ** 2))
    shade = shade * (0.75 + 0.4 * np.exp(-(((y - 300) / 280) ** 2)))
    grain = 0.9 + 0.2 * fractal(np.random.default_rng(7), cover.size, 3, 2, 0.5)
    canvas.paint(cover, (rgb("#c9a227") * (shade * grain)[..., None] * 1.5).astype(np.float32), "")
    _stripes(canvas, arm)
    beam = ribbon(line((ARM_X - 12, BELT[0]), (ARM_X - 44, BELT[1])), 3.0)
    spill = canvas.cover(ribbon(line((ARM_X - 12, BELT[0]), (ARM_X - 44, BELT[1])), 26), soft=16)
    canvas.glow(spill, rgb("#2a6cff") * 0.30)
    canvas.glow(canvas.cover(beam, soft=1.2), rgb("#6fb1ff") * 0.9)


def _stripes(canvas: Canvas, arm: Ring) -> None:
    """Hazard stripes on the arm."""
    inside = canvas.cover(arm, soft=1.6)
    x, y = inside.grid()
    wave = ((y + (x - ARM_X) * 0.9) % 92) - 46
    stripe = smoothstep(23.5, 21.0, np.abs(wave)) * np.ones_like(x)
    worn = 0.72 + 0.2 * blurred(fractal(np.random.default_rng(8), inside.size, 24, 5), 1.0)
    canvas.paint(inside.faded(stripe * worn), rgb("#17191b"))
