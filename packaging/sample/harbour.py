"""A harbour at dusk: town and lighthouse on the far shore, boats and their mirror images, a pier in front."""

from __future__ import annotations

import numpy as np

from bitmask_studio.core.geometry import Point
from sample import boats, dusk, pier, quay, town
from sample.boats import Boat
from sample.canvas import Canvas
from sample.light import Film, develop, rgb
from sample.noise import Floats, Random
from sample.outlines import Pair, curve, ellipse, ribbon, sagging, shifted
from sample.scene import TOUCH_UP, Picture, Scene, Thing, bitten, with_island
from sample.town import Front

_FILM = Film(exposure=1.25, bloom=0.30, vignette=0.36, grain=0.007, blur=0.7, contrast=0.35, saturation=0.86)
WIDTH, HEIGHT = 1920, 1280
_LINE = 634.0

_BOATS = (
    Boat("boat-far-1", "sail", (420, 694), 150, "#d9d6cf", "#2f4a78", 2),
    Boat("boat-far-2", "sail", (650, 706), -165, "#33425f", "#c9b48a", 3),
    Boat("boat-far-3", "sail", (1130, 690), 140, "#e6e0d2", "#7a2f2c", 4),
    Boat("boat-far-4", "rowing", (830, 716), 70, "#b7c2c4", "#3a4a5a", 9),
    Boat("boat-fishing", "fishing", (1205, 830), -330, "#2c5a78", "#b5402f", 5),
    Boat("boat-yacht", "sail", (520, 905), 470, "#ece7dc", "#23406e", 6),
    Boat("boat-rowing", "rowing", (880, 1120), -330, "#8f3d30", "#d8cdb8", 7),
)
_BUOYS: tuple[tuple[float, float, float, str], ...] = (
    (1440, 735, 12, "#d8492c"),
    (170, 1005, 20, "#e0a12a"),
    (1010, 930, 15, "#d8492c"),
)
_KINDS = {
    "sail": {"Kind": "Sailing boat", "Sails": "Furled"},
    "fishing": {"Kind": "Fishing boat"},
    "rowing": {"Kind": "Rowing boat"},
}


def draw() -> Scene:
    """The picture."""
    random = np.random.default_rng(7)
    canvas = Canvas(WIDTH, HEIGHT)
    dusk.sky(canvas, random)
    dusk.hills(canvas, random)
    houses, lamps = _shore(canvas, random)
    ripples = dusk.Ripples(canvas, random)
    shore = np.array([(-10, _LINE), (WIDTH + 10, _LINE), (WIDTH + 10, HEIGHT + 10), (-10, HEIGHT + 10)])
    dusk.water(canvas, ripples, shore, _LINE)
    _boats(canvas, ripples)
    _buoys(canvas, ripples)
    _gulls(canvas)
    pier.deck(canvas, random)
    lamps.append(pier.lamp(canvas))
    _mooring(canvas)
    pixels = develop(canvas.picture, random, _FILM)
    return Scene("Harbour at dusk", (Picture("harbour-at-dusk.jpg", pixels, _things(canvas, houses, lamps)),))


def _shore(canvas: Canvas, random: Random) -> tuple[list[Front], list[Pair]]:
    town.church(canvas, random)
    houses = town.fronts(random)
    back = [house for house in houses if house.foot[1] < 600]
    for house in back:
        town.front(canvas, random, house)
    for number, (x, tall) in enumerate(((150, 108), (345, 96), (590, 118), (742, 90), (960, 120), (1012, 86))):
        quay.tree(canvas, random, (x, 612), tall, f"tree-{number}")
    for house in houses[len(back) :]:
        town.front(canvas, random, house)
    quay.tree(canvas, random, (20, 614), 92, "tree-6")
    quay.wall(canvas, random)
    lamps = quay.lamps(canvas)
    quay.lighthouse(canvas, random)
    return houses, lamps


def _boats(canvas: Canvas, ripples: dusk.Ripples) -> None:
    for boat in _BOATS:
        alone = Canvas(WIDTH, HEIGHT)
        boats.draw(alone, boat)
        dusk.mirror_of(canvas, ripples, alone, boat.at[1] - 2)
        foot = ellipse(boat.at, (abs(boat.length) * 0.48, abs(boat.length) * 0.018))
        canvas.dim(canvas.cover(foot, soft=3), (0.4, 0.42, 0.5))
        boats.draw(canvas, boat)


def _buoys(canvas: Canvas, ripples: dusk.Ripples) -> None:
    for x, y, radius, color in _BUOYS:
        alone = Canvas(WIDTH, HEIGHT)
        for target in (alone, canvas):
            if target is canvas:
                dusk.mirror_of(canvas, ripples, alone, y + radius * 0.55)
            _buoy(target, (x, y), radius, rgb(color))


def _buoy(canvas: Canvas, center: Pair, radius: float, color: Floats) -> None:
    ball = ellipse(center, (radius, radius))
    ball = ball[ball[:, 1] < center[1] + radius * 0.6]
    cover = canvas.cover(ball[np.argsort(np.arctan2(ball[:, 1] - center[1], ball[:, 0] - center[0]))])
    x, y = cover.grid()
    nx, ny = (x - center[0]) / radius, (y - center[1]) / radius
    light = 0.34 + 0.55 * np.clip(0.65 * nx - 0.5 * ny + 0.2, 0, 1) - 0.15 * ny
    shine = np.exp(-((nx - 0.35) ** 2 + (ny + 0.4) ** 2) / 0.03)
    canvas.paint(cover, (color * light[..., None] + shine[..., None] * 0.5).astype(np.float32), f"buoy-{center[0]:.0f}")


def _gulls(canvas: Canvas) -> None:
    for x, y, span, lean in (
        (1010, 240, 46, 0.1),
        (1090, 292, 34, -0.2),
        (935, 318, 28, 0.15),
        (1420, 180, 30, 0.0),
        (790, 205, 24, -0.1),
    ):
        for side in (-1, 1):
            wing = curve(
                [
                    (x, y),
                    (x + side * span * 0.42, y - span * (0.26 + lean * side)),
                    (x + side * span, y - span * (0.05 + lean * side)),
                ],
                10,
            )
            canvas.paint(canvas.cover(ribbon(wing, [span * 0.12, span * 0.11, 0.8])), rgb("#2c2a40"))


def _mooring(canvas: Canvas) -> None:
    """Ropes: the rowing boat's to the bollard, the yacht's towards the left."""
    for start, end, sag, width in (((1046, 1076), (1462, 1116), 66, 4.0), ((290, 858), (-20, 930), 30, 2.6)):
        rope = ribbon(sagging(start, end, sag), width)
        canvas.paint(canvas.cover(rope), rgb("#a08a6c") * 0.55, "")
        canvas.paint(canvas.cover(shifted(rope, 0, -width * 0.3)).faded(0.35), rgb("#ffcf9a") * 0.6)


def _things(canvas: Canvas, houses: list[Front], lamps: list[Pair]) -> tuple[Thing, ...]:
    things = [Thing("water", "Water", canvas.visible("water"), {})]
    named = [(house.key, "Building") for house in houses] + [("church", "Building"), ("lighthouse", "Building")]
    named += [(f"tree-{number}", "Tree") for number in range(7)]
    masks = [(key, name, canvas.visible(key)) for key, name in named]
    things += [Thing(key, name, mask, {}) for key, name, mask in masks if mask.area > 250]
    things += [_boat(canvas, boat) for boat in _BOATS]
    for x, y, radius, _ in _BUOYS:
        corners = (Point(x - radius - 1, y - radius - 1), Point(x + radius + 1, y + radius * 0.6 + 1))
        things.append(Thing(f"buoy-{x:.0f}", "Buoy", corners, {}))
    things += [Thing(f"lamp-{x:.0f}", "Lamp", (Point(x, y),), {}) for x, y in lamps]
    return tuple(things)


def _boat(canvas: Canvas, boat: Boat) -> Thing:
    mask, answers = canvas.visible(boat.key), _KINDS[boat.kind]
    if boat.key == "boat-fishing":
        return Thing(boat.key, "Boat", bitten(mask, Point(1330, 800), 34), answers | TOUCH_UP)
    if boat.key == "boat-rowing":
        return Thing(boat.key, "Boat", with_island(mask, Point(700, 1180), 15), answers | TOUCH_UP)
    return Thing(boat.key, "Boat", mask, answers)
