"""napari and labelme in the same run, where a Python has them: their start, and napari's dab on an 8K picture.

They are never among this program's dependencies, and want different Qts: `pip install napari PySide6_Essentials` and
`pip install labelme` in environments of their own, and a run with `--peers PYTHON` for each.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.benchmarks.base import Result, unmeasured
from tests.benchmarks.eye import Eye, program
from tests.benchmarks.p05_first_window import SCREEN
from tests.benchmarks.scene_files import RECIPE_8K, write_scene
from tests.benchmarks.screen import missing_screen, screen

RUNS = 3
START = {
    "napari": "import napari; napari.Viewer(); napari.run()",
    "labelme": "from labelme.__main__ import main; main()",
}
"""What shows a peer's window, as Python."""
NAPARI_DAB = """
import json, sys, time
import cv2, napari, numpy as np
from qtpy.QtWidgets import QApplication
picture = cv2.imread(sys.argv[1])[..., ::-1]
viewer = napari.Viewer()
viewer.window._qt_window.resize(1600, 1000)
viewer.add_image(picture, rgb=True)
layer = viewer.add_labels(np.zeros(picture.shape[:2], np.uint8))
layer.brush_size, layer.mode = 100, "paint"
app, times = QApplication.instance(), []
for _ in range(100):
    app.processEvents()
    time.sleep(0.01)
for step in range(30):
    began = time.perf_counter()
    layer.paint((1000, 1000 + 20 * step), 1)
    app.processEvents()
    app.sync()
    times.append(time.perf_counter() - began)
print(json.dumps(times), flush=True)
import os
os._exit(0)
"""
_PATIENCE = 60


def compared(wanted: Sequence[str], python: str) -> Iterator[Result]:
    """The peers' figures for those of P5 and P7 that are wanted; a line that says so for a peer that is not there."""
    if reason := missing_screen():
        yield unmeasured("P5", "peers", reason)
        return
    for peer in START:
        if not _has(python, peer):
            yield unmeasured("P5", f"{peer}: first window", "not installed")
        elif "P5" in wanted:
            yield _or_why(_start, peer, python)
    if "P7" in wanted and _has(python, "napari"):
        yield _or_why(_napari_dab, "napari", python)


def _or_why(measure: Callable[[str, str], Result], peer: str, python: str) -> Result:
    """A peer that does not run here is no failure of ours."""
    try:
        return measure(peer, python)
    except (RuntimeError, subprocess.SubprocessError) as error:
        return unmeasured("P5", peer, f"it does not run here: {error}".partition("\n")[0])


def _has(python: str, peer: str) -> bool:
    question = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({peer!r}) is None)"
    return subprocess.run([python, "-c", question], check=False).returncode == 0


def _start(peer: str, python: str) -> Result:
    """From the start of the process until something of the window is to be seen."""
    command = [python, "-c", START[peer]]
    with screen(*SCREEN) as environment:
        eye = Eye(environment["DISPLAY"])
        own = _own(environment)
        _seconds_to_window(eye, command, own)  # byte code is compiled, files are in memory
        runs = tuple(_seconds_to_window(eye, command, own) for _ in range(RUNS))
        eye.close()
    return _figure("P5", f"{peer}: first window painted, from process start", runs)


def _seconds_to_window(eye: Eye, command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Wherever on the screen the window opens."""
    before = eye.see()
    with program(eye, command, environment) as began:
        while (eye.see() == before).all():
            if time.perf_counter() - began > _PATIENCE:
                raise RuntimeError("no window has come to the screen")
            time.sleep(0.005)
        return time.perf_counter() - began


def _napari_dab(peer: str, python: str) -> Result:
    with tempfile.TemporaryDirectory() as folder, screen() as environment:
        picture = write_scene(Path(folder), RECIPE_8K).with_suffix(".jpg")
        command = [python, "-c", NAPARI_DAB, str(picture)]
        done = subprocess.run(
            command, env=_own(environment), capture_output=True, text=True, timeout=5 * _PATIENCE, check=True
        )
    return _figure("P7", f"{peer}: dab of 100 px on 8K, p50", json.loads(done.stdout.splitlines()[-1]))


def _own(environment: Mapping[str, str]) -> dict[str, str]:
    """Their settings lie where ours do for the time, and none of the user's are read."""
    return {**environment, "HOME": environment["BITMASK_STUDIO_STATE"], "PYTHONPATH": ""}


def _figure(target: str, what: str, seconds: Sequence[float]) -> Result:
    ms = tuple(each * 1e3 for each in seconds)
    return Result(target, what, statistics.median(ms), None, at_least=False, unit="ms", runs=ms)
