"""What was saved, looked at once more: somebody whose save was on its way at the same moment may have written over it.

Encord has no way to save only if nobody else did, and the last one wins. Whoever read the row before our save and sends
after we read it back takes our edits away: they are then as they were before, and can be told by that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, ObjectInfo, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.sources.label_rows.finding import labelled, position
from bitmask_studio.sources.label_rows.merge import Orders, given, mask_of


@dataclass(frozen=True, slots=True)
class Sent:
    """Orders that were carried out, and the row as it was before."""

    before: LabelRow
    orders: Orders


def written_over(sent: Sequence[Sent], now: LabelRow) -> Iterator[RowChanges]:
    """What of each is as it was before, as changes to be stored once more; what came later stands."""
    later = Orders()
    for each in reversed(sent):
        changes = _written_over(each, now, later)
        for name in ("edited", "added", "answers"):
            getattr(later, name).update(getattr(each.orders, name))
        later.removed.update(each.orders.removed)
        if not changes.empty:
            yield changes


def _written_over(sent: Sent, now: LabelRow, later: Orders) -> RowChanges:
    before, orders = sent.before, sent.orders
    touched = {*later.edited, *later.added, *later.removed}
    edited = {
        key: mask
        for key, mask in orders.edited.items()
        if key not in touched and _is_undone(_find(before, before, key), mask, _find(before, now, key))
    }
    added = tuple(
        NewObject(key, each.object_class, each.mask)
        for key, each in orders.added.items()
        if key not in touched and _find(before, now, key) is None
    )
    removed = frozenset(key for key in orders.removed - touched if _find(before, now, key))
    there = {each.object_hash for frame in labelled(now) for each in frame.objects}
    answers = {
        name: answers
        for name, answers in orders.answers.items()
        if name not in later.answers and name in there and _is_answered_as(before, now, name)
    }
    return RowChanges(before, edited, added, removed, answers)


def _is_undone(before: ObjectInfo | None, mine: Mask, now: ObjectInfo | None) -> bool:
    """Whether a pixel that was changed is as it had been: a merge tells then whether both can be stored."""
    old, new = _pixels(before), _pixels(now)
    if old is None or new is None:
        return now is None
    reach = old.box.union(mine.box)
    base = old.crop(reach)
    flips = mine.crop(reach) ^ base
    return bool((flips & ~(new.crop(reach) ^ base)).any())


def _is_answered_as(before: LabelRow, now: LabelRow, name: str) -> bool:
    return given(now.answers.get(name, {})) == given(before.answers.get(name, {}))


def _find(row: LabelRow, there: LabelRow, key: MaskKey) -> ObjectInfo | None:
    """The object that `key` of `row` means, in another version of it."""
    at = position(there, row.frames[key.frame])
    return None if at is None else there.frames[at].find(key.object_hash)


def _pixels(each: ObjectInfo | None) -> Mask | None:
    return mask_of(each.bitmask) if each and each.bitmask else EMPTY_MASK if each else None
