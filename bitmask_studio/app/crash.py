"""Hears of every failure that nobody expected: it is noted, shown once with a report, and the window goes on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from bitmask_studio.app.last_run import LastWords
from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.state import state_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from bitmask_studio.studio.failures import Report
    from bitmask_studio.studio.log import LogFile

_MOST_NOTED, _MOST_SHOWN = 3, 5
"""How often a failure at one place is noted, and how many are shown in all: one that returns with each repaint would
never end."""


class Watch(QObject):
    """As long as it is entered, failures come here: of Qt's slots, of threads, of the event loop, and of the last run.

    `window` is where they are shown. What Python cannot survive is found by the next run.
    """

    _happened = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self._words = LastWords(state_folder() / "crashes")
        self._last: str | None = None
        self._log: LogFile | None = None
        self._counts: Counter[str] = Counter()
        self._places: set[str] = set()
        self._lock = threading.Lock()
        self._happened.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def __enter__(self) -> Watch:
        self._last = self._words.take()
        self._words.keep()
        self._former = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._hear_slot
        threading.excepthook = self._hear_thread
        sys.unraisablehook = self._hear_unraisable
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._former
        self._words.drop()
        if isinstance(error, Exception) and not isinstance(error, StudioError):
            self._note(error)
        if self._log is not None:
            from bitmask_studio.studio.log import stop_log

            stop_log(self._log)

    def settle(self) -> None:
        """The window is there: keep a log from now on, and tell how the last run ended if it ended badly."""
        self._keep_log()
        last, self._last = self._last, None
        if last is not None:
            from bitmask_studio.studio.failures import report_of_the_end

            logging.getLogger(__name__).error("the last run ended so:\n%s", last)
            self._show(report_of_the_end(last))

    def hear_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What an event loop tells its exception handler."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self._hear(error)
        else:
            self._keep_log()
            logging.getLogger(__name__).warning("the event loop says: %s", context.get("message"))

    def _hear_slot(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            self._hear(error.with_traceback(trace))
        else:
            self._former[0](kind, error, trace)

    def _hear_thread(self, failure: threading.ExceptHookArgs) -> None:
        if isinstance(failure.exc_value, Exception):
            self._hear(failure.exc_value)

    def _hear_unraisable(self, failure: sys.UnraisableHookArgs) -> None:
        if failure.exc_value is not None:
            self._note(failure.exc_value)

    def _hear(self, error: BaseException) -> None:
        """Note a failure and have it shown, from any thread. A hook that fails itself must not say what it knows."""
        with contextlib.suppress(Exception):
            from bitmask_studio.studio.failures import report_of

            self._note(error)
            report = report_of(error)
            if self._counts[report.place] <= _MOST_NOTED and sys.stderr:
                print(f"bitmask_studio: unexpected failure: {report.place}; the log has more", file=sys.stderr)
            with contextlib.suppress(RuntimeError):  # the program is ending: the signal's object is gone
                self._happened.emit(report)

    def _note(self, error: BaseException) -> None:
        from bitmask_studio.studio.failures import place_of

        place = place_of(error)
        with self._lock:
            self._counts[place] += 1
            count = self._counts[place]
        if count <= _MOST_NOTED:
            self._keep_log()
            logging.getLogger(__name__).error("unexpected failure: %s", place, exc_info=error)

    def _keep_log(self) -> None:
        from bitmask_studio.studio.log import start_log

        with self._lock:
            if self._log is None:
                self._log = start_log(state_folder() / "logs")

    def _show(self, report: Report) -> None:
        if not self._window.isVisible() or report.place in self._places or len(self._places) >= _MOST_SHOWN:
            return
        from bitmask_studio.ui.dialogs.crash_report import CrashReport

        self._places.add(report.place)
        CrashReport(self._window, report).open()
