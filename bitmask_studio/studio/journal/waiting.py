"""The journals of all workspaces: which have edits that wait, and which may go."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from bitmask_studio.core.errors import StudioError
from bitmask_studio.studio.journal import schema
from bitmask_studio.studio.journal.bases import decode_about
from bitmask_studio.studio.journal.kept import About, WaitingRow
from bitmask_studio.studio.journal.names import SUFFIX
from bitmask_studio.studio.journal.salvage import ASIDE
from bitmask_studio.studio.journal.trimming import DAY, KEEP_DAYS
from bitmask_studio.studio.journal.waiting_rows import waiting_rows

MAX_BYTES = 2 << 30
"""Bytes that all journals may take while there are some without unsaved edits."""
_MOMENT = 1.0
"""Seconds, for all together, for which a journal may still be in use that is about to be closed."""
_UNREADABLE = (sqlite3.Error, OSError, StudioError, ValueError, AttributeError)


class WaitingWorkspace(Struct, frozen=True):
    """A workspace with rows that have edits which are not stored; `path` is its journal."""

    about: About
    rows: tuple[WaitingRow, ...]
    path: Path


def waiting_workspaces(folder: Path) -> tuple[WaitingWorkspace, ...]:
    """Those with journals in `folder`, the one edited last first; blocks.

    Left out are journals that cannot be read, and those that are in use: nobody has to come back for their edits.
    """
    end = time.monotonic() + _MOMENT
    found = (_waiting(path, max(end - time.monotonic(), 0.0)) for path in _journals(folder))
    return tuple(sorted((each for each in found if each), key=lambda each: each.rows[0].last_at, reverse=True))


def sweep(folder: Path, keep_days: float = KEEP_DAYS, max_bytes: int = MAX_BYTES) -> int:
    """Delete journals without unsaved edits that are too old or too many, the oldest first; blocks.

    Never one that is in use. Also the damaged ones that were set aside so long ago. Answers how many went.
    """
    oldest = time.time() - keep_days * DAY
    journals = sorted(_sizes(folder), key=lambda each: each[1])
    total, swept = sum(size for _, _, size in journals), 0
    for path, changed, size in journals:
        if (changed < oldest or total > max_bytes) and _deleted(path):
            total, swept = total - size, swept + 1
    with contextlib.suppress(OSError):
        for path in folder.glob(f"*{ASIDE}*"):
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
                swept += 1
    return swept


def _journals(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.name.endswith(SUFFIX) and each.is_file())
    except OSError:
        return []


def _sizes(folder: Path) -> Iterator[tuple[Path, float, int]]:
    """Each journal with when it was changed and its bytes."""
    for path in _journals(folder):
        with contextlib.suppress(OSError):
            state = path.stat()
            yield path, state.st_mtime, state.st_size


def _waiting(path: Path, patience: float) -> WaitingWorkspace | None:
    try:
        with contextlib.closing(schema.connect(path, patience)) as db:
            rows = waiting_rows(db) if _is_known(db) else ()
            found = db.execute("SELECT value FROM meta WHERE key = 'about'").fetchone() if rows else None
            return WaitingWorkspace(decode_about(found[0]), rows, path) if found else None
    except _UNREADABLE:
        return None


def _is_known(db: sqlite3.Connection) -> bool:
    return schema.is_ours(db) and schema.version(db) <= schema.VERSION


def _deleted(path: Path) -> bool:
    """Whether a journal had nothing unsaved, was used by nobody, and is gone.

    Whoever opens it meanwhile waits for the lock, sees that the file is another one, and begins anew.
    """
    try:
        with contextlib.closing(schema.connect(path, patience=0)) as db:
            db.execute("BEGIN EXCLUSIVE")
            if not _is_known(db) or waiting_rows(db):
                return False
            db.execute("COMMIT")
            # What was written ahead is in the file then, and no other file has to go with it; the lock stays.
            if db.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
                return False
            path.unlink()
            return True
    except _UNREADABLE:
        return False
