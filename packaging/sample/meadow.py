"""A flower meadow close up, 4K: a few flowers in focus, others before and behind, light from the upper right."""

from __future__ import annotations

import cv2
import numpy as np

from bitmask_studio.core.geometry import Point
from sample import flowers, stalks
from sample.canvas import Canvas
from sample.flowers import Flower
from sample.light import Film, develop, ramp, rgb
from sample.noise import Random, fractal
from sample.outlines import curve, ellipse, ribbon
from sample.scene import TOUCH_UP, Picture, Scene, Thing, bitten, with_island
from sample.stalks import Stalk

_FILM = Film(exposure=1.05, bloom=0.10, vignette=0.30, grain=0.004, blur=0.8, contrast=0.30, saturation=0.95)
WIDTH, HEIGHT = 3840, 2160

_FLOWERS = (
    Flower("daisy-far-1", "daisy", (1960, 330), 120, 0.62, 0.1, 17, 1),
    Flower("poppy-far-1", "poppy", (520, 360), 230, 0.70, -0.2, 19, 2),
    Flower("cornflower-far-1", "cornflower", (2660, 330), 150, 0.70, 0.0, 16, 3),
    Flower("daisy-far-2", "daisy", (1010, 300), 130, 0.55, -0.1, 14, 4),
    Flower("poppy-far-2", "poppy", (3600, 260), 210, 0.60, 0.2, 16, 5),
    Flower("buttercup-far-1", "buttercup", (3130, 420), 90, 0.70, 0.1, 12, 6),
    Flower("daisy-far-3", "daisy", (180, 980), 150, 0.60, 0.2, 12, 7),
    Flower("cornflower-2", "cornflower", (3560, 1190), 190, 0.72, 0.15, 6, 8),
    Flower("daisy-4", "daisy", (420, 1290), 210, 0.66, -0.15, 5, 9),
    Flower("poppy-2", "poppy", (3080, 800), 330, 0.74, 0.12, 3, 10),
    Flower("daisy-2", "daisy", (2720, 1270), 245, 0.70, 0.22, 0, 11),
    Flower("poppy-1", "poppy", (1300, 860), 410, 0.80, -0.10, 0, 12),
    Flower("daisy-1", "daisy", (2180, 760), 300, 0.84, -0.12, 0, 13),
    Flower("cornflower-1", "cornflower", (1880, 1370), 225, 0.78, 0.05, 0, 14),
    Flower("daisy-3", "daisy", (880, 1500), 215, 0.58, -0.28, 0, 15),
    Flower("buttercup-1", "buttercup", (1420, 1660), 128, 0.66, 0.1, 0, 16),
    Flower("buttercup-2", "buttercup", (2330, 1590), 116, 0.72, -0.2, 0, 17),
    Flower("buttercup-3", "buttercup", (3180, 1620), 122, 0.60, 0.2, 2, 18),
)


def draw() -> Scene:
    """The picture."""
    random = np.random.default_rng(31)
    canvas = Canvas(WIDTH, HEIGHT)
    _background(canvas, random)
    blades = _blades(random)
    for plan in [plan for plan in blades if plan.blur > 8]:
        stalks.blade(canvas, random, plan)
    for flower in _FLOWERS:
        stalks.stalk(canvas, random, _stalk(random, flower))
        flowers.draw(canvas, flower)
        if flower.key == "poppy-2":
            for plan in [plan for plan in blades if 0 <= plan.blur <= 8]:
                stalks.blade(canvas, random, plan)
            _small_things(canvas, random)
    _ladybirds(canvas)
    _foreground(canvas, random)
    pixels = develop(canvas.picture, random, _FILM)
    return Scene("Meadow in June", (Picture("meadow-4k.jpg", pixels, _things(canvas, blades)),))


def _background(canvas: Canvas, random: Random) -> None:
    """Far grass and flowers, melted into disks of light."""
    width, height = WIDTH // 4, HEIGHT // 4
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    tone = 0.75 - 0.75 * y + 0.25 * x + 0.30 * (fractal(random, (height, width), 150, 3) - 0.5)
    far = ramp(tone, [(0.0, "#10220c"), (0.3, "#26421a"), (0.55, "#4f6f2c"), (0.8, "#93a552"), (1.05, "#dcd698")])
    for _ in range(190):
        center = (float(random.uniform(-20, width + 20)), float(random.uniform(-20, height * 0.85)))
        radius = float(random.uniform(10, 40)) * (1.2 - 0.5 * center[1] / height)
        color = rgb(str(random.choice(["#c2281c", "#e9e4da", "#4a5cc0", "#e8c83a", "#9fb85a", "#d9e0a0", "#5f7f34"])))
        alpha = np.zeros((height, width), np.float32)
        cv2.circle(alpha, (round(center[0] * 16), round(center[1] * 16)), round(radius * 16), 0.8, -1, cv2.LINE_AA, 4)
        cv2.circle(alpha, (round(center[0] * 16), round(center[1] * 16)), round(radius * 16), 0.9, 2, cv2.LINE_AA, 4)
        far += (color * 0.9 - far) * (cv2.GaussianBlur(alpha, (0, 0), 1.5) * random.uniform(0.05, 0.30))[..., None]
    canvas.picture[:] = cv2.resize(cv2.GaussianBlur(far, (0, 0), 3.5), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    for _ in range(60):
        root = (float(random.uniform(-100, WIDTH + 100)), HEIGHT + 60.0)
        tip = (root[0] + float(random.normal(0, 330)), float(random.uniform(500, 1700)))
        spine = curve([root, ((root[0] * 2 + tip[0]) / 3, (root[1] + tip[1]) / 2), tip], 16)
        cover = canvas.cover(ribbon(spine, [42, 34, 5]), soft=float(random.uniform(14, 30)))
        canvas.paint(cover.faded(0.55), rgb(str(random.choice(["#33541c", "#587a2c", "#7f9a44", "#1f3812"]))))


def _blades(random: Random) -> list[Stalk]:
    """Blades of grass at many depths; those in focus are named and labelled."""
    plans = []
    for number in range(34):
        root = (float(random.uniform(-60, WIDTH + 60)), HEIGHT + 50.0)
        tall = float(random.uniform(650, 1750))
        bend = float(random.normal(0, 260))
        middle = (root[0] + bend * 0.25, root[1] - tall * 0.55)
        tip = (root[0] + bend, root[1] - tall)
        blur = float((11, 9, 6, 3.5, 1.5, 0.0)[number % 6])
        wide = float(random.uniform(26, 44))
        plans.append(
            Stalk(
                f"blade-{number}",
                [root, middle, tip],
                (wide, wide, wide * 0.8, wide * 0.45, 2.0),
                blur,
                float(random.uniform(0.6, 1.15)),
            )
        )
    return plans


def _stalk(random: Random, flower: Flower) -> Stalk:
    x, y = flower.at
    start = (x, y + flower.radius * flower.tilt * 0.15)
    root = (x + float(random.normal(0, 150)), HEIGHT + 60.0)
    middle = ((x * 1.3 + root[0] * 0.7) / 2 + float(random.normal(0, 40)), (y + root[1]) / 2)
    wide = 12 + flower.radius * 0.055
    hairy = flower.kind == "poppy"
    return Stalk(
        f"{flower.key}-stalk", [root, middle, start], (wide * 1.15, wide, wide * 0.85), flower.blur, 0.9, hairy
    )


def _small_things(canvas: Canvas, random: Random) -> None:
    """Two buds on bent stalks, three grasses in flower."""
    spine = [(1800.0, HEIGHT + 60.0), (1730.0, 1300.0), (1748.0, 640.0), (1810.0, 452.0), (1862.0, 520.0)]
    stalks.stalk(canvas, random, Stalk("bud-1-stalk", spine, (24, 22, 17, 14), 0.0, 0.95, True))
    stalks.bud(canvas, random, (1872, 592), 92, 1.35, "bud-1")
    spine = [(2540.0, HEIGHT + 60.0), (2560.0, 1500.0), (2530.0, 980.0), (2476.0, 860.0), (2440.0, 930.0)]
    stalks.stalk(canvas, random, Stalk("bud-2-stalk", spine, (22, 19, 15, 12), 0.0, 0.95, True))
    stalks.bud(canvas, random, (2432, 992), 74, 1.75, "bud-2")
    for number, (x, top, bend) in enumerate(((620.0, 560.0, 60.0), (2960.0, 1080.0, -50.0), (3420.0, 480.0, 90.0))):
        plan = Stalk(
            f"ear-{number}",
            [(x - bend, HEIGHT + 50.0), (x - bend * 0.4, (top + HEIGHT) / 2), (x, top)],
            (11, 8, 5),
            0.0 if number < 2 else 2.5,
            1.1,
        )
        stalks.ear(canvas, random, plan)


def _ladybirds(canvas: Canvas) -> None:
    stalks.ladybird(canvas, (2300, 560), 58, -0.7, "ladybird-1")
    stalks.ladybird(canvas, (1040, 1392), 46, 0.5, "ladybird-2")
    rng = np.random.default_rng(3)
    for x, y in (
        (1120, 640),
        (1480, 700),
        (1560, 1010),
        (1010, 980),
        (1390, 1120),
        (1250, 560),
        (1180, 1080),
        (1530, 860),
    ):
        for _ in range(3):
            at = (x + float(rng.normal(0, 34)), y + float(rng.normal(0, 34)))
            radius = float(rng.uniform(6, 17))
            if canvas.owned(canvas.cover(ellipse(at, (radius, radius))), "poppy-1").all():
                stalks.dew(canvas, at, radius)


def _foreground(canvas: Canvas, random: Random) -> None:
    """Blades right before the lens, nothing but veils of green."""
    for root, tip, wide, power in (
        ((-80.0, 2300.0), (520.0, 700.0), 150, 0.55),
        ((3900.0, 2300.0), (3420.0, 1300.0), 170, 0.6),
        ((2500.0, 2350.0), (2200.0, 1850.0), 120, 0.5),
    ):
        spine = curve([root, ((root[0] + tip[0]) / 2 - 60, (root[1] + tip[1]) / 2), tip], 20)
        cover = canvas.cover(ribbon(spine, [wide, wide * 0.8, 12]), soft=44)
        canvas.paint(cover.faded(power), rgb("#6f8f36"))
    disk = canvas.cover(ellipse((160, 1980), (330, 230)), soft=60)
    canvas.paint(disk.faded(0.75), rgb("#c8301e"))


def _things(canvas: Canvas, blades: list[Stalk]) -> tuple[Thing, ...]:
    names = [(plan.key, "Leaf") for plan in blades if plan.blur < 4]
    for flower in _FLOWERS:
        if flower.blur < 15:
            names += [(f"{flower.key}-stalk", "Stalk"), (flower.key, "Flower")]
    names += [(f"bud-{n}-stalk", "Stalk") for n in (1, 2)] + [(f"bud-{n}", "Flower") for n in (1, 2)]
    names += [(f"ear-{n}", "Stalk") for n in range(3)] + [("ladybird-1", "Insect"), ("ladybird-2", "Insect")]
    masks = [(key, name, canvas.visible(key)) for key, name in names]
    things = [Thing(key, name, mask, {}) for key, name, mask in masks if mask.area > 900]
    return tuple(_flawed(thing) for thing in things)


def _flawed(thing: Thing) -> Thing:
    """Two masks are left for the user to mend."""
    if thing.key == "daisy-1" and not isinstance(thing.geometry, tuple):
        return Thing(thing.key, thing.class_name, bitten(thing.geometry, Point(1950, 900), 80), TOUCH_UP)
    if thing.key == "cornflower-1" and not isinstance(thing.geometry, tuple):
        return Thing(thing.key, thing.class_name, with_island(thing.geometry, Point(2160, 1500), 34), TOUCH_UP)
    return thing
