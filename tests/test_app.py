"""The program as a process: the whole job without a screen, one line and status 2 for what cannot be opened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.studio.label_files import write_labels

ROOT = Path(__file__).parents[1]
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
PATIENCE = 60


def environment(temporary: Path, **more: str) -> dict[str, str]:
    """No screen, unless `more` names one; what is left in a temporary folder stays in this one."""
    kept = {name: value for name, value in os.environ.items() if name not in SCREENS}
    return kept | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)} | more


def started(temporary: Path, *arguments: object, **more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bitmask_studio", *map(str, arguments)]
    pipe, env = subprocess.PIPE, environment(temporary, **more)
    return subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")


def run(temporary: Path, *arguments: object, **more: str) -> tuple[int, str, str]:
    """Status, stdout and stderr of the program."""
    with started(temporary, *arguments, **more) as program:
        out, err = program.communicate(timeout=PATIENCE)
    return program.returncode, out, err


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    folder.mkdir()
    return write_labels(folder)


def test_without_a_screen_the_whole_job_is_done_on_a_copy(labels: Path, temporary: Path) -> None:
    before = {path: path.read_bytes() for path in labels.parent.iterdir()}
    status, out, err = run(temporary, labels, "--row", "group.png", "--frame", "1")
    assert (status, err) == (0, "")
    printed = out.splitlines()
    assert len([line for line in printed if line.startswith("ok")]) == 6
    paths = [Path(line) for line in printed if line.startswith("/")]
    assert paths
    assert all(path.exists() and path.is_relative_to(temporary) for path in paths)
    assert {path: path.read_bytes() for path in labels.parent.iterdir()} == before


@pytest.mark.parametrize("screen", ["", "offscreen"], ids=["without a screen", "with a window"])
def test_an_unknown_row_is_one_line_and_status_2(labels: Path, temporary: Path, screen: str) -> None:
    more = {"QT_QPA_PLATFORM": screen} if screen else {}
    status, out, err = run(temporary, labels, "--row", "nowhere", **more)
    assert (status, out) == (2, "")
    assert err == "bitmask_studio: No row is called nowhere.\n"


def test_an_ambiguous_title_is_status_2_and_lists_the_candidates(labels: Path, temporary: Path) -> None:
    labels.write_text(labels.read_text().replace('"group.png"', '"one.png"'))
    status, out, err = run(temporary, labels, "--row", "one.png")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "one, group" in err


@pytest.mark.parametrize("content", ["{", "[]", None], ids=["broken", "no rows", "missing"])
def test_what_cannot_be_opened_is_one_line_and_status_2(temporary: Path, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "labels.json"
    if content is not None:
        path.write_text(content)
    status, out, err = run(temporary, path)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("bitmask_studio: ")


def test_ctrl_c_in_the_terminal_closes_the_window(labels: Path, temporary: Path) -> None:
    state = Path(os.environ["BITMASK_STUDIO_STATE"])
    with started(temporary, labels, QT_QPA_PLATFORM="offscreen") as program:
        end = time.monotonic() + PATIENCE
        while not (state / "settings.json").exists():  # written a second after the row is there
            assert program.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=PATIENCE)
    assert (program.returncode, out, err) == (0, "", "")


CLOSED_EARLY = """
import sys
from bitmask_studio import app
from bitmask_studio.__main__ import main

def show(window):
    whole(window)
    QTimer.singleShot(0, window.close)

from PySide6.QtCore import QTimer
whole, app.show_painted = app.show_painted, show
sys.exit(main(sys.argv[1:]))
"""
IMPORTED_LATE = """
import sys
from bitmask_studio import app
from bitmask_studio.__main__ import main

def show(window):
    print(*sorted({"asyncio", "cv2", "encord", "numpy", "bitmask_studio.studio.session"} & set(sys.modules)))
    whole(window)
    print(window.isVisible(), window.windowTitle())
    window.close()

whole, app.show_painted = app.show_painted, show
sys.exit(main(sys.argv[1:]))
"""


def run_script(temporary: Path, script: str, *arguments: object) -> tuple[int, str, str]:
    env = environment(temporary, QT_QPA_PLATFORM="offscreen")
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, env=env, text=True, capture_output=True, check=False, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


def test_a_window_that_is_closed_while_the_program_is_imported_ends_it_well(labels: Path, temporary: Path) -> None:
    assert run_script(temporary, CLOSED_EARLY, labels) == (0, "", "")


def test_the_window_is_on_screen_before_what_takes_long_is_imported(temporary: Path) -> None:
    assert run_script(temporary, IMPORTED_LATE) == (0, "\nTrue Bitmask Studio\n", "")
