"""Imports what has no Qt in it on a thread, so that the window's frame can be moved and closed meanwhile."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.util
from pathlib import Path
from threading import Thread

from bitmask_studio.app.lean_import import leave_out_numpy_docs


class ImportAhead:
    """Its threads and how they ended. What has Qt in it is the window's thread's: two make PySide crash."""

    def __init__(self) -> None:
        self._failure: BaseException | None = None
        self._threads = [Thread(target=work, daemon=True) for work in (_load_libraries, self._import)]

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def wait(self) -> None:
        """Block until all of it is there. Raises what an import raised."""
        for each in self._threads:
            each.join()
        if self._failure:
            raise self._failure

    def _import(self) -> None:
        try:
            leave_out_numpy_docs()
            importlib.import_module("bitmask_studio.app.opening")
            importlib.import_module("bitmask_studio.actions.registry").all_actions()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._failure = error


def _load_libraries() -> None:
    """Have the system do on this thread what would hold up Python, or the window, for 10 ms and more later."""
    _load_opencv()
    with contextlib.suppress(OSError, AttributeError):  # only some systems have it; Qt begins with the same call
        ctypes.CDLL("libfontconfig.so.1").FcInit()


def _load_opencv() -> None:
    """Load OpenCV's library; Python's import, which finds it loaded, would let nobody else run meanwhile."""
    spec = importlib.util.find_spec("cv2")
    if spec is None or spec.origin is None:
        return
    for library in Path(spec.origin).parent.glob("cv2*.so"):
        with contextlib.suppress(OSError):  # its import tells why
            ctypes.CDLL(str(library))
