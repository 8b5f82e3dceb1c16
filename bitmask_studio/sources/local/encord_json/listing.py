"""The rows of a file as far as they have been read: where each lies, what a list shows of it, what they all name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.jsontext.items import Item
from bitmask_studio.sources.jsontext.scan import ScanError, Span
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.row import damaged, read_json, read_table, summarize
from bitmask_studio.sources.local.encord_json.plain_rows import ClassFacts, PlainRow, plain_row
from bitmask_studio.sources.local.row_keys import Identity, Known, RowKeys


class Entry(Struct, frozen=True):
    """One row of the file: where it lies, what it is, what a list shows of it."""

    span: Span
    identity: Identity
    info: RowInfo


class Listing:
    """Takes the rows in the order of the file; a row gets the key that it had `before`, if it did."""

    def __init__(self, name: str, keys: RowKeys, before: Known = ()) -> None:
        self.entries: list[Entry] = []
        self.places: dict[str, int] = {}
        """The number of the row that has a key."""
        self.classes: dict[ObjectClass, None] = {}
        self.pictures: set[str] = set()
        self.datasets: set[object] = set()
        self._named: set[ClassFacts] = set()
        self._name = name
        self._keys = keys.again(before)

    def add(self, items: Iterable[Item]) -> list[RowInfo]:
        """Take more rows; answers them as they are listed."""
        entries = [self._entry(each) for each in items]
        first = len(self.entries)
        self.places.update((each.info.key, place) for place, each in enumerate(entries, first))
        self.entries += entries
        return [each.info for each in entries]

    def known(self) -> list[tuple[Identity, str]]:
        """The rows and their keys."""
        return [(each.identity, each.info.key) for each in self.entries]

    def give_back(self) -> None:
        """The file is not opened after all: its keys are free for others."""
        self._keys.give_back()

    def _entry(self, item: Item) -> Entry:
        plain = plain_row(item.text)
        return self._of_plain(plain, item.span) if plain else self._of_any(item)

    def _of_plain(self, row: PlainRow, span: Span) -> Entry:
        if not self._named.issuperset(row.classes):
            self._named.update(row.classes)
            self.classes.update((ObjectClass(*each), None) for each in row.classes)
        self.pictures.update(row.pictures)
        self.datasets.add(row.dataset_hash)
        identity = row.identity
        return Entry(span, identity, row.info(self._keys.take(identity)))

    def _of_any(self, item: Item) -> Entry:
        row, reason = _read(item.text)
        identity = identity_of(row)
        key = self._keys.take(identity)
        self.datasets.add(facts.text(row.get("dataset_hash")))
        if reason:
            return Entry(item.span, identity, damaged(key, identity[2] or self._name, reason))
        summary = summarize(row, key, lay_out(row))
        self.classes.update(dict.fromkeys(summary.classes))
        self.pictures.update(summary.pictures)
        return Entry(item.span, identity, summary.info)


def identity_of(row: Mapping[str, Any]) -> Identity:
    """What a row is recognised by when its file is read again."""
    label_hash, data_hash, title = (facts.text(row.get(key)) for key in ("label_hash", "data_hash", "data_title"))
    return label_hash, data_hash, title


def _read(text: bytes) -> tuple[Mapping[str, Any], str | None]:
    """A row without its mask strings, or why there is none."""
    try:
        row = read_table(text)
    except InputError as error:
        return _rest(text), str(error)
    if "data_units" not in row:
        return row, tr("This label row has no data_units.")
    return row, None


def _rest(text: bytes) -> Mapping[str, Any]:
    try:
        return facts.table(read_json(text))
    except ScanError:
        return {}
