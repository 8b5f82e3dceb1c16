"""Whether the X server that Qt is going to ask for can be reached: Qt itself would abort the program."""

from __future__ import annotations

import ctypes
import os
import sys

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr


def refuse_dead_screen() -> None:
    """Raise InputError when Qt would use X11 and its server cannot be reached. To be called before QApplication.

    Source: XOpenDisplay of Xlib, which answers a null pointer then.
    """
    if not _uses_x11():
        return
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return
    x11.XOpenDisplay.argtypes, x11.XOpenDisplay.restype = [ctypes.c_char_p], ctypes.c_void_p
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if not display:
        text = tr("The screen DISPLAY={name} cannot be reached. Check DISPLAY, or unset it to run without a screen.")
        raise InputError(text.format(name=os.environ.get("DISPLAY", "")))
    x11.XCloseDisplay(display)


def _uses_x11() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    chosen = bool(os.environ.get("DISPLAY")) and not os.environ.get("WAYLAND_DISPLAY")
    return sys.platform.startswith("linux") and (platform == "xcb" or (not platform and chosen))
