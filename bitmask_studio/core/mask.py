"""A mask: the pixels of one object, cropped to them, on a frame that may be far larger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core import rle
from bitmask_studio.core.geometry import EMPTY, Box

Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """`bits` is bool (box.height, box.width), True where the object is; outside `box` there is nothing.

    Never written to: an edit makes a new mask. The box is the tight one, so equal pixels mean equal fields.
    """

    box: Box
    bits: Bits

    @classmethod
    def of(cls, box: Box, bits: Bits) -> Mask:
        """A mask of `bits` lying at `box`, cropped to its pixels. Keeps `bits` unless they are mostly empty margin."""
        rows, columns = np.flatnonzero(bits.any(axis=1)), np.flatnonzero(bits.any(axis=0))
        if not len(rows):
            return EMPTY_MASK
        top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
        tight = Box(box.x0 + left, box.y0 + top, box.x0 + right, box.y0 + bottom)
        cropped = bits[top:bottom, left:right]
        return cls(tight, cropped if 2 * tight.area > box.area else cropped.copy())

    @classmethod
    def from_rle(cls, rle_string: str, height: int, width: int, top: int = 0, left: int = 0) -> Mask:
        """Decode Encord's string for a mask of (height, width) px that lies at (top, left) of its frame.

        Raises RleError when the string does not describe such a mask, or the place is none.
        """
        rle.check_place(top, left)
        box, bits = rle.decode(rle_string, height, width)
        return cls(box.shifted(left, top), bits) if not box.empty else EMPTY_MASK

    def to_rle(self, height: int, width: int, top: int = 0, left: int = 0) -> str:
        """Encord's string of this mask as seen through the window of (height, width) px at (top, left).

        Raises RleError when there cannot be such a window.
        """
        rle.check_size(height, width)
        rle.check_place(top, left)
        window = Box(left, top, left + width, top + height)
        seen = self.box.intersection(window)
        return rle.encode(seen.shifted(-left, -top), self.crop(seen), height, width)

    @property
    def area(self) -> int:
        """Number of pixels."""
        return int(np.count_nonzero(self.bits))

    @property
    def empty(self) -> bool:
        return self.box.empty

    def holds(self, x: int, y: int) -> bool:
        """Whether the pixel (x, y) belongs to the object."""
        return self.box.holds(x, y) and bool(self.bits[y - self.box.y0, x - self.box.x0])

    def crop(self, box: Box) -> Bits:
        """The pixels of `box`, (box.height, box.width): a view where the mask covers it, else a new array."""
        if self.box.covers(box) and not box.empty:
            return self.bits[box.within(self.box)]
        return self._copied(box)

    def _copied(self, box: Box) -> Bits:
        """As `crop`, always a new array."""
        bits = np.zeros((box.height, box.width), np.bool_)
        common = self.box.intersection(box)
        if not common.empty:
            bits[common.within(box)] = self.bits[common.within(self.box)]
        return bits

    def to_array(self, height: int, width: int) -> Bits:
        """The whole frame, bool (height, width)."""
        return self._copied(Box.of_size(width, height))

    def changed(self, box: Box, change: Callable[[Bits, Box], None]) -> Mask:
        """A new mask, after `change(bits, reach)` wrote into a copy of the pixels of `reach`, which holds `box`."""
        reach = self.box.union(box)
        bits = self._copied(reach)
        change(bits, reach)
        return Mask.of(reach, bits)

    def same_as(self, other: Mask) -> bool:
        """Whether both hold exactly the same pixels."""
        return self is other or (self.box == other.box and bool(np.array_equal(self.bits, other.bits)))


EMPTY_MASK = Mask(EMPTY, np.zeros((0, 0), np.bool_))
