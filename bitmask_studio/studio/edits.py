"""The committed steps of a document, each its own way back."""

from __future__ import annotations

from dataclasses import dataclass

from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.painting import MaskPatch


@dataclass(frozen=True, slots=True)
class MaskEdit:
    """Pixels of one mask flipped."""

    title: str
    key: MaskKey
    patch: MaskPatch

    @property
    def nbytes(self) -> int:
        return self.patch.nbytes


@dataclass(frozen=True, slots=True)
class ObjectEdit:
    """An object put on a frame (`adds`) or taken from it, at its place among the frame's objects."""

    title: str
    key: MaskKey
    info: ObjectInfo
    mask: Mask
    place: int
    adds: bool

    @property
    def nbytes(self) -> int:
        return self.mask.bits.nbytes // 8 + 256


DocumentEdit = MaskEdit | ObjectEdit
