"""What is in a source, as numbers: the value behind `info`. No mask is decoded for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from bitmask_studio.core.errors import RleError, StudioError
from bitmask_studio.core.labels import Frame, ObjectInfo, RowInfo
from bitmask_studio.sources.base import Source
from bitmask_studio.studio.exporting.stored import holds_mask, read_runs, unlabelled


class BitmaskSummary(Struct, frozen=True):
    """One mask on one frame; sizes and `bbox` (x, y, w, h on the frame) in px."""

    frame: int
    object_hash: str
    class_name: str
    width: int | None
    """As stored; None where no number is."""
    height: int | None
    area: int | None
    """None when damaged, as is `bbox`."""
    bbox: tuple[int, int, int, int] | None
    damage: str | None

    def to_json(self) -> dict[str, object]:
        """The entry of `info --json`."""
        return {
            "frame": self.frame,
            "objectHash": self.object_hash,
            "class": self.class_name,
            "width": self.width,
            "height": self.height,
            "area": self.area,
            "bbox": self.bbox,
            "damage": self.damage,
        }


class RowSummary(Struct, frozen=True):
    """One label row."""

    info: RowInfo
    bitmasks: tuple[BitmaskSummary, ...] = ()
    other: Mapping[str, int] = field(default_factory=dict)
    """How many labels without a mask, by shape."""
    unreadable: str | None = None
    """Why the row as a whole could not be read."""

    @property
    def damage(self) -> str | None:
        """Why the row as a whole, or a part of it that may hold masks, could not be read."""
        return self.unreadable or self.info.damage

    @property
    def damaged(self) -> tuple[BitmaskSummary, ...]:
        return tuple(each for each in self.bitmasks if each.damage)

    def to_json(self) -> dict[str, object]:
        """The entry of `info --json`."""
        return {
            "label_hash": self.info.label_hash,
            "data_hash": self.info.data_hash,
            "title": self.info.title,
            "data_type": self.info.data_type,
            "frames": self.info.frames,
            "bitmasks": [each.to_json() for each in self.bitmasks],
            "other": dict(self.other),
        }


def summaries(source: Source) -> Iterator[RowSummary]:
    """Every row of the source, in its order, one at a time."""
    return (summarize(source, info) for info in source.rows())


def summarize(source: Source, info: RowInfo) -> RowSummary:
    """One row. A row that cannot be read is answered as such, never raised."""
    if unlabelled(info):
        return RowSummary(info)
    try:
        row = source.load(info)
    except StudioError as error:
        return RowSummary(info, unreadable=str(error))
    labels = [(frame, each) for frame in row.frames for each in frame.objects]
    masks = [(frame, each) for frame, each in labels if holds_mask(each) or each.damage]
    other = Counter(each.shape for _, each in labels if not (holds_mask(each) or each.damage))
    return RowSummary(row.info, tuple(_summary(*each) for each in masks), other)


def _summary(frame: Frame, each: ObjectInfo) -> BitmaskSummary:
    stored = each.bitmask
    width, height = (stored.width or None, stored.height or None) if stored else (None, None)
    area, bbox, damage = _measured(each)
    return BitmaskSummary(frame.number, each.file_hash, each.name, width, height, area, bbox, damage)


def _measured(each: ObjectInfo) -> tuple[int | None, tuple[int, int, int, int] | None, str | None]:
    try:
        stored, runs = read_runs(each)
    except RleError as error:
        return None, None, str(error)
    box = runs.box
    return runs.area, (box if box.empty else box.shifted(stored.left, stored.top)).xywh, None
