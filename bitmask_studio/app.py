"""Start the window: the settings, the event loop, and what the command line asked for."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from bitmask_studio.core import files
from bitmask_studio.core.errors import InputError, StudioError
from bitmask_studio.core.resources import resource
from bitmask_studio.core.settings import SettingsStore
from bitmask_studio.core.state import state_folder
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio import preferences
from bitmask_studio.studio.notices import notice_of
from bitmask_studio.studio.options import Options
from bitmask_studio.studio.sample import sample_copy
from bitmask_studio.studio.session import OpenWish, Session
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui import theme
from bitmask_studio.ui.garbage import GarbageTimer
from bitmask_studio.ui.main_window import MainWindow
from bitmask_studio.ui.rehearsal import leave, refuse_frame, rehearse
from bitmask_studio.ui.x_display import refuse_dead_screen

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def main(options: Options) -> int:
    """Open the window and stay until it is closed; without a screen, do the whole job offscreen and prove it.

    Answers the exit status. Raises InputError when the command line asks for a row that is not there, or when there is
    no reaching the screen.
    """
    headless = sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _SCREENS)
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    refuse_dead_screen()
    app = QApplication([sys.argv[0]])
    app.setApplicationName("Bitmask Studio")
    app.setDesktopFileName("bitmask-studio")
    app.setQuitOnLastWindowClosed(False)
    GarbageTimer(app)
    from qasync import QEventLoop

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(_run_headless(app, options) if headless else _run(app, options))


def build_window(app: QApplication) -> MainWindow:
    """The window over a new studio with the user's settings."""
    settings = SettingsStore(state_folder() / "settings.json", _write)
    theme.apply(app, settings.get(preferences.THEME))
    return MainWindow(Session(Studio(settings)))


def _write(path: Path, data: bytes) -> None:
    files.write(path, data)


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


async def _run_headless(app: QApplication, options: Options) -> int:
    if options.login:
        raise InputError(tr("A project on Encord needs a screen here; export, info and upload work without one."))
    window, wish = build_window(app), _wish(options, resource("sample"))
    try:
        if wish.paths:
            return await rehearse(window, wish)
        window.show()
        print(tr("The welcome page is there, with nothing to open: name a FILE, or --sample."))
        return 0
    finally:
        await leave(window)


async def _run(app: QApplication, options: Options) -> int:
    window = build_window(app)
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    _close_on_interrupt(window)
    window.show()
    closing = asyncio.ensure_future(closed.wait())
    opening = asyncio.ensure_future(_open(window.session, options))
    try:
        await asyncio.wait([opening, closing], return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            _tell(window, options, opening.exception())
        await closing
    finally:
        window.studio.jobs.close()
        window.session.signing_in.close()
        for each in (opening, closing):
            each.cancel()
    return 0


def _tell(window: MainWindow, options: Options, failure: BaseException | None) -> None:
    """Say in the window why nothing was opened; raise it where the row that was asked for is not there."""
    if isinstance(failure, InputError) and window.studio.document is None and options.row is not None:
        window.close()
    elif isinstance(failure, StudioError):
        window.studio.noticed.emit(notice_of(failure))
        return
    if failure:
        raise failure


async def _open(session: Session, options: Options) -> None:
    """Open what the command line names, if it names anything. Raises StudioError."""
    if options.login:
        await _open_project(session, options.login, options)
        return
    sample = await session.studio.jobs.run(sample_copy) if options.sample else None
    if await session.open(_wish(options, sample)) and session.studio.document and options.frame:
        refuse_frame(session.studio.document, options.frame)


async def _open_project(session: Session, login: Login, options: Options) -> None:
    """Sign in as the command line says; the dialog takes over where its key needs a passphrase. Raises StudioError."""
    try:
        with session.studio.working(
            tr("Connecting to {domain} …").format(domain=login.domain), session.signing_in.cancel
        ):
            await session.signing_in.sign_in(login)
    except ServerError as error:
        if error.kind is not Kind.KEY_LOCKED or not await session.signing_in.ask(login):
            raise
    if options.project is None:
        return
    opened = await session.projects.open(options.project, options.row, options.frame or 0)
    if opened and session.studio.document and options.frame:
        refuse_frame(session.studio.document, options.frame)


def _wish(options: Options, sample: Path | None) -> OpenWish:
    """What to open; an empty wish for the welcome page."""
    paths = (sample,) if options.sample and sample else options.files
    return OpenWish(paths, options.images, options.ontology, options.row, options.frame or 0)
