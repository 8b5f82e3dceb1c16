"""What was saved, looked at once more: somebody whose save was on its way at the same moment may have written over it.

Encord has no way to save only if nobody else did, and the last one wins. Whoever read the row before our save and sends
after we read it back takes our edits away: they are then as they were before, and can be told by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, ObjectInfo, RowChanges, RowInfo
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.sources.label_rows.finding import labelled, position
from bitmask_studio.sources.label_rows.merge import Orders, given, mask_of


class Sent(Struct, frozen=True):
    """Orders that were carried out, and the row as it was before."""

    before: LabelRow
    orders: Orders


class Look(Struct, frozen=True):
    """What came of a look: the rows where something is stored again, what met and stays theirs, what failed."""

    restored: tuple[RowInfo, ...] = ()
    lost: tuple[Conflict, ...] = ()
    failed: tuple[tuple[RowInfo, SaveError], ...] = ()


class _Later(Struct):
    """What our own later saves have decided anew."""

    pixels: dict[MaskKey, Mask] = field(default_factory=dict)
    """Of each object, those that were changed."""
    objects: set[MaskKey] = field(default_factory=set)
    """Made or taken away."""
    answers: set[str] = field(default_factory=set)

    def take(self, sent: Sent) -> None:
        for key, mask in sent.orders.edited.items():
            flips = _flips(_pixels(_find(sent.before, sent.before, key)), mask)
            known = self.pixels.get(key, EMPTY_MASK)
            reach = known.box.union(flips.box)
            self.pixels[key] = Mask.of(reach, known.crop(reach) | flips.crop(reach))
        self.objects |= {*sent.orders.added, *sent.orders.removed}
        self.answers |= set(sent.orders.answers)


def written_over(sent: Sequence[Sent], now: LabelRow) -> Iterator[RowChanges]:
    """What of each is as it was before, as changes to be stored once more; what came later stands."""
    later = _Later()
    for each in reversed(sent):
        changes = _written_over(each, now, later)
        later.take(each)
        if not changes.empty:
            yield changes


def arrived(before: LabelRow, orders: Orders, now: LabelRow) -> Sent:
    """What of the orders is in the row now, though others may have gone on from it."""
    lost = _written_over(Sent(before, orders), now, _Later())
    added = {each.key for each in lost.added}
    return Sent(
        before,
        Orders(
            {key: mask for key, mask in orders.edited.items() if key not in lost.edited},
            {key: each for key, each in orders.added.items() if key not in added},
            orders.removed - lost.removed,
            {name: answers for name, answers in orders.answers.items() if name not in lost.answers},
        ),
    )


def stands(changes: RowChanges, lost: Iterable[Conflict]) -> bool:
    """Whether something of the changes is not among what was lost."""
    met = {(each.key.object_hash if each.attribute else each.key) for each in lost}
    masks = {*changes.edited, *(each.key for each in changes.added), *changes.removed}
    return bool({*masks, *changes.answers} - met)


def stays_theirs(conflict: Conflict, keep: Keep) -> bool:
    """Whether a choice gives up what was done here; of a deletion and an edit both can only be the edit."""
    deleted = conflict.attribute is None and conflict.mine is None
    return keep is Keep.THEIRS or (keep is Keep.BOTH and deleted)


def without(sent: Sent, given_up: Iterable[Conflict]) -> Sent:
    """What is left of it when its user has chosen theirs."""
    keys = {each.key for each in given_up if each.attribute is None}
    names = {each.key.object_hash for each in given_up if each.attribute is not None}
    orders = sent.orders
    left = Orders(
        {key: mask for key, mask in orders.edited.items() if key not in keys},
        {key: each for key, each in orders.added.items() if key not in keys},
        orders.removed - keys,
        {name: answers for name, answers in orders.answers.items() if name not in names},
    )
    return Sent(sent.before, left)


def _written_over(sent: Sent, now: LabelRow, later: _Later) -> RowChanges:
    before, orders = sent.before, sent.orders
    touched = {*later.pixels, *later.objects}
    edited = {
        key: mask
        for key, mask in _still_meant(sent, later)
        if _is_undone(_find(before, before, key), mask, _find(before, now, key))
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


def _still_meant(sent: Sent, later: _Later) -> Iterator[tuple[MaskKey, Mask]]:
    """The masks that were sent; where a later save changed pixels once more, these are as before."""
    for key, mask in sent.orders.edited.items():
        if key not in later.objects:
            again, old = later.pixels.get(key), _pixels(_find(sent.before, sent.before, key))
            yield key, mask if again is None or old is None else _but_for(again, old, mask)


def _but_for(again: Mask, old: Mask, mask: Mask) -> Mask:
    reach = old.box.union(mask.box)
    before = old.crop(reach)
    return Mask.of(reach, before ^ ((mask.crop(reach) ^ before) & ~again.crop(reach)))


def _flips(old: Mask | None, mask: Mask) -> Mask:
    """The pixels that a save changed; all of it where what was before cannot be read."""
    before = old or EMPTY_MASK
    reach = before.box.union(mask.box)
    return Mask.of(reach, before.crop(reach) ^ mask.crop(reach))


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
