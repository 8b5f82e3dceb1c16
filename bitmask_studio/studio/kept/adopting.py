"""Edits of a row that were kept while its file was open in other company come back with it, and are kept here then."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.studio.journal.elsewhere import Elsewhere, forget_elsewhere, read_elsewhere, rows_elsewhere
from bitmask_studio.studio.journal.kept import InFile, JournalError, KeptRow
from bitmask_studio.studio.kept.restoring import Found, Restored, restored
from bitmask_studio.studio.kept.row_names import PlaceOf

_log = logging.getLogger(__name__)


class Adopting:
    """What other journals have of what is open. Its methods block, and may be called from any thread."""

    def __init__(self, rows: Iterable[Elsewhere]) -> None:
        self._rows = tuple(rows)
        self._given: dict[str, Elsewhere] = {}
        """What has come back with a row and is not kept here yet, by the row's key: nobody may ever do that."""
        self._taken: list[Elsewhere] = []
        """What is kept here now, or will be soon, and is to be forgotten there."""
        self._lock = threading.Lock()

    @classmethod
    def look(cls, folder: Path, own: Path, paths: Sequence[str], named: Sequence[Elsewhere]) -> Adopting | None:
        """What the journals in `folder` have, beside what is known to be meant; None for nothing."""
        found = {(each.path, each.row.key): each for each in rows_elsewhere(folder, own, paths)}
        found |= {(each.path, each.row.key): each for each in named}
        return cls(found.values()) if found else None

    def keys(self, rows: Sequence[RowInfo], place_of: PlaceOf) -> list[str]:
        """Which rows of a list they are."""
        left = self._rows  # also what has come back: who asks may not know of that
        names = {name for each in left for name in (each.row.key, each.place and each.place.data_hash)}
        likely = (info for info in rows if not names.isdisjoint((info.key, info.data_hash, info.label_hash)))
        return [info.key for info in likely if any(each.is_of(info, place_of(info)) for each in left)]

    def restore(self, row: LabelRow, place: InFile | None, key: str, own: KeptRow | None) -> Restored:
        """The row with the edits that are kept of it, here under `key` or elsewhere."""
        found = self._free(row.info, place, key)
        if found is None:
            return restored(row, own)
        try:
            theirs = read_elsewhere(found)
        except JournalError as error:
            return replace(restored(row, own), aside=str(error))
        if theirs is None or not theirs.log:
            return restored(row, own)
        if own and own.log:
            return self._beside(row, own, theirs, found)
        come = restored(row, replace(theirs, key=key, title=row.info.name))
        if come.found is Found.MISFIT:
            return replace(restored(row, own), aside=_misfit(theirs, found))
        with self._lock:
            self._given[key] = found
        return replace(come, is_new=True)

    def take(self, key: str) -> None:
        """What came back with a row is kept here from now on."""
        with self._lock:
            if found := self._given.pop(key, None):
                self._taken.append(found)

    @property
    def taken(self) -> tuple[Elsewhere, ...]:
        """What is kept here now, or will be soon, and there too."""
        with self._lock:
            return tuple(self._taken)

    def release(self, taken: Sequence[Elsewhere]) -> None:
        """This was taken over, and is on the disk here: have it forgotten where it was."""
        with self._lock:
            self._rows = tuple(each for each in self._rows if each not in taken)
            self._taken = [each for each in self._taken if each not in taken]
        for each in taken:
            try:
                forget_elsewhere(each)
            except JournalError as error:
                _log.info("edits taken over are still in %s too: %s", each.path.name, error)

    def _beside(self, row: LabelRow, own: KeptRow, theirs: KeptRow, found: Elsewhere) -> Restored:
        """There are other edits here: those there wait, unless they are the same, taken over just before a crash."""
        come = restored(row, own)
        if own.log[: len(theirs.log)] == theirs.log:
            with self._lock:
                self._taken.append(found)
            return come
        more = tr("{n} other edits of it, made when {title} was open, stay kept and come back once these are saved.")
        one = tr("Another edit of it, made when {title} was open, stays kept and comes back once these are saved.")
        text = one if len(theirs.log) == 1 else more
        return replace(come, aside=text.format(n=len(theirs.log), title=found.about.title))

    def _free(self, info: RowInfo, place: InFile | None, key: str) -> Elsewhere | None:
        """What is of a row and has come back with no other."""
        with self._lock:
            gone = [*self._taken, *(each for name, each in self._given.items() if name != key)]
        return next((each for each in self._rows if each not in gone and each.is_of(info, place)), None)


def _misfit(theirs: KeptRow, found: Elsewhere) -> str:
    text = tr(
        "Edits of {row} ({n}), made when {title} was open, could not be brought back: its pictures have another size "
        "now, or what they began with cannot be read. They were left where they are kept."
    )
    return text.format(n=len(theirs.log), row=theirs.title, title=found.about.title)
