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


@pytest.fixture(scope="module")
def imported() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_the_window_of_a_file_is_there(imported: set[str]) -> None:
    assert {"bitmask_studio.studio.session", "bitmask_studio.sources.local", "bitmask_studio.ui.canvas"} <= imported


def test_the_whole_program_s_events_are_heard_by_a_field_in_use_alone() -> None:
    """Each would come to Python several times, and the first makes PySide build every type of object it has."""
    heard = re.compile(r"(instance\(\)|_?app(lication)?(\(\))?)\.installEventFilter")
    found = [path.name for path in (ROOT / "bitmask_studio").rglob("*.py") if heard.search(path.read_text("utf-8"))]
    assert found == ["answer_fields.py"]


@pytest.mark.parametrize(
    "module",
    [
        "bitmask_studio.formats.mask_files",
        "bitmask_studio.sandbox",
        "bitmask_studio.sources.encord.account",
        "bitmask_studio.sources.encord.source",
        "bitmask_studio.studio.exporting",
        "bitmask_studio.studio.journal.journal",
        "bitmask_studio.ui.browser",
        "bitmask_studio.ui.frames",
        "bitmask_studio.ui.notice_bar",
        "bitmask_studio.ui.tone_slider",
        "bitmask_studio.ui.welcome",
        "email.utils",
        "sqlite3",
    ],
)
def test_a_start_with_a_file_does_not_wait_for(module: str, imported: set[str]) -> None:
    assert module not in imported
