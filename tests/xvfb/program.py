"""The program in a window of its own, driven as a hand drives it: pointer, wheel and keys through xdotool."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.xvfb.screen import Screen, Spot

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds after which a thing that did not happen will not happen."""


def until(happened: Callable[[], bool], what: str) -> None:
    """Wait for something; fails, saying `what`, when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"{what}: waited {PATIENCE:.0f} s in vain"
        time.sleep(0.02)


def xdotool(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["xdotool", *map(str, words)], capture_output=True, text=True, check=False, timeout=PATIENCE)


@dataclass(frozen=True)
class Program:
    """A running program; `screen` shows its window, nothing else being there."""

    process: subprocess.Popen[bytes]
    screen: Screen

    @classmethod
    def start(cls, screen: Screen, *arguments: object) -> Program:
        command = [sys.executable, "-m", "bitmask_studio", *map(str, arguments)]
        own = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
        return cls(subprocess.Popen(command, cwd=ROOT, env=own, stderr=subprocess.PIPE), screen)

    def stop(self) -> str:
        """End it, whatever it is doing, and let go of every key and button; answers what it complained of."""
        self.process.kill()
        complaints = self.process.communicate()[1]
        xdotool("mouseup", 1, "mouseup", 2, "keyup", "shift", "keyup", "ctrl", "keyup", "alt", "keyup", "space")
        return complaints.decode()

    def do(self, *words: object) -> None:
        """Let xdotool do one or more of its commands."""
        done = xdotool(*words)
        assert done.returncode == 0, done.stderr

    def keys(self, *names: str) -> None:
        self.do("key", *names)

    def wait_for_title(self, title: str) -> None:
        """Wait for the program's active window to be called `title`."""
        until(lambda: self._active_title() == title, f"no active window {title!r}")

    def wait_for_end(self) -> None:
        until(lambda: self.process.poll() is not None, "the program is still there")
        assert self.process.returncode == 0

    def click(self, spot: Spot, *held: str) -> None:
        """Click at a place of the screen, with keys held."""
        downs = [word for key in held for word in ("keydown", key)]
        ups = [word for key in held for word in ("keyup", key)]
        self.do("mousemove", *spot, *downs, "click", 1, *ups)

    def drag(self, *path: Spot) -> None:
        """Press the button at the first place and draw along the others, each drawn on screen before the next."""
        self.do("mousemove", *path[0])
        before = self.screen.color(path[0])
        self.do("mousedown", 1)
        self.screen.wait_for_change(path[0], before)
        for spot in path[1:]:
            before = self.screen.color(spot)
            self.do("mousemove", *spot)
            self.screen.wait_for_change(spot, before)

    def _active_title(self) -> str:
        assert self.process.poll() is None, f"the program has ended by itself: {self.process.returncode}"
        pid, title = (xdotool("getactivewindow", asked).stdout.strip() for asked in ("getwindowpid", "getwindowname"))
        return title if pid == str(self.process.pid) else ""
