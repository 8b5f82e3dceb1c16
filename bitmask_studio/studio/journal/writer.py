"""The thread that writes a journal: it takes all that waits, makes it last in one transaction, and tells."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.text import tr
from bitmask_studio.studio.journal.failing import Failure, reason
from bitmask_studio.studio.journal.mended import MendedStore, Opener
from bitmask_studio.studio.journal.orders import Order
from bitmask_studio.studio.journal.store import JournalStore

RETRY = 2.0
"""Seconds after which what could not be written is tried again, if nothing new comes before."""
LOOK = 0.5
"""Seconds after which, when nothing comes, it is looked whether somebody took the file away or wrote to it."""
_IDLE = 5.0
"""Seconds after which, when nothing comes, the file is tidied."""
Told = Callable[[int, str | None], None]
"""Hears how many groups are on the disk, and why the next ones are not; called by the thread."""
Group = tuple[Order, ...]
T = TypeVar("T")


class _Question:
    """Something to be read by the thread, which alone has the file."""

    def __init__(self, work: Callable[[JournalStore], Any]) -> None:
        self._work = work
        self.answer: Future[Any] = Future()

    def ask(self, opened: Callable[[], JournalStore]) -> None:
        try:
            self.answer.set_result(self._work(opened()))
        except Failure as error:
            self.answer.set_exception(error)


class JournalWriter:
    """Groups of orders wait in memory until they are on the disk; a group is written as a whole or not at all."""

    def __init__(self, opener: Opener, store: JournalStore | None, told: Told, retry: float = RETRY) -> None:
        """`store`: what `opener` answered, if it did already."""
        self._told, self._retry = told, retry
        self._store = MendedStore(opener, store, self._tell)
        self._queue: queue.SimpleQueue[Group | _Question | None] = queue.SimpleQueue()
        self._waiting: list[Group] = []
        self._asked: list[_Question] = []
        self._sent = self._written = 0
        self._failure: str | None = None
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    @property
    def sent(self) -> int:
        """How many groups it was given."""
        return self._sent

    def send(self, *group: Order) -> None:
        """Have orders carried out, in order and together. One thread alone may do that."""
        self._sent += 1
        self._queue.put(group)

    def ask(self, work: Callable[[JournalStore], T], patience: float) -> T:
        """What `work` answers, once all that was sent before is on the disk, or known not to get there.

        Raises what `Failure` names; StudioError when it takes longer than `patience` seconds.
        """
        question = _Question(work)
        with self._changed:
            if self._ended:
                raise StudioError(tr("it is closed"))
            self._queue.put(question)
        try:
            found: T = question.answer.result(patience)
        except TimeoutError as error:
            raise StudioError(tr("the disk does not answer")) from error
        return found

    def settle(self, patience: float) -> bool:
        """Wait until all that was sent is on the disk, or known not to get there; whether it is there."""
        sent, end = self._sent, time.monotonic() + patience
        with self._changed:
            while self._there < sent and self._failure is None and not self._ended:
                if not self._changed.wait(end - time.monotonic()):
                    break
            return self._there >= sent

    def close(self, patience: float) -> bool:
        """Write what waits, for `patience` seconds at most, and end; whether all of it is on the disk."""
        self._queue.put(None)
        self._thread.join(patience)
        return self._there >= self._sent

    @property
    def _there(self) -> int:
        """How many groups are on the disk."""
        return 0 if self._store.is_lost else self._written

    def _work(self) -> None:
        ending, busy_at = False, time.monotonic()
        while not ending:
            ending = self._take()
            if self._waiting or not self._store.is_well:
                self._write()
                busy_at = time.monotonic()
            elif not ending and time.monotonic() - busy_at > _IDLE:
                self._store.tidy()
            self._answer()
        self._end()

    def _take(self) -> bool:
        """Take what was sent and asked, once there is something or it is time to look; whether to end."""
        patience = self._retry if self._waiting or not self._store.is_open else LOOK
        try:
            each = self._queue.get(timeout=patience)
            while each is not None:
                self._asked.append(each) if isinstance(each, _Question) else self._waiting.append(each)
                each = self._queue.get_nowait()
        except queue.Empty:
            return False
        return True

    def _write(self) -> None:
        try:
            self._store.apply([order for group in self._waiting for order in group])
        except Failure as error:
            self._tell(failure=reason(error))
            return
        written = len(self._waiting)
        self._waiting.clear()
        self._tell(written)

    def _answer(self) -> None:
        for each in self._asked:
            each.ask(self._store.readable)
        self._asked.clear()

    def _end(self) -> None:
        self._store.close()
        self._tell(ended=True)
        while not self._queue.empty():
            each = self._queue.get()
            if isinstance(each, _Question):
                each.answer.set_exception(StudioError(tr("it is closed")))

    def _tell(self, written: int = 0, failure: str | None = None, ended: bool = False) -> None:
        with self._changed:
            self._written += written
            self._failure, self._ended = failure, ended
            self._changed.notify_all()
        self._told(self._there, failure)
