"""What the sandbox remembers on the disk: one SQLite file that one server at a time uses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.sandbox.rows import Row, from_record, to_record
from bitmask_studio.sandbox.wire import Json, Value, iso_time, read_time

# The lock is held from the first statement to the end: a second server would undo what the first one stores.
_ALONE = """
PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; BEGIN EXCLUSIVE; COMMIT;
"""
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rows (
    project TEXT NOT NULL, data TEXT NOT NULL, branch TEXT NOT NULL, record TEXT NOT NULL, wire TEXT,
    PRIMARY KEY (project, data, branch));
CREATE TABLE IF NOT EXISTS versions (
    label TEXT NOT NULL, number INTEGER NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, wire TEXT NOT NULL,
    PRIMARY KEY (label, number));
"""


@dataclass(frozen=True)
class Version:
    """One saved state of a label row: the `number`-th, who saved it and when; `row` in the form of the wire."""

    number: int
    who: str
    at: datetime
    row: Json


class Store:
    """The file. Its calls are made under the world's lock; each is one transaction."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises InputError when it cannot be used or another sandbox has it."""
        try:
            self._base = sqlite3.connect(path, timeout=0.2, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise _unusable(path, error) from error
        try:
            self._base.executescript(_ALONE + _TABLES)
        except sqlite3.Error as error:
            self._base.close()
            raise _unusable(path, error) from error

    def close(self) -> None:
        """Let the file go."""
        self._base.close()

    def clear(self) -> None:
        """Forget everything, as what a first start that was cut off has left."""
        for table in ("facts", "rows", "versions"):
            self._base.execute(f"DELETE FROM {table}")

    def fact(self, name: str) -> Value:
        """A remembered value, None where there is none."""
        found = self._base.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return json.loads(found[0]) if found else None

    def keep_fact(self, name: str, value: Value) -> None:
        """Remember a value that JSON can hold."""
        self._base.execute("REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(value)))

    def rows(self) -> list[Row]:
        """All rows, in the order in which they were first kept."""
        found = self._base.execute("SELECT record, wire FROM rows ORDER BY rowid")
        return [from_record(record, wire) for record, wire in found]

    def keep(self, rows: Iterable[Row], who: str | None = None) -> None:
        """Remember rows; when `who` saved their labels, the version that each has become as well."""
        kept = [row for row in rows if row.kept]
        with self._base:
            self._base.execute("BEGIN")
            for row in kept:
                values = (row.project_hash, row.data_hash, row.branch, to_record(row), row.wire)
                self._base.execute(
                    "INSERT INTO rows VALUES (?, ?, ?, ?, ?) ON CONFLICT (project, data, branch)"
                    " DO UPDATE SET record = excluded.record, wire = excluded.wire",
                    values,
                )
                if who and row.wire and row.edited_at:
                    saved = (row.label_hash, row.version, who, iso_time(row.edited_at), row.wire)
                    self._base.execute("REPLACE INTO versions VALUES (?, ?, ?, ?, ?)", saved)

    def versions(self, label_hash: str) -> list[Version]:
        """All saved states of a label row, oldest first."""
        found = self._base.execute(
            "SELECT number, who, at, wire FROM versions WHERE label = ? ORDER BY number", (label_hash,)
        )
        return [Version(number, who, _moment(at), json.loads(wire)) for number, who, at, wire in found]


def _moment(text: str) -> datetime:
    moment = read_time(text)
    if moment is None:
        raise ValueError(f"not a time: {text}")
    return moment


def _unusable(path: Path, error: sqlite3.Error) -> InputError:
    if "locked" in str(error):
        return InputError(
            tr("Another sandbox uses the folder {folder}. Stop it first, or choose another folder.").format(
                folder=path.parent
            )
        )
    return InputError(tr("The sandbox cannot use {file}: {error}.").format(file=path, error=error))
