"""The thread that writes a journal: it takes all that waits, makes it last in one transaction, and tells."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from bitmask_studio.studio.journal.failing import Failure, is_damage, reason
from bitmask_studio.studio.journal.orders import Order
from bitmask_studio.studio.journal.store import JournalStore

RETRY = 2.0
"""Seconds after which what could not be written is tried again, if nothing new comes before."""
_IDLE = 5.0
"""Seconds after which, when nothing comes, the file is looked for, which somebody may have taken away, and tidied."""
Opener = Callable[[], JournalStore]
Told = Callable[[int, str | None], None]
"""Hears how many groups are on the disk, and why the next ones are not; called by the thread."""


class JournalWriter:
    """Groups of orders wait in memory until they are on the disk; a group is written as a whole or not at all."""

    def __init__(self, opener: Opener, store: JournalStore | None, told: Told, retry: float = RETRY) -> None:
        """`store`: what `opener` answered, if it did already."""
        self._open, self._store, self._told, self._retry = opener, store, told, retry
        self._queue: queue.SimpleQueue[tuple[Order, ...] | None] = queue.SimpleQueue()
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

    def settle(self, patience: float) -> bool:
        """Wait until all that was sent is on the disk, or known not to get there; whether it is there."""
        sent, end = self._sent, time.monotonic() + patience
        with self._changed:
            while self._written < sent and self._failure is None and not self._ended:
                if not self._changed.wait(end - time.monotonic()):
                    break
            return self._written >= sent

    def close(self, patience: float) -> bool:
        """Write what waits, for `patience` seconds at most, and end; whether all of it is on the disk."""
        self._queue.put(None)
        self._thread.join(patience)
        return self._written >= self._sent

    def _work(self) -> None:
        waiting: list[tuple[Order, ...]] = []
        ending = False
        while not ending:
            ending = self._take(waiting)
            if waiting or self._store is None or not self._store.is_there:
                self._write(waiting)
            elif not ending:
                self._store.tidy()
        if self._store:
            self._store.close()
        self._tell(ended=True)

    def _take(self, waiting: list[tuple[Order, ...]]) -> bool:
        """Add to `waiting` what was sent, once there is something or it is time to try again; whether to end."""
        patience = self._retry if waiting or self._store is None else _IDLE
        try:
            group = self._queue.get(timeout=patience)
            while group is not None:
                waiting.append(group)
                group = self._queue.get_nowait()
        except queue.Empty:
            return False
        return True

    def _write(self, waiting: list[tuple[Order, ...]]) -> None:
        try:
            store = self._opened()
            store.apply(order for group in waiting for order in group)
        except Failure as error:
            if is_damage(error) and self._store:
                self._store.close()
                self._store = None
            self._tell(failure=reason(error))
            return
        written = len(waiting)
        waiting.clear()
        self._tell(written)

    def _opened(self) -> JournalStore:
        if self._store and not self._store.is_there:
            self._store.move_back()
            self._store = None
        if self._store is None:
            self._store = self._open()
        return self._store

    def _tell(self, written: int = 0, failure: str | None = None, ended: bool = False) -> None:
        with self._changed:
            self._written += written
            self._failure, self._ended = failure, ended
            self._changed.notify_all()
        self._told(self._written, failure)
