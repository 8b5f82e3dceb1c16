"""Which rows of a journal have edits that are not stored."""

from __future__ import annotations

import sqlite3

from bitmask_studio.studio.journal.kept import JournalError, WaitingRow
from bitmask_studio.studio.journal.reading import LATEST
from bitmask_studio.studio.journal.wire import from_text


def waiting_rows(db: sqlite3.Connection) -> tuple[WaitingRow, ...]:
    """Those rows, the one that was edited last first. Raises sqlite3.Error."""
    query = (
        "SELECT rows.key, CAST(rows.title AS BLOB), count(*), CAST(rows.last_at AS REAL) AS at FROM rows"
        " JOIN log ON log.row = rows.id WHERE typeof(rows.key) = 'blob' GROUP BY rows.id ORDER BY at DESC, rows.id"
    )
    found = (_row(*values) for values in db.execute(query).fetchall())
    return tuple(each for each in found if each)


def _row(key: bytes, title: bytes, edits: int, at: float) -> WaitingRow | None:
    try:
        name = from_text(key)
    except JournalError:
        return None
    return WaitingRow(name, title.decode("utf-8", "replace"), edits, at if 0 <= at < LATEST else 0.0)
