"""The pixels near a stroke in one piece of memory: a step is one operation then, however many tiles it crosses."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

import numpy as np

from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.mask import TILE, Bits, Corner, tiles_of

SIDE = 2176
"""Side of a sheet, px; a multiple of TILE. From 4 MiB on numpy asks for huge pages: far fewer faults in new memory."""
_MARGIN = 32
"""What is drawn of a step is read so much farther, px, at most zooms."""


class Sheet:
    """SIDE x SIDE px around a box, filled tile by tile where they are needed."""

    def __init__(self, middle: Box, before: Sheet | None = None) -> None:
        """In the memory of the one before, which nobody needs any more: new memory costs more than all that is done."""
        x, y = ((middle.x0 + middle.x1 - SIDE) // 2, (middle.y0 + middle.y1 - SIDE) // 2)
        left, top = x // TILE * TILE, y // TILE * TILE
        self.box = Box(left, top, left + SIDE, top + SIDE)
        self._bits: Bits = before._bits if before else np.empty((SIDE, SIDE), np.bool_)
        self._filled: set[Corner] = set()
        self._ready = EMPTY
        """A box whose tiles are all filled in."""

    @property
    def filled(self) -> AbstractSet[Corner]:
        """The corners of the tiles that are filled in."""
        return self._filled

    def holds(self, box: Box) -> bool:
        """Whether all pixels of a box are filled in."""
        return self._ready.covers(box)

    def view(self, box: Box) -> Bits:
        """The pixels of a box that it holds, in the sheet's own memory."""
        return self._bits[box.within(self.box)]

    def tile(self, corner: Corner) -> Bits:
        """The same of a tile."""
        x, y = corner
        return self.view(Box(x, y, x + TILE, y + TILE))

    def fill(self, box: Box, tile: Callable[[Corner], Bits]) -> list[Corner]:
        """Fill in what is lacking in a box and a little around it; answers the corners of these tiles."""
        near = box.inflated(_MARGIN)
        if self._ready.covers(near):
            return []
        near = near.intersection(self.box)
        lacking = [corner for corner in tiles_of(near) if corner not in self._filled]
        left, top = self.box[:2]
        for x, y in lacking:
            self._bits[y - top : y - top + TILE, x - left : x - left + TILE] = tile((x, y))
        self._filled.update(lacking)
        x0, y0, x1, y1 = near
        self._ready = Box(x0 // TILE * TILE, y0 // TILE * TILE, -(-x1 // TILE) * TILE, -(-y1 // TILE) * TILE)
        return lacking
