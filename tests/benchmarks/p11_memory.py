"""P11: memory of the program over that of an empty window: a large picture and 200 dabs, many objects, many rows.

What a process holds is its resident set, looked at when nothing is left to do.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
import psutil  # type: ignore[import-untyped]
from PySide6.QtCore import QEvent

from tests.benchmarks.base import RUNS, Result
from tests.benchmarks.p07_dab import serpentine
from tests.benchmarks.scene_files import RECIPE_8K, Recipe, label_row, write_scene
from tests.benchmarks.screen import screen
from tests.benchmarks.window import Stage, drive

MIB = 1 << 20
DABS, STROKE = 200, 20
MORE = Recipe(RECIPE_8K.width, RECIPE_8K.height, RECIPE_8K.objects + 1000)
ROWS, FEW = 50, 10
SIZE = (1920, 1080)
PICTURE = RECIPE_8K.width * RECIPE_8K.height * 3 / MIB
ROOM, GROWTH, LEVEL = 160, 1.05, 1.1
EMPTY = """
import sys
import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv)
window = QWidget()
window.resize(1600, 1000)
window.show()
QTimer.singleShot(1000, app.quit)
app.exec()
print(psutil.Process().memory_info().rss)
"""
"""An empty window, and nothing else; it tells what it held."""


def run() -> Iterator[Result]:
    """Three runs, every figure from a process of its own."""
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        scene, more = (write_scene(Path(folder), each) for each in (RECIPE_8K, MORE))
        rows = write_rows(Path(folder) / "rows")
        runs = [_one_run(environment, scene, more, rows) for _ in range(RUNS)]
    empty, painted, crowded, few, many = (statistics.median(each) for each in zip(*runs, strict=True))
    note = f"{painted:.0f} MiB, the picture {PICTURE:.0f} MiB, an empty window {empty:.0f} MiB"
    over = [each[1] - each[0] - PICTURE for each in runs]
    yield _result("8K, 100 bitmasks, 200 dabs - picture - empty window", over, ROOM, "MiB", note)
    note = f"{crowded - empty:.0f} MiB against {painted - empty:.0f} MiB over an empty window"
    growth = [(each[2] - each[0]) / (each[1] - each[0]) for each in runs]
    yield _result("1,000 objects more / 100 bitmasks", growth, GROWTH, "x", note)
    note = f"{many - empty:.0f} MiB against {few - empty:.0f} MiB over an empty window"
    level = [(each[4] - each[0]) / (each[3] - each[0]) for each in runs]
    yield _result(f"{ROWS} rows of 1080p opened in turn / {FEW} rows", level, LEVEL, "x", note)


async def measure(stage: Stage, path: str, rows: bool) -> list[float]:
    """MiB held after a few rows and after all; or, with `rows` not set, after DABS dabs on the first."""
    await stage.open(Path(path))
    if rows:
        return [await _opened(stage, FEW), await _opened(stage, ROWS)]
    places = serpentine(12)
    for _ in range(0, DABS, STROKE):
        stage.send(stage.event(QEvent.Type.MouseButtonPress, *next(places)))
        for _ in range(STROKE):
            stage.send(stage.event(QEvent.Type.MouseMove, *next(places)))
            stage.shown()
            await stage.pause()
        stage.send(stage.event(QEvent.Type.MouseButtonRelease, *next(places), held=False))
        await stage.whole()
    return [await _held(stage)]


def write_rows(folder: Path) -> Path:
    """ROWS rows, each a picture of 1080p with 20 bitmasks; answers the file to open."""
    folder.mkdir()
    recipe, found = Recipe(*SIZE, 20), []
    one = json.loads(write_scene(folder, recipe).read_bytes())[0]["data_units"]
    objects = next(iter(one.values()))["labels"]["objects"]
    noise = np.random.default_rng(5).integers(0, 255, (60, 100, 3), np.uint8)
    for number in range(ROWS):
        title = f"row-{number:02d}.jpg"
        cv2.imwrite(str(folder / title), cv2.resize(np.roll(noise, number, axis=1), SIZE))
        row = label_row(title, *SIZE, [])
        row["data_units"][f"unit-{title}"]["labels"]["objects"] = objects
        found.append(row)
    path = folder / "rows.json"
    path.write_text(json.dumps(found), "utf-8")
    return path


def _one_run(environment: Mapping[str, str], scene: Path, more: Path, rows: Path) -> tuple[float, ...]:
    """MiB of an empty window, after the dabs, the same among more objects, after few rows and after all."""
    empty = subprocess.run([sys.executable, "-c", EMPTY], env=environment, capture_output=True, check=True, text=True)
    held = [each for path in (scene, more) for each in drive("p11_memory", environment, path=str(path), rows=False)]
    return (int(empty.stdout) / MIB, *held, *drive("p11_memory", environment, path=str(rows), rows=True))


async def _opened(stage: Stage, count: int) -> float:
    """Open every row up to a number of them in turn; answers the MiB held then."""
    studio, session = stage.window.studio, stage.window.session
    for row in studio.workspace.rows[:count]:
        await session.open_row(row.key)
        await stage.whole()
    return await _held(stage)


async def _held(stage: Stage) -> float:
    """MiB held when nothing is left to do."""
    await stage.window.studio.jobs.settle()
    for _ in range(50):
        await stage.pause()
    await stage.whole()
    return float(psutil.Process().memory_info().rss) / MIB


def _result(what: str, runs: list[float], limit: float, unit: str, note: str) -> Result:
    return Result("P11", what, statistics.median(runs), limit, at_least=False, unit=unit, note=note, runs=tuple(runs))
