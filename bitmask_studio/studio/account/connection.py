"""Whether the server of the account can be reached: noticed when it is lost, asked for until it is back.

An offline stretch is told once and quietly, and what the user wanted saved meanwhile is saved when it is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain, repeat
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bitmask_studio.core.signal import Signal
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.studio.notices import SAVING, Level, Notice
from bitmask_studio.studio.studio import Studio

if TYPE_CHECKING:
    from bitmask_studio.sources.encord.account import Account
    from bitmask_studio.sources.encord.source import EncordSource

PAUSES = (0.3, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before each time it is asked for; the last one stands for all that follow."""
_AWAY = frozenset({Kind.NO_CONNECTION, Kind.TIMED_OUT, Kind.SERVER, Kind.BAD_ANSWER})
"""What a server that cannot be reached looks like, one behind a network's own page among them."""
_OURS = frozenset({Kind.CANCELLED, Kind.INTERNAL})
"""What says nothing of the server."""
_SAVES = frozenset({"rows.fetch_for_save", "rows.store"})
_OF_OTHERS = "pictures."
"""Calls that ask the servers on which the pictures lie."""
_A_MOMENT = 0.1

Save = Callable[[], Awaitable[object]]


class Connection:
    """Hears what came of every call. A failure makes it ask the server itself, with reads alone.

    `changed()`: it was lost, or is back.
    """

    def __init__(self, studio: Studio, save: Save, pauses: Sequence[float] = PAUSES) -> None:
        self._studio, self._save, self.pauses = studio, save, pauses
        self._account: Account | None = None
        self._doubts = False
        self._asking: asyncio.Task[None] | None = None
        self._at_once = asyncio.Event()
        self._unsent: EncordSource | None = None
        """Where the user wanted to save and could not; the journal knows it too, for the next start."""
        self.lost_at: datetime | None = None
        """Since when it has been known that there is no reaching the server, local time; None while there is."""
        self.changed: Signal[()] = Signal()
        studio.account_changed.connect(self._follow)
        studio.noticed.connect(self._amend)

    @property
    def host(self) -> str:
        """What the server is called."""
        return urlsplit(self._account.login.domain).netloc if self._account else ""

    @property
    def saves_when_back(self) -> bool:
        """Whether what is not saved will be, without anybody asking for it again."""
        server, unsent = self._studio.workspace.server, self._unsent
        return unsent is not None and unsent is server and bool(self._studio.workspace.unsaved)

    def remind(self) -> None:
        """All edits are back that a crash left: was the program waiting to save them, that is said."""
        workspace = self._studio.workspace
        if not workspace.keeper or not workspace.keeper.is_to_be_saved:
            return
        names = ", ".join(document.row.info.name for document in workspace.unsaved)
        if not names:
            workspace.keeper.wish_to_save(False)
            return
        text = tr(
            "When the program ended it was waiting for {host} to answer, to save {names}. That has not been done yet."
        ).format(host=self.host, names=names)
        self._studio.noticed.emit(Notice(text, Level.WARNING, "save", topic=SAVING, lasting=True))

    def ask_now(self) -> None:
        """Do not wait for the next time that it would be asked."""
        self._at_once.set()

    def _follow(self) -> None:
        """Listen to the account that there is now."""
        before, self._account = self._account, self._studio.account
        if before is self._account:
            return
        if before:
            before.link.heard = lambda name, error: None
        self._unsent = None
        self._set(None)
        if account := self._account:
            loop = asyncio.get_running_loop()
            account.link.heard = lambda name, error: self._studio.jobs.tell(loop, self._hear, account, name, error)

    def _hear(self, account: Account, name: str, error: ServerError | None) -> None:
        """What came of a call; None is an answer."""
        if account is not self._account:
            return
        away = error is not None and error.kind in _AWAY
        if name in _SAVES:
            self._want(self._studio.workspace.server if away else None)
        if away:
            self._doubt(account)
        elif (error is None or error.kind not in _OURS) and not name.startswith(_OF_OTHERS):
            self._find(name)

    def _doubt(self, account: Account) -> None:
        if not self._doubts:
            self._doubts = True
            self._asking = self._studio.jobs.start(self._ask(account))

    async def _ask(self, account: Account) -> None:
        """Ask until something is heard; a server that does not answer the first time either is lost."""
        for pause in chain(self.pauses, repeat(self.pauses[-1])):
            await self._rest(pause)
            if self._is_settled(account):
                return
            with suppress(ServerError):
                await self._studio.jobs.run(account.ask)
            await asyncio.sleep(0)  # what was heard is heard on this thread
            if self._is_settled(account):
                return
            if self.lost_at is None:
                self._set(datetime.now().astimezone())
                self._tell_unsent()

    def _want(self, unsent: EncordSource | None) -> None:
        self._unsent = unsent
        if keeper := self._studio.workspace.keeper:
            keeper.wish_to_save(unsent is not None)

    def _is_settled(self, account: Account) -> bool:
        return account is not self._account or not self._doubts or self._asking is not asyncio.current_task()

    async def _rest(self, seconds: float) -> None:
        self._at_once.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._at_once.wait(), seconds)

    def _find(self, name: str) -> None:
        """The server has answered a call."""
        was_lost = self.lost_at is not None
        self._set(None)
        if not was_lost and self._unsent:
            self._want(None)  # the save failed for another reason, and said so
        elif was_lost and name not in _SAVES:
            self._studio.jobs.start(self._go_on())

    async def _go_on(self) -> None:
        """Save what was to be saved; what else waits is only told of. Raises StudioError."""
        studio = self._studio
        while studio.gestures.key is not None:  # a save would end the stroke
            await asyncio.sleep(_A_MOMENT)
        if self.saves_when_back:
            self._unsent = None
            await self._save()
        elif studio.workspace.server and (rows := studio.workspace.unsaved):
            names = ", ".join(document.row.info.name for document in rows)
            text = tr("{host} answers again. Not saved yet: {names}.").format(host=self.host, names=names)
            studio.noticed.emit(Notice(text, Level.INFO, "save", topic=SAVING))

    def _amend(self, notice: Notice) -> None:
        """After a save that failed because there is no reaching the server."""
        if self.lost_at and notice.topic == SAVING and notice.level is Level.ERROR:
            asyncio.get_running_loop().call_soon(self._tell_unsent)

    def _tell_unsent(self) -> None:
        """In place of what the failed save said: it need not be tried by hand."""
        if not self.lost_at or not self.saves_when_back:
            return
        text = tr(
            "{host} cannot be reached. Your edits are kept on this computer and painting goes on; "
            "they are saved by themselves as soon as it answers."
        )
        again = self._save
        self._studio.noticed.emit(
            Notice(text.format(host=self.host), Level.WARNING, "retry", topic=SAVING, again=again)
        )

    def _set(self, lost_at: datetime | None) -> None:
        before, self.lost_at = self.lost_at, lost_at
        if lost_at is None:
            self._doubts = False
            self._at_once.set()
        if before != lost_at:
            self.changed.emit()
