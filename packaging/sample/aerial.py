"""An aerial view: fields, a river below a bridge, a village at a crossroads, a pond with an island."""

from __future__ import annotations

import numpy as np

from bitmask_studio.core.geometry import Point
from sample import land, village
from sample.canvas import Canvas
from sample.land import Field
from sample.light import Film, develop, rgb
from sample.noise import Random, fractal, smoothstep
from sample.outlines import Pair, Ring, blob, curve, line, ribbon, shifted
from sample.scene import TOUCH_UP, Picture, Scene, Thing, bitten, with_island
from sample.village import House

_FILM = Film(exposure=1.25, bloom=0.05, vignette=0.22, grain=0.009, blur=0.55, contrast=0.15, saturation=0.74)
WIDTH, HEIGHT = 2048, 1536

_RIVER = curve(
    [(1395, -80), (1335, 190), (1450, 470), (1640, 720), (1655, 960), (1560, 1210), (1650, 1420), (1800, 1640)]
)
_MAIN = curve([(-80, 935), (420, 905), (800, 930), (1200, 985), (1640, 930), (2130, 820)])
_LANE = curve([(720, -80), (735, 260), (770, 560), (790, 930), (720, 1230), (590, 1640)])
_BRIDGE = curve([(1540, 952), (1640, 930), (1748, 902)])
_TRACK = curve([(1560, 400), (1700, 470), (1900, 470), (2130, 500)])

_FIELDS = (
    Field("field-wheat", "wheat", [(-20, -20), (360, -20), (385, 395), (-20, 440)], 1.50, 9.0),
    Field("field-maize", "maize", [(385, -20), (688, -20), (700, 250), (712, 372), (405, 395)], 1.52, 13.0),
    Field("field-ploughed", "ploughed", [(-20, 466), (400, 420), (395, 640), (380, 862), (-20, 892)], 0.06, 11.0),
    Field(
        "field-rape", "rape", [(775, -20), (1300, -20), (1262, 170), (1310, 330), (800, 400), (780, 200)], -0.13, 8.0
    ),
    Field(
        "field-lavender",
        "lavender",
        [(1500, -20), (2068, -20), (2068, 430), (1900, 425), (1700, 420), (1560, 350), (1425, 190)],
        0.62,
        20.0,
    ),
    Field("field-wheat-2", "wheat", [(1760, 520), (2068, 545), (2068, 780), (1790, 842)], -0.22, 9.0),
    Field("field-maize-2", "maize", [(-20, 985), (420, 960), (400, 1240), (360, 1556), (-20, 1556)], 1.42, 14.0),
    Field(
        "field-mown", "mown", [(400, 1240), (425, 960), (630, 950), (680, 1180), (560, 1556), (360, 1556)], 1.30, 46.0
    ),
    Field(
        "field-ploughed-2",
        "ploughed",
        [(1745, 975), (2068, 895), (2068, 1556), (1850, 1556), (1690, 1290), (1700, 1080)],
        0.95,
        12.0,
    ),
)
_HOUSES = (
    House("house-1", (560, 560), (112, 78), 0.12, "red"),
    House("house-2", (640, 690), (98, 74), -1.35, "brown", hipped=True),
    House("house-3", (520, 735), (120, 80), 0.05, "slate"),
    House("house-4", (610, 830), (92, 66), -0.05, "orange"),
    House("house-5", (900, 520), (110, 76), 1.45, "orange", hipped=True),
    House("house-6", (1045, 500), (126, 82), -0.10, "red"),
    House("house-7", (900, 690), (96, 74), 0.02, "slate", hipped=True),
    House("house-8", (905, 830), (104, 72), 0.06, "red"),
    House("courtyard", (1150, 745), (226, 214), 0.10, "orange", yard=104, storeys=1.3),
    House("house-9", (1370, 640), (104, 70), 0.50, "brown"),
    House("house-10", (1400, 800), (116, 80), -0.12, "red", hipped=True),
    House("house-11", (900, 1080), (108, 76), 0.14, "brown"),
    House("house-12", (1040, 1100), (96, 72), 1.62, "red"),
    House("barn", (1320, 1090), (176, 92), -0.10, "slate", storeys=1.3),
    House("house-13a", (560, 440), (96, 62), 0.12, "brown"),
)
_CARS = (
    ((250, 924), 3.10, "#b3202a"), ((640, 925), 0.10, "#d9dadb"), ((1010, 948), 3.25, "#274b8c"),
    ((1440, 978), -0.12, "#e3e2dc"), ((1690, 908), 2.92, "#1f2326"), ((752, 340), 1.42, "#c9a12c"),
    ((786, 640), 1.55, "#8d9499"), ((770, 1060), -1.30, "#3f7a5a"), ((1235, 905), 1.57, "#a8352c"),
    ((1262, 908), 1.60, "#e8e8e6"), ((1291, 908), 1.52, "#33506f"), ((970, 760), 0.2, "#6a6f73"),
    ((1010, 1012), 0.06, "#d6d1c4"),
)  # fmt: skip


def draw() -> Scene:
    """The view."""
    random = np.random.default_rng(77)
    canvas = Canvas(WIDTH, HEIGHT)
    _ground(canvas, random)
    trees = _trees(canvas, random)
    _clouds(canvas, random)
    canvas.picture += (rgb("#9fb4c4") - canvas.picture) * 0.05
    pixels = develop(canvas.picture, random, _FILM)
    return Scene("Village from the air", (Picture("village-from-the-air.jpg", pixels, _things(canvas, trees)),))


def _ground(canvas: Canvas, random: Random) -> None:
    land.grass(canvas, random)
    for plot in _FIELDS:
        land.field(canvas, random, plot)
    land.water(canvas, random, [ribbon(_RIVER, [84, 92, 78, 96, 104, 88, 110])], "river")
    land.track(canvas, random, _TRACK, 26, "track")
    land.road(canvas, random, _LANE, 30, "lane")
    _bridge_shadow(canvas)
    land.road(canvas, random, _MAIN, 46, "main-road")
    land.road(canvas, random, curve([(789, 890), (790, 930), (781, 978)]), 26, "main-road", lines=False)
    _bridge(canvas)
    land.water(canvas, random, [_pond()], "pond")
    _island(canvas, random)
    _yards(canvas, random)
    _scrub(canvas, random)
    for number, (at, angle, paint) in enumerate(_CARS):
        village.car(canvas, at, angle, paint, f"car-{number}")
    for plan in _HOUSES:
        village.house(canvas, random, plan)
    wing = House("house-13a", (604, 470), (64, 58), 0.12 + np.pi / 2, "brown")
    village.house(canvas, random, wing)


def _pond() -> Ring:
    return blob(np.random.default_rng(12), (1240, 1345), (215, 128), -0.12, 0.16, 7)


def _island(canvas: Canvas, random: Random) -> None:
    ring = blob(np.random.default_rng(13), (1260, 1345), (62, 42), 0.2, 0.16, 7)
    canvas.paint(canvas.cover(ring, soft=4), rgb("#75693f"))
    cover = canvas.cover(ring)
    grass = fractal(random, cover.size, 14, 4)
    canvas.paint(cover, rgb("#66763a") * (0.7 + 0.6 * grass)[..., None], "")


def _yards(canvas: Canvas, random: Random) -> None:
    """Worn ground and gravel around the houses, a parking place before the courtyard."""
    for plan in _HOUSES:
        ring = blob(random, plan.center, (plan.size[0] * 0.85, plan.size[1] * 0.95), plan.angle, 0.18)
        cover = canvas.cover(ring, soft=14)
        bare = smoothstep(0.35, 0.65, fractal(random, cover.size, 60, 5))
        canvas.paint(cover.faded(0.7 * bare), rgb("#a3946f"))
    lot = canvas.cover(np.array([(1190, 880), (1330, 884), (1330, 958), (1186, 950)], float), soft=1.0)
    canvas.paint(lot.faded(0.9), rgb("#8d8980") * (0.85 + 0.3 * fractal(random, lot.size, 3, 2))[..., None])
    for x in range(1220, 1330, 28):
        canvas.paint(canvas.cover(ribbon(line((x, 886), (x, 928)), 1.8)).faded(0.7), rgb("#e8e6dd"))


def _scrub(canvas: Canvas, random: Random) -> None:
    """Low bushes and tall weeds wherever nothing else is: on the banks, along the lanes, in the gardens."""
    wild = fractal(random, (HEIGHT, WIDTH), 110, 4)
    for x, y in random.uniform((10, 10), (WIDTH - 10, HEIGHT - 10), (1500, 2)):
        free = canvas.owner[int(y) - 9 : int(y) + 10, int(x) - 9 : int(x) + 10].max() == 0
        if free and wild[int(y), int(x)] > 0.50:
            tint = str(random.choice(["green", "olive", "olive", "dark"]))
            village.tree(canvas, random, (float(x), float(y)), float(random.uniform(4, 12)), "", tint)


def _bridge_shadow(canvas: Canvas) -> None:
    canvas.dim(canvas.cover(ribbon(shifted(_BRIDGE, 16, 26), 58), soft=3), (0.35, 0.40, 0.5))


def _bridge(canvas: Canvas) -> None:
    """Stone parapets on both sides of the road."""
    edges = ribbon(_BRIDGE, 56)
    half = len(edges) // 2
    for side in (edges[:half], edges[half:][::-1]):
        canvas.dim(canvas.cover(ribbon(shifted(side, 5, 5), 7), soft=1.5), (0.45, 0.48, 0.55))
        canvas.paint(canvas.cover(ribbon(side, 7.5)), rgb("#b5ab97"), "main-road")


def _trees(canvas: Canvas, random: Random) -> list[str]:
    """Single trees, rows along the river, hedges between fields, an orchard; returns their names."""
    spots: list[tuple[Pair, float, str]] = []
    spots += [((x, y), random.uniform(34, 52), "green") for x, y in _along_river(random)]
    spots += [
        ((x + random.normal(0, 3), y + random.normal(0, 3)), 24.0, "olive")
        for x in range(1420, 1560, 46)
        for y in range(1300, 1500, 48)
    ]
    spots += [
        ((x, y), r, "dark")
        for x, y, r in ((470, 640, 40), (700, 590, 36), (1000, 620, 38), (1240, 560, 48), (1290, 500, 40))
    ]
    spots += [
        ((x, y), r, "green")
        for x, y, r in ((1150, 752, 27), (960, 590, 34), (1480, 700, 42), (830, 1160, 46), (960, 1190, 38))
    ]
    spots += [
        ((x, y), r, "autumn") for x, y, r in ((700, 780, 32), (1120, 1010, 30), (1075, 610, 30), (1400, 1180, 36))
    ]
    spots += [
        ((1232, 1340), 25.0, "dark"),
        ((1278, 1352), 30.0, "green"),
        ((1010, 1290), 44.0, "dark"),
        ((1075, 1220), 40.0, "green"),
    ]
    spots += [
        ((1090, 1480), 50.0, "dark"),
        ((1010, 1420), 46.0, "green"),
        ((940, 1500), 52.0, "dark"),
        ((860, 1420), 44.0, "green"),
    ]
    spots += [((x, 412 + random.normal(0, 8)), random.uniform(18, 27), "dark") for x in range(20, 400, 34)]
    spots += [
        ((742 + random.normal(0, 5), y), random.uniform(26, 36), "autumn" if y % 3 == 0 else "green")
        for y in (1330, 1400, 1465, 1520)
    ]
    names = []
    for number, (center, radius, tint) in enumerate(sorted(spots, key=lambda spot: spot[0][1])):
        names.append(f"tree-{number}")
        village.tree(canvas, random, center, radius, names[-1], tint)
    return names


def _along_river(random: Random) -> list[Pair]:
    edges = ribbon(_RIVER, 190)
    picked = edges[::11]
    jitter = random.normal(0, 14, picked.shape)
    keep = random.random(len(picked)) < 0.72
    spots = [(float(x), float(y)) for x, y in (picked + jitter)[keep]]
    return [(x, y) for x, y in spots if not (820 < y < 1020) and 0 < x < WIDTH and -30 < y < HEIGHT + 30]


def _clouds(canvas: Canvas, random: Random) -> None:
    """The soft shadows of two clouds."""
    shadow = smoothstep(0.60, 0.82, fractal(random, (HEIGHT, WIDTH), 900, 4))
    canvas.dim(canvas.everywhere().faded(0.45 * shadow), (0.5, 0.55, 0.65))


def _things(canvas: Canvas, trees: list[str]) -> tuple[Thing, ...]:
    names = [(plot.key, "Field") for plot in _FIELDS] + [("river", "Water"), ("pond", "Water")]
    names += [(key, "Road") for key in ("track", "lane", "main-road")]
    names += [(plan.key, "Building") for plan in _HOUSES] + [(f"car-{number}", "Car") for number in range(len(_CARS))]
    names += [(key, "Tree") for key in trees]
    things = [_thing(canvas, key, class_name) for key, class_name in names]
    shore = tuple(Point(round(x, 1), round(y, 1)) for x, y in _pond()[20:92:6])
    whole = [thing for thing in things if thing.geometry]
    return (*whole, Thing("pond-shore", "Shoreline", shore, {}))


def _thing(canvas: Canvas, key: str, class_name: str) -> Thing:
    mask = canvas.visible(key)
    if key == "house-6":
        return Thing(key, class_name, bitten(mask, Point(1090, 478), 26), TOUCH_UP)
    if key == "house-11":
        return Thing(key, class_name, with_island(mask, Point(985, 1030), 9), TOUCH_UP)
    return Thing(key, class_name, mask, {})
