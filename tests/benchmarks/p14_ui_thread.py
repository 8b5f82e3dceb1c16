"""P14: how long the window's thread is held up at most while the program opens, goes on, saves, exports and lists."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PySide6.QtCore import QEvent

from bitmask_studio.core.geometry import Box
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import ExportWish
from bitmask_studio.studio.exporting.window_export import export_masks
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.ui.dialogs.dialogs import Dialogs
from tests.benchmarks import scenes
from tests.benchmarks.base import RUNS, Result, worst
from tests.benchmarks.floors import Heartbeat
from tests.benchmarks.scene_files import RECIPE_8K, Recipe, label_row, write_scene
from tests.benchmarks.screen import screen
from tests.benchmarks.window import CANVAS, Stage, drive

LIMIT = 50
"""Milliseconds."""
LARGE_MASKS, ROWS = 12, 20_000
RECIPE_FRAME, FRAMES = Recipe(*scenes.SIZES["8K"][::-1], 1000), 6
_EXPORTED = "png"

Gaps = dict[str, list[float]]


def run() -> list[Result]:
    """Three runs of all activities, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        paths: dict[str, Any] = {
            "row": str(write_scene(Path(folder), RECIPE_8K)),
            "large": str(_write_large(Path(folder))),
        }
        paths["list"] = str(_write_list(Path(folder)))
        paths["frames"] = str(_write_frames(Path(folder)))
        runs: list[Gaps] = [
            drive("p14_ui_thread", environment, **paths, folder=str(Path(folder) / f"export-{number}"))
            for number in range(RUNS)
        ]
    return [worst("P14", f"longest block: {name}", [run[name] for run in runs], LIMIT) for name in runs[0]]


async def measure(stage: Stage, row: str, large: str, list: str, folder: str, frames: str) -> Gaps:
    """Seconds without a beat of the window's thread, by activity."""
    session, gaps = stage.window.session, Gaps()
    await _beat(gaps, f"open an 8K row of {RECIPE_8K.objects} bitmasks", stage.load(Path(row)))
    await _beat(gaps, f"open an 8K row of {LARGE_MASKS} masks over all of it", stage.load(Path(large)))
    await stage.resize_canvas(*CANVAS)
    _edit_all(stage)
    await _beat(gaps, "save them all, edited", session.save())
    stage.window.studio.ask = _Answers(stage, Path(folder))
    await _beat(gaps, "export them as PNG", export_masks(session))
    await _beat(gaps, f"list {ROWS:,} rows", session.open(OpenWish((Path(list),))))
    objects = f"of {RECIPE_FRAME.objects:,} bitmasks"
    await _beat(gaps, f"open an 8K frame {objects}", stage.load(Path(frames)))
    await _beat(gaps, f"go to a frame {objects}", _go(stage, FRAMES // 2))
    _stroke(stage, 200.0)
    await _go(stage, 0)
    assert stage.window.studio.document is not None
    stage.window.studio.document.forget_masks(FRAMES // 2)
    await _beat(gaps, f"undo on a frame {objects}", _undo(stage))
    return gaps


async def _go(stage: Stage, frame: int) -> None:
    await stage.window.session.open_frame(frame)
    await stage.whole()


async def _undo(stage: Stage) -> None:
    """Take back the last step, on whichever frame it was."""
    stage.window.studio.undo()
    await stage.whole()


async def _beat(gaps: Gaps, name: str, activity: Awaitable[object]) -> None:
    with Heartbeat() as heartbeat:
        await activity
        await asyncio.sleep(0.3)
    gaps[name] = heartbeat.gaps


def _edit_all(stage: Stage) -> None:
    """A stroke on every object of the row."""
    studio = stage.window.studio
    studio.set(preferences.BRUSH_SIZE, 200)
    for number, each in enumerate(studio.objects):
        studio.show(object_hash=each.object_hash)
        _stroke(stage, 200.0 + 20 * number)


def _stroke(stage: Stage, x: float) -> None:
    middle = CANVAS[1] / 2
    stage.send(stage.event(QEvent.Type.MouseButtonPress, x, middle))
    stage.send(stage.event(QEvent.Type.MouseMove, x + 100, middle + 50))
    stage.send(stage.event(QEvent.Type.MouseButtonRelease, x + 100, middle + 50, held=False))


class _Answers(Dialogs):
    """Answers the question what to export without showing it."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        super().__init__(stage.window, str, str)
        self._wish = ExportWish(_EXPORTED, folder, all_rows=False, force=False)

    async def export(self) -> ExportWish | None:
        return self._wish


def _write_large(folder: Path) -> Path:
    """One row of an 8K picture whose masks reach all over it: outlines of thousands of runs, saved as long strings."""
    recipe = Recipe(*scenes.SIZES["8K"][::-1], 0)
    write_scene(folder / "large", recipe)
    height, width = scenes.SIZES["8K"]
    bits = scenes.thin(height, width)
    masks = [(Box(0, 0, width, height), np.roll(bits, 18 * number, axis=0)) for number in range(LARGE_MASKS)]
    return _write_rows(folder / "large" / "large.json", [label_row(f"{recipe.name}.jpg", width, height, masks)])


def _write_frames(folder: Path) -> Path:
    """One row of several frames with as many objects each, all under the same picture."""
    path = write_scene(folder / "frames", RECIPE_FRAME)
    row = json.loads(path.read_bytes())[0]
    unit = next(iter(row["data_units"].values()))
    units = {f"unit-{at}": {**unit, "data_hash": f"unit-{at}", "data_sequence": str(at)} for at in range(FRAMES)}
    return _write_rows(path, [{**row, "data_type": "img_group", "data_units": units}])


def _write_list(folder: Path) -> Path:
    """Many small rows of one object."""
    box, bits = Box(10, 10, 40, 40), np.ones((30, 30), np.bool_)
    (folder / "list").mkdir()
    cv2.imwrite(str(folder / "list" / "000000.png"), np.zeros((64, 64, 3), np.uint8))
    rows = [label_row(f"{number:06d}.png", 64, 64, [(box, bits)]) for number in range(ROWS)]
    return _write_rows(folder / "list" / "list.json", rows)


def _write_rows(path: Path, rows: Sequence[object]) -> Path:
    path.write_text(json.dumps(rows), "utf-8")
    return path
