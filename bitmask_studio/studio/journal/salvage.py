"""What becomes of a damaged journal: it is kept beside, and what of it is whole goes into a new one.

The new one is finished under a name of its own before anything of the old one goes, so that a program that is killed
here leaves one of the two whole.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bitmask_studio.core import files
from bitmask_studio.studio.journal.schema import COLUMNS, PAGE, connect, create, is_ours, transaction

_WORKING, _HEADED, _DONE = ".salvaging", ".headed", ".salvaged"
_BESIDE = ("-wal", "-shm", "-journal")
_NAMED_ROW = "INSERT OR IGNORE INTO rows SELECT ?1, ?2, CAST(?2 AS BLOB), 0, 0, 0, 0, 0, 0, -1, 0, 0"
"""A row whose numbers are not known: what its steps and its log say is believed instead."""
ASIDE = ".damaged-"


def salvage(path: Path, identity: bytes) -> Path | None:
    """Put a journal with everything that is whole of the one at `path` in its place; answers where that is kept now.

    None: it is nothing of that workspace's. Raises sqlite3.Error, OSError, SaveError when the disk does not let that
    happen; the old one is as it was.
    """
    working, headed = _beside(path, _WORKING), _beside(path, _HEADED)
    try:
        with contextlib.closing(_new(working)) as new:
            _give_head(path, headed)
            with transaction(new):
                known = [_take_all_over(each, new, identity) for each in (path, headed)]
            new.execute("PRAGMA journal_mode = DELETE").fetchall()
        if not any(known):
            return None
        aside = _copied_aside(path)
        working.replace(_beside(path, _DONE))
    finally:
        _remove(working)
        _remove(headed)
    finish_salvage(path)
    return aside


def take_ahead(path: Path, ahead: bytes, is_better: Callable[[sqlite3.Connection], bool]) -> Path | None:
    """Have a journal with something else written ahead of it in its place; answers where the old one is kept.

    None: it is not better so. It gets there with `finish_salvage`. Raises as `salvage` does.
    """
    working = _beside(path, _WORKING)
    size = path.stat().st_size
    try:
        head = _empty_file(working)[:PAGE]
        with path.open("rb") as file:
            own = files.Slice(file, 0, size), bytes(max(PAGE - size, 0))
            headed = head, files.Slice(file, min(PAGE, size), size)
            if not any(_is_made(working, parts, ahead, is_better) for parts in (own, headed)):
                return None
        aside = _copied_aside(path)
        working.replace(_beside(path, _DONE))
    finally:
        _remove(working)
    return aside


def _is_made(
    working: Path, parts: Iterable[files.Part], ahead: bytes, is_better: Callable[[sqlite3.Connection], bool]
) -> bool:
    """Make a file of these parts and what is ahead of them, in one, if it is better so."""
    _remove(working)
    files.write(working, *parts)
    working.chmod(0o600)
    files.write(Path(f"{working}-wal"), ahead)
    with contextlib.closing(connect(working)) as new:
        if not is_better(new):
            return False
        new.execute("PRAGMA journal_mode = DELETE").fetchall()
    return True


def finish_salvage(path: Path) -> None:
    """Put a finished one in its place, if there is any. Raises OSError."""
    done = _beside(path, _DONE)
    if done.exists():
        for suffix in _BESIDE:
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        done.replace(path)


def set_aside(path: Path) -> Path:
    """Give what lies at `path`, a file or a folder, another name; answers which. Raises OSError."""
    aside = _free(path)
    path.rename(aside)
    for suffix in _BESIDE:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    return aside


def _copied_aside(path: Path) -> Path:
    """A copy of a file and of what was written ahead of it."""
    aside = _free(path)
    copy(path, aside)
    return aside


def copy(path: Path, to: Path) -> None:
    """Copy a journal that nobody writes to, with what was written ahead of it. Raises OSError, SaveError."""
    for suffix in ("-wal", ""):
        there = Path(f"{path}{suffix}")
        if there.exists():
            with there.open("rb") as file:
                files.write(Path(f"{to}{suffix}"), files.Slice(file, 0, there.stat().st_size))
            Path(f"{to}{suffix}").chmod(0o600)


def _free(path: Path) -> Path:
    number = 1
    while (aside := _beside(path, f"{ASIDE}{number}")).exists():
        number += 1
    return aside


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(path: Path) -> None:
    for suffix in ("", *_BESIDE):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _new(path: Path) -> sqlite3.Connection:
    """An empty journal."""
    _remove(path)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    db = connect(path)
    create(db)
    return db


def _give_head(path: Path, headed: Path) -> None:
    """Copy a file and give it the first page that every journal has, where SQLite looks for all else.

    Where it was cut short so much that some table has no page at all, empty ones are put behind.
    """
    empty = _empty_file(headed)
    whole = path.stat().st_size // PAGE * PAGE
    padding = bytes(max(len(empty) - max(whole, PAGE), 0))
    pages = (max(whole, PAGE) + len(padding)) // PAGE
    # SQLite's file format: the change counter, the number of pages, no free ones, and the counter again.
    head = empty[:24] + struct.pack(">4I", 1, pages, 0, 0) + empty[40:92] + struct.pack(">I", 1) + empty[96:PAGE]
    with path.open("rb") as file:
        files.write(headed, head, files.Slice(file, PAGE, max(PAGE, whole)), padding)


def _empty_file(path: Path) -> bytes:
    """The bytes of a new journal, which is made at `path` and goes again."""
    with contextlib.closing(_new(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        content = path.read_bytes()
    _remove(path)
    return content


def _take_all_over(path: Path, new: sqlite3.Connection, identity: bytes) -> bool:
    """Copy what can be read of a journal of the workspace; whether it is one."""
    try:
        with contextlib.closing(connect(path)) as old:
            named = list(_readable(old, "SELECT value FROM meta WHERE key = 'identity'"))
            if named not in ([], [(identity,)]) or not (named or is_ours(old)):
                return False
            for table, columns in COLUMNS.items():
                _take_over(old, new, table, columns)
            for row in _readable(old, "SELECT id, key FROM rows INDEXED BY sqlite_autoindex_rows_1"):
                new.execute(_NAMED_ROW, row)
            for note in _readable(old, "SELECT key, value FROM meta WHERE key NOT IN ('identity', 'about')"):
                _put(new, "INSERT OR IGNORE INTO meta(key, value) VALUES(?,?)", note)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    _complete_rows(new)
    for table in set(COLUMNS) - {"rows"}:
        new.execute(f"DELETE FROM {table} WHERE row NOT IN (SELECT id FROM rows)")
    return True


def _complete_rows(new: sqlite3.Connection) -> None:
    """Rows without a name go; of those of which that alone is left, their steps tell when they were edited last."""
    new.execute("DELETE FROM rows WHERE typeof(key) <> 'blob'")
    last = "SELECT max(at) FROM steps WHERE steps.row = rows.id"
    new.execute(f"UPDATE rows SET last_at = coalesce(({last}), 0) WHERE last_at = 0")


def _take_over(old: sqlite3.Connection, new: sqlite3.Connection, table: str, columns: str) -> None:
    """Copy the rows of a table that can be read: up to the damage from the front, then from the back."""
    marks = ",".join("?" * (columns.count(",") + 1))
    for order in ("ASC", "DESC"):
        for row in _readable(old, f"SELECT {columns} FROM {table} NOT INDEXED ORDER BY id {order}"):
            _put(new, f"INSERT OR IGNORE INTO {table}({columns}) VALUES({marks})", row)


def _put(new: sqlite3.Connection, order: str, values: tuple[object, ...]) -> None:
    with contextlib.suppress(sqlite3.IntegrityError, sqlite3.InterfaceError):
        new.execute(order, values)


def _readable(db: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    with contextlib.suppress(sqlite3.DatabaseError, UnicodeDecodeError):
        yield from db.execute(query)
