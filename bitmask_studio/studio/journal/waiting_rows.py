"""Which rows of a journal have edits that are not stored."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping

from bitmask_studio.studio.journal.bases import decode_place
from bitmask_studio.studio.journal.carrying import PLACE
from bitmask_studio.studio.journal.kept import InFile, JournalError, WaitingRow
from bitmask_studio.studio.journal.reading import LATEST
from bitmask_studio.studio.journal.wire import from_text


def waiting_rows(db: sqlite3.Connection) -> tuple[WaitingRow, ...]:
    """Those rows, the one that was edited last first. Raises sqlite3.Error."""
    query = (
        "SELECT rows.key, CAST(rows.title AS BLOB), count(*), CAST(rows.last_at AS REAL) AS at FROM rows"
        " JOIN log ON log.row = rows.id WHERE typeof(rows.key) = 'blob' GROUP BY rows.id ORDER BY at DESC, rows.id"
    )
    found = db.execute(query).fetchall()
    places = places_of_rows(db) if found else {}
    rows = (_row(places, *values) for values in found)
    return tuple(each for each in rows if each)


def places_of_rows(db: sqlite3.Connection) -> dict[str, InFile]:
    """Which row of which file is meant, by its key. Raises sqlite3.Error."""
    places = {}
    for name, value in db.execute("SELECT key, value FROM meta WHERE typeof(key) = 'blob'").fetchall():
        with contextlib.suppress(JournalError, TypeError):
            if name.startswith(PLACE):
                places[from_text(name[len(PLACE) :])] = decode_place(value)
    return places


def _row(places: Mapping[str, InFile], key: bytes, title: bytes, edits: int, at: float) -> WaitingRow | None:
    try:
        name = from_text(key)
    except JournalError:
        return None
    place = places.get(name)
    return WaitingRow(name, title.decode("utf-8", "replace"), edits, at if 0 <= at < LATEST else 0.0, place)
