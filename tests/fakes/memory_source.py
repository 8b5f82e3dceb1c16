"""A source that holds its rows in memory, and the pieces to make such rows of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.errors import InputError, PictureError, SaveError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, ObjectInfo, RowChanges, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import BITMASK, ObjectClass, Ontology
from bitmask_studio.sources.base import Conflict, Keep, Picture

CAR = ObjectClass("hashCar1", "Car", "#D33115", BITMASK)
TREE = ObjectClass("hashTree", "Tree", "#E27300", BITMASK)


def stored(bits: NDArray[np.bool_], top: int = 0, left: int = 0) -> Bitmask:
    height, width = bits.shape
    mask = Mask.of(Box.of_size(width, height), bits)
    return Bitmask(height, width, top, left, mask.to_rle(height, width))


def an_object(
    object_hash: str, bitmask: Bitmask | None, of: ObjectClass = CAR, shape: str = BITMASK, damage: str | None = None
) -> ObjectInfo:
    return ObjectInfo(object_hash, of.feature_hash, of.name, of.color, shape, bitmask, damage=damage)


def a_frame(*objects: ObjectInfo, number: int = 0, width: int = 6, height: int = 4) -> Frame:
    return Frame(0, number, "picture.png", f"data-{number}", width, height, objects)


def a_row(key: str, *frames: Frame, label_hash: str | None = "", title: str = "") -> LabelRow:
    """`label_hash` is made from the key unless given."""
    objects = [each for frame in frames for each in frame.objects]
    info = RowInfo(
        key=key,
        label_hash=f"label-{key}" if label_hash == "" else label_hash,
        data_hash=f"data-{key}",
        title=title or f"{key}.png",
        data_type="img_group",
        frames=len(frames),
        width=frames[0].width if frames else 0,
        height=frames[0].height if frames else 0,
        objects=len(objects),
        bitmasks=sum(each.is_bitmask for each in objects),
    )
    return LabelRow(info, frames)


@dataclass
class MemorySource:
    """Holds `label_rows`; those whose key is in `gone` cannot be loaded."""

    label_rows: Sequence[LabelRow]
    ontology: Ontology = field(default_factory=lambda: Ontology((CAR, TREE)))
    gone: frozenset[str] = frozenset()
    loaded: list[str] = field(default_factory=list)
    title: str = "memory"
    warnings: Sequence[str] = ()

    def rows(self) -> Sequence[RowInfo]:
        return [row.info for row in self.label_rows]

    def load(self, info: RowInfo) -> LabelRow:
        self.loaded.append(info.key)
        if info.key in self.gone:
            raise InputError("the row is gone")
        return next(row for row in self.label_rows if row.info.key == info.key)

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        raise PictureError(f"{info.title} has no picture of {frame.title}")

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture | None:
        return None

    def file_stem(self, info: RowInfo, frame: Frame, each: ObjectInfo) -> str:
        return f"mask_{frame.number:05d}_{each.object_hash}"

    def save(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep] | None = None) -> Sequence[LabelRow]:
        raise SaveError("nothing is ever saved here")
