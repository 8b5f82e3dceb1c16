"""The program without a screen does the whole job on a copy, and says in one line why when it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.cli.conftest import environment
from tests.fakes.encord_json import bitmask, label_row, mask_object

NOTICED = """
import sys
from bitmask_studio.__main__ import main
from bitmask_studio.ui.main_window import MainWindow

def show(self, notice):
    print(notice.text)
    self.close()

MainWindow._show_notice = show
sys.exit(main(sys.argv[1:]))
"""
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
Done = subprocess.CompletedProcess[str]
Open = Callable[..., Done]

FULL_DISK = """
import sys
from bitmask_studio.__main__ import main
from bitmask_studio.core.errors import SaveError
from bitmask_studio.studio.workspace import Workspace

async def save(self, choices):
    raise SaveError("the disk is full")

Workspace.save = save
sys.exit(main(sys.argv[1:]))
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux runs without a screen")


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where the program keeps its copies."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def open_window(tmp_path: Path, temporary: Path) -> Open:
    """`open_window("labels.json", DISPLAY=":9")`: the window's command line with these screens only."""

    def run(*arguments: object, **screens: str) -> Done:
        own = {key: value for key, value in environment().items() if key not in SCREENS}
        own |= {"TMPDIR": str(temporary), **screens}
        command = [sys.executable, "-m", "bitmask_studio", *map(str, arguments)]
        done = subprocess.run(command, cwd=tmp_path, env=own, text=True, capture_output=True, check=False, timeout=120)
        assert "Traceback" not in done.stderr and "RuntimeError" not in done.stderr
        return done

    return run


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """One row of one frame with one mask, in a folder of its own."""
    folder = tmp_path / "labels"
    folder.mkdir()
    bits = np.zeros((60, 80), np.bool_)
    bits[20:40, 20:40] = True
    path = folder / "labels.json"
    path.write_text(json.dumps([label_row("one", (80, 60), [[mask_object("objA", bitmask(bits))]])]))
    return path


PIXELS = cv2.imencode(".png", np.zeros((60, 80, 3), np.uint8))[1].tobytes()


def assert_proved(done: Done) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if not line.startswith("/")] == ["ok"] * 6
    assert done.stderr == ""


def assert_refused(done: Done, *words: str) -> None:
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stdout + done.stderr
    for word in words:
        assert word in done.stderr


def test_a_read_only_file_is_painted_on_in_its_copy(open_window: Open, labels: Path) -> None:
    labels.chmod(0o444)
    before = labels.read_bytes()
    assert_proved(open_window(labels))
    assert labels.read_bytes() == before


def test_a_read_only_folder_is_painted_on_in_its_copy(open_window: Open, labels: Path) -> None:
    labels.chmod(0o444)
    labels.parent.chmod(0o555)
    try:
        assert_proved(open_window(labels.parent))
    finally:
        labels.parent.chmod(0o755)


def test_a_folder_with_links_in_circles_and_pipes_is_copied(open_window: Open, labels: Path) -> None:
    (labels.parent / "round").symlink_to(labels.parent)
    (labels.parent / "nowhere").symlink_to("missing")
    os.mkfifo(labels.parent / "pipe")
    assert_proved(open_window(labels.parent))


def test_the_copy_offers_the_classes_of_the_ontology_beside_the_file(open_window: Open, labels: Path) -> None:
    labels.write_text(json.dumps([label_row("bare", (80, 60), [[]])]))
    polygon = {"id": "1", "name": "Road", "color": "#D33115", "shape": "polygon", "featureNodeHash": "hashRoad"}
    (labels.parent / "ontology.json").write_text(json.dumps({"objects": [polygon]}))
    done = open_window(labels)
    assert done.returncode == 0 and "no bitmask class" in done.stdout


@pytest.mark.parametrize("state", ["fresh", "used"])
def test_the_window_closes_without_a_word_although_settings_changed(
    open_window: Open, labels: Path, state: str
) -> None:
    if state == "used":
        open_window(labels)
    assert_proved(open_window(labels))


def test_a_frame_beyond_the_last_is_refused(open_window: Open, labels: Path, temporary: Path) -> None:
    assert_refused(open_window(labels, "--frame", 1), "--frame 1", "0")
    assert list(temporary.iterdir()) == []


def test_in_a_window_a_frame_beyond_the_last_is_a_notice(labels: Path, tmp_path: Path) -> None:
    own = environment() | {"QT_QPA_PLATFORM": "offscreen"}
    (labels.parent / "one-0.png").write_bytes(PIXELS)
    command = [sys.executable, "-c", NOTICED, str(labels), "--frame", "1"]
    done = subprocess.run(command, cwd=tmp_path, env=own, text=True, capture_output=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--frame 1" in done.stdout


def test_nothing_to_open_is_said(open_window: Open, temporary: Path) -> None:
    done = open_window()
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert "nothing to open" in done.stdout.lower()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("text", ["{", "", '{"a": 1}'])
def test_what_cannot_be_opened_is_named_as_the_user_named_it(
    open_window: Open, labels: Path, temporary: Path, text: str
) -> None:
    labels.write_text(text)
    done = open_window("labels/labels.json")
    assert_refused(done, "labels/labels.json")
    assert str(temporary) not in done.stderr
    assert list(temporary.iterdir()) == []


def test_an_empty_folder_is_named_as_the_user_named_it(open_window: Open, tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = open_window("empty")
    assert_refused(done, "empty")
    assert str(temporary) not in done.stderr
    assert list(temporary.iterdir()) == []


def test_an_unknown_row_leaves_nothing_behind(open_window: Open, labels: Path, temporary: Path) -> None:
    assert_refused(open_window(labels, "--row", "other"), "other")
    assert list(temporary.iterdir()) == []


def test_the_first_row_that_can_be_painted_is_taken(open_window: Open, labels: Path) -> None:
    coco = {
        "images": [{"id": 1, "file_name": "a.png", "width": 40, "height": 30}],
        "annotations": [],
        "categories": [{"id": 1, "name": "cell"}],
    }
    (labels.parent / "a-coco.json").write_text(json.dumps(coco))
    assert_proved(open_window(labels.parent))


def test_a_row_that_was_asked_for_is_kept_although_it_is_read_only(open_window: Open, labels: Path) -> None:
    coco = {"images": [{"id": 1, "file_name": "a.png", "width": 40, "height": 30}], "annotations": [], "categories": []}
    (labels.parent / "a-coco.json").write_text(json.dumps(coco))
    done = open_window(labels.parent, "--row", "a.png")
    assert done.returncode == 0 and "nothing was painted" in done.stdout


def test_a_save_that_fails_says_why(labels: Path, tmp_path: Path, temporary: Path) -> None:
    own = {key: value for key, value in environment().items() if key not in SCREENS} | {"TMPDIR": str(temporary)}
    command = [sys.executable, "-c", FULL_DISK, str(labels)]
    done = subprocess.run(command, cwd=tmp_path, env=own, text=True, capture_output=True, check=False, timeout=120)
    assert done.returncode == 1
    assert done.stderr == "the disk is full\n"
    assert "FAILED the saved file holds it" in done.stdout


@pytest.mark.parametrize("platform", [{}, {"QT_QPA_PLATFORM": "xcb"}])
def test_a_screen_that_cannot_be_reached_is_said_in_one_line(
    open_window: Open, labels: Path, platform: dict[str, str]
) -> None:
    assert_refused(open_window(labels, DISPLAY=":7777", **platform), "DISPLAY=:7777")


def test_a_screen_that_is_not_used_is_not_asked(open_window: Open) -> None:
    assert open_window("--version", DISPLAY=":7777").returncode == 0


def test_the_copies_are_not_among_what_was_opened_last(open_window: Open, labels: Path) -> None:
    assert open_window(labels).returncode == 0
    settings = Path(os.environ["BITMASK_STUDIO_STATE"]) / "settings.json"
    assert not settings.exists() or not json.loads(settings.read_bytes()).get("recent_files")
