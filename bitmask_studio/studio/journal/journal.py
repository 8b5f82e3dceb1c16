"""The journal of what is open: told of every step, it says whether all of it is on the disk."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from bitmask_studio.core.signal import Signal
from bitmask_studio.core.text import tr
from bitmask_studio.studio.journal.failing import Failure, is_in_use, reason
from bitmask_studio.studio.journal.kept import About, InFile, JournalError, KeptRow, WaitingRow
from bitmask_studio.studio.journal.names import journal_path
from bitmask_studio.studio.journal.orders import Forget, Know, Order, Rewrite, SetAside, Wish
from bitmask_studio.studio.journal.row_journal import RowJournal
from bitmask_studio.studio.journal.salvage import copy
from bitmask_studio.studio.journal.store import JournalStore
from bitmask_studio.studio.journal.writer import RETRY, JournalWriter

_PATIENCE = 30.0
"""Seconds that reading may take, with what is to be written before."""
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
        self._path, self._identity = path, identity
        self._post, self._was_open, self._is_to_be_saved = post, False, False
        self._written, self._failure, store = 0, "", None
        self.was_in_use = False
        """Whether another window had it when it was to be opened."""

        def opener(is_foul: bool) -> JournalStore:
            opened = JournalStore(path, identity, about)
            self.told = _words(opened.told, is_foul, self._was_open) or self.told
            self._was_open = True
            return opened

        try:
            store = opener(False)
            self._is_to_be_saved = store.is_to_be_saved
        except Failure as error:
            self._failure, self.was_in_use = reason(error), is_in_use(error)
        self._writer = JournalWriter(opener, store, self._tell, retry)
        self._state = self._present()
        if self._is_to_be_saved:
            self._send(Wish(to_save=True))

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

    @property
    def is_to_be_saved(self) -> bool:
        """Whether the user wanted saved what is not, and it could not be: known at the next start too."""
        return self._is_to_be_saved

    def wish_to_save(self, to_save: bool) -> None:
        """Keep whether the user wants that."""
        if to_save != self._is_to_be_saved:
            self._is_to_be_saved = to_save
            self._send(Wish(to_save))

    def follow(
        self, key: str, title: str, kept: KeptRow | None, place: InFile | None = None, is_new: bool = False
    ) -> RowJournal:
        """Begin to keep a row: from `kept` on, which `read` has answered, or anew; `is_new`: it is from elsewhere."""
        if kept and not is_new:
            self._send(Know(kept, place))
        return RowJournal(self._send, key, title, kept, place, is_new)

    def set_aside(self, key: str) -> None:
        """Leave what is kept of a row in the journal, under another key."""
        self._send(SetAside(key))

    def places(self) -> dict[str, InFile]:
        """Blocks: which row of which file is meant by a key. Raises JournalError as `read` does."""
        return self._read(lambda store: store.places())

    def set_aside_of(self, key: str) -> tuple[str, ...]:
        """Blocks: under which keys edits of a row are that were set aside. Raises JournalError as `read` does."""
        return self._read(lambda store: store.set_aside_of(key))

    def take_back(self, aside: str, kept: KeptRow) -> None:
        """What was set aside under the key `aside` is a row's again."""
        self._send(Rewrite(kept), Forget(aside))

    def forget(self, key: str) -> None:
        """Keep nothing of a row any more."""
        self._send(Forget(key))

    def read(self, key: str) -> KeptRow | None:
        """Blocks: what is kept of a row; None for nothing. Raises JournalError when it cannot be read just now."""
        return self._read(lambda store: store.read(key))

    def waiting(self) -> tuple[WaitingRow, ...]:
        """Blocks: the rows with edits that are not stored, the last one first. Raises JournalError as `read` does."""
        return self._read(lambda store: store.waiting())

    def settle(self, patience: float = 5.0) -> bool:
        """Blocks for `patience` seconds at most: wait until what was done is on the disk; whether it is."""
        return self._writer.settle(patience)

    def close(self, patience: float = 1.0) -> bool:
        """Blocks for `patience` seconds at most: write what waits; whether all is on the disk."""
        return self._writer.close(patience)

    def _read(self, work: Callable[[JournalStore], T]) -> T:
        try:
            return self._writer.ask(work, _PATIENCE)
        except Failure as error:
            with contextlib.suppress(*Failure):
                if not self._was_open and self._path.is_file():
                    return self._read_copy(work)
            text = tr("The journal of unsaved edits cannot be read: {reason}.")
            raise JournalError(text.format(reason=reason(error))) from error

    def _read_copy(self, work: Callable[[JournalStore], T]) -> T:
        """What is kept on a disk that nothing can be written to: read from a copy. Raises what `Failure` names."""
        with tempfile.TemporaryDirectory() as folder:
            there = Path(folder) / self._path.name
            copy(self._path, there)
            with contextlib.closing(JournalStore(there, self._identity, About(""))) as store:
                return work(store)

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


def _words(told: str | None, is_foul: bool, was_open: bool) -> str | None:
    """What the user should hear when a journal was opened; `is_foul`: something else wrote to it while it was open."""
    found = told or (tr("Something else changed the journal of unsaved edits.") if is_foul else None)
    if found is None or not was_open:
        return found
    return tr("{found} All edits of the rows that are open are written to it again.").format(found=found)
