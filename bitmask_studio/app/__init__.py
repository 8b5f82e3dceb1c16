"""Start the window: its frame first, which is on screen before the program behind it is imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from bitmask_studio.core.settings import SettingsStore
from bitmask_studio.core.state import state_folder
from bitmask_studio.studio import appearance
from bitmask_studio.ui import theme
from bitmask_studio.ui.first_paint import show_painted
from bitmask_studio.ui.garbage import GarbageTimer
from bitmask_studio.ui.main_window import MainWindow
from bitmask_studio.ui.plain_import import restore_import
from bitmask_studio.ui.x_display import refuse_dead_screen

if TYPE_CHECKING:
    from bitmask_studio.studio.options import Options

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def main(options: Options) -> int:
    """Open the window and stay until it is closed; without a screen, do the whole job offscreen and prove it.

    Answers the exit status. Raises InputError when the command line asks for a row that is not there, or when there is
    no reaching the screen.
    """
    headless = sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _SCREENS)
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    restore_import()
    refuse_dead_screen()
    app = QApplication([sys.argv[0], "-style", theme.STYLE])
    app.setProperty(theme.STYLED, True)
    app.setApplicationName("Bitmask Studio")
    app.setDesktopFileName("bitmask-studio")
    app.setQuitOnLastWindowClosed(False)
    GarbageTimer(app)
    window = _frame(app)
    if not headless:
        show_painted(window)
    from bitmask_studio.app import running

    return running.run_headless(app, window, options) if headless else running.run(app, window, options)


def build_window(app: QApplication) -> MainWindow:
    """The window over a new studio with the user's settings."""
    from bitmask_studio.app.opening import new_session
    from bitmask_studio.ui.furnishing import furnish
    from bitmask_studio.ui.sides import furnish_sides

    window = _frame(app)
    window.fill(new_session(window), furnish)
    window.fill_sides(furnish_sides)
    return window


def _frame(app: QApplication) -> MainWindow:
    """The window with nothing in it, dressed as the user likes it."""
    settings = SettingsStore(state_folder() / "settings.json", _write)
    theme.apply(app, settings.get(appearance.THEME))
    return MainWindow(settings)


def _write(path: Path, data: bytes) -> None:
    from bitmask_studio.core import files

    files.write(path, data)
