"""The tables of a journal and the SQLite settings that make what is committed last."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

VERSION = 1
APPLICATION = 0x424D534A
"""SQLite's `application_id` of a journal."""
PAGE = 4096
"""Bytes of SQLite's pages."""
_MOST_AHEAD = 32 << 20
"""Bytes that are written ahead at most before a commit takes them into the file."""
_LONGEST = 1 << 28
_PATIENCE = 5.0
"""Seconds for which another connection may be in the way."""

TABLES = (
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL)",
    "CREATE TABLE rows(id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, title BLOB NOT NULL, first INTEGER NOT NULL,"
    " place INTEGER NOT NULL, saved INTEGER NOT NULL, committed INTEGER NOT NULL, log_start INTEGER NOT NULL,"
    " log_end INTEGER NOT NULL, mark INTEGER NOT NULL, last_at REAL NOT NULL, crc INTEGER NOT NULL)",
    "CREATE TABLE steps(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, state INTEGER NOT NULL, before INTEGER NOT NULL,"
    " in_line INTEGER NOT NULL, at REAL NOT NULL, edit BLOB NOT NULL, crc INTEGER NOT NULL, UNIQUE(row, state))",
    "CREATE INDEX loose_steps ON steps(row, state) WHERE in_line = 0",
    "CREATE TABLE log(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, number INTEGER NOT NULL, state INTEGER NOT NULL,"
    " forwards INTEGER NOT NULL, crc INTEGER NOT NULL, UNIQUE(row, number))",
    "CREATE INDEX log_states ON log(row, state)",
    "CREATE TABLE bases(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, frame INTEGER NOT NULL,"
    " object_hash BLOB NOT NULL, base BLOB NOT NULL, crc INTEGER NOT NULL, UNIQUE(row, frame, object_hash))",
)
COLUMNS = {
    "rows": "id, key, title, first, place, saved, committed, log_start, log_end, mark, last_at, crc",
    "steps": "row, state, before, in_line, at, edit, crc",
    "log": "row, number, state, forwards, crc",
    "bases": "row, frame, object_hash, base, crc",
}
"""What is taken over when a damaged journal is saved, `row` being the id of one of the rows."""


def connect(path: Path, patience: float = _PATIENCE) -> sqlite3.Connection:
    """A connection to a file that is there, in which every transaction is begun by hand. Raises sqlite3.Error.

    It has the file alone from the first look on; `patience` is the seconds for which another may be in the way.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"
    db = sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    # None reads the file: whether it is a journal is found out later. A file that one connection alone has needs no
    # shared memory: somebody who cuts that short would end the program, for it is mapped.
    for pragma in ("locking_mode = EXCLUSIVE", "trusted_schema = OFF", "cell_size_check = ON"):
        db.execute(f"PRAGMA {pragma}")
    return db


def make_lasting(db: sqlite3.Connection) -> None:
    """Write ahead, where the file system can do that, and bound what is left over of it. Raises sqlite3.Error."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA journal_size_limit = {4 << 20}")
    # A commit syncs once; the rest is done while nothing is to be written, or when there is very much of it.
    db.execute(f"PRAGMA wal_autocheckpoint = {_MOST_AHEAD // PAGE}")


def create(db: sqlite3.Connection) -> None:
    """Make the tables of an empty journal. Raises sqlite3.Error."""
    db.execute(f"PRAGMA page_size = {PAGE}")
    db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    make_lasting(db)
    with transaction(db):
        for table in TABLES:
            db.execute(table)
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {VERSION}")


def is_empty(db: sqlite3.Connection) -> bool:
    """Whether there is nothing but a head, if that. Raises sqlite3.Error."""
    return number(db, "PRAGMA page_count") <= 1 and number(db, "SELECT count(*) FROM sqlite_master") == 0


def is_ours(db: sqlite3.Connection) -> bool:
    """Whether it says that it is a journal, of whatever version. Raises sqlite3.Error."""
    return number(db, "PRAGMA application_id") == APPLICATION


def has_our_tables(db: sqlite3.Connection) -> bool:
    """Whether the tables are those of this version, and nothing else is there. Raises sqlite3.Error."""
    found = {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    return found == set(TABLES)


def version(db: sqlite3.Connection) -> int:
    """The version of the tables. Raises sqlite3.Error."""
    return number(db, "PRAGMA user_version")


def number(db: sqlite3.Connection, query: str) -> int:
    """The one number that a query answers; 0 where it answers something else. Raises sqlite3.Error."""
    found = db.execute(query).fetchone()
    return found[0] if found and isinstance(found[0], int) else 0


def checksum(*values: object, data: bytes = b"") -> int:
    """CRC-32 of some values and bytes: SQLite itself does not notice when a bit of them turns over."""
    return zlib.crc32(data, zlib.crc32(repr(values).encode()))


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of what is done in here, or nothing of it. Raises sqlite3.Error."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            if db.in_transaction:
                db.execute("ROLLBACK")
        raise
