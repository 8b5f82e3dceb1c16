"""P16: the first show of a thousand masks at fit zoom, and what it costs at 8K against 4K.

The masks' part: what a view takes that was never shown at its zoom, less what it takes with the masks hidden. More
zooms are gone through than tiles are kept for, hence nothing from before can be shown again.
"""

from __future__ import annotations

import asyncio
import math
import statistics
import tempfile
import time
from pathlib import Path

from bitmask_studio.core.labels import MaskKey
from tests.benchmarks.base import RUNS, Result
from tests.benchmarks.scene_files import Recipe, write_scene
from tests.benchmarks.screen import screen
from tests.benchmarks.window import Stage, drive

COUNT = 1000
SCENES = {"4K": Recipe(3840, 2160, COUNT, radius=(22, 97)), "8K": Recipe(7680, 4320, COUNT, radius=(43, 194))}
"""The same masks over the same part of the picture."""
LIMIT, TIMES = 40, 1.5
_TOO_LONG = 60
SMALLER = (0.97, 0.94, 0.91, 0.88, 0.85, 0.82)
"""Zooms a little below the one that fits: all masks are to be seen, and no tile is there yet."""

Times = dict[str, list[float]]


def run() -> list[Result]:
    """Three runs, each in processes of their own, 4K and 8K by turns."""
    runs: list[dict[str, Times]] = []
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        paths = {name: str(write_scene(Path(folder), recipe)) for name, recipe in SCENES.items()}
        for _ in range(RUNS):
            runs.append({name: drive("p16_first_show", environment, path=path) for name, path in paths.items()})
    parts = {name: [_masks(run[name]) for run in runs] for name in SCENES}
    whole = statistics.median(statistics.median(run["8K"]["shown"]) for run in runs) * 1e3
    ratios = tuple(large / small for large, small in zip(parts["8K"], parts["4K"], strict=True))
    ms = tuple(each * 1e3 for each in parts["8K"])
    what = f"first show of {COUNT:,} masks"
    note = f"with the picture {whole:.3g} ms"
    return [
        Result("P16", f"{what} on 8K", statistics.median(ms), LIMIT, False, "ms", note, ms),
        Result("P16", f"{what}, 8K / 4K", statistics.median(ratios), TIMES, False, runs=ratios),
    ]


async def measure(stage: Stage, path: str) -> Times:
    """Seconds until the canvas is whole at a zoom never shown before, with the masks and without."""
    await stage.open(Path(path))
    studio = stage.window.studio
    everything = frozenset(MaskKey(0, each.object_hash) for each in studio.objects)
    fit, times = stage.window.canvas.viewport.zoom, Times(shown=[], hidden=[])
    for _ in range(2):
        for name, hidden in (("shown", frozenset[MaskKey]()), ("hidden", everything)):
            studio.show(hidden=hidden)
            await stage.whole()
            times[name] += [await _first_show(stage, fit * less) for less in SMALLER]
    return times


async def _first_show(stage: Stage, zoom: float) -> float:
    """Zoom, and see how long it takes until all of the canvas is drawn and on the screen."""
    await stage.whole()
    canvas, deadline = stage.window.canvas, time.monotonic() + _TOO_LONG
    steps = math.log(zoom / canvas.viewport.zoom, 1.25)
    began = time.perf_counter()
    canvas.zoom_by(steps)
    stage.shown()
    while not canvas.is_whole:
        await asyncio.sleep(0)
        stage.shown()
        if time.monotonic() > deadline:
            raise RuntimeError("the canvas does not become whole at another zoom")
    return time.perf_counter() - began


def _masks(times: Times) -> float:
    return statistics.median(times["shown"]) - statistics.median(times["hidden"])
