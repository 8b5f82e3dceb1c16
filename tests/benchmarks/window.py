"""The program's own window, driven in a process of its own: `python -m tests.benchmarks.window MODULE ARGUMENTS`.

`drive` starts that process on a screen, where the module's coroutine `measure(stage, **arguments)` gets a Stage: the
window of the program, built and run as the program does. Events of the pointer are QMouseEvents sent to the canvas;
`shown` then delivers the repaints that they asked for and waits until the X server has drawn them.
"""

from __future__ import annotations

import asyncio
import ctypes
import ctypes.util
import importlib
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeInterface
from PySide6.QtWidgets import QApplication

from bitmask_studio.app import build_window
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.ui.garbage import GarbageTimer
from bitmask_studio.ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
CANVAS = (1600, 1000)
_PATIENCE = 600
_TOO_LONG = 60


def drive(
    module: str,
    environment: Mapping[str, str],
    patience: float = _PATIENCE,
    /,
    **arguments: Any,  # noqa: ANN401 - JSON
) -> Any:  # noqa: ANN401 - JSON
    """What `measure` of a module answers in a fresh process; RuntimeError when that process fails.

    A module without a dot is one of the benchmarks'.
    """
    command = [sys.executable, "-m", "tests.benchmarks.window", module, json.dumps(arguments)]
    try:
        done = subprocess.run(
            command, env=dict(environment), cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"the window was not done after {patience:.0f} s") from error
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1])
    return json.loads(done.stdout.splitlines()[-1])


@dataclass(slots=True)
class Stage:
    """The program's window on the screen, with a canvas of CANVAS px."""

    app: QApplication
    window: MainWindow
    sync: Callable[[], object]
    """Returns when the X server has done all that it was asked for."""

    def another(self, x: int) -> Stage:
        """One more window of the program in this process, beside this one."""
        return Stage(self.app, _show(self.app, x), self.sync)

    async def open(self, path: Path) -> None:
        """Open a file as the user does, and wait until a canvas of CANVAS px is whole."""
        await self.load(path)
        await self.resize_canvas(*CANVAS)

    async def load(self, path: Path) -> None:
        """Open a file as the user does, and wait until the canvas is whole, whatever its size."""
        await self.window.session.open(OpenWish((path,)))
        await self.until(lambda: self.window.studio.picture is not None, "the picture does not come")
        await self.whole()

    async def resize_canvas(self, width: int, height: int) -> None:
        """Make the window as large as it has to be for a canvas of so many px; wait until that one is whole."""
        self.resize(width, height)
        await self.until(lambda: self.resize(width, height), "the window does not take the size")
        await self.whole()

    def resize(self, width: int, height: int) -> bool:
        """Resize the window unless the canvas, which has to be visible, has its size; answers whether it has."""
        window, canvas = self.window, self.window.canvas
        if (canvas.width(), canvas.height()) == (width, height):
            return True
        window.resize(window.width() + width - canvas.width(), window.height() + height - canvas.height())
        return False

    async def whole(self) -> None:
        """Wait until the canvas shows everything, and nothing is left to do."""
        for _ in range(5):
            await self.until(lambda: self.window.canvas.is_whole, "the canvas does not become whole")

    async def until(self, holds: Callable[[], bool], problem: str) -> None:
        """Look every 10 ms whether something holds; RuntimeError when that takes too long."""
        deadline = time.monotonic() + _TOO_LONG
        await asyncio.sleep(0.01)
        while not holds():
            if time.monotonic() > deadline:
                raise RuntimeError(problem)
            await asyncio.sleep(0.01)

    async def pause(self) -> None:
        """Let the program do what it does between two events."""
        await asyncio.sleep(0.002)

    async def zoom_to(self, zoom: float) -> None:
        canvas = self.window.canvas
        canvas.zoom_by(math.log(zoom / canvas.viewport.zoom, 1.25))
        await self.whole()

    def shown(self) -> None:
        """Deliver what was asked to be repainted, and wait until it is on the screen."""
        self.app.sendPostedEvents()
        self.sync()

    def event(self, kind: QEvent.Type, x: float, y: float, held: bool = True) -> QMouseEvent:
        """An event of the left button, or of the pointer with or without it, at a place of the canvas."""
        none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
        place, canvas = QPointF(x, y), self.window.canvas
        button = none if kind == QEvent.Type.MouseMove else left
        keys = Qt.KeyboardModifier.NoModifier
        return QMouseEvent(kind, place, canvas.mapToGlobal(place), button, left if held else none, keys)

    def send(self, event: QMouseEvent) -> None:
        QApplication.sendEvent(self.window.canvas, event)


def _x_sync(app: QApplication) -> Callable[[], object]:
    """XSync on Qt's own connection: unlike QGuiApplication.sync it runs no timers meanwhile."""
    native = app.nativeInterface()
    assert isinstance(native, QNativeInterface.QX11Application)
    library = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    library.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
    display = native.display()
    return lambda: library.XSync(display, 0)


def _show(app: QApplication, x: int) -> MainWindow:
    """The window as the program builds it."""
    window = build_window(app)
    window.move(x, 0)
    window.show()
    return window


async def _run(app: QApplication, module: str, arguments: dict[str, Any]) -> None:
    GarbageTimer(app)
    window = _show(app, 0)
    await asyncio.sleep(0.2)
    stage = Stage(app, window, _x_sync(app))
    found = importlib.import_module(module if "." in module else f"tests.benchmarks.{module}")
    measured = await found.measure(stage, **arguments)
    print(json.dumps(measured), flush=True)
    window.studio.jobs.close()


def main() -> None:
    from qasync import QEventLoop  # wants PySide6 imported before

    app = QApplication(sys.argv[:1])
    app.setApplicationName("Bitmask Studio")
    module, arguments = sys.argv[1], json.loads(sys.argv[2])
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(_run(app, module, arguments))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
