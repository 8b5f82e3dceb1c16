"""P5: from the start of the process until the first window is painted, against an empty PySide6 window.

Both are looked at from outside: a window is there when pixels in the middle of the screen have changed. What is there
first is the window's frame with nothing in it; the note tells when the welcome page is in it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence

from tests.benchmarks.base import Against, Result, unmeasured
from tests.benchmarks.eye import Eye, Shot, program
from tests.benchmarks.screen import missing_screen, screen

PAIRS = 9
LIMIT = 1.3
SCREEN = (1920, 1200)
WHAT = "first window painted, from process start"
FLOOR = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv)
window = QWidget()
window.resize(1600, 1000)
window.show()
app.exec()
"""
"""An empty window, and nothing else."""
COMMANDS = [[sys.executable, "-c", FLOOR], [sys.executable, "-m", "bitmask_studio"]]


def run() -> Iterator[Result]:
    if reason := missing_screen():
        yield unmeasured("P5", WHAT, reason)
        return
    with screen(*SCREEN) as environment:
        eye = Eye(environment["DISPLAY"])
        for command in COMMANDS:
            seconds_to_window(eye, command, environment)  # byte code is compiled, files are in memory
        pairs = [[seconds_to_window(eye, command, environment) for command in COMMANDS] for _ in range(PAIRS)]
        page = _seconds_to_page(eye, environment)
        eye.close()
    floor, ours = zip(*pairs, strict=True)
    note = f"worst {max(ours) * 1e3:.0f} ms; the welcome page is there after {page * 1e3:.0f} ms"
    yield against_floor("P5", WHAT, ours, floor, LIMIT, note)


def seconds_to_window(eye: Eye, command: Sequence[str], environment: Mapping[str, str]) -> float:
    """What passes until a window is to be seen in the middle of the screen."""
    before = eye.see()
    middle = eye.width // 2, eye.height // 2
    with program(eye, command, environment) as began:
        eye.until_changed([middle, (middle[0] + 40, middle[1] + 200)], before)
        return time.perf_counter() - began


def against_floor(
    target: str, what: str, ours: Sequence[float], floor: Sequence[float], limit: float, note: str
) -> Result:
    """The median of the ratios pair by pair, each pair a run of its own."""
    runs = Against([[each] for each in ours], [[each] for each in floor]).result(target, what, 0.5, limit)
    whole = Against([ours], [floor]).result(target, what, 0.99, limit)
    return Result(
        target,
        what,
        runs.measured,
        limit,
        at_least=False,
        note=f"{runs.note}; {note}",
        runs=runs.runs,
        p50=runs.p50,
        p99=whole.p99,
        floor_p50=runs.floor_p50,
        floor_p99=whole.floor_p99,
    )


def _seconds_to_page(eye: Eye, environment: Mapping[str, str]) -> float:
    """What passes until the window's first page is in it."""
    with program(eye, COMMANDS[1], environment):
        page = eye.at_rest()
    with program(eye, COMMANDS[1], environment) as began:
        eye.until_like(_colourful(page), page, tolerance=8)
        return time.perf_counter() - began


def _colourful(shot: Shot) -> list[tuple[int, int]]:
    """Places of the page that are neither white nor gray, hence not of an empty frame."""
    rows, columns = (shot.max(axis=2).astype(int) - shot.min(axis=2) > 60).nonzero()
    step = max(1, len(rows) // 20)
    return list(zip(columns[::step].tolist(), rows[::step].tolist(), strict=True))
