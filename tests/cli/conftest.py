"""Runs the program as a user does: in a process of its own, without a screen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("export", ...)` in an empty folder; asserts that no traceback was shown."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bitmask_studio", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(), text=True, capture_output=True, check=False, **options
        )  # type: ignore[call-overload] # options of subprocess.run
        assert "Traceback" not in done.stderr
        assert isinstance(done, subprocess.CompletedProcess)
        return done

    return run


@pytest.fixture
def import_log(tmp_path: Path) -> Callable[..., set[str]]:
    """`import_log("--help")`: the top-level modules that a run imports."""

    def modules(*arguments: str) -> set[str]:
        command = [sys.executable, "-X", "importtime", "-m", "bitmask_studio", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment(), text=True, capture_output=True, check=True)
        names = (
            line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")
        )
        return {name.partition(".")[0] for name in names}

    return modules
