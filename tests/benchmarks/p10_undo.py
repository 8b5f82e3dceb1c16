"""P10: the undo record of a stroke of 200 dabs, and undo and redo against one dab that changes as large a rectangle."""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QRect

from bitmask_studio.core.geometry import Point
from bitmask_studio.studio import preferences
from tests.benchmarks.base import RUNS, Against, Result
from tests.benchmarks.floors import PaintLog
from tests.benchmarks.p07_dab import serpentine, timed_dab
from tests.benchmarks.scene_files import RECIPE_8K, write_scene
from tests.benchmarks.screen import screen
from tests.benchmarks.window import CANVAS, Stage, drive

DABS = 200
ZOOMS, RADII = (0.1, 1, 8), (10, 50)
"""The radii are in device px, so that strokes of all zooms look alike."""
ROUNDS, TIMES = 4, 8
"""Strokes, and how often each is undone and redone."""
AREA = (750, 460, 850, 540)
"""Where the stroke goes on the canvas: left, top, right, bottom, px; so small that there is a brush as large as it."""
STEP = 6.0
BESIDE = 1500
"""How far from the mask that is painted on, px."""
MAX_BYTES, MAX_MS, MAX_DABS = 16 << 10, 2, 3

Figures = dict[str, list[float]]


def run() -> list[Result]:
    """Three runs over all zooms and radii, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        path = write_scene(Path(folder), RECIPE_8K)
        runs: list[dict[str, Figures]] = [drive("p10_undo", environment, path=str(path)) for _ in range(RUNS)]
    return [each for zoom in ZOOMS for radius in RADII for each in _results(zoom, radius, runs)]


async def measure(stage: Stage, path: str) -> dict[str, Figures]:
    """Bytes and seconds of undo records, seconds of undo, redo and dabs, by zoom and radius."""
    await stage.open(Path(path))
    measured: dict[str, Figures] = {}
    for zoom in ZOOMS:
        await stage.zoom_to(zoom)
        await _go_beside(stage)
        for radius in RADII:
            measured[_key(zoom, radius)] = await _strokes(stage, radius)
    return measured


async def _go_beside(stage: Stage) -> None:
    """Bring a place into the middle of the canvas where the chosen mask isn't: painting there changes every pixel."""
    canvas, box = stage.window.canvas, stage.window.studio.object_box(stage.window.studio.view.object_hash or "")
    x, y = canvas.viewport.to_device(Point(box.x1 + BESIDE, box.center.y))
    canvas.pan(CANVAS[0] / 2 - x, CANVAS[1] / 2 - y)
    await stage.whole()


async def _strokes(stage: Stage, radius: int) -> Figures:
    """By turns a stroke that is undone and redone, and single dabs that change a rectangle of the same area."""
    figures = Figures(bytes=[], record=[], undo=[], redo=[], dab=[])
    studio, log = stage.window.studio, PaintLog(stage.window.canvas)
    for _ in range(ROUNDS):
        await _draw(stage, radius, figures)
        for _ in range(TIMES):
            figures["undo"].append(_timed(stage, studio.undo))
            await stage.pause()
            figures["redo"].append(_timed(stage, studio.redo))
            await stage.pause()
        log.listen()
        _timed(stage, studio.undo)
        rect = log.stop()
        for _ in range(2 * TIMES):
            figures["dab"].append(await _dab(stage, rect))
    return figures


async def _draw(stage: Stage, radius: int, figures: Figures) -> None:
    """A stroke of DABS moves; what it leaves to be undone is made and measured before the button is let go."""
    studio, path = stage.window.studio, serpentine(STEP, AREA)
    studio.set(preferences.BRUSH_SIZE, _size(stage, 2 * radius))
    x, y = next(path)
    stage.send(stage.event(QEvent.Type.MouseButtonPress, x, y))
    for _ in range(DABS):
        timed_dab(stage, next(path))
    painter = studio.gestures.painter
    if painter is None:
        raise RuntimeError("no stroke is under way")
    began = time.perf_counter()
    patch = painter.patch()
    figures["record"].append(time.perf_counter() - began)
    figures["bytes"].append(patch.nbytes)
    stage.send(stage.event(QEvent.Type.MouseButtonRelease, x, y, held=False))
    await stage.whole()


async def _dab(stage: Stage, rect: QRect) -> float:
    """Seconds of a dab as large as a rectangle, in its middle, as the first of a stroke."""
    stage.window.studio.set(preferences.BRUSH_SIZE, _size(stage, math.sqrt(rect.width() * rect.height())))
    middle = rect.center()
    press = stage.event(QEvent.Type.MouseButtonPress, middle.x(), middle.y())
    taken = _timed(stage, lambda: stage.send(press))
    stage.send(stage.event(QEvent.Type.MouseButtonRelease, middle.x(), middle.y(), held=False))
    stage.window.studio.undo()
    await stage.whole()
    return taken


def _timed(stage: Stage, step: Callable[[], object]) -> float:
    """Seconds until what a step changes is on the screen."""
    began = time.perf_counter()
    step()
    stage.shown()
    return time.perf_counter() - began


def _results(zoom: float, radius: int, runs: list[dict[str, Figures]]) -> list[Result]:
    each, where = [run[_key(zoom, radius)] for run in runs], f"{DABS} dabs, radius {radius}, zoom {zoom:g}"
    most = max(max(run["bytes"]) for run in each)
    longest = [statistics.median(run["record"]) * 1e3 for run in each]
    dabs = [run["dab"] for run in each]
    made, what = statistics.median(longest), f"undo record, {where}"
    return [
        Result("P10", what, most, MAX_BYTES, at_least=False, unit="B"),
        Result("P10", f"making it, {where}", made, MAX_MS, at_least=False, unit="ms", runs=tuple(longest)),
        Against([run["undo"] for run in each], dabs).result("P10", f"undo / dab, {where}, p99", 0.99, MAX_DABS),
        Against([run["redo"] for run in each], dabs).result("P10", f"redo / dab, {where}, p99", 0.99, MAX_DABS),
    ]


def _key(zoom: float, radius: int) -> str:
    return f"{zoom:g} {radius}"


def _size(stage: Stage, device: float) -> int:
    """The brush's size for a diameter on the screen, px."""
    return min(max(round(device / stage.window.canvas.viewport.zoom), 1), 2000)
