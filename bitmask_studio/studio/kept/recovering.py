"""What a session does so that no edit is lost: journals begun and ended with their workspaces, and what came back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bitmask_studio.core.signal import Signal
from bitmask_studio.core.state import state_folder
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Source
from bitmask_studio.sources.local import LocalSource
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.kept.banner import Banner
from bitmask_studio.studio.kept.bringing_back import bring_back
from bitmask_studio.studio.notices import GONE, KEEPING, SHUT, Level, Notice

if TYPE_CHECKING:  # what keeps a journal is not part of every start
    from bitmask_studio.sources.encord.account import Account
    from bitmask_studio.studio.journal.journal import Journal
    from bitmask_studio.studio.kept.keeping import Keeper
    from bitmask_studio.studio.kept.kept_rows import Waiting
    from bitmask_studio.studio.kept.places import Place
    from bitmask_studio.studio.session import OpenWish, Session

_LOOK_AGAIN = 0.05
SANDBOX = "sandbox"
"""Stands for the domain of the sample server, which has another port at each start."""


class _Early(Struct, frozen=True):
    """A keeper that begins while the files of a wish are being read."""

    wish: OpenWish
    keeper: Awaitable[Keeper]


class Recovering:
    """Begins a keeper for what is opened, ends that of what is left, and tells what the user has to know of both."""

    def __init__(self, session: Session, keeps: bool) -> None:
        self._session = session
        self._studio = session.studio
        self.banner = Banner(session)
        self.left: Signal[()] = Signal()
        """What was open is let go of: what is kept of it waits now."""
        self._keeps = keeps
        self._given_up: Sequence[tuple[Document, int]] = ()
        self._failing = ""
        self._early: _Early | None = None
        self._making: Keeper | None = None
        self._attaching: asyncio.Task[None] | None = None
        self._journals = session.studio.jobs.apart(1)
        """Makes what was put off, whatever the network does to other jobs."""
        self._searched: Keeper | None = None
        """Whose other rows with edits have been looked for."""
        self._studio.barred.connect(self.tell_shut)

    def give_up(self, edits: Sequence[tuple[Document, int]]) -> None:
        """The user wants none of these edits, up to the places given, once they are left."""
        self._given_up = edits

    def prepare(self, wish: OpenWish | None) -> None:
        """Files are about to be read: where nothing is open, their keeper begins meanwhile."""
        maker = self._maker(None, wish)
        if wish and maker and self._studio.workspace.keeper is None:
            before = self._early.keeper if self._early else None
            self._early = _Early(wish, asyncio.ensure_future(self._begun(before, maker)))

    def abandon(self, wish: OpenWish | None) -> None:
        """These files cannot be opened."""
        if self._early and self._early.wish is wish:
            self._studio.jobs.start(self._ended(self._early.keeper))
            self._early = None

    async def begin(self, source: Source, wish: OpenWish | None) -> Keeper | None:
        """The keeper of what is about to be shown; that of what is open lets go before."""
        early, self._early = self._early, None
        if early and early.wish is wish:
            return await early.keeper
        before, maker = self._let_go(), self._maker(source, wish)
        if early:
            await self._ended(early.keeper)
        if maker:
            return await self._begun(before, maker)
        if before:
            await self._studio.jobs.run(before.end)
        return None

    def take(self, keeper: Keeper | None) -> None:
        """What this keeper is for is shown from now on."""
        workspace = self._studio.workspace
        workspace.keeper = keeper
        self._failing = ""
        self.banner.forget()
        for topic in (KEEPING, SHUT, GONE):
            self._studio.over.emit(topic)
        if keeper and keeper.journal:
            self._hear(keeper, keeper.journal)
        elif keeper and keeper.is_shut:
            self.tell_shut()
        elif keeper:
            keeper.wanted.connect(self.make)
        workspace.kept_changed.emit()

    def make(self) -> None:
        """There is time now to make the journal of what is open, where that was put off."""
        keeper = self._studio.workspace.keeper
        if keeper and keeper.is_pending and self._making is not keeper:
            self._making = keeper
            self._attaching = self._studio.jobs.start(self._make(keeper))
        self._studio.workspace.kept_changed.emit()

    async def made(self) -> None:
        """Wait until the journal is there, where that was put off: what is done during a save is kept in it too."""
        keeper = self._studio.workspace.keeper
        if keeper and keeper.is_pending:
            self.make()
            if self._attaching:
                await asyncio.wait([self._attaching])

    async def _make(self, keeper: Keeper) -> None:
        workspace = self._studio.workspace
        journal = await self._journals.run(keeper.make)
        while any(document.is_saving for document in workspace.documents.values()):
            await asyncio.sleep(_LOOK_AGAIN)
        if workspace.keeper is keeper:
            keeper.attach(journal, workspace.documents.values())
            self._hear(keeper, journal)
        else:
            await self._studio.jobs.run(journal.close)

    def _hear(self, keeper: Keeper, journal: Journal) -> None:
        journal.changed.connect(lambda: self._follow(keeper))
        self._follow(keeper)

    def leave(self) -> None:
        """Nothing is shown any more."""
        before = self._let_go()
        if before:
            self._studio.jobs.start(self._left(before))
        self.take(None)

    def end(self) -> None:
        """The program ends: write what is left to write, and take away what nobody came back for in a long time."""
        if before := self._let_go():
            from bitmask_studio.studio.journal.names import journals_folder
            from bitmask_studio.studio.journal.waiting import sweep

            before.end()
            sweep(journals_folder())

    def moving(self, path: Path) -> AbstractAsyncContextManager[Callable[[], None]]:
        """Everything is about to be stored in this file: see `studio.moving`."""
        from bitmask_studio.studio.kept.moving import moving  # a start comes before it

        return moving(self._session, path)

    def tell_row(self, key: str) -> None:
        """A row is shown: say what came back with it."""
        self.banner.show(key)
        keeper = self._studio.workspace.keeper
        if keeper and keeper.is_adopting:
            self._studio.jobs.start(self._studio.jobs.run(keeper.release))
        files = self._studio.workspace.files
        if files and files.is_whole:
            self.search()

    def search(self) -> None:
        """The list of rows is whole: look, once, for those with edits that nobody has opened."""
        keeper = self._studio.workspace.keeper
        if keeper and keeper is not self._searched:
            self._searched = keeper
            self._studio.jobs.start(bring_back(self._session, keeper))

    async def waiting(self) -> Sequence[Waiting]:
        """The rows with edits that are not stored, of all places that can be opened again, the last edited first."""
        if not self._keeps:
            return ()
        from bitmask_studio.studio.kept.kept_rows import waiting_rows  # for the welcome page alone

        return await self._studio.jobs.run(waiting_rows)

    async def open(self, waiting: Waiting) -> None:
        """Open such a row, or offer to say where it is now. Raises StudioError."""
        from bitmask_studio.studio.kept.kept_rows import open_waiting

        await open_waiting(self._session, waiting)

    async def locate(self, waiting: Waiting) -> None:
        """Ask where the row's file is now, and open the row there. Raises StudioError."""
        from bitmask_studio.studio.kept.kept_rows import locate

        await locate(self._session, waiting)

    def _let_go(self) -> Keeper | None:
        keeper = self._studio.workspace.keeper
        if keeper:
            for document, place in self._given_up:
                if document.history.place == place:
                    keeper.give_up(document)
            keeper.deafen()
        self._given_up = ()
        return keeper

    async def _begun(self, before: Keeper | Awaitable[Keeper] | None, place: Callable[[], Place]) -> Keeper:
        jobs, loop = self._studio.jobs, asyncio.get_running_loop()
        last = await before if isinstance(before, Awaitable) else before

        def begun() -> Keeper:
            from bitmask_studio.studio.kept.keeping import Keeper

            if last:
                last.end()
            return Keeper.begin(place(), lambda deed: jobs.tell(loop, deed))

        return await jobs.run(begun)

    async def _left(self, keeper: Keeper) -> None:
        await self._studio.jobs.run(keeper.end)
        self.left.emit()

    async def _ended(self, keeper: Awaitable[Keeper]) -> None:
        await self._studio.jobs.run((await keeper).end)

    def _maker(self, source: Source | None, wish: OpenWish | None) -> Callable[[], Place] | None:
        """What tells, in a job, where what is opened is kept; None when it is not."""
        if not self._keeps:
            return None
        if isinstance(source, LocalSource) or (source is None and wish):
            paths = wish.paths if wish else source.paths if isinstance(source, LocalSource) else ()
            return partial(_place_of_files, paths, wish)
        account, sandbox = self._studio.account, self._session.signing_in.sandbox
        return partial(_place_of_project, account, source, sandbox is not None) if account else None

    def _follow(self, keeper: Keeper) -> None:
        """Say it once when edits cannot be kept, and take that away when they can."""
        journal = keeper.journal
        if journal is None or self._studio.workspace.keeper is not keeper:
            return
        if journal.told:
            told, journal.told = journal.told, None
            self._studio.say(told, Level.WARNING)
        reason = journal.state.reason if journal.state.phase.name == "FAILING" else ""
        if reason and not self._failing:
            text = tr(
                "Your edits are not being kept in {folder}: {reason}. Painting goes on, but a crash would lose what is "
                "not saved. Make room there, or save now; this notice goes by itself when they are kept again."
            )
            self._studio.noticed.emit(
                Notice(text.format(reason=reason, folder=state_folder()), Level.ERROR, "save", topic=KEEPING)
            )
        elif self._failing and not reason:
            self._studio.over.emit(KEEPING)
        self._failing = reason
        self._studio.workspace.kept_changed.emit()

    def tell_shut(self) -> None:
        """Say that another window has what is open, and offer to look again."""
        text = tr(
            "This is open in another window, so nothing can be changed or saved here. Looking and exporting work. "
            "Close it there and try again to work on it here."
        )
        notice = Notice(text, Level.WARNING, "retry", topic=SHUT, again=self._try_again, lasting=True)
        self._studio.noticed.emit(notice)

    async def _try_again(self) -> None:
        """Open it once more where the other window has let go of it; else say the same again."""
        keeper = self._studio.workspace.keeper
        if keeper is None or not keeper.is_shut:
            return
        if await self._studio.jobs.run(keeper.is_free):
            await self._session.reopen()
        else:
            self.tell_shut()


def _place_of_files(paths: Sequence[Path], wish: OpenWish | None) -> Place:
    from bitmask_studio.studio.kept.places import place_of_files

    return place_of_files(paths, wish.images, wish.ontology, wish.named) if wish else place_of_files(paths)


def _place_of_project(account: Account, source: Source | None, sandbox: bool) -> Place:
    from bitmask_studio.studio.kept.places import place_of_project

    project, domain = getattr(source, "project_hash", ""), account.login.domain
    domain = SANDBOX if sandbox else domain
    title = source.title if source else ""
    return place_of_project(domain, project, title, f"encord:{domain}|{project}|{title}")
