"""The journal of what is open: told of every step, it says whether all of it is on the disk."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from bitmask_studio.core.signal import Signal
from bitmask_studio.core.text import tr
from bitmask_studio.studio.journal import store
from bitmask_studio.studio.journal.failing import Failure, reason
from bitmask_studio.studio.journal.kept import About, JournalError, KeptRow, WaitingRow
from bitmask_studio.studio.journal.names import journal_path
from bitmask_studio.studio.journal.orders import Forget, Order, SetAside
from bitmask_studio.studio.journal.row_journal import RowJournal
from bitmask_studio.studio.journal.store import JournalStore
from bitmask_studio.studio.journal.writer import RETRY, JournalWriter

_PATIENCE = 5.0
"""Seconds for which reading waits for what is to be written before."""
T = TypeVar("T")
Post = Callable[[Callable[[], None]], object]
"""Has something done on the window's thread."""


class Phase(Enum):
    """Whether what was done is on the disk."""

    KEPT = "kept"
    WRITING = "writing"
    FAILING = "failing"


class JournalState(Struct, frozen=True):
    """`reason` says in words why it is failing."""

    phase: Phase
    reason: str = ""


class Journal:
    """Belongs to the window's thread, but for what is said to block: that is for jobs.

    `changed()`: the state is another one.
    """

    def __init__(self, path: Path, identity: str, about: About, post: Post, retry: float = RETRY) -> None:
        """Blocks: open or make the journal at `path`. Where that fails, edits wait in memory and it is tried again."""
        self.changed: Signal[()] = Signal()
        self.told: str | None = None
        """What the user should hear of it: that it was damaged, for example."""
        self._post, self._file = post, path
        self._written, self._failure, store = 0, "", None

        def opener() -> JournalStore:
            opened = JournalStore(path, identity, about)
            self._file, self.told = opened.path, opened.told or self.told
            return opened

        try:
            store = opener()
        except Failure as error:
            self._failure = reason(error)
        self._writer = JournalWriter(opener, store, self._tell, retry)
        self._state = self._present()

    @classmethod
    def open(cls, folder: Path, identity: str, about: About, post: Post) -> Journal:
        """Blocks: the journal of a workspace among those of `folder`."""
        return cls(journal_path(folder, identity), identity, about, post)

    @property
    def state(self) -> JournalState:
        return self._state

    @property
    def kept(self) -> bool:
        """Whether everything that was done is on the disk."""
        return self._state.phase is Phase.KEPT

    def follow(self, key: str, title: str, kept: KeptRow | None) -> RowJournal:
        """Begin to keep a row: from `kept` on, which `read` has answered, or anew."""
        return RowJournal(self._send, key, title, kept)

    def set_aside(self, key: str) -> None:
        """Leave what is kept of a row in the journal, under another key."""
        self._send(SetAside(key))

    def forget(self, key: str) -> None:
        """Keep nothing of a row any more."""
        self._send(Forget(key))

    def read(self, key: str) -> KeptRow | None:
        """Blocks: what is kept of a row; None for nothing. Raises JournalError when it cannot be read just now."""
        return self._read(lambda: store.read(self._file, key))

    def waiting(self) -> tuple[WaitingRow, ...]:
        """Blocks: the rows with edits that are not stored, the last one first. Raises JournalError as `read` does."""
        return self._read(lambda: store.waiting(self._file))

    def settle(self, patience: float = _PATIENCE) -> bool:
        """Blocks for `patience` seconds at most: wait until what was done is on the disk; whether it is."""
        return self._writer.settle(patience)

    def close(self, patience: float = 1.0) -> bool:
        """Blocks for `patience` seconds at most: write what waits; whether all is on the disk."""
        return self._writer.close(patience)

    def _read(self, work: Callable[[], T]) -> T:
        self.settle()
        try:
            return work()
        except Failure as error:
            text = tr("The journal of unsaved edits cannot be read: {reason}.")
            raise JournalError(text.format(reason=reason(error))) from error

    def _send(self, *group: Order) -> None:
        self._writer.send(*group)
        self._look()

    def _tell(self, written: int, failure: str | None) -> None:
        """On the writer's thread."""
        self._post(lambda: self._hear(written, failure))

    def _hear(self, written: int, failure: str | None) -> None:
        self._written, self._failure = written, failure or ""
        self._look()

    def _look(self) -> None:
        now = self._present()
        if now != self._state:
            self._state = now
            self.changed.emit()

    def _present(self) -> JournalState:
        if self._failure:
            return JournalState(Phase.FAILING, self._failure)
        return JournalState(Phase.KEPT if self._written == self._writer.sent else Phase.WRITING)
