"""One journal file: opened whatever state it is in, written in transactions that last, read row by row."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from bitmask_studio.studio.journal.bases import encode_about
from bitmask_studio.studio.journal.carrying import carry_out
from bitmask_studio.studio.journal.kept import About, KeptRow, WaitingRow
from bitmask_studio.studio.journal.opening import open_file, opened
from bitmask_studio.studio.journal.orders import Order
from bitmask_studio.studio.journal.reading import read_row
from bitmask_studio.studio.journal.schema import connect, make_lasting, transaction
from bitmask_studio.studio.journal.trimming import trim
from bitmask_studio.studio.journal.waiting_rows import waiting_rows
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
        with transaction(self._db):
            self._introduce()
        trim(self._db)
        self._inodes = self._find()

    def apply(self, orders: Iterable[Order]) -> None:
        """Carry out orders, all or none; they are on the disk when this returns."""
        with transaction(self._db):
            for order in orders:
                carry_out(self._db, order)
        self._is_tidy = False

    def tidy(self) -> None:
        """Take what was written ahead into the file; done while nobody waits, and without harm if it fails."""
        if not self._is_tidy:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            self._is_tidy = True

    @property
    def is_there(self) -> bool:
        """Whether what is written is found again: the file has not been taken away from under the journal."""
        return self._find() == self._inodes

    def move_back(self) -> None:
        """Make the file again where it was, out of what the system still holds of it, and close it.

        Raises sqlite3.Error, OSError when that cannot be; then it is held as before.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        with opened(self.path) as there:
            self._db.backup(there)
            make_lasting(there)
            there.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.close()

    def close(self) -> None:
        """Close the file; what is in it stays."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def _find(self) -> tuple[tuple[int, int] | None, ...]:
        """Which files have the names of the journal and of what is written ahead of it."""
        return _inode(self.path), _inode(Path(f"{self.path}-wal"))

    def _introduce(self) -> None:
        for name, value in self._about.items():
            self._db.execute("INSERT OR REPLACE INTO meta(key, value) VALUES(?,?)", (name, value))


def read(path: Path, key: str) -> KeptRow | None:
    """What is kept of a row in the journal at `path`; None for nothing. Raises sqlite3.Error, OSError."""
    with _snapshot(path) as db:
        return read_row(db, key)


def waiting(path: Path) -> tuple[WaitingRow, ...]:
    """The rows with edits that are not stored, the last one first. Raises sqlite3.Error, OSError."""
    with _snapshot(path) as db:
        return waiting_rows(db)


@contextlib.contextmanager
def _snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """One state of the file, whatever is being written to it."""
    with contextlib.closing(connect(path)) as db:
        db.execute("BEGIN")
        yield db
        db.execute("ROLLBACK")


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
