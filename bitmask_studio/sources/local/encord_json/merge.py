"""What a save has to write, when the row in the file may have been changed by somebody else since it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bitmask_studio.core.errors import RleError, SaveError
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, MaskKey, ObjectInfo, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep


@dataclass(slots=True)
class Orders:
    """The changes of one row, by the frames that it has in the file now."""

    edited: dict[MaskKey, Mask] = field(default_factory=dict)
    added: dict[MaskKey, tuple[ObjectClass, Mask]] = field(default_factory=dict)
    removed: set[MaskKey] = field(default_factory=set)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.edited or self.added or self.removed)


def merge(changes: RowChanges, now: LabelRow, choices: Mapping[Conflict, Keep]) -> Orders:
    """Compare base, theirs (`now`) and mine object by object. Raises SaveError where a frame is gone."""
    return _Merging(changes, now, choices).run()


class _Merging:
    def __init__(self, changes: RowChanges, now: LabelRow, choices: Mapping[Conflict, Keep]) -> None:
        self.changes, self.now, self.choices = changes, now, choices
        self.orders = Orders()

    def run(self) -> Orders:
        for key, mask in self.changes.edited.items():
            self._edit(key, mask)
        for each in self.changes.added:
            self._add(each.key, each.object_class, each.mask)
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
            self.orders.added[place] = (self._class_of(key), mask)
        else:
            self._check(theirs)
            self.orders.edited[place] = mask

    def _add(self, key: MaskKey, object_class: ObjectClass, mask: Mask) -> None:
        place = self._place(key)
        theirs = self._find(place)
        if theirs is None:
            self._check(None)
            self.orders.added[place] = (object_class, mask)
        elif not _holds(theirs, mask) and self._mine(key, changed=True):
            self._check(theirs)
            self.orders.edited[place] = mask

    def _remove(self, key: MaskKey) -> None:
        place = self._place(key)
        theirs = self._find(place)
        if theirs and self._mine(key, changed=self._changed(key, theirs)):
            self._check(None)
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
            raise SaveError(tr("An edited mask belongs to no object of the row; nothing was written."))
        return ObjectClass(base.feature_hash, base.name, base.color, BITMASK)

    def _find(self, place: MaskKey) -> ObjectInfo | None:
        return self.now.frames[place.frame].find(place.object_hash)

    def _place(self, key: MaskKey) -> MaskKey:
        """The same frame in the row as it is now."""
        base, now = self.changes.base.frames, self.now.frames
        if key.frame >= len(base):
            raise SaveError(tr("The label row has no frame {n}; nothing was written.").format(n=key.frame))
        wanted = _frame_name(base[key.frame])
        if key.frame < len(now) and _frame_name(now[key.frame]) == wanted:
            return key
        for frame in now:
            if _frame_name(frame) == wanted:
                return MaskKey(frame.position, key.object_hash)
        raise SaveError(
            tr("Another program took frame {n} out of the label row. Nothing was written; use Save As.").format(
                n=base[key.frame].number
            )
        )

    def _check(self, theirs: ObjectInfo | None) -> None:
        """Refuse what is only shown."""
        reason = self.now.info.read_only or (theirs and (theirs.read_only or theirs.damage))
        if reason:
            name = self.now.info.name
            raise SaveError(tr("A mask of {row} cannot be saved: {reason}").format(row=name, reason=reason))


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
