"""A list of very many rows that is filtered and put in order as fast as somebody types."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from enum import Enum
from typing import Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio.rows.row_order import AS_LISTED, Order, Ranks, SortBy, ordered, ranks
from bitmask_studio.studio.rows.row_text import Haystack, Mask

Numbers = NDArray[np.intp]
_HASH_PART = 4
"""Shorter words stand in nearly every hash and would filter nothing."""
_KEPT_WORDS = 16
_PORTION, _BREATH = 500, 0.001
"""Rows that are taken in one go beside the window's thread, a few ms, and the seconds after which it goes on."""


class Facet(Enum):
    """What rows are told apart by; the value is the field of `RowInfo`."""

    STAGE = "stage"
    STATUS = "status"
    TYPE = "data_type"
    ASSIGNEE = "assignee"


Choice = tuple[Facet, str]


class RowFilter(Struct, frozen=True):
    """Which rows are wanted: those with every word, for each facet with one of its chosen values, and `mine`."""

    text: str = ""
    chosen: frozenset[Choice] = frozenset()
    mine: bool = False
    """Only those assigned to the user."""


class RowList:
    """Rows are known by their numbers, from 0 in the order in which they were given. `email` is the user's own."""

    def __init__(self, rows: Sequence[RowInfo] = (), email: str = "") -> None:
        self.rows: tuple[RowInfo, ...] = ()
        self._email = email.casefold()
        self._words, self._hashes = Haystack(), Haystack()
        self._columns = {facet: _Column() for facet in Facet}
        self._numbers: dict[str, int] = {}
        self._found: dict[str, Mask] = {}
        self._ranks: dict[SortBy, Ranks] = {}
        self._orders: dict[Order, Numbers] = {}
        self.extend(rows)
        self.gather()

    @classmethod
    def made_aside(cls, rows: Sequence[RowInfo], email: str = "") -> Self:
        """As the constructor, on another thread than the window's, which is let in again and again."""
        made = cls((), email)
        for begin in range(0, len(rows), _PORTION):
            made.extend(rows[begin : begin + _PORTION])
            time.sleep(_BREATH)
        made.gather()
        return made

    def extend(self, rows: Sequence[RowInfo]) -> None:
        """Take more rows, after those that are there."""
        self._words.add(f"{row.title} {row.data_type}" for row in rows)
        self._hashes.add(f"{row.label_hash} {row.data_hash}" for row in rows)
        for facet, column in self._columns.items():
            column.add(getattr(row, facet.value) for row in rows)
        self._numbers.update((row.key, number) for number, row in enumerate(rows, len(self.rows)))
        self.rows += tuple(rows)
        for known in (self._found, self._ranks, self._orders):
            known.clear()

    def gather(self) -> None:
        """Get ready for the first search after `extend`, which takes a moment for very many rows."""
        self._words.gather()
        self._hashes.gather()

    def find(self, wanted: RowFilter, order: Order = AS_LISTED) -> Numbers:
        """The numbers of the rows wanted, in that order."""
        mask = self._mask(wanted)
        if order == AS_LISTED:
            return np.flatnonzero(mask)
        numbers = self._ordered(order)
        return numbers[mask[numbers]]

    def number(self, key: str | None) -> int | None:
        """Which row has that key; None for none."""
        return self._numbers.get(key) if key else None

    def counts(self, facet: Facet) -> dict[str, int]:
        """How many rows have each value, in the order in which the values appear."""
        return self._columns[facet].counts()

    def knows(self, by: SortBy) -> bool:
        """Whether rows can be ordered by this at once; else `ranks` takes a while for very many."""
        return by is SortBy.LISTED or by in self._ranks

    def keep(self, by: SortBy, places: Ranks) -> None:
        """Take what `ranks` answered for exactly these rows."""
        self._ranks[by] = places

    def _mask(self, wanted: RowFilter) -> Mask:
        mask = np.ones(len(self.rows), np.bool_)
        for word in wanted.text.casefold().split():
            mask &= self._holding(word)
        for facet in {facet for facet, _ in wanted.chosen}:
            mask &= self._columns[facet].holding(value for each, value in wanted.chosen if each is facet)
        if wanted.mine:
            people = self._columns[Facet.ASSIGNEE]
            mask &= people.holding(name for name in people.values if name and name.casefold() == self._email)
        return mask

    def _holding(self, word: str) -> Mask:
        """The words before the one that is being typed are known from the last time."""
        if word not in self._found:
            mask = self._words.holding(word)
            if len(word) >= _HASH_PART and not mask.all():
                mask |= self._hashes.holding(word)
            if len(self._found) >= _KEPT_WORDS:
                del self._found[next(iter(self._found))]
            self._found[word] = mask
        return self._found[word]

    def _ordered(self, order: Order) -> Numbers:
        if order not in self._orders:
            if order.by not in self._ranks:
                self._ranks[order.by] = ranks(self.rows, order.by)
            self._orders[order] = ordered(self._ranks[order.by], order.descending)
        return self._orders[order]


class _Column:
    """One field of all rows, its values as codes."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self._codes = np.empty(0, np.int32)

    def add(self, texts: Iterable[str]) -> None:
        codes = [self.values.setdefault(text, len(self.values)) for text in texts]
        self._codes = np.concatenate([self._codes, np.array(codes, np.int32)])

    def holding(self, wanted: Iterable[str]) -> Mask:
        table = np.zeros(len(self.values), np.bool_)
        table[_codes(self.values[text] for text in wanted if text in self.values)] = True
        return table[self._codes]

    def counts(self) -> dict[str, int]:
        numbers: Collection[int] = np.bincount(self._codes, minlength=len(self.values)).tolist()
        return dict(zip(self.values, numbers, strict=True))


def _codes(values: Iterable[int]) -> NDArray[np.intp]:
    return np.fromiter(values, np.intp)
