"""NumPy: one array a mask, uint8 (H, W) of 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from bitmask_studio.formats.arrays import holds_array, write_array
from bitmask_studio.formats.base import Format, NamedMask


class NpyFormat(Format):
    name = "npy"
    title = "NumPy arrays"
    suffix = ".npy"

    def write(self, out: BinaryIO, masks: Iterable[NamedMask]) -> None:
        for mask in masks:
            write_array(out, mask)

    def same(self, existing: BinaryIO, masks: Sequence[NamedMask]) -> bool:
        return holds_array(existing, masks[0])


FORMAT = NpyFormat()
