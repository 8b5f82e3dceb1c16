"""The studio behind the window, and opening in it what the command line asks for."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bitmask_studio.app.memory import give_back_large_blocks
from bitmask_studio.core.errors import InputError, StudioError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.notices import Busy, Notice, notice_of
from bitmask_studio.studio.options import Options
from bitmask_studio.studio.session import OpenWish, Session
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui.main_window import MainWindow


def new_session(window: MainWindow, keeps: bool = True) -> Session:
    """A studio with the window's settings, and with the window for its screen; `keeps`: with a journal of its edits."""
    from bitmask_studio.app.memory_timer import MemoryTimer  # this module is imported beside the window's thread

    give_back_large_blocks()
    MemoryTimer(window)
    studio = Studio(window.settings)
    studio.screen = window
    studio.workspace.preview_side = lambda: window.picture_side
    return Session(studio, keeps)


class Untold:
    """What a studio says while there is no window to hear it."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._notices: list[Notice] = []
        self._busy: Busy | None = None
        self._ends = (studio.noticed.connect(self._notices.append), studio.busy_changed.connect(self._keep_busy))

    def tell(self) -> None:
        """Say it again, once."""
        for end in self._ends:
            end()
        for notice in self._notices:
            self._studio.noticed.emit(notice)
        if self._busy:
            self._studio.busy_changed.emit(self._busy)

    def _keep_busy(self, busy: Busy | None) -> None:
        self._busy = busy


def tell(window: MainWindow, options: Options, failure: BaseException | None) -> None:
    """Say in the window why nothing was opened; raise it where the row that was asked for is not there."""
    if isinstance(failure, InputError) and window.studio.document is None and options.row is not None:
        window.close()
    elif isinstance(failure, StudioError):
        window.studio.noticed.emit(notice_of(failure))
        return
    if failure:
        raise failure


async def open_named(session: Session, options: Options, filled: asyncio.Event) -> None:
    """Open what the command line names, if it names anything: files at once, a project when the window is `filled`.

    Raises StudioError.
    """
    if options.login:
        await filled.wait()  # signing in may have to ask something
        await _open_project(session, options.login, options)
        return
    sample = await session.studio.jobs.run(_sample) if options.sample else None
    if await session.open(wish_of(options, sample)):
        _refuse_frame(session.studio.document, options)


def _sample() -> Path:
    from bitmask_studio.studio.sample import sample_copy  # brings what writes files, and other starts write none

    return sample_copy()


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
    if await session.projects.open(options.project, options.row, options.frame or 0):
        _refuse_frame(session.studio.document, options)


def _refuse_frame(document: Document | None, options: Options) -> None:
    if document and options.frame:
        from bitmask_studio.ui.rehearsal import refuse_frame

        refuse_frame(document, options.frame)


def wish_of(options: Options, sample: Path | None) -> OpenWish:
    """What to open; an empty wish for the welcome page."""
    paths = (sample,) if options.sample and sample else options.files
    return OpenWish(paths, options.images, options.ontology, options.row, options.frame or 0)
