"""What every kind of mask file can do, and the masks that it is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, ClassVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Bitmask
from bitmask_studio.core.mask import Mask

Pixels = NDArray[np.uint8]

_STRIP_PIXELS = 1 << 22


class NamedMask(Struct, frozen=True):
    """A valid stored mask, the name it goes by and the picture of (height, width) px that it is placed into."""

    stem: str
    height: int
    width: int
    bitmask: Bitmask
    held: Mask | None = None
    """Its pixels, where they are decoded already; a whole row's are not all held at once."""

    def mask(self) -> Mask:
        """The pixels, placed on the picture; they may reach beyond it."""
        stored = self.bitmask
        if self.held is not None:
            return self.held
        return Mask.from_rle(stored.rle_string, stored.height, stored.width, stored.top, stored.left)

    def strips(self) -> Iterator[Pixels]:
        """The picture from top to bottom in strips of a few megabytes: uint8 (rows, width), 1 where the object is."""
        return strips(self.mask(), Box.of_size(self.width, self.height))


def strips(mask: Mask, box: Box) -> Iterator[Pixels]:
    """The pixels of `box` from top to bottom in strips of a few megabytes: uint8 (rows, box.width), 0 and 1."""
    step = max(1, _STRIP_PIXELS // max(1, box.width))
    for top in range(box.y0, box.y1, step):
        bits = mask.crop(Box(box.x0, top, box.x1, min(top + step, box.y1)))
        yield np.ascontiguousarray(bits).view(np.uint8)


class Format(ABC):
    """One kind of file. A module of this package offers an instance; its name is what `--to` takes."""

    name: ClassVar[str]
    title: ClassVar[str]
    """For menus, in English: goes through `tr`."""
    suffix: ClassVar[str]
    """With the dot."""
    per_row: ClassVar[bool] = False
    """Whether one file holds all masks of a row; else each has its own."""

    @abstractmethod
    def write(self, out: BinaryIO, masks: Iterable[NamedMask]) -> None:
        """Write the whole file: exactly one mask, or a row's. Raises OSError as `out` does."""

    @abstractmethod
    def same(self, existing: BinaryIO, masks: Sequence[NamedMask]) -> bool:
        """Whether a file that anybody may have made holds exactly these pixels; False also for what is no such file.

        `existing` is seekable. Costs no more than reading the file and decoding `masks`, whatever the file claims.
        """
