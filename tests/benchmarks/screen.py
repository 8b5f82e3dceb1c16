"""A private X screen for the measurements that need real windows: Xvfb with openbox, both ended with the block."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.benchmarks.base import CannotMeasureError

WIDTH, HEIGHT, BESIDE = 4800, 1400, 2400
"""Room for two windows beside each other, each with 1600 x 1000 px to paint on, and where the other one begins."""
NO_SCREEN = "needs a screen: install Xvfb"
_PATIENCE = 15
_SETTLED = 0.3
"""Seconds after which a window manager has taken over."""


def missing_screen() -> str:
    """Why no real window can be measured here; "" where it can."""
    if shutil.which("Xvfb") or os.environ.get("DISPLAY"):
        return ""
    return NO_SCREEN if sys.platform.startswith("linux") else "needs an X screen (Xvfb on Linux)"


@contextmanager
def screen(width: int = WIDTH, height: int = HEIGHT) -> Iterator[dict[str, str]]:
    """The environment for processes whose windows are real, on a screen of their own.

    Without Xvfb they open on the screen that DISPLAY names. Their settings lie in a folder that goes with the block.
    Raises CannotMeasureError where there is no screen at all, RuntimeError when Xvfb does not start.
    """
    if reason := missing_screen():
        raise CannotMeasureError(reason)
    with tempfile.TemporaryDirectory() as state:
        ours = {"QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1", "QT_SCALE_FACTOR": "1"}
        environment = {**os.environ, **ours, "BITMASK_STUDIO_STATE": state}
        for name in ("WAYLAND_DISPLAY", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "QT_SCREEN_SCALE_FACTORS"):
            environment.pop(name, None)
        if not shutil.which("Xvfb"):
            yield environment
            return
        with _xvfb(width, height) as display:
            environment["DISPLAY"] = display
            with _openbox(environment):
                yield environment


@contextmanager
def _xvfb(width: int, height: int) -> Iterator[str]:
    """A screen that nobody else knows of; Xvfb itself finds a free number and tells it."""
    read, write = os.pipe()
    size = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-dpi", "96", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read, "rb") as told:
            ready = select.select([told], [], [], _PATIENCE)[0]
            number = told.readline().decode().strip() if ready else ""
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        _end(server)


@contextmanager
def _openbox(environment: dict[str, str]) -> Iterator[None]:
    """The window manager, where it is installed; windows can do without."""
    if not shutil.which("openbox"):
        yield
        return
    with tempfile.TemporaryDirectory() as home:
        own = {**environment, "HOME": home, "XDG_CONFIG_HOME": str(Path(home) / "config")}
        silent = subprocess.DEVNULL
        manager = subprocess.Popen(["openbox"], env=own, stdout=silent, stderr=silent)
        try:
            time.sleep(_SETTLED)
            yield
        finally:
            _end(manager)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
        return
    process.kill()
    process.wait()
