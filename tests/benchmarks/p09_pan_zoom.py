"""P9: a step of panning or zooming to a whole canvas on the screen, against an empty repaint of the same size."""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QRect

from tests.benchmarks.base import RUNS, Against, Call, Result, worst
from tests.benchmarks.floors import Floor, Heartbeat
from tests.benchmarks.scene_files import RECIPE_8K, write_scene
from tests.benchmarks.screen import BESIDE, screen
from tests.benchmarks.window import CANVAS, Stage, drive

ZOOMS = (0.1, 0.25, 1, 4, 16)
STEPS = 60
LIMIT, LONGEST = 6, 16
"""Times an empty repaint; milliseconds that no step may exceed, nor anything between two steps."""
_PAN = 37
"""Px that a step of panning moves the picture by."""
_PACE = 0.008
"""Seconds from one step to the next while tiles are being built: a mouse's."""

Measured = dict[str, list[float]]


def run() -> list[Result]:
    """Three runs over all zooms, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        path = write_scene(Path(folder), RECIPE_8K)
        runs: list[Measured] = [drive("p09_pan_zoom", environment, path=str(path)) for _ in range(RUNS)]
    names = [*(f"pan at zoom {zoom:g}" for zoom in ZOOMS), "zoom by a notch"]
    building = ("step while tiles are built", "block while tiles are built")
    return [
        *(_against(runs, name).result("P9", f"{name} / empty repaint, p99", 0.99, LIMIT) for name in names),
        *(worst("P9", f"longest {name}", [run[name] for run in runs], LONGEST) for name in building),
    ]


async def measure(stage: Stage, path: str) -> Measured:
    """Seconds of steps, and of as many empty repaints by turns, by what is done."""
    floor = Floor(*CANVAS, BESIDE, stage.sync)
    await stage.open(Path(path))
    measured: Measured = {}
    for zoom in ZOOMS:
        await stage.zoom_to(zoom)
        pans = _pans(stage)
        await _steps(stage, floor, measured, f"pan at zoom {zoom:g}", pans)
    await stage.zoom_to(0.1)
    await _steps(stage, floor, measured, "zoom by a notch", _notches(stage))
    await _while_building(stage, measured)
    return measured


async def _steps(stage: Stage, floor: Floor, measured: Measured, name: str, deeds: Iterator[Call]) -> None:
    """By turns a step and an empty repaint; the program goes on with what it does meanwhile, as in use."""
    measured[name], measured[f"{name} floor"] = [], []
    for _ in range(STEPS):
        measured[name].append(_step(stage, next(deeds)))
        measured[f"{name} floor"].append(floor.seconds(QRect(0, 0, *CANVAS)))
        await stage.pause()


async def _while_building(stage: Stage, measured: Measured) -> None:
    """Jump from zoom to zoom and pan on at once, faster than tiles can be built."""
    times: list[float] = []
    with Heartbeat() as heartbeat:
        for zoom in (*ZOOMS, *ZOOMS[::-1]) * 2:
            steps = math.log(zoom / stage.window.canvas.viewport.zoom, 1.25)
            times.append(_step(stage, partial(stage.window.canvas.zoom_by, steps)))
            pans = _pans(stage)
            for _ in range(6):
                await asyncio.sleep(_PACE)
                times.append(_step(stage, next(pans)))
    measured["step while tiles are built"] = times
    measured["block while tiles are built"] = heartbeat.gaps


def _step(stage: Stage, deed: Call) -> float:
    began = time.perf_counter()
    deed()
    stage.shown()
    return time.perf_counter() - began


def _pans(stage: Stage) -> Iterator[Call]:
    """To and fro over the picture, every other ten steps downwards."""
    canvas, count = stage.window.canvas, 0
    while True:
        way = 1 if count // 20 % 2 else -1
        dx, dy = (way * _PAN, 0) if count // 10 % 2 else (0, way * _PAN)
        yield partial(canvas.pan, dx, dy)
        count += 1


def _notches(stage: Stage) -> Iterator[Call]:
    """Notches of the wheel from zoom 0.1 to 16 and back, at one place."""
    canvas, way = stage.window.canvas, 1
    while True:
        way = 1 if canvas.viewport.zoom <= ZOOMS[0] else -1 if canvas.viewport.zoom >= ZOOMS[-1] else way
        yield partial(canvas.zoom_by, way, QPointF(700, 450))


def _against(runs: list[Measured], name: str) -> Against:
    return Against([run[name] for run in runs], [run[f"{name} floor"] for run in runs])
