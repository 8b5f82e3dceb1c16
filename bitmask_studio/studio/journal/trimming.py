"""How a journal is kept from growing: the history of rows that were saved goes, the oldest first."""

from __future__ import annotations

import sqlite3
import time

from bitmask_studio.studio.journal.carrying import forget_places, forget_row
from bitmask_studio.studio.journal.schema import number, transaction

KEEP_DAYS = 90.0
"""Days for which the history of a row without unsaved edits is kept."""
MAX_BYTES = 1 << 30
"""Bytes that a journal may take while it keeps the history of rows without unsaved edits."""
DAY = 86_400.0


def trim(db: sqlite3.Connection, keep_days: float = KEEP_DAYS, max_bytes: int = MAX_BYTES) -> None:
    """Forget saved rows that are too old or too many, and give their place back. Raises sqlite3.Error."""
    unsaved = "EXISTS (SELECT 1 FROM log WHERE log.row = rows.id)"
    query = f"SELECT id, CAST(last_at AS REAL) AS at FROM rows WHERE NOT {unsaved} ORDER BY at"
    for row, last_at in db.execute(query).fetchall():
        if last_at >= time.time() - keep_days * DAY and _nbytes(db) <= max_bytes:
            break
        with transaction(db):
            forget_row(db, row)
            forget_places(db)
    db.execute("PRAGMA incremental_vacuum").fetchall()


def _nbytes(db: sqlite3.Connection) -> int:
    """What is used of the file."""
    pages = number(db, "PRAGMA page_count") - number(db, "PRAGMA freelist_count")
    return pages * number(db, "PRAGMA page_size")
