"""Compares what the canvas shows with what it has to show; as a program, at the scale Qt was started with."""

from __future__ import annotations

import asyncio
import math
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from bitmask_studio.app import build_window
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.ui.canvas import surface
from bitmask_studio.ui.theme import colors
from tests.ui.desk import Desk
from tests.ui.label_files import RED
from tests.ui.rendering import Bits, Pixels, Shown, shown

OPACITY, MORE = 0.45, 0.15
DARKER = tuple(round(channel * 0.55) for channel in RED)
WHITE = (255, 255, 255)
CORNERS = ((1.0, 30, 40), (3.5, -61, 17), (8.0, -301, -157), (64 / 173, 9, 11), (64.0, -2305, -1777), (2 / 3, 100, -13))
"""Zooms, and where on the canvas the image's corner lies."""


def masks(desk: Desk) -> list[Shown]:
    """The bitmasks of the frame as they have to be drawn, the chosen one on top."""
    thin, view = max(1, round(desk.canvas.devicePixelRatioF())), desk.studio.view
    found = [each for each in desk.studio.objects if MaskKey(view.frame, each.object_hash) not in view.hidden]
    found.sort(key=lambda each: each.object_hash == desk.chosen)
    return [
        Shown(desk.bits(each.object_hash), RED, OPACITY + MORE, 2 * thin, WHITE, chosen=True)
        if each.object_hash == desk.chosen
        else Shown(desk.bits(each.object_hash), RED, OPACITY, thin, (DARKER[0], DARKER[1], DARKER[2]))
        for each in found
    ]


def wrong(desk: Desk, picture: Pixels | None) -> Bits:
    """The device pixels of the canvas that are not as they have to be; a reduced picture may be off by 3 of 255."""
    frame, ground = desk.studio.frame, QColor(colors().canvas)
    assert frame is not None
    desk.point_away()
    outside = ground.blue(), ground.green(), ground.red()
    pixels = desk.pixels()
    window = replace(desk.seen, width=pixels.shape[1], height=pixels.shape[0])
    expected = shown(window, picture, (frame.width, frame.height), masks(desk), outside)
    allowed = 2 if desk.seen.zoom >= 1 else 3
    return np.asarray((np.abs(pixels - expected) > allowed).any(axis=2))


def misplaced(desk: Desk) -> Bits:
    """The device pixels of the window that are not the canvas's own, moved as a whole to where the canvas begins."""
    scale, own, whole = desk.canvas.devicePixelRatioF(), desk.pixels(), desk.pixels(desk.window)
    corner = desk.canvas.mapTo(desk.window, QPoint(0, 0))
    x, y = math.floor(corner.x() * scale + 0.5), math.floor(corner.y() * scale + 0.5)
    height, width = own.shape[0] - 1, own.shape[1] - 1  # what lies beside may have the last ones
    return np.asarray((whole[y : y + height, x : x + width] != own[:height, :width]).any(axis=2))


async def _prove(desk: Desk, labels: Path) -> int:
    """Look from everywhere, also after a stroke; answers how many pixels were wrong."""
    await desk.open(labels)
    picture, count = cv2.imread(str(labels.parent / "one-0.png")), 0
    assert picture is not None
    for number, (zoom, x, y) in enumerate(CORNERS):
        desk.look_at(zoom, x, y)
        desk.stroke((3.5 + number, 30.25), (20.5, 30.5 + number))
        count += int(wrong(desk, picture.astype(np.uint8)).sum()) + int(misplaced(desk).sum())
    await desk.settle()
    return count


def main() -> None:
    """Print the scale and how many pixels were wrong."""
    app = QApplication([])
    surface.PAINT_BUDGET = 60.0
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        desk = Desk(build_window(app))
        desk.window.resize(781, 499)
        desk.window.show()
        print(desk.canvas.devicePixelRatioF(), runner.run(_prove(desk, Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
