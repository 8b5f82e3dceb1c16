"""Keys of rows: unique within a source, the same again when a file is read again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

Identity = tuple[str, str, str]
"""What stays of a row when other programs write its file: label hash, data hash, title."""

Known = Sequence[tuple[Identity, str]]
"""Rows that have a key already."""


class RowKeys:
    """Hands out keys: the data hash, else the label hash, else the title, numbered where that is taken."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}
        """The last number tried behind each name: a file may have 100,000 rows of one name."""

    def take(self, identity: Identity) -> str:
        label_hash, data_hash, title = identity
        wanted = [each for each in (data_hash, label_hash, title) if each] or ["row"]
        key = next((each for each in wanted if each not in self._taken), None)
        while key is None:
            number = self._numbers[wanted[0]] = self._numbers.get(wanted[0], 1) + 1
            numbered = f"{wanted[0]}#{number}"
            key = None if numbered in self._taken else numbered
        self._taken.add(key)
        return key

    def give_back(self, keys: Iterable[str]) -> None:
        """What has these keys is not there after all."""
        self._taken.difference_update(keys)
        self._numbers.clear()

    def again(self, before: Known) -> FileKeys:
        """Keys for the rows of a file that is read again: those that they had, new ones for new rows."""
        return FileKeys(self, before)


class FileKeys:
    """Hands out the keys of one reading of a file."""

    def __init__(self, keys: RowKeys, before: Known) -> None:
        self._keys = keys
        self._known: dict[Identity, deque[str]] = {}
        self._new: list[str] = []
        for identity, key in before:
            self._known.setdefault(identity, deque()).append(key)

    def take(self, identity: Identity) -> str:
        if known := self._known.get(identity):
            return known.popleft()
        key = self._keys.take(identity)
        self._new.append(key)
        return key

    def give_back(self) -> None:
        """The file cannot be read: no row has the keys that are new."""
        self._keys.give_back(self._new)
        self._new.clear()
