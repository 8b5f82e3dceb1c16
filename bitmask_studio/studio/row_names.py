"""Under which key a journal keeps a row: the one it had when it was first kept, whatever it is listed as since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio.journal.kept import InFile, WaitingRow

FileOf = Callable[[RowInfo], str]
"""The file, or the folder of pictures, that a row is in."""


class RowNames:
    """Rows of two files may have the same hashes: which of them has these for its key depends on the files' order."""

    def __init__(self, places: Mapping[str, InFile]) -> None:
        """`places` tells which row of which file is kept under a key."""
        self._places = dict(places)
        self._known: dict[str, str] = {}

    def key_of(self, info: RowInfo, file: str) -> str:
        """The key for a row of a file; the same as long as it is open."""
        if info.key not in self._known:
            self._known[info.key] = self._found(info, file)
        return self._known[info.key]

    def listed(self, waiting: Sequence[WaitingRow], rows: Sequence[RowInfo], file_of: FileOf) -> list[str]:
        """As what these are listed now."""
        hashes = {each.place.data_hash for each in waiting if each.place}
        likely = [info for info in rows if info.data_hash in hashes]
        found = (_listed(each, likely, file_of) for each in waiting)
        return [key for key in found if key is not None]

    def _found(self, info: RowInfo, file: str) -> str:
        own = self._places.get(info.key)
        if own and _is_of(own, info, file):
            return info.key
        found = next((key for key, place in self._places.items() if _is_of(place, info, file)), None)
        return found or (f"{info.key} in {file}" if own else info.key)


def _listed(waiting: WaitingRow, rows: Sequence[RowInfo], file_of: FileOf) -> str | None:
    place = waiting.place
    if place is None:
        return waiting.key
    return next((info.key for info in rows if _is_of(place, info, file_of(info))), None)


def _is_of(place: InFile, info: RowInfo, file: str) -> bool:
    """Whether it is this row; one of a file that has gone is found in another one."""
    return place.is_of(info, file) or (place.is_same(info) and not _exists(place.path))


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
