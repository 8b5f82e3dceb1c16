"""Works in a real window for a while as somebody would: strokes, undo, other rows, zooms, saves; tells what it cost.

From the checkout: `python -m tests.long.soak [--minutes N] [--seed N]`. Memory and the time of a dab are looked at time
and again in the same row; those of the last looks are compared with those of the first, once the caches have filled.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
from PySide6.QtCore import QEvent

from bitmask_studio.studio import preferences
from tests.benchmarks.p07_dab import timed_dab
from tests.benchmarks.scene_files import Recipe, write_scene
from tests.benchmarks.screen import screen
from tests.benchmarks.window import Stage, drive

SEED = 20261123
MINUTES = 30.0
RECIPES = (
    Recipe(1920, 1080, 12, (20, 90)),
    Recipe(3840, 2160, 60),
    Recipe(640, 480, 2, (20, 90)),
    Recipe(4096, 4096, 200),
    Recipe(1280, 720, 100, (20, 90)),
    Recipe(2560, 1440, 0),
)
LOOKS = 5
"""How many of the first and of the last looks count."""
MOST_MEMORY, MOST_TIME = 1.1, 1.25
MIB = 1 << 20
_FILLING = 0.2
"""The part of the time in which the caches fill, before the first look that counts."""
_DABS = 60
_SIZES = (1, 9, 40, 120, 400)
_SPARE = 120
"""Seconds beyond the time asked for, to start and to end."""


@dataclass(slots=True)
class Tally:
    """What was done, and what each look saw: MiB held, ms of a dab."""

    strokes: int = 0
    undone: int = 0
    rows: int = 0
    saves: int = 0
    looks: list[tuple[float, float]] = field(default_factory=list)


def run(minutes: float, seed: int) -> dict[str, Any]:
    """Work for so many minutes in a window on a screen of its own; answers what `measure` told."""
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        for recipe in RECIPES:
            write_scene(Path(folder), recipe)
        arguments = {"folder": folder, "minutes": minutes, "seed": seed}
        told: dict[str, Any] = drive("tests.long.soak", environment, 60 * minutes + _SPARE, **arguments)
        return told


async def measure(stage: Stage, folder: str, minutes: float, seed: int) -> dict[str, Any]:
    """Work in the window that is there."""
    tally, dice = Tally(), random.Random(seed)
    await stage.open(Path(folder))
    keys = [info.key for info in stage.window.studio.workspace.rows]
    for key in keys:
        await _go(stage, tally, key)
    began = time.monotonic()
    filled, end = began + 60 * minutes * _FILLING, began + 60 * minutes
    while time.monotonic() < end or len(tally.looks) < 2 * LOOKS:
        for _ in range(3):
            await _go(stage, tally, dice.choice(keys))
            await _work(stage, tally, dice)
        await stage.window.session.save()
        tally.saves += 1
        for key in reversed(keys):  # so that the same pictures are kept at each look
            await _go(stage, tally, key)
        look = await _look(stage)
        if time.monotonic() > filled:
            tally.looks.append(look)
    stage.window.close()
    return asdict(tally)


async def _go(stage: Stage, tally: Tally, key: str) -> None:
    await stage.window.session.open_row(key)
    await stage.until(lambda: stage.window.studio.picture is not None, "the picture does not come")
    await stage.whole()
    tally.rows += 1


async def _work(stage: Stage, tally: Tally, dice: random.Random) -> None:
    """Some strokes at a zoom, some of them taken back."""
    studio, canvas = stage.window.studio, stage.window.canvas
    canvas.fit()
    canvas.zoom_by(dice.randrange(-2, 12))
    await stage.whole()
    for _ in range(dice.randrange(3, 9)):
        studio.set(preferences.BRUSH_SIZE, dice.choice(_SIZES))
        studio.show(object_hash=dice.choice([each.object_hash for each in studio.objects] or [None]))
        await _stroke(stage, dice)
        tally.strokes += 1
    for _ in range(dice.randrange(4)):
        studio.undo()
        tally.undone += 1
    if dice.random() < 0.5:
        studio.redo()
    await stage.whole()


async def _stroke(stage: Stage, dice: random.Random) -> None:
    width, height = stage.window.canvas.width(), stage.window.canvas.height()
    x, y = dice.uniform(0, width), dice.uniform(0, height)
    stage.send(stage.event(QEvent.Type.MouseButtonPress, x, y))
    for _ in range(dice.randrange(2, 40)):
        x, y = x + dice.uniform(-40, 40), y + dice.uniform(-40, 40)
        stage.send(stage.event(QEvent.Type.MouseMove, x, y))
        stage.shown()
        await stage.pause()
    stage.send(stage.event(QEvent.Type.MouseButtonRelease, x, y, held=False))


async def _look(stage: Stage) -> tuple[float, float]:
    """MiB held when all is quiet, and ms of a dab in the middle of the picture, which is taken back."""
    stage.window.canvas.fit()
    stage.window.studio.set(preferences.BRUSH_SIZE, 40)
    await stage.whole()
    x, y = stage.window.canvas.width() / 2, stage.window.canvas.height() / 2
    stage.send(stage.event(QEvent.Type.MouseButtonPress, x, y))
    times = []
    for number in range(_DABS):
        times.append(timed_dab(stage, (x + 4 * (number % 50), y + 30 * (number // 20))))
        await stage.pause()
    stage.send(stage.event(QEvent.Type.MouseButtonRelease, x, y, held=False))
    stage.window.studio.undo()
    await stage.whole()
    gc.collect()
    return psutil.Process().memory_info().rss / MIB, statistics.median(times) * 1e3


def verdict(looks: list[tuple[float, float]]) -> tuple[float, float]:
    """Memory and time of the last looks, each divided by that of the first."""
    first, last = looks[:LOOKS], looks[-LOOKS:]
    memory, times = (
        statistics.median(look[which] for look in last) / statistics.median(look[which] for look in first)
        for which in (0, 1)
    )
    return memory, times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    told = run(options.minutes, options.seed)
    looks = told.pop("looks")
    memory, times = verdict(looks)
    print(json.dumps(told))
    for name, each in (("first", looks[:LOOKS]), ("last", looks[-LOOKS:])):
        print(f"{name}:", ", ".join(f"{held:.0f} MiB {taken:.2f} ms" for held, taken in each))
    print(
        f"memory x {memory:.2f} (at most {MOST_MEMORY}), a dab x {times:.2f} (at most {MOST_TIME}), seed {options.seed}"
    )
    return 0 if memory <= MOST_MEMORY and times <= MOST_TIME else 1


if __name__ == "__main__":
    raise SystemExit(main())
