"""What edits stand on: a stored row with some of its objects as they were when the edits began."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from bitmask_studio.core.attributes import Answers
from bitmask_studio.core.errors import RleError
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, MaskKey, ObjectInfo, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.label_rows.row import Frames


def standing_on(
    row: LabelRow, objects: Mapping[MaskKey, ObjectInfo | None], answers: Mapping[str, Answers] | None = None
) -> LabelRow:
    """The row as if these objects (None: not at all) and answers were stored: the base of a three-way merge.

    `origin` stays that of the row as it is stored.
    """
    row = replace(row, answers={**row.answers, **answers}) if answers else row
    changed: dict[int, Frame] = {}
    for key, info in objects.items():
        frame = changed.get(key.frame) or row.frames[key.frame]
        if frame.find(key.object_hash) != info:
            changed[key.frame] = _with_object(frame, key.object_hash, info)
    if not changed:
        return row
    if isinstance(row.frames, Frames):
        return replace(row, frames=row.frames.with_frames(changed))
    return replace(row, frames=tuple(changed.get(at, each) for at, each in enumerate(row.frames)))


def known_at(changes: RowChanges, key: MaskKey) -> Mask | None:
    """The pixels of a mask as they were when a snapshot was taken; None: it was not there."""
    if key in changes.edited:
        return changes.edited[key]
    added = next((each.mask for each in changes.added if each.key == key), None)
    return added if added is not None or key in changes.removed else pixels_of(changes.base.bitmask(key))


def pixels_of(stored: Bitmask | None) -> Mask | None:
    """A stored mask decoded; None where there is none, or it is damaged."""
    if stored is None:
        return None
    try:
        return Mask.from_rle(stored.rle_string, stored.height, stored.width, stored.top, stored.left)
    except RleError:
        return None


def as_known(info: ObjectInfo, mask: Mask, frame: Frame) -> ObjectInfo:
    """An object as it would be stored with this mask."""
    string = mask.to_rle(frame.height, frame.width)
    return replace(info, bitmask=Bitmask(frame.height, frame.width, 0, 0, string), damage=None)


def is_same(one: Mask | None, other: Mask | None) -> bool:
    """Whether both are missing, or both have the same pixels."""
    return one is other or (one is not None and other is not None and one.same_as(other))


def _with_object(frame: Frame, object_hash: str, info: ObjectInfo | None) -> Frame:
    if info is None:
        return replace(frame, objects=tuple(each for each in frame.objects if each.object_hash != object_hash))
    if frame.find(object_hash) is None:
        return replace(frame, objects=(*frame.objects, info))
    return replace(frame, objects=tuple(info if each.object_hash == object_hash else each for each in frame.objects))
