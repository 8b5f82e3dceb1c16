"""Imports what has no Qt in it on a thread, so that the window's frame can be moved and closed meanwhile."""

from __future__ import annotations

import importlib
from threading import Thread


class ImportAhead:
    """The thread and how it ended. What has Qt in it is the window's thread's: two make PySide crash."""

    def __init__(self) -> None:
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._import, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Block until all of it is there. Raises what an import raised."""
        self._thread.join()
        if self._failure:
            raise self._failure

    def _import(self) -> None:
        try:
            importlib.import_module("bitmask_studio.app.opening")
            importlib.import_module("bitmask_studio.actions.registry").all_actions()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._failure = error
