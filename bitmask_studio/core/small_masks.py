"""Masks of a frame as they are seen small: one pixel for many, read once and kept with each mask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.core.spans import SIMPLE, Spans, read_many

SIDE = 1024
"""The longer side of a small frame at most, px."""
_KEPT = 1 << 12
"""Small pixels that are kept with a mask at most; those of larger ones are read anew each time."""
_TOGETHER = 128
"""Masks that are read together, at most."""

Boxes = NDArray[np.int64]
"""(n, 4) x0, y0, x1, y1."""


class Grid(NamedTuple):
    """A frame small, (height, width): each pixel shows the image pixel in the middle of `step` x `step` of them."""

    step: int
    width: int
    height: int

    @classmethod
    def of(cls, width: int, height: int) -> Self:
        """The one for frames of that size."""
        step = max(1, -(-max(width, height) // SIDE))
        return cls(step, max(1, width // step), max(1, height // step))

    def places(self, boxes: Boxes) -> Boxes:
        """Which small pixels show any of each image box; all zero where none does."""
        step = self.step
        places = (boxes - step // 2 + step - 1) // step
        np.maximum(places, 0, out=places)
        np.minimum(places, (self.width, self.height, self.width, self.height), out=places)
        places[(places[:, 0] >= places[:, 2]) | (places[:, 1] >= places[:, 3])] = 0
        return places

    def shown(self, places: Boxes) -> Boxes:
        """From the first image pixel that is shown by the small ones to the last."""
        shown = places * self.step + self.step // 2
        shown[:, 2:] += 1 - self.step
        return shown


def prepare(masks: Iterable[Mask], width: int, height: int) -> None:
    """Read masks of a frame of that size small, so that its first show does not have to."""
    grid, some = Grid.of(width, height), [mask for mask in masks if not mask.empty]
    if grid.step == 1:
        return
    boxes = np.array([mask.box for mask in some], np.int64).reshape(-1, 4)
    places = grid.places(boxes)
    sizes = (places[:, 2] - places[:, 0]) * (places[:, 3] - places[:, 1])
    wanted = np.flatnonzero((sizes > 0) & (sizes <= _KEPT)).tolist()
    for begin in range(0, len(wanted), _TOGETHER):
        part = wanted[begin : begin + _TOGETHER]
        small([some[at] for at in part], places[part], grid)


def small(masks: Sequence[Mask], places: Boxes, grid: Grid) -> list[Bits]:
    """For each mask which of the small pixels of its place, none of them empty, it has: (height, width) of that."""
    found = [mask.small[1] if mask.small and mask.small[0] == grid else None for mask in masks]
    missing = [at for at, bits in enumerate(found) if bits is None]
    for at, bits in zip(missing, _read([masks[at] for at in missing], places[missing], grid), strict=True):
        found[at] = bits
        if grid.step > 1 and bits.size <= _KEPT:
            masks[at].small = grid, bits.copy()
    return [bits for bits in found if bits is not None]


def _read(masks: Sequence[Mask], places: Boxes, grid: Grid) -> Iterator[Bits]:
    """As `small`, from the masks' own pixels: those of simple ones together."""
    if not masks:
        return
    step, shown = grid.step, grid.shown(places)
    boxes = np.array([mask.box for mask in masks], np.int64)
    parts = shown - boxes[:, (0, 1, 0, 1)]
    spans = [_simple(mask) for mask in masks]
    tables = [
        each.ends[y0:y1:step] for each, (_, y0, _, y1) in zip(spans, parts.tolist(), strict=True) if each is not None
    ]
    simple = [each is not None for each in spans]
    together = read_many(tables, parts[simple, 0], (places[:, 2] - places[:, 0])[simple], step)
    for mask, easy, box in zip(masks, simple, shown.tolist(), strict=True):
        yield next(together) if easy else np.ascontiguousarray(mask.crop(Box(*box), step))


def _simple(mask: Mask) -> Spans | None:
    """A mask's spans where they are few enough to be read with those of others."""
    spans = mask.spans
    return spans if spans is not None and spans.ends.shape[1] <= SIMPLE else None
