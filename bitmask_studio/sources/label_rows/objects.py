"""The objects of one frame as Encord writes them, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bitmask_studio.core.labels import Bitmask, ObjectFacts, ObjectInfo
from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.jsontext.scan import Unreadable
from bitmask_studio.sources.label_rows.outlines import Size, outlines

UNKNOWN = "unknown"
DEFAULT_COLOR = "#D33115"
NO_BITMASK = Bitmask(0, 0, 0, 0, "")


def shape_of(entry: object) -> str:
    """The shape's name; an object with a bitmask and no shape counts as one, as in Encord's own export script."""
    table = facts.table(entry)
    return facts.text(table.get("shape")) or (BITMASK if BITMASK in table else UNKNOWN)


def read_objects(entries: object, size: Size | None) -> tuple[ObjectInfo, ...]:
    """The objects of a frame of (width, height) px, in the file's order; `size` None when it is not known."""
    seen: set[str] = set()
    found = []
    for position, entry in enumerate(facts.items(entries), start=1):
        each = _read_object(entry, position, size, seen)
        seen.add(each.object_hash)
        found.append(each)
    return tuple(found)


def _read_object(entry: object, position: int, size: Size | None, seen: set[str]) -> ObjectInfo:
    table = facts.table(entry)
    stored = facts.text(table.get("objectHash"))
    shape = shape_of(table)
    bitmask, damage = _read_bitmask(table.get(BITMASK)) if shape == BITMASK else (None, None)
    if bitmask and not damage:
        damage = outside(bitmask, size)
    odd = _odd_hash(stored, seen)
    return ObjectInfo(
        object_hash=f"{stored}#{position}" if odd else stored,
        feature_hash=facts.text(table.get("featureHash")),
        name=facts.text(table.get("name")),
        color=facts.text(table.get("color")) or DEFAULT_COLOR,
        shape=shape,
        bitmask=bitmask,
        outlines=() if bitmask or not size else outlines(table, size),
        damage=_flaw(entry) or damage,
        read_only=odd or (other_size(bitmask, size) if bitmask else None),
        stored_hash=stored if odd else None,
        facts=read_facts(table),
    )


def read_facts(table: Mapping[str, Any]) -> ObjectFacts:
    """Who made an object and who changed it last, in the row's own words; empty where it says nothing of use."""
    by_hand = table.get("manualAnnotation")
    confidence = table.get("confidence")
    return ObjectFacts(
        created_by=facts.text(table.get("createdBy")),
        created_at=facts.text(table.get("createdAt")),
        last_edited_by=facts.text(table.get("lastEditedBy")),
        last_edited_at=facts.text(table.get("lastEditedAt")),
        confidence=facts.finite(confidence) if _is_share(confidence) else None,
        manual_annotation=by_hand if isinstance(by_hand, bool) else None,
    )


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _flaw(entry: object) -> str | None:
    if isinstance(entry, Unreadable):
        return tr("it is nested too deeply") if entry.why == "deep" else tr("it is no readable JSON")
    return None if isinstance(entry, Mapping) else tr("it is no JSON object")


def _odd_hash(stored: str, seen: set[str]) -> str | None:
    """Why the object cannot be told from others of its frame, and so not be edited."""
    if not stored:
        return tr("The object has no objectHash.")
    return tr("Another object of this frame has the same objectHash.") if stored in seen else None


def _read_bitmask(value: object) -> tuple[Bitmask, str | None]:
    """The bitmask, and what of its structure is wrong; its string is not looked into."""
    if not isinstance(value, Mapping):
        return NO_BITMASK, tr("its bitmask is missing")
    string = value.get("rleString")
    if not isinstance(string, str):
        return NO_BITMASK, tr("its rleString is missing or no text")
    size = facts.size(value.get("width"), value.get("height"))
    top, left = facts.whole(value.get("top", 0)), facts.whole(value.get("left", 0))
    if size is None:
        return Bitmask(0, 0, 0, 0, string), _size_words(value)
    if top is None or left is None or not (0 <= top <= MAX_PIXELS and 0 <= left <= MAX_PIXELS):
        return Bitmask(size[1], size[0], 0, 0, string), tr("its top or left is no whole number from zero")
    return Bitmask(size[1], size[0], top, left, string), None


def _size_words(value: Mapping[str, Any]) -> str:
    width, height = facts.whole(value.get("width")), facts.whole(value.get("height"))
    if width is None or height is None or width < 1 or height < 1:
        return tr("its width or height is no whole number above zero")
    return tr("its width and height are larger than any mask may be")


def other_size(bitmask: Bitmask, size: Size | None) -> str | None:
    """Why a mask that is not placed and has another size than its frame is only shown."""
    if size is None or bitmask.width == 0 or bitmask.top or bitmask.left or (bitmask.width, bitmask.height) == size:
        return None
    return tr("The mask is {w} x {h} px, its picture {fw} x {fh} px.").format(
        w=bitmask.width, h=bitmask.height, fw=size[0], fh=size[1]
    )


def outside(bitmask: Bitmask, size: Size | None) -> str | None:
    """Why a mask that is placed does not lie on its frame."""
    if size is None or not (bitmask.top or bitmask.left):
        return None
    if bitmask.left + bitmask.width <= size[0] and bitmask.top + bitmask.height <= size[1]:
        return None
    return tr("its box reaches out of the picture of {w} x {h} px").format(w=size[0], h=size[1])
