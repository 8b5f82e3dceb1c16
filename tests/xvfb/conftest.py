"""A window manager, programs that end with their test, and a label file with its picture."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.xvfb.drawing import Bits, LabelFile
from tests.xvfb.program import Program, until, xdotool
from tests.xvfb.screen import Screen, telling_picture

WIDTH, HEIGHT = 250, 200

Start = Callable[..., Program]


def block(left: int, top: int, right: int, bottom: int) -> Bits:
    bits = np.zeros((HEIGHT, WIDTH), np.bool_)
    bits[top:bottom, left:right] = True
    return bits


@pytest.fixture(scope="session", autouse=True)
def _window_manager(qapp: QApplication) -> Iterator[None]:
    """Openbox, unless a window manager is there.

    The tests' own application is connected before: a screen that its last client leaves resets itself, and refuses
    whoever comes meanwhile.
    """
    assert os.environ.get("DISPLAY"), "these tests need an X screen: run them under xvfb-run, as .ci/run does"
    if _is_managed():
        yield
        return
    manager = subprocess.Popen(["openbox"])
    try:
        until(_is_managed, "no window manager on this screen")
        yield
    finally:
        manager.terminate()
        manager.wait()


def _is_managed() -> bool:
    return xdotool("get_num_desktops").returncode == 0


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The tests look at the screen that the program is on."""
    return ["tests", "-platform", "xcb"]


@pytest.fixture
def start(qapp: QApplication) -> Iterator[Start]:
    """Start the program with the arguments given; no test leaves one behind or lets one fail unseen."""
    running: list[Program] = []

    def run(*arguments: object) -> Program:
        running.append(Program.start(Screen(until), *arguments))
        return running[-1]

    yield run
    complaints = "".join([program.stop() for program in running])
    print(complaints)
    assert "Traceback" not in complaints, complaints


@pytest.fixture
def labels(tmp_path: Path) -> LabelFile:
    """Two rows with a picture each. In `first` objA stands alone and is chosen, objC lies over a part of objB."""
    masks = {"objA": block(10, 10, 60, 60), "objB": block(120, 20, 170, 70), "objC": block(140, 40, 200, 90)}
    objects = [mask_object(name, bitmask(bits)) for name, bits in masks.items()]
    first = label_row("first", (WIDTH, HEIGHT), [objects])
    second = label_row("second", (WIDTH, HEIGHT), [[mask_object("objD", bitmask(block(20, 20, 50, 50)))]])
    for name in ("first-0.png", "second-0.png"):
        cv2.imwrite(str(tmp_path / name), telling_picture(WIDTH, HEIGHT))
    path = tmp_path / "labels.json"
    odd = {"kept": [1.0, 1e3, "\u00e9\\/", {"rleString": "not a mask"}]}
    path.write_text(json.dumps([first | odd, second], indent=3) + " \n\n")
    return LabelFile.of(path)
