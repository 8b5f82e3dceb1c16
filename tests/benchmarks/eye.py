"""Looks at an X screen from outside, as a user does: which colour its pixels have, and when they come to have it.

Programs are timed from before their process is started until the pixels are there, with nothing built into them that
would tell. A look at one pixel takes the X server some 50 µs.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
Shot = NDArray[np.uint8]
"""(height, width, 3): blue, green, red."""
Point = tuple[int, int]
"""x, y."""

_PATIENCE = 60.0
_STILL = 1.5
"""Seconds without a change after which a program is taken to have come to rest."""
_BLINK = 0.001
"""Seconds between two looks: who looked all the time would take a processor away from what is timed."""
_ALL_PLANES, _Z_PIXMAP = ctypes.c_ulong(-1), 2


class _XImage(ctypes.Structure):
    """The head of Xlib's XImage, as far as it is read here."""

    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_ubyte)),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
        ("bits_per_pixel", ctypes.c_int),
    )


class Eye:
    """One connection to a screen of 24 bits a pixel."""

    def __init__(self, display: str) -> None:
        self._x11 = _library()
        self._display = self._x11.XOpenDisplay(display.encode())
        if not self._display:
            raise RuntimeError(f"the screen {display} cannot be reached")
        self._root = self._x11.XDefaultRootWindow(self._display)
        number = self._x11.XDefaultScreen(self._display)
        self.width = int(self._x11.XDisplayWidth(self._display, number))
        self.height = int(self._x11.XDisplayHeight(self._display, number))

    def close(self) -> None:
        self._x11.XCloseDisplay(self._display)

    def see(self, x: int = 0, y: int = 0, width: int | None = None, height: int | None = None) -> Shot:
        """A part of the screen; all of it where nothing else is said."""
        size = width or self.width, height or self.height
        image = self._x11.XGetImage(self._display, self._root, x, y, *size, _ALL_PLANES, _Z_PIXMAP)
        head = image.contents
        try:
            lines = np.ctypeslib.as_array(head.data, (head.height, head.bytes_per_line))
            return lines[:, : 4 * head.width].reshape(head.height, head.width, 4)[:, :, :3].copy()
        finally:
            self._x11.XDestroyImage(image)

    def until_changed(self, points: Sequence[Point], before: Shot) -> None:
        """Wait until one of these pixels is another than it was."""
        end = time.perf_counter() + _PATIENCE
        while all((self.see(x, y, 1, 1)[0, 0] == before[y, x]).all() for x, y in points):
            time.sleep(_BLINK)
            _refuse_after(end)

    def until_like(self, points: Sequence[Point], wanted: Shot, tolerance: int) -> None:
        """Wait until each of these pixels has had the colour that it is to have."""
        end = time.perf_counter() + _PATIENCE
        for x, y in points:
            while np.abs(self.see(x, y, 1, 1)[0, 0].astype(int) - wanted[y, x]).max() > tolerance:
                time.sleep(_BLINK)
                _refuse_after(end)

    def at_rest(self) -> Shot:
        """The screen when it has not changed for a while."""
        end, last, since = time.perf_counter() + _PATIENCE, self.see(), time.perf_counter()
        while time.perf_counter() - since < _STILL:
            time.sleep(0.1)
            now = self.see()
            if (now != last).any():
                last, since = now, time.perf_counter()
            _refuse_after(end)
        return last


@contextmanager
def program(eye: Eye, command: Sequence[str], environment: Mapping[str, str]) -> Iterator[float]:
    """A process that is killed with the block; answers when it was started. Leaves the screen as it was."""
    before = eye.see()
    silent = subprocess.DEVNULL
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=silent, stderr=silent)
    try:
        yield began
    finally:
        process.kill()
        process.wait()
        end = time.perf_counter() + _PATIENCE
        while (eye.see() != before).any():
            time.sleep(0.02)
            _refuse_after(end)


def _refuse_after(end: float) -> None:
    if time.perf_counter() > end:
        raise RuntimeError("what was waited for did not come to the screen")


def _library() -> Any:  # noqa: ANN401 - a C library
    x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    pointer, whole, natural = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint
    x11.XOpenDisplay.argtypes, x11.XOpenDisplay.restype = [ctypes.c_char_p], pointer
    x11.XCloseDisplay.argtypes = [pointer]
    x11.XDefaultRootWindow.argtypes, x11.XDefaultRootWindow.restype = [pointer], ctypes.c_ulong
    x11.XDefaultScreen.argtypes = [pointer]
    for size in (x11.XDisplayWidth, x11.XDisplayHeight):
        size.argtypes = [pointer, whole]
    x11.XGetImage.argtypes = [pointer, ctypes.c_ulong, whole, whole, natural, natural, ctypes.c_ulong, whole]
    x11.XGetImage.restype = ctypes.POINTER(_XImage)
    x11.XDestroyImage.argtypes = [ctypes.POINTER(_XImage)]
    return x11
