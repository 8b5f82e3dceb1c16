"""Under which key a journal keeps a row: the one it had when it was first kept, whatever it is listed as since."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio.journal.kept import InFile, WaitingRow

PlaceOf = Callable[[RowInfo], InFile | None]
"""Which row of which file, or folder of pictures, it is; blocks."""


class RowNames:
    """Rows of two files may have the same hashes: which of them has these for its key depends on the files' order.

    No two rows ever have one name, and what is kept of a row of another file is nobody's: also when that has gone,
    since a copy of it is not told from a file that was given another name. Threads may share it.
    """

    def __init__(self, places: Mapping[str, InFile]) -> None:
        """`places` tells which row of which file is kept under a key."""
        self._places = dict(places)
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()
        self._lock = threading.Lock()

    def key_of(self, info: RowInfo, place: InFile | None) -> str:
        """The key for a row at its place; the same as long as it is open."""
        with self._lock:
            if info.key not in self._known:
                self._known[info.key] = name = self._found(info, place)
                self._taken.add(name)
            return self._known[info.key]

    def listed(self, waiting: Sequence[WaitingRow], rows: Sequence[RowInfo], place_of: PlaceOf) -> list[str]:
        """As what these are listed now."""
        names = {each.key for each in waiting}
        hashes = {each.place.data_hash for each in waiting if each.place}
        likely = (info for info in rows if info.data_hash in hashes or info.key in names)
        return [info.key for info in likely if self.key_of(info, place_of(info)) in names]

    def is_taken(self, name: str) -> bool:
        """Whether a row has this key that was listed among those that wait, or opened."""
        with self._lock:
            return name in self._taken

    def _found(self, info: RowInfo, place: InFile | None) -> str:
        kept = [key for key, each in self._places.items() if place and each.is_of(place)]
        kept.sort(key=lambda key: key != info.key)
        new = (name for name in _names(info, place) if name not in self._places)
        return next(name for names in (kept, new) for name in names if name not in self._taken)


def _names(info: RowInfo, place: InFile | None) -> Iterator[str]:
    yield info.key
    longer = f"{info.key} in {place.path}" if place else info.key
    yield from (f"{longer}#{number}" if number > 1 else longer for number in count(1))
