"""What a start with files does without: each of these would come before the picture, and most users need none of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
START = """
import sys
import bitmask_studio.app.opening, bitmask_studio.ui.furnishing
from bitmask_studio.actions.registry import all_actions
all_actions()
print(*sys.modules)
"""
"""What is imported until the window of a file is filled."""


FRAME = """
import sys
import bitmask_studio.__main__, bitmask_studio.cli.window, bitmask_studio.app
import PySide6.QtCore
print(*sys.modules, *(f"QtCore.{name}" for name in vars(PySide6.QtCore)))
"""
"""What is imported, and which types of QtCore are made, until the empty frame of the window is there."""


def names(program: str) -> set[str]:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def imported() -> set[str]:
    return names(START)


@pytest.fixture(scope="module")
def before_the_frame() -> set[str]:
    return names(FRAME)


def test_the_window_of_a_file_is_there(imported: set[str]) -> None:
    assert {
        "bitmask_studio.studio.session",
        "bitmask_studio.sources.local",
        "bitmask_studio.ui.canvas.canvas",
    } <= imported


def test_the_whole_program_s_events_are_heard_by_a_field_in_use_alone() -> None:
    """Each would come to Python several times, and the first makes PySide build every type of object it has."""
    heard = re.compile(r"(instance\(\)|_?app(lication)?(\(\))?)\.installEventFilter")
    found = [path.name for path in (ROOT / "bitmask_studio").rglob("*.py") if heard.search(path.read_text("utf-8"))]
    assert found == ["answer_fields.py"]


def test_the_frame_s_own_types_are_there(before_the_frame: set[str]) -> None:
    assert {"bitmask_studio.ui.main_window", "QtCore.QTimer", "QtCore.QObject"} <= before_the_frame


@pytest.mark.parametrize("name", ["QtCore.Qt", "asyncio", "dataclasses", "msgspec", "numpy"])
def test_the_frame_of_the_window_does_not_wait_for(name: str, before_the_frame: set[str]) -> None:
    """Each takes 10 ms and more: naming `Qt` alone makes PySide build 93 enumerations."""
    assert name not in before_the_frame


@pytest.mark.parametrize(
    "module",
    [
        "bitmask_studio.formats.mask_files",
        "bitmask_studio.sandbox",
        "bitmask_studio.sources.encord.account",
        "bitmask_studio.sources.encord.source",
        "bitmask_studio.studio.exporting.exporting",
        "bitmask_studio.studio.journal.journal",
        "bitmask_studio.ui.browser.browser",
        "bitmask_studio.ui.bars.frames",
        "bitmask_studio.ui.bars.notice_bar",
        "bitmask_studio.ui.bars.tone_slider",
        "bitmask_studio.ui.welcome.welcome",
        "email.utils",
        "sqlite3",
    ],
)
def test_a_start_with_a_file_does_not_wait_for(module: str, imported: set[str]) -> None:
    assert module not in imported
