"""What saving a file that others change too has to come to, worked out with plain arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from bitmask_studio.core.mask import Bits
from bitmask_studio.sources.base import Keep


class Place(NamedTuple):
    """One mask of the file."""

    row: int
    frame: int
    object_hash: str


State = dict[Place, Bits]
"""The masks that are there, each as pixels of its whole frame."""


def alike(one: Bits | None, other: Bits | None) -> bool:
    return (one is None and other is None) or (one is not None and other is not None and np.array_equal(one, other))


def apart(base: Bits | None, mine: Bits | None, theirs: Bits | None) -> bool:
    """Whether all three are there and the boxes around both changes have no pixel in common."""
    if base is None or mine is None or theirs is None:
        return False
    both = [np.argwhere(base != each) for each in (mine, theirs)]
    if not all(map(len, both)):
        return True
    (low, high), (other_low, other_high) = ((each.min(0), each.max(0)) for each in both)
    return bool((low > other_high).any() or (other_low > high).any())


def joined(base: Bits, mine: Bits, theirs: Bits) -> Bits:
    """Each pixel from whoever changed it."""
    return np.where(mine != base, mine, theirs)


class UndecidedError(Exception):
    """Both changed these masks, and nobody said what to keep."""

    def __init__(self, places: Collection[Place]) -> None:
        super().__init__(places)
        self.places = frozenset(places)


Choices = Mapping[tuple[Place, bytes], Keep]
"""What to keep of a mask, beside what others had made of it when that was decided, as `version` names it."""


def version(bits: Bits | None) -> bytes:
    return b"" if bits is None else bits.tobytes()


def merged(base: State, mine: State, theirs: State, choices: Choices) -> State:
    """The file after a save. Raises UndecidedError."""
    after: dict[Place, Bits | None] = {}
    undecided: set[Place] = set()
    for place in dict.fromkeys([*theirs, *base, *mine]):
        b, m, t = base.get(place), mine.get(place), theirs.get(place)
        if alike(m, b) or alike(m, t):
            after[place] = t
        elif alike(t, b):
            after[place] = m
        elif m is not None and t is not None and apart(b, m, t):
            after[place] = joined(_there(b, m), m, t)
        elif (place, version(t)) not in choices:
            undecided.add(place)
        else:
            after[place] = _chosen(choices[place, version(t)], b, m, t)
    if undecided:
        raise UndecidedError(undecided)
    return {place: bits for place, bits in after.items() if bits is not None}


def _chosen(choice: Keep, base: Bits | None, mine: Bits | None, theirs: Bits | None) -> Bits | None:
    if choice is Keep.BOTH and mine is not None and theirs is not None:
        return joined(_there(base, mine), mine, theirs)
    if choice is Keep.BOTH:
        return theirs if mine is None else mine
    return mine if choice is Keep.MINE else theirs


def _there(bits: Bits | None, like: Bits) -> Bits:
    return np.zeros_like(like) if bits is None else bits


@dataclass
class Desk:
    """What one person has before them, and what they believe is stored."""

    base: State
    mine: State
    sent: State | None = None
    touched: set[Place] = field(default_factory=set)
    """What was changed since the snapshot that is being saved."""

    def begin(self) -> None:
        self.sent, self.touched = dict(self.mine), set()

    def end(self, rows: Collection[int], stored: State | None) -> None:
        """Take in what is stored in some rows; None: nothing was stored."""
        sent, self.sent = self.sent, None
        assert sent is not None
        if stored is None:
            return
        for place in dict.fromkeys([*self.mine, *self.base, *sent, *stored]):
            if place.row in rows:
                self._end(place, sent.get(place), stored.get(place))

    def _end(self, place: Place, sent: Bits | None, stored: Bits | None) -> None:
        mine = self.mine.get(place)
        if place not in self.touched:
            self._take(place, stored, stored)
        elif alike(sent, stored):
            self._take(place, stored, mine)
        elif sent is not None and mine is not None and stored is not None and apart(sent, mine, stored):
            self._take(place, stored, joined(sent, mine, stored))
        else:
            self._take(place, sent, mine)

    def _take(self, place: Place, base: Bits | None, mine: Bits | None) -> None:
        for state, bits in ((self.base, base), (self.mine, mine)):
            state.pop(place, None)
            if bits is not None:
                state[place] = bits
