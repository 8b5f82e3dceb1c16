"""What a merge decided, as orders that the worker understands: by data unit, frame number and hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from bitmask_studio.core.labels import Frame, LabelRow, MaskKey
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.save_values import AddedMask, HeldObject, Spot, StoredMask, StoreOrders
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.label_rows.layout import Layout, Segment, lay_out
from bitmask_studio.sources.label_rows.merge import Added, Held, MisfitError, Orders
from bitmask_studio.sources.label_rows.row import read_table


def to_store(orders: Orders, now: LabelRow, content: bytes) -> StoreOrders:
    """`now` is the row that the orders are for, `content` its JSON. Raises MisfitError for a frame that it lacks."""
    return _Places(now, lay_out(read_table(content))).orders(orders)


class _Places:
    def __init__(self, now: LabelRow, layout: Layout) -> None:
        self.now, self.layout = now, layout

    def orders(self, orders: Orders) -> StoreOrders:
        return StoreOrders(
            edited=tuple(self._mask(key, mask) for key, mask in orders.edited.items()),
            added=tuple(self._added(key, each) for key, each in orders.added.items()),
            removed=tuple(self._spot(key) for key in orders.removed),
            answers={object_hash: dict(answers) for object_hash, answers in orders.answers.items()},
        )

    def _spot(self, key: MaskKey) -> Spot:
        frame = self.now.frames[key.frame]
        container, unit = _segment(self.layout, frame).path[:2]
        return Spot(container, unit, frame.number, key.object_hash)

    def _mask(self, key: MaskKey, mask: Mask) -> StoredMask:
        frame = self.now.frames[key.frame]
        return StoredMask(self._spot(key), frame.height, frame.width, mask.to_rle(frame.height, frame.width))

    def _added(self, key: MaskKey, each: Added) -> AddedMask:
        frame, mask = self.now.frames[key.frame], self._mask(key, each.mask)
        held = _held(each.held, each.mask, frame) if each.held else None
        old = each.held.bitmask if each.held else None
        if held and old and held.same_pixels and (old.height, old.width, old.top, old.left) == (*_size(frame), 0, 0):
            mask = StoredMask(mask.spot, old.height, old.width, old.rle_string)
        return AddedMask(mask, each.object_class.feature_hash, held)


def _size(frame: Frame) -> tuple[int, int]:
    return frame.height, frame.width


def _segment(layout: Layout, frame: Frame) -> Segment:
    found = next((each for each in layout.segments if each.data_hash == frame.data_hash), None)
    if found is None:
        raise MisfitError(tr("There is no frame {n}.").format(n=frame.number))
    return found


def _held(held: Held, mask: Mask, frame: Frame) -> HeldObject | None:
    """What the row had of an object when it was last in it; None when it cannot be found there."""
    row = read_table(held.text)
    entry = _entry(lay_out(row), frame, held.key.object_hash)
    if entry is None:
        return None
    answers = _listed(row, "object_answers", "classifications", held.key.object_hash)
    actions = _listed(row, "object_actions", "actions", held.key.object_hash)
    return HeldObject(orjson.dumps(entry), orjson.dumps(answers), orjson.dumps(actions), held.holds(mask))


def _entry(layout: Layout, frame: Frame, object_hash: str) -> Mapping[str, Any] | None:
    segment = _segment(layout, frame)
    index = next((at for at in segment.labelled() if segment.numbers[at] == frame.number), None)
    entries = facts.items(segment.frame_labels(index).get("objects")) if index is not None else []
    return next((each for each in map(facts.table, entries) if each.get("objectHash") == object_hash), None)


def _listed(row: Mapping[str, Any], table: str, name: str, object_hash: str) -> list[Any]:
    return facts.items(facts.table(facts.table(row.get(table)).get(object_hash)).get(name))
