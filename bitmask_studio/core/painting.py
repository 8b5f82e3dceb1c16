"""Painting on a mask: a scratch that copies only the tiles it touches, and the patch that is left of a stroke."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.brush_shape import BrushShape, cover
from bitmask_studio.core.geometry import EMPTY, Box, Point
from bitmask_studio.core.mask import Bits, Mask

TILE = 128
"""Side of a scratch tile, px."""


@dataclass(frozen=True, slots=True)
class MaskPatch:
    """The pixels that an edit flips; applying it twice changes nothing, so undo and redo are the same.

    `packed` is the zlib-compressed concatenation of each part's bits, `numpy.packbits` of the row-major part.
    """

    parts: tuple[Box, ...] = ()
    packed: bytes = b""

    @classmethod
    def between(cls, before: Mask, after: Mask) -> MaskPatch:
        """What turns one mask into the other."""
        reach = before.box.union(after.box)
        return cls.of([(reach, before.crop(reach) ^ after.crop(reach))]) if not reach.empty else cls()

    @classmethod
    def of(cls, flips: list[tuple[Box, Bits]]) -> MaskPatch:
        """A patch of disjoint boxes and the pixels to flip in them; parts without any are left out."""
        masks = [mask for box, bits in flips if not (mask := Mask.of(box, bits)).empty]
        packed = b"".join(np.packbits(mask.bits).tobytes() for mask in masks)
        return cls(tuple(mask.box for mask in masks), zlib.compress(packed, 6))

    @property
    def empty(self) -> bool:
        return not self.parts

    @property
    def box(self) -> Box:
        """The box of all pixels that flip."""
        box = EMPTY
        for part in self.parts:
            box = box.union(part)
        return box

    @property
    def nbytes(self) -> int:
        return len(self.packed) + 64 * len(self.parts)

    def apply(self, mask: Mask) -> Mask:
        """The mask with the patch's pixels flipped."""
        return mask.changed(self.box, self._flip) if self.parts else mask

    def _flip(self, bits: Bits, reach: Box) -> None:
        packed, at = np.frombuffer(zlib.decompress(self.packed), np.uint8), 0
        for part in self.parts:
            length = (part.area + 7) // 8
            flips = np.unpackbits(packed[at : at + length], count=part.area).view(bool)
            bits[part.within(reach)] ^= flips.reshape(part.height, part.width)
            at += length


class MaskPainter:
    """The stroke in progress over one mask; the mask itself stays as it is until the stroke is committed."""

    def __init__(self, mask: Mask, frame: Box) -> None:
        self._mask = mask
        self._frame = frame
        self._tiles: dict[tuple[int, int], NDArray[np.bool_]] = {}

    def draw_segment(self, start: Point, end: Point, size: float, shape: BrushShape, value: bool) -> Box:
        """Set every pixel the brush covers on its way to `value`; answers the box of the pixels that changed by it."""
        spans = cover(start, end, size, shape, self._frame)
        box, changed = spans.box, EMPTY
        for tile in _tiles(box) if not box.empty else ():
            part = tile.intersection(box)
            covered = spans.bits(part)
            if covered.any():
                pixels = self._touch(tile)[part.within(tile)]
                flips = Mask.of(part, covered & (pixels != value))
                np.copyto(pixels, value, where=covered)
                changed = changed.union(flips.box)
        return changed

    def crop(self, box: Box) -> Bits:
        """The pixels of `box` as they stand now, bool (box.height, box.width)."""
        touched = [tile for tile in _tiles(box) if (tile.x0, tile.y0) in self._tiles] if not box.empty else []
        if not touched:
            return self._mask.crop(box)
        bits = self._mask.crop(box).copy()
        for tile in touched:
            part = tile.intersection(box)
            bits[part.within(box)] = self._tiles[tile.x0, tile.y0][part.within(tile)]
        return bits

    def patch(self) -> MaskPatch:
        """What the stroke has changed so far."""
        boxes = [Box(x, y, x + TILE, y + TILE) for x, y in self._tiles]
        return MaskPatch.of([(box, self._tiles[box.x0, box.y0] ^ self._mask.crop(box)) for box in boxes])

    def _touch(self, tile: Box) -> NDArray[np.bool_]:
        key = tile.x0, tile.y0
        if key not in self._tiles:
            self._tiles[key] = self._mask.crop(tile).copy()
        return self._tiles[key]


def _tiles(box: Box) -> list[Box]:
    """The scratch tiles that `box` touches."""
    return [
        Box(x, y, x + TILE, y + TILE)
        for y in range(box.y0 // TILE * TILE, box.y1, TILE)
        for x in range(box.x0 // TILE * TILE, box.x1, TILE)
    ]
