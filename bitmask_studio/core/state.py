"""Where the program keeps what is its own: settings, logs, the user's copy of the sample project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "BITMASK_STUDIO_STATE"
_NAME = "bitmask-studio"


def state_folder() -> Path:
    """`$BITMASK_STUDIO_STATE`, or the platform's folder for the state of programs. Not made here."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen)
    return _platform_folder("XDG_STATE_HOME", ".local/state")


def data_folder() -> Path:
    """Where files that belong to the user are put, such as the copy of the sample project."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen) / "data"
    return _platform_folder("XDG_DATA_HOME", ".local/share")


def _platform_folder(variable: str, below_home: str) -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / _NAME
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support" / _NAME
    return Path(os.environ.get(variable) or Path.home() / below_home) / _NAME
