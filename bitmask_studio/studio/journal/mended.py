"""A journal file that stays whole whatever else writes to it: what is open is written anew where it was damaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.text import tr
from bitmask_studio.studio.journal.failing import Failure, is_damage
from bitmask_studio.studio.journal.mirror import Mirror
from bitmask_studio.studio.journal.orders import Order
from bitmask_studio.studio.journal.store import JournalStore

_MOST_ALARMS = 20
"""How often a file may be another one by its time alone until times are not believed: some disks set them late."""
Opener = Callable[[bool], JournalStore]
"""Opens the journal; told whether the one that was open has been written to by something else."""


class MendedStore:
    """Belongs to one thread. `is_lost`: what was written is not on the disk any more, or may not be."""

    def __init__(self, opener: Opener, store: JournalStore | None, lost: Callable[[], None]) -> None:
        """`store`: what `opener` answered, if it did already; `lost` is called when `is_lost` becomes true."""
        self._open, self._store, self._tell_lost = opener, store, lost
        self._mirror = Mirror()
        self._alarms = 0
        self._is_foul = False
        """Whether something else has written to the file."""
        self.is_lost = False

    @property
    def is_open(self) -> bool:
        return self._store is not None

    @property
    def is_well(self) -> bool:
        """Whether the file is open, and as it was left."""
        return not self.is_lost and self._store is not None and self._store.is_as_left(self._alarms < _MOST_ALARMS)

    def opened(self) -> JournalStore:
        """The file as it was left, or what could be made of it. Raises what `Failure` names."""
        store = self._store
        if store and not store.is_as_left(self._alarms < _MOST_ALARMS):
            self._leave(store, is_foul=not store.is_as_left(times=False))
        if self._store is None:
            self._store = self._open(self._is_foul)
            self._is_foul = False
            if self._store.told:
                self._alarms = 0  # the last one was none too many
        return self._store

    def readable(self) -> JournalStore:
        """The same, to be read; not while something is missing in it. Raises what `Failure` names."""
        store = self.opened()
        if self.is_lost:
            raise StudioError(tr("it is damaged"))
        return store

    def apply(self, orders: Sequence[Order]) -> None:
        """Carry out orders, all or none, and before them, where something was lost, what makes up for that.

        Raises what `Failure` names.
        """
        try:
            self._apply(orders)
        except Failure as error:
            if not is_damage(error) or self._store is None:
                raise
            self._leave(self._store, is_foul=True)
            self._apply(orders)

    def tidy(self) -> None:
        """What a file needs now and then; done while nobody waits."""
        if self._store:
            self._store.tidy()

    def close(self) -> None:
        """Close the file; what is in it stays."""
        if self._store:
            self._store.close()

    def _apply(self, orders: Sequence[Order]) -> None:
        store = self.opened()
        store.apply((*(self._mirror.rewrites() if self.is_lost else ()), *orders))
        self._mirror.note(orders)
        self.is_lost = False

    def _leave(self, store: JournalStore, is_foul: bool) -> None:
        if not self.is_lost:
            self.is_lost = True
            self._tell_lost()
        if store.is_there:
            self._is_foul = self._is_foul or is_foul
            self._alarms += not is_foul
            store.leave()
        else:
            _move_back(store)
        self._store = None


def _move_back(store: JournalStore) -> None:
    """Make a file again that was taken away; of one that was damaged as well, what can be had of it."""
    try:
        store.move_back()
    except Failure as error:
        if not is_damage(error):
            raise
        store.close()
