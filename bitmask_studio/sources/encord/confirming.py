"""Whether a label row that was read back holds what was sent."""

from __future__ import annotations

from collections.abc import Iterator

from bitmask_studio.core.labels import LabelRow, MaskKey, ObjectInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.label_rows.finding import labelled
from bitmask_studio.sources.label_rows.merge import Orders, given, mask_of

Entry = tuple[str, int, str]
"""Data hash and number of a frame, objectHash."""


def holds(after: LabelRow, before: LabelRow, orders: Orders) -> bool:
    """Whether `after` has every mask and answer that was ordered for `before`, and nothing of what was to go."""
    wanted = {**orders.edited, **{key: each.mask for key, each in orders.added.items()}}
    found = dict(_objects(after))
    return (
        all(_is(found.get(_entry(before, key)), mask, orders, key) for key, mask in wanted.items())
        and not any(_entry(before, key) in found for key in orders.removed)
        and all(given(after.answers.get(each, {})) == given(answers) for each, answers in orders.answers.items())
    )


def missing(after: LabelRow, before: LabelRow, orders: Orders) -> bool:
    """Whether something that was not to be touched is gone or other than it was, with nobody's name to it."""
    touched = {_entry(before, key) for key in (*orders.edited, *orders.added, *orders.removed)}
    found = dict(_objects(after))
    for entry, each in _objects(before):
        if entry not in touched and not _same(each, found.get(entry)):
            return True
    kept = {object_hash for _, _, object_hash in found} - set(orders.answers)
    return any(not set(given(before.answers.get(each, {}))) <= set(given(after.answers.get(each, {}))) for each in kept)


def _same(each: ObjectInfo, other: ObjectInfo | None) -> bool:
    """Whether an object is as it was, or somebody has edited it since and the row says so."""
    return other is not None and (each == other or each.facts != other.facts)


def _is(found: ObjectInfo | None, mask: Mask, orders: Orders, key: MaskKey) -> bool:
    bitmask = found.bitmask if found else None
    if bitmask is None:
        return False
    added = orders.added.get(key)
    if added and added.held and added.held.holds(mask) and bitmask == added.held.bitmask:
        return True
    pixels = mask_of(bitmask)
    return pixels is not None and pixels.same_as(mask)


def _entry(row: LabelRow, key: MaskKey) -> Entry:
    frame = row.frames[key.frame]
    return frame.data_hash, frame.number, key.object_hash


def _objects(row: LabelRow) -> Iterator[tuple[Entry, ObjectInfo]]:
    for frame in labelled(row):
        for each in frame.objects:
            yield (frame.data_hash, frame.number, each.object_hash), each
