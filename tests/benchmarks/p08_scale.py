"""P8: a dab on a picture of 16K with 1,000 objects, against one on a picture of 1K with one; both by turns.

The large picture takes 805 MB once decoded and 1.3 GiB while it is made; where less than NEEDED is free it is left out.
"""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from PySide6.QtCore import QEvent

from bitmask_studio.studio import preferences
from tests.benchmarks.base import RUNS, Against, CannotMeasureError, Result
from tests.benchmarks.p07_dab import serpentine, timed_dab
from tests.benchmarks.scene_files import Recipe, write_scene
from tests.benchmarks.screen import BESIDE, screen
from tests.benchmarks.window import CANVAS, Stage, drive

SMALL, LARGE = Recipe(1024, 1024, 1), Recipe(16384, 16384, 1000, radius=(40, 250))
CASES = ((0.25, 50), (1.0, 10), (1.0, 50), (1.0, 200), (8.0, 50))
"""Zooms, and radii of the brush."""
LIMIT = 1.15
NEEDED = 4 << 30
DABS, STROKE = 90, 30

Times = dict[str, list[float]]


def run() -> list[Result]:
    """Three runs over all cases, each in a process of its own."""
    if psutil.virtual_memory().available < NEEDED:
        raise CannotMeasureError(f"needs {NEEDED >> 30} GiB of free memory")
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        paths = [str(write_scene(Path(folder), recipe)) for recipe in (SMALL, LARGE)]
        runs: list[Times] = [drive("p08_scale", environment, paths=paths) for _ in range(RUNS)]
    return [_result(runs, zoom, radius) for zoom, radius in CASES]


async def measure(stage: Stage, paths: list[str]) -> Times:
    """Seconds of dabs in two windows that lie beside each other, by case and picture."""
    other = stage.another(BESIDE)
    measured: Times = {}
    for each, path in zip((stage, other), paths, strict=True):
        await each.open(Path(path))
    for zoom, radius in CASES:
        for each in (stage, other):
            each.window.canvas.fit()
            await each.zoom_to(zoom)
            each.window.studio.set(preferences.BRUSH_SIZE, 2 * radius)
        small, large = await _by_turns((stage, other), zoom, radius)
        measured[f"{zoom:g} {radius} small"], measured[f"{zoom:g} {radius} large"] = small, large
    return measured


async def _by_turns(stages: tuple[Stage, Stage], zoom: float, radius: int) -> tuple[list[float], list[float]]:
    """Seconds of dabs at the same places of both canvases, around their middle, where both have a picture."""
    times: tuple[list[float], list[float]] = ([], [])
    side = round(min(600, (0.6 * SMALL.width - 2 * radius) * zoom))
    left, top = (CANVAS[0] - side) // 2, (CANVAS[1] - side) // 2
    places = serpentine(min(max(4.0, radius * zoom / 2), 40.0), (left, top, left + side, top + side))
    for _ in range(0, DABS, STROKE):
        start, *rest = islice(places, STROKE + 1)
        for each in stages:
            each.send(each.event(QEvent.Type.MouseButtonPress, *start))
            each.shown()
        for number, place in enumerate(rest):
            for which in (0, 1) if number % 2 else (1, 0):
                times[which].append(timed_dab(stages[which], place))
            await stages[0].pause()
        for each in stages:
            each.send(each.event(QEvent.Type.MouseButtonRelease, *start, held=False))
            each.window.studio.undo()
            await each.whole()
    return times


def _result(runs: list[Times], zoom: float, radius: int) -> Result:
    large, small = ([run[f"{zoom:g} {radius} {size}"] for run in runs] for size in ("large", "small"))
    what = f"dab, radius {radius}, zoom {zoom:g}: 16K, 1,000 objects / 1K, one"
    return Against(large, small).result("P8", what, 0.5, LIMIT)
