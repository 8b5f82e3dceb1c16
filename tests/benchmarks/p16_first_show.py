"""P16: the first show of a thousand masks at fit zoom, and what it costs at 8K against 4K.

From a frame that is shown anew, its masks decoded, to picture and masks on the screen: every mask by single pixels
first. The note tells when all of it was exact.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.base import RUNS, Result
from tests.benchmarks.scene_files import Recipe, write_scene
from tests.benchmarks.screen import screen
from tests.benchmarks.window import Stage, drive

COUNT = 1000
SCENES = {"4K": Recipe(3840, 2160, COUNT, radius=(22, 97)), "8K": Recipe(7680, 4320, COUNT, radius=(43, 194))}
"""The same masks over the same part of the picture."""
LIMIT, TIMES = 40, 1.5
_TOO_LONG = 60
SHOWS = 8

Times = dict[str, list[float]]


def run() -> list[Result]:
    """Three runs, each in processes of their own, 4K and 8K by turns."""
    runs: list[dict[str, Times]] = []
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        paths = {name: str(write_scene(Path(folder), recipe)) for name, recipe in SCENES.items()}
        for _ in range(RUNS):
            runs.append({name: drive("p16_first_show", environment, path=path) for name, path in paths.items()})
    shown = {name: [statistics.median(run[name]["shown"]) for run in runs] for name in SCENES}
    exact = statistics.median(statistics.median(run["8K"]["exact"]) for run in runs) * 1e3
    ratios = tuple(large / small for large, small in zip(shown["8K"], shown["4K"], strict=True))
    ms = tuple(each * 1e3 for each in shown["8K"])
    what = f"first show of {COUNT:,} masks"
    return [
        Result("P16", f"{what} on 8K", statistics.median(ms), LIMIT, False, "ms", f"exact after {exact:.3g} ms", ms),
        Result("P16", f"{what}, 8K / 4K", statistics.median(ratios), TIMES, False, runs=ratios),
    ]


async def measure(stage: Stage, path: str) -> Times:
    """Seconds until a frame that is shown anew is on the screen, and until it is exact."""
    await stage.open(Path(path))
    times = Times(shown=[], exact=[])
    for _ in range(SHOWS):
        await stage.whole()
        began = time.perf_counter()
        stage.window.studio.document_changed.emit()
        for name, canvas_has in (("shown", "shows_all"), ("exact", "is_whole")):
            await _until(stage, canvas_has)
            times[name].append(time.perf_counter() - began)
    return times


async def _until(stage: Stage, fact: str) -> None:
    """Repaint until the canvas says so."""
    deadline = time.monotonic() + _TOO_LONG
    stage.shown()
    while not getattr(stage.window.canvas, fact):
        await asyncio.sleep(0)
        stage.shown()
        if time.monotonic() > deadline:
            raise RuntimeError(f"the canvas never says {fact}")
