"""Under which key a journal keeps a row: the one it had when it was first kept, whatever it is listed as since."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio.journal.kept import InFile, WaitingRow

FileOf = Callable[[RowInfo], str]
"""The file, or the folder of pictures, that a row is in."""


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

    def key_of(self, info: RowInfo, file: str) -> str:
        """The key for a row of a file; the same as long as it is open."""
        with self._lock:
            if info.key not in self._known:
                self._known[info.key] = name = self._found(info, file)
                self._taken.add(name)
            return self._known[info.key]

    def listed(self, waiting: Sequence[WaitingRow], rows: Sequence[RowInfo], file_of: FileOf) -> list[str]:
        """As what these are listed now."""
        names = {each.key for each in waiting}
        hashes = {each.place.data_hash for each in waiting if each.place}
        likely = (info for info in rows if info.data_hash in hashes or info.key in names)
        return [info.key for info in likely if self.key_of(info, file_of(info)) in names]

    def _found(self, info: RowInfo, file: str) -> str:
        own = self._places.get(info.key)
        first = [info.key] if own and own.is_of(info, file) else []
        kept = (*first, *(key for key, place in self._places.items() if place.is_of(info, file)))
        new = (name for name in _names(info, file) if name not in self._places)
        return next(name for names in (kept, new) for name in names if name not in self._taken)


def _names(info: RowInfo, file: str) -> Iterator[str]:
    yield info.key
    yield f"{info.key} in {file}"
    for number in count(2):
        yield f"{info.key} in {file}#{number}"
