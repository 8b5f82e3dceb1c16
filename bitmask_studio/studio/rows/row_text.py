"""Texts of very many rows as one array of bytes, in which a word is looked for in all of them at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
_BLOCK = 1 << 17
_AT_ONCE = 4
"""Bytes of a word that are compared everywhere; few places are left for the others."""


class Haystack:
    """Upper and lower case are the same. What is looked for must not hold white space: it ends a text."""

    def __init__(self) -> None:
        self._bytes = b""
        self._starts = np.empty(0, np.int64)
        self._new: list[bytes] = []
        self._last: tuple[bytes, NDArray[np.intp]] = b"", np.empty(0, np.intp)

    def add(self, texts: Iterable[str]) -> None:
        """Take the texts of more rows."""
        self._new.extend(text.casefold().encode("utf-8", "surrogatepass") + b"\n" for text in texts)

    def holding(self, word: str) -> Mask:
        """Which of the texts hold a casefolded word: one flag for each."""
        self.gather()
        found = np.zeros(len(self._starts), np.bool_)
        found[np.searchsorted(self._starts, self._places(word.encode("utf-8", "surrogatepass")), "right") - 1] = True
        return found

    def _places(self, needle: bytes) -> NDArray[np.intp]:
        """Where it begins. A word that is typed on is looked for only where its beginning was found."""
        data = np.frombuffer(self._bytes, np.uint8)
        begin, places = self._last
        if not begin or not needle.startswith(begin):
            begin = needle[:_AT_ONCE]
            places = _everywhere(data, begin)
        places = places[places <= len(data) - len(needle)]
        for offset in range(len(begin), len(needle)):
            places = places[data[places + offset] == needle[offset]]
        self._last = needle, places
        return places

    def gather(self) -> None:
        """Put together what was added, so that the next search need not."""
        if self._new:
            lengths = np.fromiter(map(len, self._new), np.int64, len(self._new))
            ends = len(self._bytes) + np.cumsum(lengths)
            self._starts = np.concatenate([self._starts, ends - lengths])
            self._bytes = b"".join((self._bytes, *self._new))
            self._new = []
            self._last = b"", self._last[1]


def _everywhere(data: NDArray[np.uint8], needle: bytes) -> NDArray[np.intp]:
    """Where a few bytes stand, looked for block by block: what is worked on stays in the processor's cache."""
    found = [np.empty(0, np.intp)]
    for start in range(0, len(data), _BLOCK):
        block = data[start : start + _BLOCK + len(needle) - 1]
        room = max(len(block) - len(needle) + 1, 0)
        near = np.ones(room, np.bool_)
        for offset, value in enumerate(needle):
            near &= block[offset : offset + room] == value
        found.append(np.flatnonzero(near) + start)
    return np.concatenate(found)
