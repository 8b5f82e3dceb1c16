"""What a save has to write, when the row in the file may have been changed by somebody else since it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bitmask_studio.core.errors import RleError, SaveError
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, MaskKey, NewObject, ObjectInfo, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep


class MisfitError(SaveError):
    """What others made of a row leaves no place for an edit; the text says what, not yet of which row."""


@dataclass(frozen=True, slots=True)
class Held:
    """Where an object was when the file last had it: the bytes of its row then, and which of that row's masks."""

    text: bytes
    key: MaskKey
    bitmask: Bitmask

    def holds(self, mask: Mask) -> bool:
        """Whether its string serves as it is; one that is damaged does while nothing was painted instead."""
        found = mask_of(self.bitmask)
        return mask.box.empty if found is None else found.same_as(mask)


@dataclass(frozen=True, slots=True)
class Added:
    """An object that the file does not have (any more)."""

    object_class: ObjectClass
    mask: Mask
    held: Held | None = None


@dataclass(slots=True)
class Orders:
    """The changes of one row, by the frames that it has in the file now."""

    edited: dict[MaskKey, Mask] = field(default_factory=dict)
    added: dict[MaskKey, Added] = field(default_factory=dict)
    removed: set[MaskKey] = field(default_factory=set)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def returning(self) -> dict[MaskKey, Held]:
        """Those of the added that the file had before."""
        return {key: each.held for key, each in self.added.items() if each.held}

    @property
    def empty(self) -> bool:
        return not (self.edited or self.added or self.removed)


def merge(changes: RowChanges, now: LabelRow, choices: Mapping[Conflict, Keep]) -> Orders:
    """Compare base, theirs (`now`) and mine object by object. Raises MisfitError where an edit has no place."""
    return _Merging(changes, now, choices).run()


class _Merging:
    def __init__(self, changes: RowChanges, now: LabelRow, choices: Mapping[Conflict, Keep]) -> None:
        self.changes, self.now, self.choices = changes, now, choices
        self.orders = Orders()

    def run(self) -> Orders:
        for key, mask in self.changes.edited.items():
            self._edit(key, mask)
        for each in self.changes.added:
            self._add(each)
        for key in self.changes.removed:
            self._remove(key)
        return self.orders

    def _edit(self, key: MaskKey, mask: Mask) -> None:
        place = self._place(key)
        theirs = self._find(place)
        if theirs and _holds(theirs, mask):
            return
        if not self._mine(key, changed=theirs is None or self._changed(key, theirs)):
            return
        if theirs is None:
            self._check(place, key)
            held = self._held(key, self.changes.base)
            self.orders.added[place] = Added(self._class_of(key), mask, held)
        else:
            self._check(place, key, theirs)
            self.orders.edited[place] = mask

    def _add(self, each: NewObject) -> None:
        key, mask, place = each.key, each.mask, self._place(each.key)
        theirs = self._find(place)
        if theirs is None:
            self._check(place, key)
            self.orders.added[place] = Added(each.object_class, mask, self._held(key, each.stored))
        elif not _holds(theirs, mask) and self._mine(key, changed=True):
            self._check(place, key, theirs)
            self.orders.edited[place] = mask

    def _remove(self, key: MaskKey) -> None:
        place = self._place(key)
        theirs = self._find(place)
        if theirs and self._mine(key, changed=self._changed(key, theirs)):
            self._check(place, key)
            self.orders.removed.add(place)

    def _mine(self, key: MaskKey, *, changed: bool) -> bool:
        """Whether my version goes into the file; notes a conflict that nobody decided yet."""
        if not changed:
            return True
        conflict = Conflict(self.changes.base.info.key, key)
        choice = self.choices.get(conflict)
        if choice is None:
            self.orders.conflicts.append(conflict)
        return choice is Keep.MINE

    def _changed(self, key: MaskKey, theirs: ObjectInfo) -> bool:
        """Whether somebody else gave the object other pixels."""
        base = self._base(key)
        return base is None or not _same(base.bitmask, theirs.bitmask)

    def _base(self, key: MaskKey) -> ObjectInfo | None:
        frames = self.changes.base.frames
        return frames[key.frame].find(key.object_hash) if key.frame < len(frames) else None

    def _class_of(self, key: MaskKey) -> ObjectClass:
        base = self._base(key)
        if base is None:
            raise SaveError(tr("An edited mask belongs to no object of the row."))
        return ObjectClass(base.feature_hash, base.name, base.color, BITMASK)

    def _held(self, key: MaskKey, row: LabelRow | None) -> Held | None:
        if row is None or not isinstance(row.origin, bytes):
            return None
        at = _position(row, self.changes.base.frames[key.frame])
        held = MaskKey(at, key.object_hash) if at is not None else None
        bitmask = row.bitmask(held) if held else None
        return Held(row.origin, held, bitmask) if held and bitmask else None

    def _find(self, place: MaskKey) -> ObjectInfo | None:
        return self.now.frames[place.frame].find(place.object_hash)

    def _place(self, key: MaskKey) -> MaskKey:
        """The same frame in the row as it is now."""
        base = self.changes.base.frames
        if key.frame >= len(base):
            raise MisfitError(tr("There is no frame {n}.").format(n=key.frame))
        at = _position(self.now, base[key.frame])
        if at is None:
            raise MisfitError(tr("Another program took frame {n} out of it.").format(n=base[key.frame].number))
        return MaskKey(at, key.object_hash)

    def _check(self, place: MaskKey, key: MaskKey, theirs: ObjectInfo | None = None) -> None:
        """Refuse what is only shown, and a picture of another size than the one that was painted on."""
        reason = self.now.info.read_only or (theirs and (theirs.read_only or theirs.damage))
        if reason:
            raise MisfitError(tr("One of its masks cannot be edited: {reason}").format(reason=reason))
        before, now = self.changes.base.frames[key.frame], self.now.frames[place.frame]
        if (before.width, before.height) != (now.width, now.height):
            raise MisfitError(
                tr("Another program changed the size of frame {n} from {w} x {h} px to {nw} x {nh} px.").format(
                    n=before.number, w=before.width, h=before.height, nw=now.width, nh=now.height
                )
            )


def _position(row: LabelRow, like: Frame) -> int | None:
    """Where a row has the same frame as another state of it."""
    at, name = like.position, _frame_name(like)
    if at < len(row.frames) and _frame_name(row.frames[at]) == name:
        return at
    return next((frame.position for frame in row.frames if _frame_name(frame) == name), None)


def _frame_name(frame: Frame) -> tuple[str, int]:
    return frame.data_hash, frame.number


def mask_of(bitmask: Bitmask) -> Mask | None:
    """The pixels; None when the string is damaged."""
    try:
        return Mask.from_rle(bitmask.rle_string, bitmask.height, bitmask.width, bitmask.top, bitmask.left)
    except RleError:
        return None


def _holds(theirs: ObjectInfo, mask: Mask) -> bool:
    found = mask_of(theirs.bitmask) if theirs.bitmask else None
    return found is not None and found.same_as(mask)


def _same(base: Bitmask | None, theirs: Bitmask | None) -> bool:
    if base is None or theirs is None or base == theirs:
        return base is theirs or base == theirs
    before, now = mask_of(base), mask_of(theirs)
    return before is not None and now is not None and before.same_as(now)
