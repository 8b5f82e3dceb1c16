"""Keys of rows: unique within a source, the same again when a file is read again."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

Identity = tuple[str, str, str]
"""What stays of a row when other programs write its file: label hash, data hash, title."""


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

    def again(self, identities: Sequence[Identity], before: Sequence[tuple[Identity, str]]) -> list[str]:
        """Keys for the rows of a file read again: those that they had, new ones for new rows."""
        known: dict[Identity, deque[str]] = {}
        for identity, key in before:
            known.setdefault(identity, deque()).append(key)
        return [known[each].popleft() if known.get(each) else self.take(each) for each in identities]
