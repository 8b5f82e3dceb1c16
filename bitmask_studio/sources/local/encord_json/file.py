"""A JSON file of Encord label rows: what is in it, and one row of it at a time."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.jsontext.scan import ScanError, Span
from bitmask_studio.sources.jsontext.skeleton import Stamp
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.row import damaged, opened, read_json, read_table, summarize
from bitmask_studio.sources.local.kinds import Content, Kind, read_content
from bitmask_studio.sources.local.row_keys import Identity, RowKeys
from bitmask_studio.sources.reasons import reason_of

PICTURES_DATASET = str(uuid.uuid5(uuid.NAMESPACE_URL, "bitmask-studio:folder-of-pictures"))
"""The dataset hash of rows that were made here for pictures: a file with any other row belongs to somebody else."""

Known = Sequence[tuple[Identity, str]]
"""Rows that have a key already."""


class Entry(Struct, frozen=True):
    """One row of the file: where it lies, what it is, what a list shows of it."""

    span: Span
    identity: Identity
    info: RowInfo


class EncordFile:
    """Knows where each row lies in a file; reads the file anew when somebody else wrote it. Not for two threads."""

    def __init__(self, content: Content, keys: RowKeys, before: Known = ()) -> None:
        self.path = content.path
        self.is_list = content.is_list
        self.stamp = content.stamp
        self.entries: list[Entry] = []
        self.classes: tuple[ObjectClass, ...] = ()
        self.pictures: frozenset[str] = frozenset()
        self._keys = keys
        self._ever: set[str] = set()
        self._links: dict[str, dict[str, str]] = {}
        self._take(content, before)

    @property
    def infos(self) -> Sequence[RowInfo]:
        return [each.info for each in self.entries]

    def has(self, key: str) -> bool:
        """Whether a row is this file's, or was until another program took it out."""
        return key in self._ever

    def lists(self, key: str) -> bool:
        """Whether a row is in the file."""
        return key in self._places

    def belongs_to(self, folder: Path) -> bool:
        """Whether it is the label file that was made for a folder's pictures: then new rows go into it."""
        named = re.fullmatch(r"labels(_\d+)?\.json", self.path.name)
        return bool(named) and self.is_list and self._own and self.path.absolute().parent == folder.absolute()

    def load(self, key: str) -> LabelRow:
        """The row as it is in the file now. Raises InputError when it is gone or unreadable."""
        self.refresh()
        with self.open() as file:
            text = self.text_of(file, self.entry(key))
        return self.read_row(text, key)

    def read_row(self, text: bytes, key: str) -> LabelRow:
        """A row from the bytes that it is. Raises InputError."""
        row = read_table(text)
        layout = lay_out(row)
        self._links[key] = {each.data_hash: each.link for each in layout.segments if each.link}
        return opened(row, layout, summarize(row, key, layout).info, origin=text)

    def link(self, key: str, data_hash: str) -> str:
        """The `data_link` of a data unit of a row that was loaded; empty where there is none."""
        return self._links.get(key, {}).get(data_hash, "")

    def refresh(self, *, force: bool = False, before: Known = ()) -> None:
        """Read the file again if it was written since. `before` are rows with keys that it did not have yet.

        Raises InputError.
        """
        try:
            changed = Stamp.of(self.path.stat()) != self.stamp
        except OSError as error:
            raise InputError(
                tr("{file} cannot be read any more: {reason}.").format(file=self.path, reason=reason_of(error))
            ) from error
        if changed or force:
            content = read_content(self.path)
            if content.kind is not Kind.ENCORD:
                raise InputError(tr("{file} holds no label rows any more.").format(file=self.path))
            self._take(content, [*self._known(), *before])

    def open(self) -> BinaryIO:
        """The file for reading. Raises InputError."""
        try:
            return self.path.open("rb")
        except OSError as error:
            raise InputError(
                tr("{file} cannot be read any more: {reason}.").format(file=self.path, reason=reason_of(error))
            ) from error

    def entry(self, key: str) -> Entry:
        """The row of that key. Raises InputError when the file does not have it any more."""
        if not self.lists(key):
            raise InputError(tr("The label row is not in {file} any more.").format(file=self.path.name))
        return self.entries[self._places[key]]

    def text_of(self, file: BinaryIO, entry: Entry) -> bytes:
        """The bytes of a row."""
        file.seek(entry.span.start)
        return file.read(entry.span.end - entry.span.start)

    def moved(self, spans: Sequence[Span], stamp: Stamp, infos: Mapping[str, RowInfo]) -> None:
        """Take over where the rows lie after a save, in the order of the entries, and what is new about some."""
        self.stamp = stamp
        self.entries = [
            Entry(span, old.identity, infos.get(old.info.key, old.info))
            for span, old in zip(spans, self.entries, strict=True)
        ]

    def _known(self) -> list[tuple[Identity, str]]:
        return [(each.identity, each.info.key) for each in self.entries]

    def _take(self, content: Content, before: Known) -> None:
        rows = [(each.span, *_listed(each.text)) for each in content.rows]
        identities = [identity_of(row) for _, row, _ in rows]
        keys = self._keys.again(identities, before)
        classes: dict[ObjectClass, None] = {}
        pictures: set[str] = set()
        entries = []
        for (span, row, reason), identity, key in zip(rows, identities, keys, strict=True):
            if reason:
                info = damaged(key, identity[2] or content.path.name, reason)
            else:
                summary = summarize(row, key, lay_out(row))
                info = summary.info
                classes.update(dict.fromkeys(summary.classes))
                pictures.update(summary.pictures)
            entries.append(Entry(span, identity, info))
        self.entries, self.classes, self.pictures = entries, tuple(classes), frozenset(pictures)
        self._places = {each.info.key: place for place, each in enumerate(entries)}
        self._ever.update(self._places)
        self._own = all(row.get("dataset_hash") == PICTURES_DATASET for _, row, _ in rows)
        self.stamp, self.is_list = content.stamp, content.is_list


def _listed(text: bytes) -> tuple[Mapping[str, Any], str | None]:
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


def identity_of(row: Mapping[str, Any]) -> Identity:
    """What a row is recognised by when its file is read again."""
    label_hash, data_hash, title = (facts.text(row.get(key)) for key in ("label_hash", "data_hash", "data_title"))
    return label_hash, data_hash, title
