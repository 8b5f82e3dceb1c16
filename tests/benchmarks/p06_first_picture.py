"""P6: from the start of the process until an 8K JPEG with 100 bitmasks is on screen, against an empty PySide6 window.

Looked at from outside. The picture is gray and the masks are coloured: what the window shows when it has come to rest
tells where each of them lies on the screen. A run ends when a pixel of each mask and one of the picture beside it have
the colour that they have then; a reduced picture will do for that, as long as it looks the same.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np

from bitmask_studio.core.geometry import Box
from tests.benchmarks.base import Result, unmeasured
from tests.benchmarks.eye import Eye, Point, Shot, program
from tests.benchmarks.p05_first_window import COMMANDS, SCREEN, against_floor, seconds_to_window
from tests.benchmarks.scene_files import label_row
from tests.benchmarks.scenes import SIZES, Bits
from tests.benchmarks.screen import missing_screen, screen

PAIRS = 7
LIMIT = 3.0
WHAT = "8K JPEG with 100 bitmasks on screen, from process start"
ACROSS, DOWN = 10, 10
_COLOURED, _LEAST = 25, 60
"""How yellow a mask's pixels are at least, which the picture's are not, and how many it has on the screen."""
_BESIDE, _DARK = 6, 110
"""So many px left of a mask there is the picture, and darker than anything beside the canvas."""
_PATIENCE = 20
_ALIKE = 24
"""By how much a channel may differ from what it is when all is done: the reduced picture is a little softer."""


def run() -> Iterator[Result]:
    if reason := missing_screen():
        yield unmeasured("P6", WHAT, reason)
        return
    with tempfile.TemporaryDirectory() as folder, screen(*SCREEN) as environment:
        ours = [sys.executable, "-m", "bitmask_studio", str(write_scene(Path(folder)))]
        eye = Eye(environment["DISPLAY"])
        with program(eye, ours, environment):
            points, shot = settled(eye)
        seconds_to_window(eye, COMMANDS[0], environment)
        pairs = [
            (seconds_to_window(eye, COMMANDS[0], environment), _seconds(eye, ours, environment, points, shot))
            for _ in range(PAIRS)
        ]
        eye.close()
    floor, took = zip(*pairs, strict=True)
    yield against_floor("P6", WHAT, took, floor, LIMIT, f"worst {max(took) * 1e3:.0f} ms")


def settled(eye: Eye) -> tuple[list[Point], Shot]:
    """The landmarks and the screen when all of them are there; on a busy machine the window rests before that too."""
    end = time.perf_counter() + _PATIENCE
    while True:
        shot = eye.at_rest()
        try:
            return landmarks(shot), shot
        except RuntimeError:
            if time.perf_counter() > end:
                raise


def landmarks(shot: Shot) -> list[Point]:
    """The middle of each mask on the screen, and a pixel of the dark picture beside each.

    Raises RuntimeError unless there are as many as there are to be.
    """
    blue, green, red = (shot[:, :, channel].astype(int) for channel in range(3))
    yellow = (np.minimum(red, green) - blue > _COLOURED).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(yellow)
    found: list[Point] = []
    for number in range(1, count):
        left, area = int(stats[number, cv2.CC_STAT_LEFT]), int(stats[number, cv2.CC_STAT_AREA])
        inside = cv2.distanceTransform((labels == number).astype(np.uint8), cv2.DIST_L2, 3)
        y, x = (int(each) for each in np.unravel_index(inside.argmax(), inside.shape))
        if area >= _LEAST and shot[y, left - _BESIDE].max() < _DARK:
            found += [(x, y), (left - _BESIDE, y)]
    if len(found) != 2 * ACROSS * DOWN:
        raise RuntimeError(f"{len(found) // 2} masks are on the screen instead of {ACROSS * DOWN}")
    return found


def write_scene(folder: Path) -> Path:
    """A gray picture and an Encord export with a mask in each field of a grid; answers the file to open."""
    height, width = SIZES["8K"]
    small = np.random.default_rng(3).integers(30, 90, (height // 60, width // 60), np.uint8)
    gray = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(folder / "scene.jpg"), cv2.merge([gray] * 3), [cv2.IMWRITE_JPEG_QUALITY, 90])
    masks = [_blob(row, column, height, width) for row in range(DOWN) for column in range(ACROSS)]
    path = folder / "scene.json"
    path.write_text(json.dumps([label_row("scene.jpg", width, height, masks)]), "utf-8")
    return path


def _blob(row: int, column: int, height: int, width: int) -> tuple[Box, Bits]:
    """A wavy disc in the middle of its field, and its box."""
    tall, wide = height // DOWN, width // ACROSS
    radius = tall * (0.25 + 0.01 * ((3 * row + 7 * column) % 16))
    reach = round(radius * 1.2)
    angles = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    radii = radius * (1 + 0.15 * np.sin(3 * angles + row))
    points = reach + radii[:, np.newaxis] * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    bits = np.zeros((2 * reach, 2 * reach), np.uint8)
    cv2.fillPoly(bits, [points.astype(np.int32)], color=1)
    x, y = column * wide + wide // 2 - reach, row * tall + tall // 2 - reach
    return Box(x, y, x + 2 * reach, y + 2 * reach), bits.view(np.bool_)


def _seconds(eye: Eye, command: list[str], environment: Mapping[str, str], points: list[Point], wanted: Shot) -> float:
    """What passes until all of it is on the screen."""
    with program(eye, command, environment) as began:
        eye.until_like(points, wanted, _ALIKE)
        return time.perf_counter() - began
