"""A fluorescence micrograph: touching cells, round ones lying across them, some dividing, some out of focus."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.mask import Mask
from sample.canvas import Canvas, Cover
from sample.light import Film, develop, rgb
from sample.noise import Floats, Random, blurred, fractal, smoothstep
from sample.outlines import Pair, Ring, blob, ellipse
from sample.scene import TOUCH_UP, Picture, Scene, Thing, bitten, with_island

WIDTH, HEIGHT = 1600, 1200
_PHOTONS = 154.0
"""How many make a pixel white."""
_GREEN, _RED, _BLUE = rgb("#2fe07a"), rgb("#ff5a2c"), rgb("#4f7dff")


@dataclass(frozen=True)
class Cell:
    """One cell: the pixels of its body and of its nucleus, its focus (0 sharp to 1 far out)."""

    key: str
    center: Pair
    angle: float
    body: Cover
    nucleus: Cover
    blur: float
    divides: bool


def draw() -> Scene:
    """The micrograph."""
    random = np.random.default_rng(20)
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.picture += rgb("#0a1420") * (0.25 + 0.5 * fractal(random, (HEIGHT, WIDTH), 420, 3))[..., None]
    _debris(canvas, random)
    cells = _sheet(canvas, random) + _across(canvas, random)
    for cell in cells:
        _glow(canvas, cell, np.random.default_rng(1000 + len(cell.key) * 37 + int(cell.center[0])))
    pixels = _expose(canvas, random)
    return Scene("Cells under the microscope", (Picture("cells.jpg", pixels, _things(cells)),))


def _seeds(random: Random) -> list[Pair]:
    """Places at least 108 px apart, in a colony that leaves bare ground towards two corners."""
    seeds: list[Pair] = []
    bare = fractal(random, (HEIGHT + 200, WIDTH + 200), 420, 2)
    for x, y in random.uniform((-70, -70), (WIDTH + 70, HEIGHT + 70), (6000, 2)):
        crowded = any((x - a) ** 2 + ((y - b) * 1.12) ** 2 < 133**2 for a, b in seeds)
        if not crowded and bare[int(y) + 100, int(x) + 100] > 0.27:
            seeds.append((float(x), float(y)))
    return seeds


def _sheet(canvas: Canvas, random: Random) -> list[Cell]:
    """The cells that grow side by side: each keeps what is nearer to it than to any other."""
    seeds = _seeds(random)
    outlines = [_outline(random, seed) for seed in seeds]
    nearest = _territory(random, seeds)
    cells = []
    for number, (seed, (ring, angle)) in enumerate(zip(seeds, outlines, strict=True)):
        cover = canvas.cover(ring)
        own = cv2.GaussianBlur((nearest[cover.place] == number).astype(np.float32), (0, 0), 1.2)
        body = Cover(cover.box, cover.alpha * smoothstep(0.25, 0.75, own))
        if body.mask().area > 900:
            cells.append(_cell(canvas, random, f"sheet-{number}", seed, angle, body, 0.0))
    return cells


def _outline(random: Random, seed: Pair) -> tuple[Ring, float]:
    angle = 0.7 * np.sin(seed[0] / 400) + 0.8 * np.cos(seed[1] / 330) + random.normal(0, 0.25)
    radii = (random.uniform(82, 112), random.uniform(56, 74))
    return blob(random, seed, radii, angle, 0.16, 8), float(angle)


def _territory(random: Random, seeds: list[Pair]) -> Floats:
    """For each pixel the number of the nearest seed, borders made wavy by noise."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    x += 34 * (fractal(random, (HEIGHT, WIDTH), 90, 4) - 0.5)
    y += 34 * (fractal(random, (HEIGHT, WIDTH), 90, 4) - 0.5)
    best, number = np.full((HEIGHT, WIDTH), 1e12, np.float32), np.zeros((HEIGHT, WIDTH), np.float32)
    for index, (sx, sy) in enumerate(seeds):
        distance = (x - np.float32(sx)) ** 2 + (y - np.float32(sy)) ** 2
        number[distance < best] = index
        np.minimum(best, distance, out=best)
    return number


def _across(canvas: Canvas, random: Random) -> list[Cell]:
    """Round cells that lie on the sheet and overlap it: some dividing, some out of focus."""
    places = (
        (300, 250),
        (392, 292),
        (980, 190),
        (1130, 560),
        (620, 760),
        (1420, 900),
        (250, 930),
        (845, 1010),
        (1310, 330),
    )
    cells = []
    for number, center in enumerate(places):
        radius = random.uniform(46, 62)
        angle = random.uniform(0, 3.14)
        ring = blob(random, center, (radius, radius * 0.9), angle, 0.05, 6)
        blur = 7.0 if number in (3, 5) else 3.0 if number == 7 else 0.0
        cells.append(_cell(canvas, random, f"round-{number}", center, angle, canvas.cover(ring, soft=blur), blur))
    return cells


def _cell(canvas: Canvas, random: Random, key: str, center: Pair, angle: float, body: Cover, blur: float) -> Cell:
    moments = cv2.moments(body.alpha)
    middle = (body.box.x0 + moments["m10"] / moments["m00"], body.box.y0 + moments["m01"] / moments["m00"])
    divides = key in ("round-1", "round-4")
    radius = float(np.sqrt(moments["m00"] / np.pi))
    size = random.uniform(0.40, 0.48) * radius
    if divides:
        step = np.array([np.cos(angle), np.sin(angle)]) * radius * 0.42
        plates = [blob(random, tuple(middle + s * step), (size * 0.42, size * 1.02), angle, 0.14, 9) for s in (-1, 1)]
        cover = canvas.cover(*plates, soft=blur)
    else:
        cover = canvas.cover(blob(random, middle, (size * 1.18, size * 0.88), angle + 0.2, 0.07, 6), soft=blur)
    inside = Cover(cover.box, cover.alpha * _same_place(body, cover))
    return Cell(key, middle, angle, body, inside, blur, divides)


def _same_place(source: Cover, target: Cover) -> Floats:
    """The alpha of `source` on the pixels of `target`."""
    whole = np.zeros((HEIGHT, WIDTH), np.float32)
    whole[source.place] = source.alpha
    return whole[target.place]


def _glow(canvas: Canvas, cell: Cell, random: Random) -> None:
    """The three stains of one cell: fibres green, mitochondria red, the nucleus blue."""
    body = cell.body.alpha
    away = cv2.distanceTransform((np.pad(body, 1) > 0.5).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    nucleus = _same_place(cell.nucleus, cell.body)
    thick = 1 - np.exp(-away / 16)
    round_one = cell.key.startswith("round")
    fibres = _fibres(cell, random) * (1 - 0.75 * nucleus)
    edge = np.exp(-(((away - 3) / 3.2) ** 2)) * (0.5 + 0.6 * fractal(random, body.shape, 22, 3))
    strength = random.uniform(0.55, 1.15)
    green = (0.050 + 0.22 * thick * fractal(random, body.shape, 26, 5) + 0.42 * fibres + 0.22 * edge) * strength
    red = _mitochondria(cell, random, nucleus, thick) * random.uniform(0.6, 1.3)
    if round_one:
        green, red = green * 1.35 + 0.16 * thick, red * 0.6 + 0.05 * thick
    light = green[..., None] * _GREEN + red[..., None] * _RED
    light = light * body[..., None]
    if cell.blur:
        light = cv2.GaussianBlur(light, (0, 0), cell.blur) * 0.9
    canvas.picture[cell.body.place] += light
    _nucleus(canvas, cell, random)


def _fibres(cell: Cell, random: Random) -> Floats:
    """Thin curved threads from around the nucleus to the edge, most along the cell's axis."""
    height, width = cell.body.size
    threads = np.zeros((height, width), np.uint8)
    total = np.zeros((height, width), np.float32)
    origin = np.array([cell.center[0] - cell.body.box.x0, cell.center[1] - cell.body.box.y0])
    t = np.linspace(0, 1, 26)[:, None]
    for layer in range(3):
        threads[:] = 0
        for _ in range(46):
            heading = cell.angle + random.normal(0, 0.75) + (np.pi if random.random() < 0.5 else 0)
            start = origin + random.normal(0, 16, 2)
            ahead = np.array([np.cos(heading), np.sin(heading)])
            aside = np.array([-ahead[1], ahead[0]]) * random.normal(0, 26)
            path = (
                start
                + t * ahead * random.uniform(60, 130)
                + t * t * aside
                + np.sin(t * 7 + layer) * random.normal(0, 2, 2)
            )
            cv2.polylines(
                threads, [np.round(path * 16).astype(np.int32)], False, int(random.uniform(70, 255)), 1, cv2.LINE_AA, 4
            )
        total += threads.astype(np.float32) / 255
    return cv2.GaussianBlur(total, (0, 0), 0.8) * (0.35 + 0.9 * fractal(random, (height, width), 40, 3))


def _mitochondria(cell: Cell, random: Random, nucleus: Floats, thick: Floats) -> Floats:
    """Short bright worms, dense around the nucleus."""
    height, width = cell.body.size
    worms = np.zeros((height, width), np.uint8)
    origin = np.array([cell.center[0] - cell.body.box.x0, cell.center[1] - cell.body.box.y0])
    for _ in range(120):
        start = origin + random.normal(0, 1, 2) * (30, 26)
        steps = np.cumsum(random.normal(0, 2.6, (7, 2)) + random.normal(0, 2.4, 2), axis=0)
        path = np.round((start + steps) * 16).astype(np.int32)
        cv2.polylines(worms, [path], False, int(random.uniform(60, 255)), int(random.integers(1, 3)), cv2.LINE_AA, 4)
    sharp = cv2.GaussianBlur(worms.astype(np.float32) / 255, (0, 0), 0.9)
    haze = cv2.GaussianBlur(sharp, (0, 0), 5)
    return np.asarray((0.75 * sharp + 0.55 * haze) * (1 - 0.85 * nucleus) * thick, np.float32)


def _nucleus(canvas: Canvas, cell: Cell, random: Random) -> None:
    alpha = cell.nucleus.alpha
    size = cell.nucleus.size
    chromatin = fractal(random, size, 13, 4)
    tone = 0.32 + 0.85 * smoothstep(0.15, 0.9, chromatin)
    if cell.divides:
        tone = 1.25 + 0.7 * smoothstep(0.2, 0.8, chromatin)
    else:
        tone *= _nucleoli(cell, random)
    edge = cv2.GaussianBlur(alpha, (0, 0), 1.1)
    light: Floats = ((tone * edge * random.uniform(0.55, 1.0))[..., None] * _BLUE * 1.15).astype(np.float32)
    if cell.blur:
        light = blurred(light, cell.blur) * 0.9
    canvas.picture[cell.nucleus.place] += light
    wide = canvas.cover(ellipse(cell.center, (26, 26)), soft=14)
    canvas.glow(wide, _BLUE * 0.05)


def _nucleoli(cell: Cell, random: Random) -> Floats:
    x, y = cell.nucleus.grid()
    dark = np.ones(cell.nucleus.size, np.float32)
    for _ in range(int(random.integers(2, 5))):
        cx, cy = cell.center[0] + random.normal(0, 8), cell.center[1] + random.normal(0, 7)
        radius = random.uniform(3.0, 6.0)
        dark *= 1 - 0.72 * smoothstep(radius + 1.8, radius - 1.4, np.sqrt((x - cx) ** 2 + (y - cy) ** 2))
    return dark


def _debris(canvas: Canvas, random: Random) -> None:
    """Cells and specks far below the focus."""
    for _ in range(16):
        center = (float(random.uniform(0, WIDTH)), float(random.uniform(0, HEIGHT)))
        ring = blob(random, center, (random.uniform(30, 80), random.uniform(30, 60)), 0.0, 0.2)
        canvas.glow(canvas.cover(ring, soft=26), _GREEN * random.uniform(0.02, 0.07) + _RED * random.uniform(0, 0.02))
    for _ in range(140):
        center = (float(random.uniform(0, WIDTH)), float(random.uniform(0, HEIGHT)))
        radius = random.uniform(1, 3.2)
        canvas.glow(
            canvas.cover(ellipse(center, (radius, radius)), soft=random.uniform(0.8, 4)),
            _GREEN * random.uniform(0.05, 0.5),
        )


def _expose(canvas: Canvas, random: Random) -> NDArray[np.uint8]:
    """The camera: light scattered in the sample, few photons, an uneven lamp."""
    haze = blurred(canvas.picture, 34)
    picture = canvas.picture * 1.02 + haze * 0.22
    grain = blurred(random.standard_normal((HEIGHT, WIDTH, 3), np.float32), 0.6)
    picture += grain * np.sqrt(np.maximum(picture, 0.002) / _PHOTONS)
    return develop(picture, random, Film(exposure=1.12, bloom=0.12, vignette=0.5, grain=0.006, blur=0.5))


def _things(cells: list[Cell]) -> tuple[Thing, ...]:
    """A body and a nucleus each; the nucleus lies within the body, and the round ones overlap the sheet."""
    things = []
    for cell in cells:
        body, nucleus = cell.body.mask(), cell.nucleus.mask()
        body, answers = _flawed(cell, body)
        phase = {"Phase": "Dividing" if cell.divides else "Resting"}
        focus = {"Focus": "Out of focus" if cell.blur else "Sharp"}
        things.append(Thing(cell.key, "Cell", body, phase | focus | answers))
        if nucleus.area > 150:
            things.append(Thing(f"{cell.key}-nucleus", "Nucleus", nucleus, {}))
    return tuple(things)


def _flawed(cell: Cell, body: Mask) -> tuple[Mask, dict[str, str]]:
    """Three bodies are left for the user to mend."""
    x, y = cell.center
    if cell.key == "sheet-12":
        return bitten(body, Point(x + 46, y - 12), 24), TOUCH_UP
    if cell.key == "sheet-30":
        return with_island(body, Point(body.box.x1 + 22.0, y + 30), 11), TOUCH_UP
    if cell.key == "round-2":
        return bitten(body, Point(x, y), 15), TOUCH_UP
    return body, {}
