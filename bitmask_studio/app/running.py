"""The event loop: brings in the program behind the window's frame, opens what was asked for, ends with the window."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import signal
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from bitmask_studio.app.crash import Watch
from bitmask_studio.app.import_ahead import ImportAhead
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.resources import resource
from bitmask_studio.core.text import tr
from bitmask_studio.studio.jobs import Jobs

if TYPE_CHECKING:
    from bitmask_studio.studio.options import Options
    from bitmask_studio.studio.session import Session
    from bitmask_studio.ui.main_window import MainWindow


_WIDGETS = ("canvas.canvas", "commands", "dialogs.dialogs", "bars.tool_options", "bars.status", "furnishing")
"""What is imported in steps, while files are read."""
_HEAD_START = 0.15
"""Seconds in which labels may be read before widgets are imported: two threads at Python take longer than one after the
other, but then a picture is decoded beside it."""
_LITTLE = 0.08
"""Seconds for which the widgets wait for the picture, so that the window is laid out and painted once, with it."""
_FIRST_LOOK = 0.4
"""Seconds for which the lists on the sides wait for the picture."""
_LOOK_AGAIN = 0.002


def run(app: QApplication, window: MainWindow, options: Options) -> int:
    """Fill the window that is on screen, and stay until it is closed. Answers the exit status; raises InputError."""
    ahead = ImportAhead()
    ahead.start()
    with Watch(window) as watch, asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.get_loop().set_exception_handler(watch.hear_loop)
        return runner.run(_run(window, options, watch, ahead))


def run_headless(app: QApplication, window: MainWindow, options: Options) -> int:
    """Do the whole job in a window that nobody sees. Answers the exit status; raises StudioError."""
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(_rehearsed(window, options))


async def _run(window: MainWindow, options: Options, watch: Watch, ahead: ImportAhead) -> int:
    """Read what the command line names while the widgets are imported: it is there when they are.

    What has no Qt in it is imported on a thread, so that the frame can be moved and closed meanwhile. The rest is not:
    PySide makes its types when they are first named, and crashes when two threads do that at once.
    """
    closed, filled = asyncio.Event(), asyncio.Event()
    window.closed.connect(closed.set)
    imported = Jobs(_fail, workers=1).run(ahead.wait)
    if not window.isVisible():
        await imported
        return 0
    _close_on_interrupt(window)
    await imported
    from bitmask_studio.app.opening import Untold, new_session, open_named, tell

    session, names_files = new_session(window), bool(options.files or options.sample)
    untold = Untold(session.studio)
    closing = asyncio.ensure_future(closed.wait())
    opening = asyncio.ensure_future(open_named(session, options, filled))
    try:
        if names_files:
            await _until(lambda: opening.done() or bool(session.studio.workspace.documents), _HEAD_START)
        for name in _WIDGETS:
            importlib.import_module(f"bitmask_studio.ui.{name}")
            await asyncio.sleep(0)  # what was read meanwhile leads to what is to be read next
        if names_files:
            await _until(lambda: opening.done() or closed.is_set() or _is_read(session), _LITTLE)
        if not closed.is_set():
            _fill(window, session, awaits=names_files and not opening.done())
            filled.set()
            untold.tell()
            if names_files:
                await _until(lambda: opening.done() or _has_picture(window), _FIRST_LOOK)
            await asyncio.sleep(0)
        if not closed.is_set():
            _fill_sides(window)
            watch.settle()
            await asyncio.wait([opening, closing], return_when=asyncio.FIRST_COMPLETED)
            if opening.done():
                window.await_no_more()
                tell(window, options, opening.exception())
        await closing
    finally:
        session.end()
        session.studio.jobs.close()
        session.signing_in.close()
        for each in (opening, closing):
            each.cancel()
    return 0


def _fill(window: MainWindow, session: Session, awaits: bool = False) -> None:
    from bitmask_studio.ui.furnishing import furnish

    window.fill(session, furnish, awaits)


def _fill_sides(window: MainWindow) -> None:
    from bitmask_studio.ui.sides import furnish_sides

    window.fill_sides(furnish_sides)
    gc.freeze()  # what is here stays: no search for garbage need look through it again


def _is_read(session: Session) -> bool:
    """Whether there is a picture to show, if only a reduced one."""
    return bool(session.studio.preview or session.studio.picture)


def _has_picture(window: MainWindow) -> bool:
    """Whether the canvas shows a picture, if only a reduced one."""
    return window.is_drawn and _is_read(window.session)


async def _until(holds: Callable[[], bool], patience: float) -> None:
    """Wait until something holds, for so many seconds at most."""
    end = time.monotonic() + patience
    while not holds() and time.monotonic() < end:
        await asyncio.sleep(_LOOK_AGAIN)


async def _rehearsed(window: MainWindow, options: Options) -> int:
    from bitmask_studio.app.opening import new_session, wish_of
    from bitmask_studio.ui.rehearsal import leave, rehearse, remembered

    if options.login:
        raise InputError(tr("A project on Encord needs a screen here; export, info and upload work without one."))
    _fill(window, new_session(window, keeps=False))
    _fill_sides(window)
    wish, before = wish_of(options, resource("sample")), remembered(window)
    try:
        if wish.paths:
            return await rehearse(window, wish)
        window.show()
        print(tr("The welcome page is there, with nothing to open: name a FILE, or --sample."))
        return 0
    finally:
        await leave(window, before)


def _fail(error: Exception) -> None:
    raise error


def _close_on_interrupt(window: MainWindow) -> None:
    """Let Ctrl+C in the terminal close the window, unsaved edits being asked about.

    Python runs a signal's handler only when it gets to run at all: the wake-up socket sees to that while Qt is idle.
    """
    here, there = socket.socketpair()
    here.setblocking(False)
    there.setblocking(False)
    signal.set_wakeup_fd(there.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(here.fileno(), QSocketNotifier.Type.Read, window)

    def drain() -> None:
        with contextlib.suppress(OSError):  # the signal's own handler, run first, may have closed it
            here.recv(64)

    notifier.activated.connect(drain)

    def hang_up() -> None:
        signal.set_wakeup_fd(-1)
        notifier.setEnabled(False)
        here.close()
        there.close()

    window.closed.connect(hang_up)
    signal.signal(signal.SIGINT, lambda number, stack: window.close())
