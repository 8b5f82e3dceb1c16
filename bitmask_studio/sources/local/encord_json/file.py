"""A JSON file of Encord label rows: what is in it, and one row of it at a time."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.core.names import is_label_file
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.reading import open_ordinary
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext.items import Item
from bitmask_studio.sources.jsontext.scan import Span
from bitmask_studio.sources.jsontext.skeleton import Stamp
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.row import opened, read_table, summarize
from bitmask_studio.sources.local.encord_json.listing import Entry, Listing
from bitmask_studio.sources.local.kinds import Content, Kind, read_content
from bitmask_studio.sources.local.row_keys import Known, RowKeys
from bitmask_studio.sources.local.watch import Watch
from bitmask_studio.sources.reasons import reason_of

PICTURES_DATASET = str(uuid.uuid5(uuid.NAMESPACE_URL, "bitmask-studio:folder-of-pictures"))
"""The dataset hash of rows that were made here for pictures: a file with any other row belongs to somebody else."""


class EncordFile:
    """Knows where each row lies in a file; reads the file anew when somebody else wrote it. Not for two threads.

    The rows of a long list can be worked with while those behind them are not known yet: `more` reads on.
    """

    def __init__(
        self, content: Content, keys: RowKeys, before: Known = (), watch: Watch | None = None, begun: bool = False
    ) -> None:
        """Reads all of the file, unless it is only to be `begun`. Raises InputError where it is broken."""
        self.path = content.path
        self._watch = watch or Watch()
        self._keys = keys
        self._ever: set[str] = set()
        self._links: dict[str, dict[str, str]] = {}
        self._rest: Generator[list[Item]] | None = None
        self._failure = ""
        if begun:
            self._take_over(content, Listing(self.path.name, keys, before))
            self._rest = content.portions()
            self.more()
        else:
            self._take_over(content, _listed(content, keys, before, self._watch))

    @property
    def infos(self) -> Sequence[RowInfo]:
        return [each.info for each in self.entries]

    @property
    def entries(self) -> list[Entry]:
        return self._listing.entries

    @property
    def classes(self) -> tuple[ObjectClass, ...]:
        return tuple(self._listing.classes)

    @property
    def pictures(self) -> frozenset[str]:
        return frozenset(self._listing.pictures)

    @property
    def is_whole(self) -> bool:
        """Whether all its rows are known."""
        return self._rest is None

    def more(self) -> Sequence[RowInfo]:
        """Read on; answers the rows that were found. Raises InputError, each time, where the file is broken."""
        if self._failure:
            raise InputError(self._failure)
        try:
            items = next(self._rest, None) if self._rest else None
        except InputError as error:
            self._failure = str(error)
            raise
        if items is None:
            self._rest = None
            return ()
        found = self._listing.add(items)
        self._watch.listed(items[-1].span.end - items[0].span.start)
        self._ever.update(each.key for each in found)
        return found

    def close(self) -> None:
        """Let go of the file; the rows that are not known yet are never listed then."""
        if self._rest:
            self._rest.close()

    def has(self, key: str) -> bool:
        """Whether a row is this file's, or was until another program took it out."""
        return key in self._ever

    def lists(self, key: str) -> bool:
        """Whether a row is in the file."""
        return key in self._listing.places

    def belongs_to(self, folder: Path) -> bool:
        """Whether it is the label file that was made for a folder's pictures: then new rows go into it."""
        own = self.is_list and self._listing.datasets <= {PICTURES_DATASET}
        return is_label_file(self.path.name) and own and self.path.absolute().parent == folder.absolute()

    def number_of(self, key: str) -> int:
        """How many rows before it have the same hashes and title."""
        place = self._listing.places.get(key, 0)
        return sum(each.identity == self.entries[place].identity for each in self.entries[:place])

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
                content.close()
                raise InputError(tr("{file} holds no label rows any more.").format(file=self.path))
            self._take_over(content, _listed(content, self._keys, [*self._listing.known(), *before]))

    def open(self) -> BinaryIO:
        """The file for reading. Raises InputError."""
        try:
            return open_ordinary(self.path)
        except OSError as error:
            raise InputError(
                tr("{file} cannot be read any more: {reason}.").format(file=self.path, reason=reason_of(error))
            ) from error

    def entry(self, key: str) -> Entry:
        """The row of that key. Raises InputError when the file does not have it any more."""
        if not self.lists(key):
            raise InputError(tr("The label row is not in {file} any more.").format(file=self.path.name))
        return self.entries[self._listing.places[key]]

    def text_of(self, file: BinaryIO, entry: Entry) -> bytes:
        """The bytes of a row."""
        file.seek(entry.span.start)
        return file.read(entry.span.end - entry.span.start)

    def moved(self, spans: Sequence[Span], stamp: Stamp, infos: Mapping[str, RowInfo]) -> None:
        """Take over where the rows lie after a save, in the order of the entries, and what is new about some."""
        self.stamp = stamp
        self._listing.entries = [
            Entry(span, old.identity, infos.get(old.info.key, old.info))
            for span, old in zip(spans, self.entries, strict=True)
        ]

    def _take_over(self, content: Content, listing: Listing) -> None:
        self.close()
        self._rest, self._failure = None, ""
        self._listing, self.stamp, self.is_list = listing, content.stamp, content.is_list
        self._ever.update(listing.places)


def _listed(content: Content, keys: RowKeys, before: Known, watch: Watch | None = None) -> Listing:
    """All rows of a file. Raises InputError where it is broken; nothing has changed then."""
    listing = Listing(content.path.name, keys, before)
    try:
        for items in content.portions():
            listing.add(items)
            if watch:
                watch.listed(items[-1].span.end - items[0].span.start)
    except BaseException:
        listing.give_back()
        raise
    return listing
