"""What stands on the screen after many partial repaints is what one repaint of everything would have put there."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from bitmask_studio.ui.bars.kept_mark import KeptMark
from tests.ui.desk import Desk
from tests.ui.rendering import XY, Pixels

KEYS = ("Ctrl+Z", "Ctrl+Y", "Z", "Alt+Up", "]", "X", "Down", "Ctrl+H", "PgDown", "PgUp", "Right", "Ctrl+0", "M", "Esc")
STEPS = 40


async def on_screen(desk: Desk) -> Pixels:
    """The window as its screen shows it, (H, W, 4), without asking anything to be drawn again.

    The list of objects is painted after the canvas, and the mark says Kept once another thread has written the edit.
    """
    (mark,) = desk.window.findChildren(KeptMark)
    await desk.settle()
    await desk.until(lambda: mark.text() == "Kept" and desk.window.objects.list.updatesEnabled())
    await desk.settle()
    picture = desk.window.screen().grabWindow(desk.window.winId())
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


async def act(desk: Desk, dice: random.Random) -> str:
    """Do one thing that somebody might; answers what."""

    def place() -> XY:
        return dice.uniform(-2, 62), dice.uniform(-2, 46)

    deeds: dict[str, Callable[[], object]] = {
        "stroke": lambda: desk.stroke(place(), place(), place()),
        "press": lambda: desk.press(place()),
        "move": lambda: desk.move(place()),
        "release": lambda: desk.release(place()),
        "leave": desk.point_away,
        "zoom": lambda: desk.wheel(place(), dice.choice([1, -1, 3, -3])),
        "pan": lambda: desk.two_fingers(dice.randint(-90, 90), dice.randint(-90, 90)),
    }
    name = dice.choice([*deeds, "key"])
    if name in deeds:
        deeds[name]()
        return name
    await desk.keys(key := dice.choice(KEYS))
    return key


@pytest.mark.parametrize("seed", range(3))
async def test_partial_repaints_add_up(desk: Desk, project: Path, seed: int) -> None:
    dice = random.Random(seed)
    await desk.open(project)
    done = []
    for _ in range(STEPS):
        done.append(await act(desk, dice))
        shown = await on_screen(desk)
        desk.canvas.update()
        assert (await on_screen(desk) == shown).all(), done
