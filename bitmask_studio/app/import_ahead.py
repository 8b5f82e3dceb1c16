"""Imports what has no Qt in it on a thread, beginning as soon as the window's frame is on screen."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.util
from pathlib import Path
from threading import Thread

from bitmask_studio.app.lean_import import import_asyncio, leave_out_numpy_docs


class ImportAhead:
    """The thread and how it ended. What has Qt in it is the window's thread's: two make PySide crash."""

    def __init__(self) -> None:
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._work, name="import", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Block until all of it is there. Raises what an import raised."""
        self._thread.join()
        if self._failure:
            raise self._failure

    def _work(self) -> None:
        try:
            import_asyncio()
            leave_out_numpy_docs()
            Thread(target=_load_opencv, name="load", daemon=True).start()
            importlib.import_module("bitmask_studio.app.opening")
            importlib.import_module("bitmask_studio.actions.registry").all_actions()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._failure = error


def _load_opencv() -> None:
    """Have the system load OpenCV's library; Python's import, which finds it loaded, would let nobody else run."""
    spec = importlib.util.find_spec("cv2")
    if spec is None or spec.origin is None:
        return
    for library in Path(spec.origin).parent.glob("cv2*.so"):
        with contextlib.suppress(OSError):  # its import tells why
            ctypes.CDLL(str(library))
