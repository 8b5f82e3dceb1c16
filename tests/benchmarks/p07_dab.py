"""P7: a dab of the brush to pixels on the screen, against an empty repaint of the same rectangle."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QRect

from bitmask_studio.core.geometry import Box
from bitmask_studio.studio import preferences
from tests.benchmarks.base import RUNS, Against, Result
from tests.benchmarks.floors import Floor, PaintLog
from tests.benchmarks.scene_files import RECIPE_8K, write_scene
from tests.benchmarks.screen import BESIDE, screen
from tests.benchmarks.window import CANVAS, Stage, drive

ZOOMS, RADII = (0.1, 1, 8), (10, 50, 200)
LIMITS = {10: (2, 2.5), 50: (2, 2.5), 200: (3, 3.5)}
"""How many times an empty repaint's p50 and p99 those of a dab may be, by radius."""
DABS, STROKE = 240, 30
ONE_PIXEL = QRect(0, 0, 1, 1)
AREA = (60, 60, CANVAS[0] - 60, CANVAS[1] - 60)
"""Where the pointer goes on a canvas that is full of picture: left, top, right, bottom, px."""
MARGIN = 20
"""How far from the picture's edges it stays, px."""

Times = dict[str, list[float]]
"""Seconds of each dab and of each empty repaint."""


def run() -> list[Result]:
    """Three runs over all zooms and radii, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        path = write_scene(Path(folder), RECIPE_8K)
        runs: list[dict[str, Times]] = [drive("p07_dab", environment, path=str(path)) for _ in range(RUNS)]
    return [each for zoom in ZOOMS for radius in RADII for each in _results(zoom, radius, runs)]


async def measure(stage: Stage, path: str) -> dict[str, Times]:
    """Seconds of dabs and of empty repaints, by zoom and radius."""
    floor = Floor(*CANVAS, BESIDE, stage.sync)
    await stage.open(Path(path))
    measured: dict[str, Times] = {}
    for zoom in ZOOMS:
        await stage.zoom_to(zoom)
        for radius in RADII:
            stage.window.studio.set(preferences.BRUSH_SIZE, 2 * radius)
            measured[_key(zoom, radius)] = await dabs(stage, floor, radius)
    return measured


async def dabs(stage: Stage, floor: Floor, radius: int, count: int = DABS) -> Times:
    """By turns a dab that is timed, one whose rectangle is noted, and an empty repaint of that rectangle.

    Noting costs time: hence on a dab of its own, as large as the one before. Both come after the same pause, as events
    of a hand do: what was done last is no longer in the caches then.
    """
    log, times = PaintLog(stage.window.canvas), Times(dab=[], floor=[])
    step = min(max(4.0, radius * stage.window.canvas.viewport.zoom / 2), 40.0)
    area = painted_area(stage)
    for _ in range(0, count, STROKE):
        path = serpentine(step, area)
        x, y = next(path)
        stage.send(stage.event(QEvent.Type.MouseButtonPress, x, y))
        stage.shown()
        for _ in range(STROKE):
            times["dab"].append(timed_dab(stage, next(path)))
            log.listen()
            timed_dab(stage, next(path))
            rect = log.stop()
            if rect.isEmpty() and radius * stage.window.canvas.viewport.zoom < CANVAS[0] / 2:
                raise RuntimeError("a dab was not painted when its events had been delivered")
            await stage.pause()
            times["floor"].append(floor.seconds(rect if not rect.isEmpty() else ONE_PIXEL))
            await stage.pause()
        stage.send(stage.event(QEvent.Type.MouseButtonRelease, x, y, held=False))
        stage.window.studio.undo()
        await stage.whole()
    return times


def painted_area(stage: Stage) -> tuple[int, int, int, int]:
    """Where the pointer goes: on the picture, as far as it is seen."""
    canvas = stage.window.canvas
    picture = canvas.viewport.device_box(Box.of_size(*canvas.image_size)).inflated(-MARGIN)
    return picture.intersection(Box(*AREA))


def _results(zoom: float, radius: int, runs: list[dict[str, Times]]) -> list[Result]:
    each = [run[_key(zoom, radius)] for run in runs]
    against, (p50, p99) = Against([run["dab"] for run in each], [run["floor"] for run in each]), LIMITS[radius]
    what = f"dab, radius {radius}, zoom {zoom:g} / empty repaint"
    return [against.result("P7", f"{what}, p50", 0.5, p50), against.result("P7", f"{what}, p99", 0.99, p99)]


def _key(zoom: float, radius: int) -> str:
    return f"{zoom:g} {radius}"


def timed_dab(stage: Stage, place: tuple[float, float]) -> float:
    """Seconds from an event of the mouse to the X server having drawn what it changed."""
    event = stage.event(QEvent.Type.MouseMove, *place)
    began = time.perf_counter()
    stage.send(event)
    stage.shown()
    return time.perf_counter() - began


def serpentine(step: float, area: tuple[int, int, int, int] = AREA) -> Iterator[tuple[float, float]]:
    """Places in an area of the canvas (left, top, right, bottom; px), a step apart, line below line, for ever."""
    left, top, right, bottom = area
    x, y, way = float(left), float(top), step
    while True:
        yield x, y
        x += way
        if not left <= x <= right:
            way, x, y = -way, x - way, top + (y + step - top) % max(1, bottom - top)
