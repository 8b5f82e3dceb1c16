"""Objects that come back into a row: their own bytes of an earlier state of it, at the places that they had there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bitmask_studio.sources.jsontext import facts, scan
from bitmask_studio.sources.jsontext.edit import Replacement, apply
from bitmask_studio.sources.jsontext.scan import Span

TABLES = ("object_answers", "object_actions")
"""Where a row tells more about its objects, by their hashes."""

Name = str | bytes
"""What tells the entries of a container apart: key or objectHash; where there is none, all bytes."""
Path = tuple[str, ...]


class Returning(NamedTuple):
    """One object: its hash, and the paths of its frame's labels in the row as it is and in the `old` bytes."""

    object_hash: str
    path: Path
    old: bytes
    old_path: Path


def put_back(text: bytes, entries: Iterable[Returning]) -> bytes:
    """A row's bytes with the objects in them, and with their answers and actions unless there are others by now.

    The containers for what comes back have to be there, empty or not.
    """
    insides: dict[Path, _Inside] = {}
    sources: dict[tuple[bytes, Path], _Inside] = {}
    for each in entries:
        paths = [((*each.path, "objects"), (*each.old_path, "objects")), *(((name,), (name,)) for name in TABLES)]
        for path, old_path in paths:
            if path not in insides:
                insides[path] = _Inside(text, _value(text, path))
            if (each.old, old_path) not in sources:
                sources[each.old, old_path] = _Inside(each.old, _value(each.old, old_path))
            insides[path].insert(each.object_hash, sources[each.old, old_path])
    return apply(text, (each.replacement() for each in insides.values() if each.changed))


class _Entry(NamedTuple):
    """An entry and the bytes between it and the one before, or the container's start."""

    name: Name
    before: bytes
    text: bytes


class _Inside:
    """What is between the brackets of a list or object."""

    def __init__(self, text: bytes, container: Span | None) -> None:
        found = _entries(text, container) if container else []
        self.container = container or Span(0, 0)
        self.changed = False
        at = self.container.start + 1
        self.entries: list[_Entry] = []
        for name, span in found:
            self.entries.append(_Entry(name, text[at : span.start], text[span.start : span.end]))
            at = span.end
        self.tail = text[at : self.container.end - 1]

    def index(self, name: Name) -> int | None:
        return next((at for at, each in enumerate(self.entries) if each.name == name), None)

    def insert(self, name: str, old: _Inside) -> None:
        """Put the entry that `old` has under that name beside its neighbours of then."""
        at = old.index(name)
        if at is None or self.index(name) is not None:
            return
        self.changed = True
        entry = old.entries[at]
        if not self.entries:
            self.entries, self.tail = [entry._replace(before=old.entries[0].before)], old.tail
            return
        place = self._place(old.entries, at)
        comma = self._comma(old.entries, at)
        if place == 0:
            first = self.entries[0]
            self.entries[:1] = [entry._replace(before=first.before), first._replace(before=comma)]
        else:
            self.entries.insert(place, entry._replace(before=comma))

    def replacement(self) -> Replacement:
        inside = b"".join(each.before + each.text for each in self.entries) + self.tail
        return Replacement(self.container.start + 1, self.container.end - 1, inside)

    def _place(self, old: Sequence[_Entry], at: int) -> int:
        """Behind the nearest entry that stood before it, else before the nearest that stood behind, else last."""
        for each in reversed(old[:at]):
            if (found := self.index(each.name)) is not None:
                return found + 1
        behind = (self.index(each.name) for each in old[at + 1 :])
        return next((found for found in behind if found is not None), len(self.entries))

    def _comma(self, old: Sequence[_Entry], at: int) -> bytes:
        """What separates it from its neighbour, spaces and line breaks included."""
        if len(old) > 1:
            return old[max(at, 1)].before
        return self.entries[1].before if len(self.entries) > 1 else b"," + self.entries[0].before


def _entries(text: bytes, container: Span) -> list[tuple[Name, Span]]:
    if scan.is_object(text, container):
        return [(each.key, each.span) for each in scan.members(text, container)]
    if scan.is_list(text, container):
        return [(_hash(text, each) or text[each.start : each.end], each) for each in scan.elements(text, container)]
    return []


def _hash(text: bytes, entry: Span) -> str:
    found = scan.member(text, entry, "objectHash") if scan.is_object(text, entry) else None
    return facts.text(scan.parse(text, found)) if found else ""


def _value(text: bytes, path: Path) -> Span | None:
    value: Span | None = scan.value_at(text, 0)
    for key in path:
        value = scan.member(text, value, key) if value and scan.is_object(text, value) else None
    return value
