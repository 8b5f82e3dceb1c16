"""What a save has to write, when the stored row may have been changed by somebody else since it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import Struct, field

from bitmask_studio.core.attributes import Answers, AnswerValue, in_order
from bitmask_studio.core.errors import RleError, SaveError
from bitmask_studio.core.labels import Bitmask, LabelRow, MaskKey, NewObject, ObjectInfo, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.sources.label_rows.finding import as_read, keys_of, position
from bitmask_studio.sources.label_rows.pixels import apart, merged


class MisfitError(SaveError):
    """What others made of a row leaves no place for an edit; the text says what, not yet of which row."""


class Held(Struct, frozen=True):
    """Where an object was when its source last had it: the bytes of its row then, and which of that row's masks."""

    text: bytes
    key: MaskKey
    bitmask: Bitmask

    def holds(self, mask: Mask) -> bool:
        """Whether its string serves as it is; one that is damaged does while nothing was painted instead."""
        found = mask_of(self.bitmask)
        return mask.box.empty if found is None else found.same_as(mask)


class Added(Struct, frozen=True):
    """An object that is not stored (any more)."""

    object_class: ObjectClass
    mask: Mask
    held: Held | None = None


class Orders(Struct):
    """The changes of one row, by the frames that it has as stored now."""

    edited: dict[MaskKey, Mask] = field(default_factory=dict)
    added: dict[MaskKey, Added] = field(default_factory=dict)
    removed: set[MaskKey] = field(default_factory=set)
    answers: dict[str, Answers] = field(default_factory=dict)
    """All answers, as they are to be, of each object that gets others."""
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def returning(self) -> dict[MaskKey, Held]:
        """Those of the added that were stored before."""
        return {key: each.held for key, each in self.added.items() if each.held}

    @property
    def empty(self) -> bool:
        return not (self.edited or self.added or self.removed or self.answers)


def merge(changes: RowChanges, now: LabelRow, choices: Mapping[Conflict, Keep]) -> Orders:
    """Compare base, theirs (`now`) and mine object by object. Raises MisfitError where an edit has no place.

    Where both changed a mask in places apart from each other, each pixel comes from whoever changed it; where their
    places meet it is a conflict, and so is an attribute that got two different answers.
    """
    return _Merging(changes, now, choices).run()


def given(answers: Answers) -> dict[str, AnswerValue]:
    """The answers that say something, in the one form each: no option chosen is no answer."""
    said = {each: in_order(value) if isinstance(value, tuple) else value for each, value in answers.items()}
    return {attribute: value for attribute, value in said.items() if value != ()}


class _Merging:
    def __init__(self, changes: RowChanges, now: LabelRow, choices: Mapping[Conflict, Keep]) -> None:
        self.changes, self.now, self.choices = changes, now, choices
        self.orders = Orders()
        self._read: dict[int, LabelRow] = {}

    def run(self) -> Orders:
        for key, mask in self.changes.edited.items():
            self._edit(key, mask)
        for each in self.changes.added:
            self._add(each)
        for key in self.changes.removed:
            self._remove(key)
        for object_hash, answers in self.changes.answers.items():
            self._answer(object_hash, given(answers))
        return self.orders

    def _edit(self, key: MaskKey, mask: Mask) -> None:
        base = self._base(key)
        if base and _holds(base, mask):
            return
        place = self._place(key)
        theirs = self._find(place)
        if theirs is None:
            if self._choice(key, mask, None) in (Keep.MINE, Keep.BOTH):
                self._bring_back(place, key, mask)
        elif not _holds(theirs, mask):
            if self._changed(key, theirs):
                self._meet(place, key, theirs, mask)
            else:
                self._store(place, key, theirs, mask)

    def _add(self, each: NewObject) -> None:
        key, mask, place = each.key, each.mask, self._place(each.key)
        theirs = self._find(place)
        if theirs is None:
            self._check(place, key)
            self.orders.added[place] = Added(each.object_class, mask, self._held(key, each.stored))
        elif not _holds(theirs, mask):
            self._meet(place, key, theirs, mask)

    def _remove(self, key: MaskKey) -> None:
        place = self._place(key)
        theirs = self._find(place)
        if theirs is None:
            return
        if not self._touched(key, theirs) or self._choice(key, None, _pixels(theirs)) is Keep.MINE:
            self._check(place, key)
            self.orders.removed.add(place)

    def _answer(self, object_hash: str, mine: Mapping[str, AnswerValue]) -> None:
        """Attribute by attribute; an object that others deleted comes back when that is chosen."""
        base, theirs = (given(row.answers.get(object_hash, {})) for row in (self.changes.base, self.now))
        if next(keys_of(self.now, object_hash), None) is None:
            self._answer_deleted(object_hash, mine, base)
            return
        wanted = {}
        for attribute in {**theirs, **base, **mine}:
            value = self._value(object_hash, attribute, mine.get(attribute), base.get(attribute), theirs.get(attribute))
            if value is not None:
                wanted[attribute] = value
        if wanted != theirs:
            self.orders.answers[object_hash] = wanted

    def _value(
        self,
        object_hash: str,
        attribute: str,
        mine: AnswerValue | None,
        base: AnswerValue | None,
        theirs: AnswerValue | None,
    ) -> AnswerValue | None:
        """What to store as the answer to one attribute."""
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        key = next(keys_of(self.changes.base, object_hash), MaskKey(0, object_hash))
        now = _pixels(self._find(self._place(key)))
        choice = self._choice(key, _pixels(self._base(key)), now, attribute, (base, mine, theirs))
        return mine if choice in (Keep.MINE, Keep.BOTH) else theirs

    def _answer_deleted(self, object_hash: str, mine: Answers, base: Answers) -> None:
        """Answers of an object that is not stored now: a new one, or one that others deleted."""
        if all(place.object_hash != object_hash for place in self.orders.added):
            keys = [key for key in keys_of(self.changes.base, object_hash) if key not in self.changes.removed]
            changed = sorted(each for each in {*mine, *base} if mine.get(each) != base.get(each))
            if not keys or not changed:
                return
            pixels = _pixels(self._base(keys[0])) or EMPTY_MASK
            said = (base.get(changed[0]), mine.get(changed[0]), None)
            if self._choice(keys[0], pixels, None, changed[0], said) not in (Keep.MINE, Keep.BOTH):
                return
            for key in keys:
                self._bring_back(self._place(key), key, _pixels(self._base(key)) or EMPTY_MASK)
        self.orders.answers[object_hash] = mine

    def _meet(self, place: MaskKey, key: MaskKey, theirs: ObjectInfo, mine: Mask) -> None:
        """Both gave a mask other pixels."""
        base, now = _pixels(self._base(key)), _pixels(theirs)
        if base and now and apart(base, mine, now):
            self._store(place, key, theirs, merged(base, mine, now))
            return
        choice = self._choice(key, mine, now)
        if choice is Keep.BOTH and now:
            self._store(place, key, theirs, merged(base or EMPTY_MASK, mine, now))
        elif choice in (Keep.MINE, Keep.BOTH):
            self._store(place, key, theirs, mine)

    def _store(self, place: MaskKey, key: MaskKey, theirs: ObjectInfo, mask: Mask) -> None:
        if not _holds(theirs, mask):
            self._check(place, key, theirs)
            self.orders.edited[place] = mask

    def _bring_back(self, place: MaskKey, key: MaskKey, mask: Mask) -> None:
        self._check(place, key)
        self.orders.added[place] = Added(self._class_of(key), mask, self._held(key, self.changes.base))

    def _choice(
        self,
        key: MaskKey,
        mine: Mask | None,
        theirs: Mask | None,
        attribute: str | None = None,
        answers: tuple[AnswerValue | None, AnswerValue | None, AnswerValue | None] = (None, None, None),
    ) -> Keep | None:
        """What was decided about a conflict; None, and noted, when nobody decided yet."""
        base = _pixels(self._base(key))
        against = _named(theirs, answers[2])
        conflict = Conflict(self.changes.base.info.key, key, attribute, base, mine, theirs, answers, against)
        choice = self.choices.get(conflict)
        if choice is None:
            self.orders.conflicts.append(conflict)
        return choice

    def _touched(self, key: MaskKey, theirs: ObjectInfo) -> bool:
        """Whether a deletion would take away what somebody else did to the object."""
        base, object_hash = self._base(key), key.object_hash
        if self._changed(key, theirs) or base is None or base.feature_hash != theirs.feature_hash:
            return True
        before, now = (given(row.answers.get(object_hash, {})) for row in (self.changes.base, self.now))
        rest = (each for each in keys_of(self.changes.base, object_hash) if each not in self.changes.removed)
        return before != now and next(rest, None) is None

    def _changed(self, key: MaskKey, theirs: ObjectInfo) -> bool:
        """Whether somebody else gave the object other pixels."""
        base = self._base(key)
        return base is None or not same_pixels(base.bitmask, theirs.bitmask)

    def _base(self, key: MaskKey) -> ObjectInfo | None:
        frames = self.changes.base.frames
        return frames[key.frame].find(key.object_hash) if key.frame < len(frames) else None

    def _class_of(self, key: MaskKey) -> ObjectClass:
        base = self._base(key)
        if base is None:
            raise SaveError(tr("An edited mask belongs to no object of the row."))
        return ObjectClass(base.feature_hash, base.name, base.color, BITMASK)

    def _held(self, key: MaskKey, row: LabelRow | None) -> Held | None:
        """What the row's bytes hold of the object; the row itself may say what its bytes do not (any more)."""
        if row is None or not isinstance(row.origin, bytes):
            return None
        if id(row) not in self._read:
            self._read[id(row)] = as_read(row.origin)
        then = self._read[id(row)]
        at = position(then, self.changes.base.frames[key.frame])
        held = MaskKey(at, key.object_hash) if at is not None else None
        bitmask = then.bitmask(held) if held else None
        return Held(row.origin, held, bitmask) if held and bitmask else None

    def _find(self, place: MaskKey) -> ObjectInfo | None:
        return self.now.frames[place.frame].find(place.object_hash)

    def _place(self, key: MaskKey) -> MaskKey:
        """The same frame in the row as it is now."""
        base = self.changes.base.frames
        if key.frame >= len(base):
            raise MisfitError(tr("There is no frame {n}.").format(n=key.frame))
        at = position(self.now, base[key.frame])
        if at is None:
            raise MisfitError(tr("Frame {n} has been taken out of it.").format(n=base[key.frame].number))
        return MaskKey(at, key.object_hash)

    def _check(self, place: MaskKey, key: MaskKey, theirs: ObjectInfo | None = None) -> None:
        """Refuse what is only shown, and a picture of another size than the one that was painted on."""
        reason = self.now.info.read_only or (theirs and (theirs.read_only or theirs.damage or _no_bitmask(theirs)))
        if reason:
            raise MisfitError(tr("One of its masks cannot be edited: {reason}").format(reason=reason))
        before, now = self.changes.base.frames[key.frame], self.now.frames[place.frame]
        if (before.width, before.height) != (now.width, now.height):
            raise MisfitError(
                tr("The size of frame {n} has been changed from {w} x {h} px to {nw} x {nh} px.").format(
                    n=before.number, w=before.width, h=before.height, nw=now.width, nh=now.height
                )
            )


def mask_of(bitmask: Bitmask) -> Mask | None:
    """The pixels; None when the string is damaged."""
    try:
        return Mask.from_rle(bitmask.rle_string, bitmask.height, bitmask.width, bitmask.top, bitmask.left)
    except RleError:
        return None


def _pixels(each: ObjectInfo | None) -> Mask | None:
    return mask_of(each.bitmask) if each and each.bitmask else None


def _named(theirs: Mask | None, answer: AnswerValue | None) -> str:
    """A digest of what others made of an object."""
    box = theirs.box if theirs else EMPTY_MASK.box
    pixels = theirs.to_rle(box.height, box.width, box.y0, box.x0) if theirs and not box.empty else ""
    return hashlib.sha256(repr((theirs is None, box, pixels, answer)).encode()).hexdigest()


def _no_bitmask(each: ObjectInfo) -> str | None:
    return None if each.is_bitmask else tr("It is no bitmask any more.")


def _holds(theirs: ObjectInfo, mask: Mask) -> bool:
    found = _pixels(theirs)
    return found is not None and found.same_as(mask)


def same_pixels(base: Bitmask | None, theirs: Bitmask | None) -> bool:
    """Whether both are missing, or both are the same mask, however it is written."""
    if base is None or theirs is None or base == theirs:
        return base is theirs or base == theirs
    before, now = mask_of(base), mask_of(theirs)
    return before is not None and now is not None and before.same_as(now)
