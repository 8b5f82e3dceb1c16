"""In which order rows are listed, and the places of very many of them in it."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import islice

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core.labels import RowInfo

Ranks = NDArray[np.int64]
UNKNOWN = 2**62
"""The rank of a row of which is not known what it is ordered by: such rows come last, up or down."""

_DIGITS = re.compile(r"[0-9]+")
_PART = 2048
"""Keys that are sorted in one go: sorting holds Python's lock, and the window must not wait for it."""


class SortBy(Enum):
    """What rows are ordered by; LISTED is the order in which their source lists them."""

    LISTED = "listed"
    TITLE = "title"
    TYPE = "type"
    SIZE = "size"
    FRAMES = "frames"
    STAGE = "stage"
    STATUS = "status"
    ASSIGNEE = "assignee"
    EDITED = "edited"


class Order(Struct, frozen=True):
    """The order of a list: small things or early times first, unless `descending`."""

    by: SortBy = SortBy.LISTED
    descending: bool = False


AS_LISTED = Order()


def natural_key(text: str) -> str:
    """A key that orders texts as people do: upper and lower case alike, and 9 before 10."""
    return _DIGITS.sub(_number_key, text.casefold())


def ranks(rows: Sequence[RowInfo], by: SortBy) -> Ranks:
    """The place of each row in an order, the same for rows that are equal in it."""
    if by in _TEXTS:
        return _text_ranks([_TEXTS[by](row) for row in rows])
    return np.fromiter(map(_NUMBERS[by], rows) if by in _NUMBERS else range(len(rows)), np.int64, len(rows))


def ordered(places: Ranks, descending: bool) -> NDArray[np.intp]:
    """The rows' numbers in the order of their ranks; equal ones stay as they are listed, up or down."""
    keys = np.where(places == UNKNOWN, UNKNOWN, -places) if descending else places
    return np.argsort(keys, kind="stable")


def _number_key(digits: re.Match[str]) -> str:
    """More digits make a larger number; the first character keeps numbers where digits stand among letters."""
    number = digits[0].lstrip("0")
    return f"0{chr(min(len(number), 0x10FFFF))}{number}"


def _edited(row: RowInfo) -> int:
    return int(row.last_edited.timestamp()) if row.last_edited else UNKNOWN


_TEXTS: Mapping[SortBy, Callable[[RowInfo], str]] = {
    SortBy.TITLE: lambda row: row.name,
    SortBy.TYPE: lambda row: row.data_type,
    SortBy.STAGE: lambda row: row.stage,
    SortBy.STATUS: lambda row: row.status,
    SortBy.ASSIGNEE: lambda row: row.assignee,
}
_NUMBERS: Mapping[SortBy, Callable[[RowInfo], int]] = {
    SortBy.SIZE: lambda row: row.width * row.height or UNKNOWN,
    SortBy.FRAMES: lambda row: row.frames,
    SortBy.EDITED: _edited,
}


def _text_ranks(texts: Sequence[str]) -> Ranks:
    keys = {text: natural_key(text) for text in set(texts)}
    rank = {key: place for place, key in enumerate(_sorted(set(keys.values())))}
    places = {text: rank[key] if text else UNKNOWN for text, key in keys.items()}
    return np.fromiter((places[text] for text in texts), np.int64, len(texts))


def _sorted(keys: Iterable[str]) -> Iterator[str]:
    rest = iter(keys)
    return heapq.merge(*iter(lambda: sorted(islice(rest, _PART)), []))
