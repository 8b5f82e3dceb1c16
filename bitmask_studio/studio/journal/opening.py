"""How a journal file is opened, whatever lies there: a journal, a damaged one, a newer one, something else."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.files import sync_folder
from bitmask_studio.core.text import tr
from bitmask_studio.studio.journal import schema
from bitmask_studio.studio.journal.ahead import mended
from bitmask_studio.studio.journal.salvage import finish_salvage, salvage, set_aside, take_ahead
from bitmask_studio.studio.journal.schema import PAGE, VERSION, connect, create, make_lasting


class _Found(Enum):
    """What lies where a journal should be."""

    NOTHING = "nothing"
    JOURNAL = "journal"
    DAMAGED = "damaged"
    NEWER = "newer"
    FOREIGN = "foreign"


_OURS = _Found.JOURNAL, _Found.DAMAGED


def open_file(path: Path, identity: bytes) -> tuple[sqlite3.Connection, Path, str | None]:
    """A connection to the journal, where it is, and what the user should be told.

    Raises sqlite3.Error, OSError, StudioError when there can be none just now.
    """
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(path.parent.parent)
    told = None
    while True:
        finish_salvage(path)
        db, found, aside = _looked_at(path, identity)
        if db is None and aside:
            told = _taken_over(aside)
        elif db is None and found is _Found.NEWER:
            told = tr("{name} was written by a newer version of this program and was left as it is.")
            path, told = _older(path), told.format(name=path.name)
        elif db is None:
            cleared = _cleared(path, found, identity)
            told = told or cleared
        else:
            return db, path, told


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file, which is made if it is not there; closed at the end. Raises sqlite3.Error, OSError."""
    _make(path)
    db = connect(path)
    try:
        yield db
    finally:
        db.close()


def _looked_at(path: Path, identity: bytes) -> tuple[sqlite3.Connection | None, _Found, Path | None]:
    """A connection to the file if it is a journal or can become one, and what it is.

    And where it is kept as it was, if more of it was found than SQLite sees.
    """
    if path.is_dir():
        return None, _Found.FOREIGN, None
    _make(path)
    before = path.stat().st_ino
    db = connect(path)
    try:
        found = _kind(db, identity)
        aside = _seen_whole(path, identity, db) if found in (_Found.NOTHING, _Found.JOURNAL) else None
        if aside:
            db.close()
            return None, found, aside
        if found is _Found.NOTHING:
            create(db)
        elif found is _Found.JOURNAL:
            make_lasting(db)
    except BaseException:
        db.close()
        raise
    # A sweep may have taken the file while it was being opened; from the first look on nobody can.
    if found in (_Found.NOTHING, _Found.JOURNAL) and path.exists() and path.stat().st_ino == before:
        return db, found, None
    db.close()
    return None, found, None


def _seen_whole(path: Path, identity: bytes, db: sqlite3.Connection) -> Path | None:
    """Use what was written ahead of a journal behind some damage, if any; answers where the old one is kept then."""
    ahead = mended(path)
    if ahead is None:
        return None
    known = _deeds(db)
    return take_ahead(path, ahead, lambda new: _kind(new, identity) in _OURS and _deeds(new) > known)


def _deeds(db: sqlite3.Connection) -> int:
    """The number of the last deed in a journal, whatever state that is in; they grow for ever."""
    try:
        return schema.number(db, "SELECT max(id) FROM log")
    except sqlite3.DatabaseError:
        return 0


def _make(path: Path) -> None:
    """Have a file there that only its owner reads: SQLite gives the files beside it the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if path.stat().st_size < PAGE and _is_ahead(path):
        # SQLite throws away what was written ahead of an empty file, or of half a page; of a whole one it takes it.
        os.truncate(path, PAGE)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _is_ahead(path: Path) -> bool:
    ahead = Path(f"{path}-wal")
    return ahead.is_file() and ahead.stat().st_size > 0


def _kind(db: sqlite3.Connection, identity: bytes) -> _Found:
    """What a file is. Raises sqlite3.OperationalError where it cannot be read just now."""
    try:
        return _said(db, identity)
    except sqlite3.OperationalError as error:
        if _is_passing(error):
            raise
        return _Found.DAMAGED
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return _Found.FOREIGN if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB" else _Found.DAMAGED


def _said(db: sqlite3.Connection, identity: bytes) -> _Found:
    """What a file that SQLite can read is. Raises sqlite3.Error."""
    if schema.is_empty(db):
        return _Found.NOTHING
    if not schema.is_ours(db):
        return _Found.FOREIGN
    if schema.version(db) > VERSION:
        return _Found.NEWER
    if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",) or not schema.has_our_tables(db):
        return _Found.DAMAGED
    named = db.execute("SELECT value FROM meta WHERE key = 'identity'").fetchone()
    return _Found.JOURNAL if named in (None, (identity,)) else _Found.FOREIGN


def _is_passing(error: sqlite3.Error) -> bool:
    """Whether an error says something about the disk or other programs, not about what is in the file."""
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    return not name.startswith(("SQLITE_CORRUPT", "SQLITE_ERROR", "SQLITE_SCHEMA", "SQLITE_TOOBIG"))


def _cleared(path: Path, found: _Found, identity: bytes) -> str | None:
    """Take what lies there out of the way; answers what to tell of it."""
    if found in (_Found.NOTHING, _Found.JOURNAL):
        return None
    aside = salvage(path, identity) if path.is_file() else None
    if aside is None:
        text = tr("Something that is no journal of this workspace lay where unsaved edits are kept: now it is {name}.")
        return text.format(name=set_aside(path).name)
    return _taken_over(aside)


def _taken_over(aside: Path) -> str:
    text = tr(
        "The journal of unsaved edits was damaged. What of it is whole was taken over; all of it is kept as {name}."
    )
    return text.format(name=aside.name)


def _older(path: Path) -> Path:
    """Where a journal of this version is kept beside one of a newer."""
    if path.stem.endswith(f".{VERSION}"):
        raise StudioError(tr("{name} was written by a newer version of this program.").format(name=path.name))
    return path.with_name(f"{path.stem}.{VERSION}{path.suffix}")
