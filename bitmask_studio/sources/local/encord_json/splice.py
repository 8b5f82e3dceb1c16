"""The changes of one row as replacements in its bytes: nothing else moves."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Bitmask, MaskKey
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts, scan
from bitmask_studio.sources.jsontext.edit import Addition, Replacement, Style, apply, edit_container
from bitmask_studio.sources.jsontext.scan import Member, Span
from bitmask_studio.sources.label_rows.layout import Layout, Place, lay_out
from bitmask_studio.sources.label_rows.merge import Added, Orders
from bitmask_studio.sources.label_rows.row import read_table
from bitmask_studio.sources.local.encord_json.new_object import api_time, new_answers, new_object, time_in_use
from bitmask_studio.sources.local.encord_json.returning import TABLES, Returning, put_back

_NUMBERS = ("top", "left", "width", "height")


def splice(text: bytes, row: Mapping[str, Any], layout: Layout, orders: Orders) -> bytes:
    """The row's bytes with the orders carried out. Raises SaveError when it is not built as `layout` says."""
    if orders.empty:
        return text
    if orders.returning:
        text, orders = _with_returning(text, row, layout, orders)
        row = read_table(text)
        layout = lay_out(row)
    return apply(text, _Splicing(text, row, layout, orders).replacements())


def _with_returning(text: bytes, row: Mapping[str, Any], layout: Layout, orders: Orders) -> tuple[bytes, Orders]:
    """The row with the objects that it had before, and what else there is to do."""
    returning = orders.returning
    entries: list[Returning] = []
    tables: set[str] = set()
    painted: dict[bytes, dict[MaskKey, Mask]] = {}
    for place, held in returning.items():
        masks = painted.setdefault(held.text, {})
        if not held.holds(orders.added[place].mask):
            masks[held.key] = orders.added[place].mask
    for old, masks in painted.items():
        old_row = read_table(old)
        old_layout = lay_out(old_row)
        old_text = splice(old, old_row, old_layout, Orders(edited=masks))
        for place, held in returning.items():
            if held.text == old:
                tables.update(name for name in TABLES if place.object_hash in facts.table(old_row.get(name)))
                path, old_path = layout.place(place.frame).whole, old_layout.place(held.key.frame).whole
                entries.append(Returning(place.object_hash, path, old_text, old_path))
    frames = {place.frame for place in returning}
    roomy = apply(text, _Splicing(text, row, layout, orders).room(frames, tables))
    new = {key: each for key, each in orders.added.items() if each.held is None}
    return put_back(roomy, entries), replace(orders, added=new)


class _Splicing:
    def __init__(self, text: bytes, row: Mapping[str, Any], layout: Layout, orders: Orders) -> None:
        self.text, self.row, self.layout, self.orders = text, row, layout, orders
        self.root = scan.value_at(text, 0)
        self._tables: dict[Span, Mapping[str, Span]] = {}
        self.style = Style.of(text, self.root)
        self.created_at = api_time(time_in_use(layout))

    def replacements(self) -> Iterator[Replacement]:
        keys = [*self.orders.edited, *self.orders.added, *self.orders.removed]
        missing: dict[tuple[str, ...], list[Addition]] = {}
        for frame in sorted({key.frame for key in keys}):
            yield from self._frame(frame, missing)
        for path, additions in missing.items():
            yield from self._insert(path, _joined(additions))
        yield from self._answers()

    def room(self, frames: Collection[int], tables: Collection[str]) -> Iterator[Replacement]:
        """Empty containers for what comes back to these frames, where there are none any more."""
        missing: dict[tuple[str, ...], list[Addition]] = {}
        for place in map(self.layout.place, sorted(frames)):
            if self._value((*place.whole, "objects")) is None:
                where, addition = self._whole(place, self._value(place.whole), [])
                missing.setdefault(where, []).append(addition)
        for name in sorted(tables):
            if not isinstance(self.row.get(name), Mapping):
                missing.setdefault((), []).append(Addition(name, {}))
        for path, additions in missing.items():
            yield from self._insert(path, _joined(additions))

    def _frame(self, frame: int, missing: dict[tuple[str, ...], list[Addition]]) -> Iterator[Replacement]:
        """The changes of one frame; a frame that has no entry yet goes to `missing`."""
        place = self.layout.place(frame)
        added = [self._new(key, made) for key, made in self.orders.added.items() if key.frame == frame]
        labels = self._value(place.whole)
        objects = self._value((*place.whole, "objects"))
        if objects is None:
            if added:
                where, addition = self._whole(place, labels, added)
                missing.setdefault(where, []).append(addition)
            return
        yield from self._objects(frame, objects, added)

    def _objects(self, frame: int, objects: Span, added: Sequence[Any]) -> Iterator[Replacement]:
        spans = list(scan.elements(self.text, objects))
        hashes = self._hashes(spans)
        for key, mask in self.orders.edited.items():
            if key.frame == frame:
                yield from self._bitmask(spans[self._index(hashes, key)], mask, self._size(frame))
        removed = {self._index(hashes, key) for key in self.orders.removed if key.frame == frame}
        additions = [Addition(None, each) for each in added]
        if removed or additions:
            yield from edit_container(self.text, objects, spans, removed, additions, self.style)

    def _whole(self, place: Place, labels: Span | None, added: list[Any]) -> tuple[tuple[str, ...], Addition]:
        """Where a list of objects that is not there yet has to go, and all that is missing around it."""
        if labels is not None and scan.is_object(self.text, labels):
            return place.whole, Addition("objects", added)
        frame = {"objects": added, "classifications": []}
        if place.key is not None and self._value(place.path) is not None:
            return place.path, Addition(place.key, frame)
        return place.path[:-1], Addition("labels", frame if place.key is None else {place.key: frame})

    def _insert(self, path: tuple[str, ...], additions: list[Addition]) -> Iterator[Replacement]:
        container = self._value(path)
        if container is None or not scan.is_object(self.text, container):
            raise SaveError(tr("The label row is not built as Encord builds it."))
        entries = list(scan.members(self.text, container))
        keys = {each.key for each in additions}
        removed = {index for index, each in enumerate(entries) if each.key in keys}
        yield from edit_container(self.text, container, [each.span for each in entries], removed, additions, self.style)

    def _new(self, key: MaskKey, made: Added) -> Mapping[str, Any]:
        width, height = self._size(key.frame)
        bitmask = Bitmask(height, width, 0, 0, made.mask.to_rle(height, width))
        return new_object(key.object_hash, made.object_class, bitmask, self.created_at)

    def _size(self, frame: int) -> tuple[int, int]:
        segment, index = self.layout.find(frame)
        size = segment.frame_size(index)
        if size is None:
            raise SaveError(tr("The label row does not say how large its picture is."))
        return size

    def _hashes(self, spans: Sequence[Span]) -> dict[str, int]:
        """The index of the first object of each hash; `#n` for the n-th, which has none."""
        hashes: dict[str, int] = {}
        for index, span in enumerate(spans):
            found = scan.member(self.text, span, "objectHash") if scan.is_object(self.text, span) else None
            stored = facts.text(scan.parse(self.text, found)) if found else ""
            hashes.setdefault(stored or f"#{index + 1}", index)
        return hashes

    def _index(self, hashes: Mapping[str, int], key: MaskKey) -> int:
        if key.object_hash not in hashes:
            raise SaveError(tr("An object is not where it was in the label row."))
        return hashes[key.object_hash]

    def _bitmask(self, entry: Span, mask: Mask, size: tuple[int, int]) -> Iterator[Replacement]:
        span = scan.member(self.text, entry, BITMASK)
        found = {each.key: each for each in scan.members(self.text, span)} if span else {}
        if span is None or "rleString" not in found:
            raise SaveError(tr("An object has lost its mask in the label row."))
        numbers = {name: self._number(found.get(name)) for name in _NUMBERS}
        old = Box.of_size(numbers["width"], numbers["height"]).shifted(numbers["left"], numbers["top"])
        new = window(old, mask, size)
        string = mask.to_rle(new.height, new.width, new.y0, new.x0)
        yield Replacement(*found["rleString"].value, json.dumps(string).encode())
        if new != old:
            yield from self._box(span, found, numbers, new)

    def _box(self, span: Span, found: Mapping[str, Member], old: Mapping[str, int], new: Box) -> Iterator[Replacement]:
        wanted = {"top": new.y0, "left": new.x0, "width": new.width, "height": new.height}
        changed = {name: number for name, number in wanted.items() if number != old[name]}
        for name, number in changed.items():
            if name in found:
                yield Replacement(*found[name].value, str(number).encode())
        absent = [Addition(name, number) for name, number in changed.items() if name not in found]
        if absent:
            spans = [each.span for each in scan.members(self.text, span)]
            yield from edit_container(self.text, span, spans, (), absent, self.style)

    def _number(self, found: Member | None) -> int:
        number = facts.whole(scan.parse(self.text, found.value)) if found else None
        return number or 0

    def _answers(self) -> Iterator[Replacement]:
        """Entries for new objects; none for objects that are on no frame any more."""
        left = _counts(self.row)
        for key in self.orders.removed:
            left[key.object_hash] = left.get(key.object_hash, 0) - 1
        new = list(dict.fromkeys(key.object_hash for key in self.orders.added))
        gone = {key.object_hash for key in self.orders.removed if left[key.object_hash] <= 0} - set(new)
        known = facts.table(self.row.get("object_answers"))
        additions = [Addition(each, new_answers(each)) for each in new if each not in known]
        yield from self._entries("object_answers", gone, additions)
        yield from self._entries("object_actions", gone, [])

    def _entries(self, name: str, gone: set[str], additions: list[Addition]) -> Iterator[Replacement]:
        container = self._value((name,))
        if container is None or not scan.is_object(self.text, container):
            if additions:
                yield from self._insert((), [Addition(name, {each.key: each.value for each in additions})])
            return
        entries = list(scan.members(self.text, container))
        removed = {index for index, each in enumerate(entries) if each.key in gone}
        if removed or additions:
            spans = [each.span for each in entries]
            yield from edit_container(self.text, container, spans, removed, additions, self.style)

    def _value(self, path: Sequence[str]) -> Span | None:
        """The value at a path of keys, None where there is none."""
        value: Span | None = self.root
        for key in path:
            value = self._table(value).get(key) if value else None
        return value

    def _table(self, container: Span) -> Mapping[str, Span]:
        """The values of an object by key, looked up once however many frames are changed; of other values none."""
        if container not in self._tables:
            entries = scan.members(self.text, container) if scan.is_object(self.text, container) else ()
            self._tables[container] = {each.key: each.value for each in entries}
        return self._tables[container]


def window(old: Box, mask: Mask, size: tuple[int, int]) -> Box:
    """The box that a stored mask needs: its own while that holds the pixels, else one around both.

    A cropped mask cannot lie at the corner (0, 0): there it would count as one of another size, so it gets the frame.
    """
    if old.covers(mask.box):
        return old
    both = old.union(mask.box)
    return Box.of_size(*size) if both.x0 == both.y0 == 0 else both


def _joined(additions: Sequence[Addition]) -> list[Addition]:
    """One addition a key: those of several frames that share what is missing around them go into one."""
    found: dict[str | None, Addition] = {}
    for each in additions:
        before = found.get(each.key)
        value = {**facts.table(before.value), **facts.table(each.value)} if before else each.value
        found[each.key] = Addition(each.key, value)
    return list(found.values())


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    """On how many frames each object is, hidden ones too."""
    counts: dict[str, int] = {}
    units = [*facts.table(row.get("data_units")).values(), *facts.table(row.get("spaces")).values()]
    for unit in units:
        labels = facts.table(facts.table(unit).get("labels"))
        for frame in (labels, *(facts.table(each) for each in labels.values())):
            for entry in facts.items(frame.get("objects")):
                found = facts.text(facts.table(entry).get("objectHash"))
                counts[found] = counts.get(found, 0) + 1
    return counts
