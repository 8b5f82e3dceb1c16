"""A row out of a journal: as much of it as is whole, in the order in which it was done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from msgspec import Struct

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.text import tr
from bitmask_studio.studio.document.edits import DocumentEdit, MaskEdit, ObjectEdit, SeveralEdits
from bitmask_studio.studio.journal.bases import decode_answers, decode_base
from bitmask_studio.studio.journal.kept import AnswerBase, Applied, Base, Entry, JournalError, KeptRow, Line, Step
from bitmask_studio.studio.journal.records import decode_edit
from bitmask_studio.studio.journal.schema import checksum
from bitmask_studio.studio.journal.wire import from_text, to_text

ANSWERS = -1
"""The frame under which the base of an object's answers is kept."""
_MOST = 1 << 53
"""No name of a state and no number of an entry is as large as this."""
LATEST = 1e11
"""Seconds since 1970 that are no time any more."""
Bases = dict[MaskKey, Base]
AnswerBases = dict[str, AnswerBase]


class _Link(Struct, frozen=True):
    """A step and the state before it."""

    step: Step
    before: int
    in_line: bool


class _Head(Struct, frozen=True):
    """The entry of a row itself; `whole` tells whether its numbers can be believed."""

    title: str
    line: Line
    log: range
    mark: int | None
    last_at: float
    whole: bool


def read_row(db: sqlite3.Connection, key: str) -> KeptRow | None:
    """All that is whole of a row; None where nothing is kept of it. Raises sqlite3.Error."""
    query = "SELECT id, title, first, place, saved, committed, log_start, log_end, mark, last_at, crc FROM rows"
    found = db.execute(f"{query} WHERE key = ?", (to_text(key),)).fetchone()
    if found is None:
        return None
    row, head = found[0], _head(key, *found[1:])
    masks, answers, all_based = _bases(db, row)
    links, all_linked = _links(db, row, masks)
    numbers, entries = _entries(db, row, links, head)
    lost = not head.whole or len(numbers) < len(head.log)
    way = _way(links, head) if lost else None
    if way is not None:
        numbers, entries = range(len(way)), way
    cut = lost and way is None
    line, steps = _line(links, entries, head, cut)
    whole = not lost and all_based and all_linked
    return KeptRow(
        key,
        head.title,
        line,
        steps,
        tuple(Applied(links[state].step.edit, forwards) for state, forwards in entries),
        entries,
        numbers.start,
        None if lost else _saving(head, numbers),
        masks,
        answers,
        head.last_at,
        None if whole else _words(head.title),
    )


def _words(name: str) -> str:
    return tr("A part of what was kept of {name} is damaged and was left out.").format(name=name)


def _head(key: str, title: object, *values: object) -> _Head:
    *numbers, last_at, crc = values
    name = title.decode("utf-8", "replace") if isinstance(title, bytes) else key
    at = float(last_at) if isinstance(last_at, int | float) and 0 <= last_at < LATEST else 0.0
    first, place, saved, committed, start, end, mark = [each if _is_number(each) else -1 for each in numbers]
    named = _is_number(crc) and crc == checksum(key, *numbers)
    whole = named and saved >= -1 and min(first, place, start) >= 0 and end >= start
    log = range(start, end) if whole else range(0)
    return _Head(name, Line(first, place, saved, committed), log, None if mark < 0 else mark, at, whole)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and -1 <= value < _MOST


def _bases(db: sqlite3.Connection, row: int) -> tuple[Bases, AnswerBases, bool]:
    """The bases of masks and of answers, and whether that is all."""
    masks: Bases = {}
    answers: AnswerBases = {}
    whole = True
    query = "SELECT frame, object_hash, base, crc FROM bases WHERE row = ?"
    for frame, name, data, crc in _as_far_as_readable(db, query, row):
        try:
            if not _is_whole(data, crc, frame, name) or not _is_number(frame):
                raise JournalError
            if frame == ANSWERS:
                answers[from_text(name)] = decode_answers(from_text(name), data)
            else:
                masks[MaskKey(frame, from_text(name))] = decode_base(MaskKey(frame, from_text(name)), data)
        except JournalError:
            whole = False
    return masks, answers, whole


def _links(db: sqlite3.Connection, row: int, bases: Mapping[MaskKey, Base]) -> tuple[dict[int, _Link], bool]:
    """The steps by the state that they lead to, and whether all that were read are whole."""
    links: dict[int, _Link] = {}
    whole = True
    query = "SELECT state, before, in_line, at, edit, crc FROM steps WHERE row = ?"
    for state, before, in_line, at, data, crc in _as_far_as_readable(db, query, row):
        try:
            if not _is_whole(data, crc, state, before, at) or not (_is_number(state) and _is_number(before)):
                raise JournalError
            edit = decode_edit(data)
            if not _fits(edit, bases):
                raise JournalError
            links[state] = _Link(Step(state, edit, at), before, bool(in_line))
        except JournalError:
            whole = False
    return links, whole


def _is_whole(data: object, crc: object, *values: object) -> bool:
    known = all(isinstance(each, int | float | bytes) for each in values)
    return known and isinstance(data, bytes) and crc == checksum(*values, data=data)


def _fits(edit: DocumentEdit, bases: Mapping[MaskKey, Base]) -> bool:
    """Whether an edit lies within its frame, as far as that is known."""
    if isinstance(edit, SeveralEdits):
        return all(_fits(each, bases) for each in edit.edits)
    base = bases.get(edit.key)
    if base is None or not isinstance(edit, MaskEdit | ObjectEdit):
        return True
    box = edit.patch.box if isinstance(edit, MaskEdit) else edit.mask.box
    return Box.of_size(base.width, base.height).covers(box)


def _entries(
    db: sqlite3.Connection, row: int, links: Mapping[int, _Link], head: _Head
) -> tuple[range, tuple[Entry, ...]]:
    """The log up to the first entry that is missing or damaged, or whose edit is."""
    query = "SELECT number, state, forwards, crc FROM log WHERE row = ?"
    found: dict[int, Entry] = {}
    for number, state, forwards, crc in _as_far_as_readable(db, query, row):
        if crc == checksum(number, state, forwards) and _is_number(number) and state in links:
            found[number] = (state, bool(forwards))
    numbers = head.log if head.whole else range(min(found, default=0), max(found, default=-1) + 1)
    entries = []
    for number in numbers:
        if number not in found:
            break
        entries.append(found[number])
    return range(numbers.start, numbers.start + len(entries)), tuple(entries)


def _line(
    links: Mapping[int, _Link], entries: tuple[Entry, ...], head: _Head, cut: bool
) -> tuple[Line, tuple[Step, ...]]:
    """The steps that lead to the present state without a gap, and those that lead on from it."""
    committed = max(head.line.committed if head.whole else 0, *links, 0)
    place, saved = head.line.place, head.line.saved if head.whole else -1
    if cut and entries:
        state, forwards = entries[-1]
        place = state if forwards else links[state].before
    elif cut:
        # Nothing is left of what was not stored: the present state is the stored one.
        place = saved = saved if saved >= 0 else committed + 1
        committed = max(committed, place)
    done = list(_back(links, place, head.line.first if head.whole else -1))
    steps = (*reversed(done), *_on(links, place))
    first = links[steps[0].state].before if done else place
    return Line(first, place, saved, committed), steps


def _back(links: Mapping[int, _Link], place: int, first: int) -> Iterator[Step]:
    while place in links and place != first and 0 <= links[place].before < place:
        yield links[place].step
        place = links[place].before


def _on(links: Mapping[int, _Link], place: int) -> Iterator[Step]:
    following = {each.before: each.step for _, each in sorted(links.items()) if each.in_line}
    while place in following and following[place].state > place:
        yield following[place]
        place = following[place].state


def _way(links: Mapping[int, _Link], head: _Head) -> tuple[Entry, ...] | None:
    """The log of which a part is lost, where whole steps lead from the stored state to the present one, or back."""
    if not head.whole or head.line.saved < 0:
        return None
    place, saved = head.line.place, head.line.saved
    last, first = max(place, saved), min(place, saved)
    states = [each.state for each in _back(links, last, first)]
    if (links[states[-1]].before if states else last) != first:
        return None
    forwards = place > saved
    return tuple((each, forwards) for each in (reversed(states) if forwards else states))


def _saving(head: _Head, numbers: range) -> int | None:
    if head.mark is None or not head.whole:
        return None
    return min(max(head.mark - numbers.start, 0), len(numbers))


def _as_far_as_readable(db: sqlite3.Connection, query: str, row: int) -> Iterator[tuple[Any, ...]]:
    """What a query finds of a row until the file cannot be read on."""
    try:
        yield from db.execute(query, (row,))
    except sqlite3.DatabaseError:
        return
