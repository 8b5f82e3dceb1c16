"""What of an edited row differs from what is stored: as the changes that a save makes, and as the row after it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, MaskKey, NewObject, ObjectInfo, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.studio.document.edited_row import EditedRow
from bitmask_studio.studio.document.refusals import mask_refusal
from bitmask_studio.studio.document.row_objects import holds


def changes_of(row: EditedRow) -> RowChanges:
    """What a save has to do; its base is the row as it is stored."""
    edited: dict[MaskKey, Mask] = {}
    added: list[NewObject] = []
    removed: set[MaskKey] = set()
    for key in sorted(row.touched):
        now, stored = row.objects.find(key), row.objects.row.bitmask(key)
        if now is None and stored is not None:
            removed.add(key)
        elif now is not None and stored is None:
            added.append(_new_object(row, key, now))
        elif now is not None and row.masks.differs(key):
            edited[key] = row.masks.get(key)
    answers = {each: found for each, found in row.answers.changed().items() if row.objects.is_there(each)}
    return RowChanges(row.objects.row, edited, tuple(added), frozenset(removed), answers)


def as_stored(row: EditedRow) -> LabelRow:
    """The row as a save would store it: every edited mask as a string."""
    stored = row.objects.row
    frames = (replace(frame, objects=tuple(_objects_on(row, frame))) for frame in stored.frames)
    return replace(stored, frames=tuple(frames), answers={**stored.answers, **changes_of(row).answers})


def _objects_on(row: EditedRow, frame: Frame) -> Iterator[ObjectInfo]:
    for each in row.objects.on(frame.position):
        key = MaskKey(frame.position, each.object_hash)
        if key not in row.touched | row.saving or mask_refusal(row, key):
            yield each
        else:
            string = row.masks.get(key).to_rle(frame.height, frame.width)
            yield replace(each, bitmask=Bitmask(frame.height, frame.width, 0, 0, string))


def _new_object(row: EditedRow, key: MaskKey, info: ObjectInfo) -> NewObject:
    known = holds(row.objects.row, key.object_hash)
    each = ObjectClass(info.feature_hash, info.name, info.color, info.shape)
    return NewObject(key, each, row.masks.get(key), is_new=not known, stored=row.lost.get(key))
