"""How orders become rows of a journal's tables, within a transaction of the caller's."""

from __future__ import annotations

import sqlite3

from bitmask_studio.studio.journal.bases import encode_answers, encode_base, encode_place
from bitmask_studio.studio.journal.kept import ASIDE, Base, Entry, KeptRow, Step
from bitmask_studio.studio.journal.orders import (
    AnyBase,
    Begin,
    Belongs,
    Forget,
    Keep,
    Know,
    Order,
    Rewrite,
    SetAside,
    Wish,
)
from bitmask_studio.studio.journal.reading import ANSWERS
from bitmask_studio.studio.journal.records import encode_edit
from bitmask_studio.studio.journal.schema import checksum
from bitmask_studio.studio.journal.wire import to_text

PLACE = b"row:"
"""How the names of such notes begin: bytes, as a key need not be a text for SQLite."""
_WISH = "save"
_MOST_ASIDE = 10
"""Names under which edits that were set aside are looked for."""
_TABLES = ("steps", "log", "bases")


def carry_out(db: sqlite3.Connection, order: Order) -> None:
    """Do what an order says. Raises sqlite3.Error; JournalError where a value cannot be kept."""
    match order:
        case Keep():
            _keep(db, order)
        case Begin(key):
            if _is_unsaved(db, key):
                _set_aside(db, key)
            forget(db, key)
        case Forget(key):
            forget(db, key)
        case SetAside(key):
            _set_aside(db, key)
        case Rewrite(kept):
            _rewrite(db, kept)
        case Belongs(key, place):
            db.execute("INSERT OR REPLACE INTO meta(key, value) VALUES(?,?)", (place_name(key), encode_place(place)))
        case Know():
            pass
        case Wish(to_save):
            db.execute("DELETE FROM meta WHERE key = ?", (_WISH,))
            db.execute("INSERT INTO meta(key, value) SELECT ?, x'01' WHERE ?", (_WISH, to_save))


def is_to_be_saved(db: sqlite3.Connection) -> bool:
    """Whether the user wanted saved what is not. Raises sqlite3.Error."""
    return db.execute("SELECT 1 FROM meta WHERE key = ?", (_WISH,)).fetchone() is not None


def forget(db: sqlite3.Connection, key: str) -> None:
    """Keep nothing of a row any more. Raises sqlite3.Error."""
    _forget_named(db, key)
    db.execute("DELETE FROM meta WHERE key = ?", (place_name(key),))


def _forget_named(db: sqlite3.Connection, key: str) -> None:
    for (row,) in db.execute("SELECT id FROM rows WHERE key = ?", (to_text(key),)).fetchall():
        forget_row(db, row)


def forget_row(db: sqlite3.Connection, row: int) -> None:
    """The same, by the number of the row. Raises sqlite3.Error."""
    for table in _TABLES:
        db.execute(f"DELETE FROM {table} WHERE row = ?", (row,))
    db.execute("DELETE FROM rows WHERE id = ?", (row,))


def forget_places(db: sqlite3.Connection) -> None:
    """Which file rows belong to is of no use without them, also set aside ones. Raises sqlite3.Error."""
    aside = f"SELECT substr(key, instr(key, x'3a') + 1) FROM rows WHERE substr(key, 1, {len(ASIDE)}) = ?"
    of_none = f"substr(key, ?) NOT IN (SELECT key FROM rows UNION {aside})"
    db.execute(f"DELETE FROM meta WHERE typeof(key) = 'blob' AND {of_none}", (len(PLACE) + 1, to_text(ASIDE)))


def place_name(key: str) -> bytes:
    """Under which name it is kept which row of which file a key stands for."""
    return PLACE + to_text(key)


def _rewrite(db: sqlite3.Connection, kept: KeptRow) -> None:
    _forget_named(db, kept.key)
    numbers = range(kept.log_start, kept.log_start + len(kept.entries))
    mark = None if kept.saving is None else kept.log_start + kept.saving
    bases: tuple[AnyBase, ...] = (*kept.bases.values(), *kept.answers.values())
    _keep(db, Keep(kept.key, kept.title, kept.line, numbers, mark, kept.last_at, bases=bases))
    row = _row_of(db, kept.key)
    in_line = {each.state for each in kept.steps}
    before = kept.line.first
    for step in kept.steps:
        _put_step(db, row, step, before)
        before = step.state
    for number, entry, applied in zip(numbers, kept.entries, kept.log, strict=True):
        _put_entry(db, row, number, entry)
        if entry[0] not in in_line:
            _put_step(db, row, Step(entry[0], applied.edit, kept.last_at), -1, in_line=False)


def _keep(db: sqlite3.Connection, order: Keep) -> None:
    row = _put_row(db, order)
    for base in order.bases:
        _put_base(db, row, base)
    if order.step:
        _put_step(db, row, order.step, order.before)
        gone = (row, order.before, order.step.state)
        db.execute("UPDATE steps SET in_line = 0 WHERE row = ? AND state > ? AND state < ?", gone)
    if order.entry:
        _put_entry(db, row, order.log[-1], order.entry)
    db.execute("UPDATE steps SET in_line = 0 WHERE row = ? AND state <= ? AND in_line = 1", (row, order.line.first))
    db.execute("DELETE FROM log WHERE row = ? AND number < ?", (row, order.log.start))
    db.execute("DELETE FROM log WHERE row = ? AND number >= ?", (row, order.log.stop))
    loose = "SELECT id FROM steps WHERE row = ?1 AND in_line = 0"
    named = "EXISTS (SELECT 1 FROM log WHERE log.row = ?1 AND log.state = steps.state)"
    db.execute(f"DELETE FROM steps WHERE id IN ({loose} AND NOT {named})", (row,))


def _put_row(db: sqlite3.Connection, order: Keep) -> int:
    line, mark = order.line, -1 if order.mark is None else order.mark
    numbers = (line.first, line.place, line.saved, line.committed, order.log.start, order.log.stop, mark)
    names = "first, place, saved, committed, log_start, log_end, mark, crc"
    values = (*numbers, checksum(order.key, *numbers))
    key, title, at = to_text(order.key), to_text(order.title), order.at
    db.execute(
        f"INSERT INTO rows({names}, key, title, last_at) VALUES(?,?,?,?,?,?,?,?,?,?,?)"
        f" ON CONFLICT(key) DO UPDATE SET ({names}) = (?,?,?,?,?,?,?,?), title = ?, last_at = coalesce(?, last_at)",
        (*values, key, title, at or 0.0, *values, title, at),
    )
    return _row_of(db, order.key)


def _is_unsaved(db: sqlite3.Connection, key: str) -> bool:
    query = "SELECT 1 FROM rows JOIN log ON log.row = rows.id WHERE rows.key = ?"
    return db.execute(query, (to_text(key),)).fetchone() is not None


def _row_of(db: sqlite3.Connection, key: str) -> int:
    found = db.execute("SELECT id FROM rows WHERE key = ?", (to_text(key),)).fetchone()
    return int(found[0])


def _put_base(db: sqlite3.Connection, row: int, base: AnyBase) -> None:
    if isinstance(base, Base):
        frame, name, data = base.key.frame, to_text(base.key.object_hash), encode_base(base)
    else:
        frame, name, data = ANSWERS, to_text(base.object_hash), encode_answers(base)
    values = (row, frame, name, data, checksum(frame, name, data=data))
    db.execute("INSERT OR REPLACE INTO bases(row, frame, object_hash, base, crc) VALUES(?,?,?,?,?)", values)


def _put_step(db: sqlite3.Connection, row: int, step: Step, before: int, in_line: bool = True) -> None:
    data = encode_edit(step.edit)
    crc = checksum(step.state, before, step.at, data=data)
    values = (row, step.state, before, int(in_line), step.at, data, crc)
    db.execute("INSERT OR REPLACE INTO steps(row, state, before, in_line, at, edit, crc) VALUES(?,?,?,?,?,?,?)", values)


def _put_entry(db: sqlite3.Connection, row: int, number: int, entry: Entry) -> None:
    state, forwards = entry[0], int(entry[1])
    values = (row, number, state, forwards, checksum(number, state, forwards))
    db.execute("INSERT OR REPLACE INTO log(row, number, state, forwards, crc) VALUES(?,?,?,?,?)", values)


def set_aside_of(db: sqlite3.Connection, key: str) -> tuple[str, ...]:
    """The keys under which unsaved edits of a row were set aside, in that order. Raises sqlite3.Error."""
    names = (f"{ASIDE}{number}:{key}" for number in range(1, _MOST_ASIDE))
    return tuple(each for each in names if _is_unsaved(db, each))


def _set_aside(db: sqlite3.Connection, key: str) -> None:
    """Give a row the first free name of those for rows that were set aside."""
    query = "SELECT id, first, place, saved, committed, log_start, log_end, mark FROM rows WHERE key = ?"
    found = db.execute(query, (to_text(key),)).fetchone()
    if found:
        number = 1
        while db.execute("SELECT 1 FROM rows WHERE key = ?", (to_text(f"{ASIDE}{number}:{key}"),)).fetchone():
            number += 1
        name = f"{ASIDE}{number}:{key}"
        row, *numbers = found
        db.execute("UPDATE rows SET key = ?, crc = ? WHERE id = ?", (to_text(name), checksum(name, *numbers), row))
