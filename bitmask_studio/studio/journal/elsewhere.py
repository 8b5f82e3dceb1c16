"""Edits that were kept while a file was open by itself, with others or with its folder: other journals have them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from sqlite3 import Connection

from msgspec import Struct

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr
from bitmask_studio.studio.journal import schema
from bitmask_studio.studio.journal.bases import decode_about
from bitmask_studio.studio.journal.carrying import forget
from bitmask_studio.studio.journal.failing import Failure, reason
from bitmask_studio.studio.journal.kept import About, InFile, JournalError, KeptRow, WaitingRow
from bitmask_studio.studio.journal.names import SUFFIX
from bitmask_studio.studio.journal.reading import read_row
from bitmask_studio.studio.journal.schema import VERSION, connect, is_ours, transaction, version
from bitmask_studio.studio.journal.waiting_rows import waiting_rows

_PATIENCE = 1.0
"""Seconds for which somebody may look at a journal that no window has open."""


class Elsewhere(Struct, frozen=True):
    """A row with edits that are not stored in the journal at `path`, which is about something else that was open."""

    path: Path
    row: WaitingRow
    about: About

    @property
    def place(self) -> InFile | None:
        """Which row of which file it is, where that is known."""
        return self.row.place

    def is_of(self, info: RowInfo, place: InFile | None) -> bool:
        """Whether it is this row of the label file, or of the folder of pictures."""
        if place is None:
            return False
        if self.place is None:
            return self.about.paths == (place.path,) and self.row.key in (info.key, info.label_hash)
        return self.place.is_of(place)


def rows_elsewhere(folder: Path, own: Path, paths: Sequence[str]) -> tuple[Elsewhere, ...]:
    """The rows that other journals in `folder` have of what is about to be opened; blocks.

    A journal that cannot be read is passed by, and one that is in use: it is about something else then.
    """
    try:
        journals = sorted(each for each in folder.iterdir() if each.suffix == SUFFIX and each != own)
    except OSError:
        return ()
    return tuple(each for path in journals for each in _rows(path) if _touch(each, paths))


def read_elsewhere(found: Elsewhere) -> KeptRow | None:
    """Blocks: what is kept of the row; None for nothing any more. Raises JournalError when it cannot be read."""
    with _open(found.path) as db:
        return read_row(db, found.row.key)


def forget_elsewhere(found: Elsewhere) -> None:
    """Blocks: keep nothing of the row there any more. Raises JournalError when that cannot be."""
    with _open(found.path) as db, transaction(db):
        forget(db, found.row.key)


@contextlib.contextmanager
def _open(path: Path) -> Iterator[Connection]:
    try:
        with contextlib.closing(connect(path, _PATIENCE)) as db:
            yield db
    except Failure as error:
        text = tr("The journal of unsaved edits cannot be read: {reason}.")
        raise JournalError(text.format(reason=reason(error))) from error


def _rows(path: Path) -> list[Elsewhere]:
    try:
        with contextlib.closing(connect(path, 0.0)) as db:
            if not is_ours(db) or version(db) > VERSION or not schema.number(db, "SELECT count(*) FROM log"):
                return []
            about = decode_about(db.execute("SELECT value FROM meta WHERE key = 'about'").fetchone()[0])
            return [Elsewhere(path, row, about) for row in waiting_rows(db)]
    except (*Failure, ValueError, TypeError):
        return []


def _touch(found: Elsewhere, paths: Sequence[str]) -> bool:
    """Whether the row's file, or the one thing that was open, is among these files and folders, or in one of them."""
    place = found.place
    file = place.path if place else found.about.paths[0] if len(found.about.paths) == 1 else None
    return file is not None and (file in paths or str(Path(file).parent) in paths or _is_within(file, paths))


def _is_within(folder: str, paths: Sequence[str]) -> bool:
    """Whether one of these files lies in the folder, whose pictures may have got a label file of their own."""
    return any(str(Path(path).parent) == folder for path in paths)
