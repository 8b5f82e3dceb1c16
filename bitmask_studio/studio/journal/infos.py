"""Objects, as label rows list them, among the records of a journal."""

from __future__ import annotations

import math

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import Bitmask, ObjectFacts, ObjectInfo, Outline
from bitmask_studio.studio.journal.wire import Text, Wire, damaged, from_note, from_text, to_note, to_text


class BitmaskRecord(Wire, frozen=True, array_like=True):
    """A `Bitmask`."""

    height: int
    width: int
    top: int
    left: int
    rle_string: Text


class FactsRecord(Wire, frozen=True, array_like=True):
    """`ObjectFacts`."""

    created_by: Text
    created_at: Text
    last_edited_by: Text
    last_edited_at: Text
    confidence: float | None
    manual_annotation: bool | None


class InfoRecord(Wire, frozen=True, array_like=True):
    """An `ObjectInfo`."""

    object_hash: Text
    feature_hash: Text
    name: Text
    color: Text
    shape: Text
    bitmask: BitmaskRecord | None
    outlines: list[tuple[bool, list[tuple[float, float]]]]
    damage: Text | None
    read_only: Text | None
    stored_hash: Text | None
    facts: FactsRecord | None


def info_out(info: ObjectInfo) -> InfoRecord:
    """An object as it is kept."""
    return InfoRecord(
        to_text(info.object_hash),
        to_text(info.feature_hash),
        to_text(info.name),
        to_text(info.color),
        to_text(info.shape),
        _bitmask_out(info.bitmask) if info.bitmask else None,
        [(each.closed, [(float(x), float(y)) for x, y in each.points]) for each in info.outlines],
        to_note(info.damage),
        to_note(info.read_only),
        to_note(info.stored_hash),
        _facts_out(info.facts) if info.facts else None,
    )


def info_in(found: InfoRecord, object_hash: str) -> ObjectInfo:
    """The object. Raises JournalError where it is none, or not that of the hash."""
    if from_text(found.object_hash) != object_hash:
        raise damaged()
    return ObjectInfo(
        object_hash,
        from_text(found.feature_hash),
        from_text(found.name),
        from_text(found.color),
        from_text(found.shape),
        _bitmask_in(found.bitmask) if found.bitmask else None,
        tuple(_outline_in(closed, points) for closed, points in found.outlines),
        from_note(found.damage),
        from_note(found.read_only),
        from_note(found.stored_hash),
        _facts_in(found.facts) if found.facts else None,
    )


def _bitmask_out(bitmask: Bitmask) -> BitmaskRecord:
    return BitmaskRecord(bitmask.height, bitmask.width, bitmask.top, bitmask.left, to_text(bitmask.rle_string))


def _bitmask_in(found: BitmaskRecord) -> Bitmask:
    return Bitmask(found.height, found.width, found.top, found.left, from_text(found.rle_string))


def _outline_in(closed: bool, points: list[tuple[float, float]]) -> Outline:
    if not all(math.isfinite(number) for point in points for number in point):
        raise damaged()
    return Outline(tuple(Point(*each) for each in points), closed)


def _facts_out(facts: ObjectFacts) -> FactsRecord:
    return FactsRecord(
        to_text(facts.created_by),
        to_text(facts.created_at),
        to_text(facts.last_edited_by),
        to_text(facts.last_edited_at),
        facts.confidence,
        facts.manual_annotation,
    )


def _facts_in(found: FactsRecord) -> ObjectFacts:
    return ObjectFacts(
        from_text(found.created_by),
        from_text(found.created_at),
        from_text(found.last_edited_by),
        from_text(found.last_edited_at),
        found.confidence,
        found.manual_annotation,
    )
