"""Counts what others did to a label row while it was being edited here."""

from __future__ import annotations

from bitmask_studio.core.labels import LabelRow, MaskKey, ObjectInfo, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.label_rows.finding import labelled, position
from bitmask_studio.sources.label_rows.merge import mask_of, same_pixels


def changed_by_others(changes: RowChanges, stored: LabelRow) -> int:
    """How many objects a row has otherwise, has new or has no more, for which the changes alone do not account.

    `stored` is the row as it was read back after the changes were saved.
    """
    found = set()
    wanted = _wanted(changes, stored)
    for key, info in _objects(stored).items():
        before = wanted.pop(key, None)
        if not (_holds(info, before) if isinstance(before, Mask) else _is_like(before, info)):
            found.add(key.object_hash)
    found |= {key.object_hash for key, before in wanted.items() if before is not None}
    answers = {**changes.base.answers, **changes.answers}
    found |= {each for each in {*answers, *stored.answers} if answers.get(each, {}) != stored.answers.get(each, {})}
    return len(found)


def _objects(row: LabelRow) -> dict[MaskKey, ObjectInfo]:
    found = ((frame.position, each) for frame in labelled(row) for each in frame.objects)
    return {MaskKey(at, each.object_hash): each for at, each in found}


def _wanted(changes: RowChanges, stored: LabelRow) -> dict[MaskKey, ObjectInfo | Mask | None]:
    """What there would be without the others, on the frames as they are stored: pixels of mine, else what was read."""
    frames, places = changes.base.frames, dict[int, int | None]()
    mine = {**changes.edited, **{each.key: each.mask for each in changes.added}, **dict.fromkeys(changes.removed)}
    found: dict[MaskKey, ObjectInfo | Mask | None] = {}
    for key, each in {**_objects(changes.base), **mine}.items():
        if key.frame not in places:
            places[key.frame] = position(stored, frames[key.frame])
        at = places[key.frame]
        found[key if at is None else MaskKey(at, key.object_hash)] = each
    return found


def _holds(info: ObjectInfo, mask: Mask) -> bool:
    pixels = mask_of(info.bitmask) if info.bitmask else None
    return pixels is not None and pixels.same_as(mask)


def _is_like(before: ObjectInfo | None, now: ObjectInfo) -> bool:
    if before is None or (before.feature_hash, before.outlines) != (now.feature_hash, now.outlines):
        return False
    return same_pixels(before.bitmask, now.bitmask)
