"""One journal file: opened whatever state it is in, written in transactions that last, read row by row."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from bitmask_studio.studio.journal.bases import encode_about
from bitmask_studio.studio.journal.carrying import carry_out, is_to_be_saved, set_aside_of
from bitmask_studio.studio.journal.kept import About, InFile, KeptRow, WaitingRow
from bitmask_studio.studio.journal.leaving import close, leave_as_found, move_back
from bitmask_studio.studio.journal.opening import open_file
from bitmask_studio.studio.journal.orders import Order
from bitmask_studio.studio.journal.reading import read_row
from bitmask_studio.studio.journal.schema import transaction
from bitmask_studio.studio.journal.trimming import trim
from bitmask_studio.studio.journal.waiting_rows import places_of_rows, waiting_rows
from bitmask_studio.studio.journal.wire import to_text


class JournalStore:
    """Every method blocks and raises sqlite3.Error or OSError where the disk does not do what it should."""

    def __init__(self, path: Path, identity: str, about: About) -> None:
        """Open the journal of a workspace, or make it.

        What is damaged is set aside, and what of it is whole taken over; `told` says so. Raises sqlite3.Error, OSError,
        StudioError when there can be none just now.
        """
        self._about = {"identity": to_text(identity), "about": encode_about(about)}
        self._db, self.path, self.told = open_file(path, to_text(identity))
        self._is_tidy = True
        try:
            self._introduce()
        except BaseException:
            close(self._db)  # the next who opens it would wait for this one
            raise
        with contextlib.suppress(sqlite3.Error):
            trim(self._db)
        self._left = self._find()
        self._inodes = [each[:2] for each in self._left]

    def apply(self, orders: Iterable[Order]) -> None:
        """Carry out orders, all or none; they are on the disk when this returns."""
        try:
            with transaction(self._db):
                for order in orders:
                    carry_out(self._db, order)
        finally:
            self._left = self._find()
        self._is_tidy = False

    def tidy(self) -> None:
        """Take what was written ahead into the file; done while nobody waits, and without harm if it fails."""
        if not self._is_tidy:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            self._is_tidy, self._left = True, self._find()

    @property
    def is_there(self) -> bool:
        """Whether what is written is found again: the file has not been taken away from under the journal."""
        return [each[:2] for each in self._find()] == self._inodes

    def is_as_left(self, times: bool = True) -> bool:
        """Whether nobody else has written to the file, as far as its size tells and, with `times`, its time."""
        here, left = self._find(), self._left
        return here == left if times else [each[:3] for each in here] == [each[:3] for each in left]

    def move_back(self) -> None:
        """Make a file that was taken away again out of what the system still holds of it, and close it.

        Raises sqlite3.Error, OSError when that cannot be; then it is held as before.
        """
        move_back(self._db, self.path)

    def leave(self) -> None:
        """Close a file that something else has written to, so that it is as that left it. Raises as `move_back`."""
        leave_as_found(self._db, self.path)

    def close(self) -> None:
        """Close the file; what is in it stays."""
        close(self._db)

    def read(self, key: str) -> KeptRow | None:
        """What is kept of a row; None for nothing."""
        return read_row(self._db, key)

    def places(self) -> dict[str, InFile]:
        """Which row of which file is meant by a key."""
        return places_of_rows(self._db)

    def set_aside_of(self, key: str) -> tuple[str, ...]:
        """The keys under which edits of a row were set aside, in that order."""
        return set_aside_of(self._db, key)

    def waiting(self) -> tuple[WaitingRow, ...]:
        """The rows with edits that are not stored, the last one first."""
        return waiting_rows(self._db)

    @property
    def is_to_be_saved(self) -> bool:
        """Whether the user wanted saved what is not."""
        return is_to_be_saved(self._db)

    def _find(self) -> list[tuple[int, ...]]:
        """Which files have the names of the journal and of what is written ahead of it, and how they are."""
        return [_state(self.path), _state(Path(f"{self.path}-wal"))]

    def _introduce(self) -> None:
        """Say what the journal is of, unless it says so: what is kept is read from a full disk too."""
        said = dict(self._db.execute("SELECT key, value FROM meta WHERE key IN ('identity', 'about')").fetchall())
        if said != self._about:
            with transaction(self._db):
                for name, value in self._about.items():
                    self._db.execute("INSERT OR REPLACE INTO meta(key, value) VALUES(?,?)", (name, value))


def _state(path: Path) -> tuple[int, ...]:
    """Device, number, bytes and time of a file; nothing where there is none."""
    try:
        state = path.stat()
    except OSError:
        return ()
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns
