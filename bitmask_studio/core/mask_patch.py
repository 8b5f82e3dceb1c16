"""What an edit has changed of a mask: the pixels that flip, small enough to be kept for every step of the history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

import cv2
import numpy as np
from msgspec import Struct

from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.mask import CLEAR, SOLID, TILE, Bits, Corner, Mask, tiles_of
from bitmask_studio.core.squeezing import TILE_BYTES, USED_BYTES, Packed, Squeezed, compress, read, spread

_SOLID_BITS = np.packbits(SOLID)
_AT_ONCE = 512
"""Patches that are joined in one go."""
Extent = tuple[int, int, int, int]
"""A Box without its methods: x0, y0, x1, y1."""


class MaskPatch(Struct, frozen=True):
    """The pixels that an edit flips; applying it twice changes nothing, so undo and redo are the same.

    `packed` is compressed: the corners of the tiles with such pixels, those that flip as a whole last; then the bits of
    the others.
    """

    box: Box = EMPTY
    """Where they are, the tight box."""
    tiles: int = 0
    """How many tiles of mask.TILE px have any."""
    whole: int = 0
    """How many of these flip as a whole."""
    packed: bytes = b""

    @classmethod
    def between(cls, before: Mask, after: Mask) -> MaskPatch:
        """What turns one mask into the other."""
        corners = tiles_of(before.box.union(after.box))
        return cls.of((corner, before.tile(corner) ^ after.tile(corner)) for corner in corners)

    @classmethod
    def of(cls, flips: Iterable[tuple[Corner, Bits]]) -> MaskPatch:
        """A patch of tiles, each contiguous, True where a pixel flips; tiles without any are left out."""
        found = dict(flips)
        whole = [corner for corner, bits in found.items() if bits is SOLID]
        parts = [corner for corner, bits in found.items() if bits is not SOLID]
        packed = np.array([np.packbits(found[corner]) for corner in parts], np.uint8).reshape(-1, TILE_BYTES)
        used = np.flatnonzero(packed.any(axis=1))
        corners = [parts[at] for at in used] + whole
        if not corners:
            return cls()
        box = _box_of({corner: found[corner] for corner in corners})
        return cls(box, len(corners), len(whole), compress(corners, packed[used].reshape(-1)))

    @property
    def empty(self) -> bool:
        return not self.tiles

    @property
    def nbytes(self) -> int:
        """What keeping it takes, objects included."""
        return len(self.packed) + 400

    def apply(self, mask: Mask) -> Mask:
        """The mask with the patch's pixels flipped."""
        if self.empty:
            return mask
        return mask.with_tiles({corner: flipped(mask.tile(corner), flips) for corner, flips in self._flips()}, self.box)

    @classmethod
    def joined(cls, patches: Sequence[MaskPatch]) -> MaskPatch:
        """One patch that does what all of them do one after another."""
        found: dict[Corner, Packed] = {}
        for start in range(0, len(patches), _AT_ONCE):
            _join(found, patches[start : start + _AT_ONCE])
        return cls.of((corner, _unpacked(packed)) for corner, packed in found.items())

    def check(self) -> None:
        """Raise ValueError unless it can be applied: for patches that were read from somewhere."""
        corners = self._read().corners
        xs, ys = corners[::2], corners[1::2]
        tiles = Box(min(xs), min(ys), max(xs) + TILE, max(ys) + TILE)
        if self.box.empty or not tiles.covers(self.box) or any(each % TILE for each in corners):
            raise ValueError("the box of a patch is not that of its tiles")

    def _read(self) -> Squeezed:
        return read(self.packed, self.tiles, self.tiles - self.whole)

    def _flips(self) -> Iterator[tuple[Corner, Bits]]:
        squeezed = self._read()
        flips = (*map(_unpacked, spread([squeezed])), *[SOLID] * self.whole)
        yield from zip(_pairs(squeezed.corners), flips, strict=True)


def flipped(tile: Bits, flips: Bits) -> Bits:
    """The pixels of a tile after some were flipped, and the other way round: what was flipped between two tiles."""
    if tile is CLEAR or flips is CLEAR:
        return flips if tile is CLEAR else tile
    return CLEAR if tile is SOLID and flips is SOLID else tile ^ flips


def extent_of(bits: Bits, x: int, y: int) -> Extent | None:
    """The tight box of the pixels set of whole rows of a tile that begin at (x, y); None where none is."""
    left, top, width, height = cv2.boundingRect(bits.view(np.uint8))
    return (x + left, y + top, x + left + width, y + top + height) if width else None


def _box_of(tiles: Mapping[Corner, Bits]) -> Box:
    """The tight box of the pixels set; the tiles at the rims first, so that few of the others need a look."""
    corners = list(tiles)
    rims = [pick(corners, key=itemgetter(axis)) for pick in (min, max) for axis in (0, 1)]
    found = extent_of(tiles[rims[0]], *rims[0])
    assert found is not None
    for x, y in (*rims[1:], *corners):
        x0, y0, x1, y1 = found
        if (x < x0 or y < y0 or x + TILE > x1 or y + TILE > y1) and (more := extent_of(tiles[x, y], x, y)):
            found = min(x0, more[0]), min(y0, more[1]), max(x1, more[2]), max(y1, more[3])
    return Box(*found)


def _join(found: dict[Corner, Packed], patches: Sequence[MaskPatch]) -> None:
    """Flip the pixels of some patches in the tiles found so far."""
    pieces = [patch._read() for patch in patches if not patch.empty]
    rows = iter(spread(pieces))
    for piece in pieces:
        parts = len(piece.used) // USED_BYTES
        for place, corner in enumerate(_pairs(piece.corners)):
            flips = next(rows) if place < parts else _SOLID_BITS
            found[corner] = found[corner] ^ flips if corner in found else flips.copy()


def _pairs(corners: tuple[int, ...]) -> Iterator[Corner]:
    return zip(corners[::2], corners[1::2], strict=True)


def _unpacked(packed: Packed) -> Bits:
    """The bits of a tile, (TILE, TILE)."""
    return np.unpackbits(packed).view(np.bool_).reshape(TILE, TILE)
