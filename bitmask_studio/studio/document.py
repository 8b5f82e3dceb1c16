"""An opened row: its masks, what was done to them, and what of it is not stored yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bitmask_studio.core.attributes import Answers, AnswerValue, Attribute, answered
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.history import History
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, MaskKey, NewObject, ObjectInfo, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.ontology import ObjectClass, new_hash
from bitmask_studio.core.painting import MaskPainter, MaskPatch
from bitmask_studio.core.signal import Signal
from bitmask_studio.core.text import tr
from bitmask_studio.sources.label_rows.pixels import apart, merged
from bitmask_studio.sources.label_rows.row import Frames
from bitmask_studio.studio.answers import AnswerState
from bitmask_studio.studio.decoding import Decoded, decode
from bitmask_studio.studio.discarding import ways_back
from bitmask_studio.studio.edits import (
    AnswerChange,
    AnswerEdit,
    Deed,
    DocumentEdit,
    MaskEdit,
    ObjectEdit,
    SeveralEdits,
    singles,
)
from bitmask_studio.studio.journal.kept import Applied
from bitmask_studio.studio.journal.replay import joined
from bitmask_studio.studio.object_index import ObjectIndex
from bitmask_studio.studio.standing import as_known, is_same, known_at, pixels_of, standing_on

_NEVER = -1
"""A place that no history has."""


class Document:
    """One row with its masks by key, decoded when first asked for, never changed in place.

    `painted(frame position, box)`: pixels of that image box look different. `mask_changed(key)`: a step has changed one
    mask, not the list of objects. `objects_changed(frame position)`: that list differs. `answers_changed(object hash)`:
    its answers differ. `history_changed()`: what undo, redo or save would do differs. `decoded(frame position)`: its
    masks were awaited and are there now. `stepped(deed, edit)`: what is to be kept of it; the edit of a new step.
    """

    def __init__(self, row: LabelRow, max_history_bytes: int = 256 << 20) -> None:
        self.row = row
        self.history: History[DocumentEdit] = History(max_history_bytes)
        self.painted: Signal[int, Box] = Signal()
        self.mask_changed: Signal[MaskKey] = Signal()
        self.objects_changed: Signal[int] = Signal()
        self.answers_changed: Signal[str] = Signal()
        self.history_changed: Signal[()] = Signal()
        self.decoded: Signal[int] = Signal()
        self.stepped: Signal[Deed, DocumentEdit | None] = Signal()
        self._masks: dict[MaskKey, Mask] = {}
        self._stored: dict[MaskKey, Mask] = {}
        """What touched masks were as decoded: those made from them by edits are compared with them at little cost."""
        self._damage: dict[MaskKey, str] = {}
        self._objects: dict[int, tuple[ObjectInfo, ...]] = {}
        self._index = ObjectIndex()
        self._awaited: Counter[int] = Counter()
        """Frames whose masks are being decoded for us, and by how many."""
        self._touched: set[MaskKey] = set()
        self._edited: set[MaskKey] = set()
        """All masks that steps were ever about; these stay decoded, because what others change is held against them."""
        self._held: dict[MaskKey, LabelRow] = {}
        self._answers = AnswerState(row.answers)
        self._answered_at: dict[str, int] = {}
        """The frame on which an object was answered last."""
        self._saving: set[MaskKey] = set()
        self._saving_place = 0
        self._snapshot: RowChanges | None = None
        """What is being stored."""

    @property
    def unsaved(self) -> bool:
        return not self.history.is_saved

    @property
    def is_saving(self) -> bool:
        """Whether a save began and did not end yet."""
        return self._snapshot is not None

    @property
    def frames(self) -> Sequence[Frame]:
        return self.row.frames

    @property
    def relisted(self) -> Mapping[int, tuple[ObjectInfo, ...]]:
        """The frames whose list of objects may differ from the stored one, with what is on them now."""
        return self._objects

    def frame_box(self, position: int) -> Box:
        frame = self.row.frames[position]
        return Box.of_size(frame.width, frame.height)

    def objects(self, position: int) -> tuple[ObjectInfo, ...]:
        """What is on the frame now, bottom first."""
        return self._objects[position] if position in self._objects else self.row.frames[position].objects

    def find(self, key: MaskKey) -> ObjectInfo | None:
        return self._index.find(key.object_hash, self.objects(key.frame))

    def mask(self, key: MaskKey) -> Mask:
        """The object's pixels as they are now; empty where its stored mask is damaged."""
        if key not in self._masks:
            self._masks[key] = self._decode(key)
        return self._masks[key]

    def decode_frame(self, position: int) -> None:
        """Decode every mask of a frame now instead of at its first use."""
        self.take_decoded(position, {key: decode(each) for key, each in self.undecoded(position).items()})

    def undecoded(self, position: int) -> dict[MaskKey, Bitmask]:
        """The stored masks of a frame that nobody has asked for yet, bottom first: another thread may decode them."""
        stored = self._stored_on(position)
        keys = (MaskKey(position, each.object_hash) for each in self.objects(position) if each.is_bitmask)
        missing = (key for key in keys if key not in self._masks)
        return {key: found for key in missing if (found := stored.get(key.object_hash))}

    def take_decoded(self, position: int, decoded: Mapping[MaskKey, Decoded]) -> None:
        """Take masks of a frame that were decoded elsewhere, but for those that are known or stored anew by now."""
        stored = self._stored_on(position)
        for key, each in decoded.items():
            if key not in self._masks and stored.get(key.object_hash) == each.stored:
                self._take(key, each)

    def await_masks(self, position: int) -> None:
        """Say that the masks of a frame are being decoded; `end_awaiting` must follow."""
        self._awaited[position] += 1

    def end_awaiting(self, position: int) -> None:
        self._awaited[position] -= 1
        if not self._awaited[position]:
            del self._awaited[position]
            self.decoded.emit(position)

    def is_awaited(self, key: MaskKey) -> bool:
        """Whether the mask is being decoded: what only shows it does better to wait for `decoded`."""
        return key.frame in self._awaited and key not in self._masks

    def forget_masks(self, position: int) -> None:
        """Let go of the masks of a frame that no step was ever about; they are decoded again when asked for."""
        for each in self.objects(position):
            key = MaskKey(position, each.object_hash)
            if key not in self._edited:
                self._masks.pop(key, None)
                self._damage.pop(key, None)

    def damage(self, key: MaskKey) -> str | None:
        """Why the stored mask cannot be shown, in words for the user; None when it can, or while it is awaited."""
        info = self.find(key)
        if info is None or not info.is_bitmask or info.damage:
            return info.damage if info else None
        if not self.is_awaited(key):
            self.mask(key)
        return self._damage.get(key)

    def refusal(self, key: MaskKey) -> str | None:
        """Why this object cannot be edited, None when it can."""
        info = self.find(key)
        if info is None or not info.is_bitmask:
            return tr("Only bitmasks can be edited here; this shape is kept as it is.")
        self.mask(key)  # no edit may be based on a mask that is still awaited
        damage = self.damage(key)
        damaged = tr("This mask is damaged and is kept as it is: {reason}.").format(reason=damage) if damage else None
        return self.row.info.read_only or info.read_only or damaged

    def answers(self, object_hash: str) -> Answers:
        """The object's answers to the attributes of its class, the same on all frames."""
        return self._answers.get(object_hash)

    def answer_refusal(self, key: MaskKey) -> str | None:
        """Why this object's answers cannot be edited, None when they can; its shape does not matter."""
        info = self.find(key)
        if info is None:
            return tr("The object is not on this frame.")
        return self.row.info.read_only or (info.read_only if info.stored_hash is not None else None)

    def begin(self, key: MaskKey) -> MaskPainter:
        """A scratch over the mask of `key`, or over nothing when there is no such object yet."""
        return MaskPainter(self.mask(key) if self.find(key) else EMPTY_MASK, self.frame_box(key.frame))

    def commit_patch(self, edit: MaskEdit, after: Mask | None = None) -> None:
        """Do an edit of pixels and remember it; one that flips nothing leaves no step.

        `after` is the mask as it makes it, where that is known.
        """
        if not edit.patch.empty:
            self._do(edit, after)

    def add(self, position: int, each: ObjectClass, mask: Mask, title: str) -> MaskKey:
        """Put a new object on top of the frame; answers its key."""
        key = MaskKey(position, new_hash())
        info = ObjectInfo(key.object_hash, each.feature_hash, each.name, each.color, each.shape)
        self._do(ObjectEdit(title, key, info, mask, len(self.objects(position)), adds=True))
        return key

    def remove(self, key: MaskKey, title: str) -> None:
        """Take an object from its frame."""
        if info := self.find(key):
            self._do(self._removal(key, info, title))

    def remove_all(self, keys: Sequence[MaskKey], title: str) -> None:
        """Take objects from their frames in one step, at most one from each frame; the first key says where."""
        edits = tuple(self._removal(key, info, title) for key in keys if (info := self.find(key)))
        if edits:
            self._do(SeveralEdits(title, edits[0].key, edits))

    def answer(self, key: MaskKey, attribute: Attribute, value: AnswerValue | None, title: str) -> None:
        """Answer an attribute of an object in one step, or take its answer away; the same answer leaves no step.

        Another option of a radio attribute takes away what was answered under the one before. Raises InputError when
        `value` is no answer to the attribute, or the object's answers cannot be edited here.
        """
        refusal = self.answer_refusal(key)
        if refusal is None and attribute.dynamic:
            refusal = tr("Answers that differ from frame to frame are shown, not edited.")
        if refusal is None and not (value is None or attribute.accepts(value)):
            refusal = tr("This is no answer to {name}.").format(name=attribute.name)
        if refusal:
            raise InputError(refusal)
        before = self.answers(key.object_hash)
        if changes := AnswerChange.between(before, answered(attribute, value, before)):
            self._do(AnswerEdit(title, key, changes))

    def undo(self) -> DocumentEdit | None:
        """Take the last step back and answer it; None when there is none."""
        if edit := self.history.undo():
            self._apply(edit, forwards=False)
            self.stepped.emit(Deed.UNDONE, None)
        return edit

    def redo(self) -> DocumentEdit | None:
        """Do the next step again and answer it; None when there is none."""
        if edit := self.history.redo():
            self._apply(edit, forwards=True)
            self.stepped.emit(Deed.REDONE, None)
        return edit

    def resume(self, log: Iterable[Applied], history: History[DocumentEdit]) -> None:
        """Go on where a document with this history was: `log` is what was done to it since the row was stored as ours.

        For a document that nobody listens to yet.
        """
        for each in log:
            self._apply(each.edit, each.forwards, tell=False)
        self.history = history
        self._edited.update(each.key for edit in history.edits for each in singles(edit))

    def discard(self, title: str) -> None:
        """Go back to what is stored, by the way that undo or redo would take; else in one step of that title."""
        steps = self.history.steps_to_saved
        if steps is None:
            if edits := tuple(ways_back(self)):
                self._do(SeveralEdits(title, edits[0].key, edits))
            self.history.mark_saved()
        else:
            walked = [self.history.redo() if steps > 0 else self.history.undo() for _ in range(abs(steps))]
            for each in joined(Applied(edit, steps > 0) for edit in walked if edit):
                self._apply(each.edit, each.forwards)
        self.stepped.emit(Deed.DISCARDED, None)
        self.history_changed.emit()

    def changes(self) -> RowChanges:
        """What differs from the stored row."""
        edited: dict[MaskKey, Mask] = {}
        added: list[NewObject] = []
        removed: set[MaskKey] = set()
        for key in sorted(self._touched):
            now, stored = self.find(key), self.row.bitmask(key)
            if now is None and stored is not None:
                removed.add(key)
            elif now is not None and stored is None:
                added.append(self._new_object(key, now))
            elif now is not None and not self.mask(key).same_as(self._stored_mask(key)):
                edited[key] = self.mask(key)
        answers = {each: found for each, found in self._answers.changed().items() if self._is_there(each)}
        return RowChanges(self.row, edited, tuple(added), frozenset(removed), answers)

    def row_now(self) -> LabelRow:
        """The row as a save would store it: every edited mask as a string."""
        frames = (replace(frame, objects=tuple(self._objects_now(frame))) for frame in self.row.frames)
        return replace(self.row, frames=tuple(frames), answers={**self.row.answers, **self.changes().answers})

    def begin_save(self) -> RowChanges:
        """A snapshot to store; painting may go on. `end_save` must follow."""
        changes = self._snapshot = self.changes()
        self._saving, self._touched = self._touched, set()
        self._answers.begin_save()
        self._saving_place = self.history.place
        self.stepped.emit(Deed.SAVING, None)
        return changes

    def end_save(self, stored: LabelRow | None) -> None:
        """Take the row as read back: what others changed comes in, later edits and the history stay.

        None: nothing was stored, everything is as unsaved as before.
        """
        saved, self._saving = self._saving, set()
        snapshot, self._snapshot = self._snapshot, None
        if stored is None:
            self._touched |= saved
            self._answers.fail_save()
            self.stepped.emit(Deed.NOT_SAVED, None)
            return
        shown = {
            position: self.objects(position) for position in {key.frame for key in self._masks} | set(self._objects)
        }
        base, masks, place = self.row, self._masks, self.history.place
        current = place == self._saving_place
        self._remember_lost(saved | set(masks), stored)
        met = self._meet(snapshot, stored) if snapshot else {}
        self.row = standing_on(stored, {key: info for key, info in met.items() if not isinstance(info, Mask)})
        later = {key.frame for key in self._touched}
        self._objects = {position: self._merged(stored.frames[position], shown[position]) for position in later}
        same = {key for key in masks if key not in saved and stored.bitmask(key) == base.bitmask(key)}
        same |= {key for key, mask in masks.items() if _is_written(mask, stored.bitmask(key))} | self._touched
        self._masks = {key: mask for key, mask in self._masks.items() if key in same}
        self._damage = {key: text for key, text in self._damage.items() if key in same}
        self._stored = {}
        for key, mask in masks.items():
            if key not in self._touched and stored.bitmask(key) not in (None, base.bitmask(key)):
                self._take_over(key, mask)
        for key, both in met.items():
            if isinstance(both, Mask):
                self.take_others(MaskEdit(tr("Changes of Others"), key, MaskPatch.between(masks[key], both)))
                self._masks[key] = both
        before = self._answers.end_save(stored.answers, lambda each: _holds(stored, each))
        for object_hash, answers in before.items():
            self._take_over_answers(object_hash, answers)
        # Steps made during the save lie below what others changed: no way back leads to exactly what is stored.
        behind = self._saving_place if self.history.place == place else _NEVER
        self.history.mark_saved(None if current else behind)
        for position, objects in shown.items():
            if objects != self.objects(position):
                self.objects_changed.emit(position)
                self.painted.emit(position, self.frame_box(position))
        for object_hash in before:
            self.answers_changed.emit(object_hash)
        self.stepped.emit(Deed.SAVED, None)
        self.history_changed.emit()

    def _meet(self, snapshot: RowChanges, stored: LabelRow) -> dict[MaskKey, Mask | ObjectInfo | None]:
        """Masks touched since the snapshot that are not stored as they were in it, because others changed them too.

        A mask: mine and theirs, which lie apart. An object: what mine stands on, so that the next save compares it with
        theirs; None: it was not there.
        """
        met: dict[MaskKey, Mask | ObjectInfo | None] = {}
        for key in self._touched:
            known, theirs = known_at(snapshot, key), pixels_of(stored.bitmask(key))
            if is_same(known, theirs):
                continue
            mine = self.mask(key) if self.find(key) else None
            info = snapshot.base.bitmask(key) and snapshot.base.frames[key.frame].find(key.object_hash)
            info = info or stored.frames[key.frame].find(key.object_hash) or self.find(key)
            if known and theirs and mine is not None and apart(known, mine, theirs):
                met[key] = merged(known, mine, theirs)
            elif known is None or info is None:
                met[key] = None
            else:
                met[key] = as_known(info, known, stored.frames[key.frame])
        return met

    def _remember_lost(self, keys: set[MaskKey], stored: LabelRow) -> None:
        """Keep the row that last held an object which is not stored any more: undo may bring it back."""
        for key in keys:
            if stored.bitmask(key) is not None:
                self._held.pop(key, None)
            elif self.row.bitmask(key) is not None:
                self._held[key] = self.row

    def _take_over(self, key: MaskKey, mine: Mask) -> None:
        """Make a step of what the stored mask has that mine had not, so that undoing older steps still fits."""
        now = self.mask(key)
        patch = MaskPatch.between(mine, now) if now is not mine else MaskPatch()
        if not patch.empty and key not in self._damage:
            self.take_others(MaskEdit(tr("Changes of Others"), key, patch))

    def _take_over_answers(self, object_hash: str, mine: Answers) -> None:
        """The same for answers, of objects that older steps are about."""
        if object_hash in self._answered_at:
            key = MaskKey(self._answered_at[object_hash], object_hash)
            changes = AnswerChange.between(mine, self.answers(object_hash))
            self.take_others(AnswerEdit(tr("Changes of Others"), key, changes))

    def take_others(self, edit: DocumentEdit) -> None:
        """Remember as a step what others did to the stored row; undoing older steps still fits then."""
        self.history.commit(edit)
        self._edited.update(each.key for each in singles(edit))
        self.stepped.emit(Deed.OTHERS, edit)

    def _is_there(self, object_hash: str) -> bool:
        """Whether the object is on any frame now."""
        edited = any(each.object_hash == object_hash for objects in self._objects.values() for each in objects)
        return edited or _holds(self.row, object_hash, but=self._objects)

    def _objects_now(self, frame: Frame) -> Iterator[ObjectInfo]:
        for each in self.objects(frame.position):
            key = MaskKey(frame.position, each.object_hash)
            if key not in self._touched | self._saving or self.refusal(key):
                yield each
            else:
                string = self.mask(key).to_rle(frame.height, frame.width)
                yield replace(each, bitmask=Bitmask(frame.height, frame.width, 0, 0, string))

    def _merged(self, frame: Frame, shown: tuple[ObjectInfo, ...]) -> tuple[ObjectInfo, ...]:
        """The stored objects of a frame with what was added and removed since the snapshot."""
        later = {key.object_hash for key in self._touched if key.frame == frame.position}
        mine = {each.object_hash for each in shown} & later
        merged = [each for each in frame.objects if each.object_hash not in later or each.object_hash in mine]
        for place, each in enumerate(shown):
            if each.object_hash in mine and frame.find(each.object_hash) is None:
                merged.insert(place, each)
        return tuple(merged)

    def _new_object(self, key: MaskKey, info: ObjectInfo) -> NewObject:
        known = _holds(self.row, key.object_hash)
        each = ObjectClass(info.feature_hash, info.name, info.color, info.shape)
        return NewObject(key, each, self.mask(key), is_new=not known, stored=self._held.get(key))

    def _removal(self, key: MaskKey, info: ObjectInfo, title: str) -> ObjectEdit:
        place = self.objects(key.frame).index(info)
        return ObjectEdit(title, key, info, self.mask(key), place, adds=False)

    def _do(self, edit: DocumentEdit, after: Mask | None = None) -> None:
        self._apply(edit, forwards=True, tell=False, after=after)
        self.history.commit(edit)
        self.stepped.emit(Deed.DONE, edit)
        self._tell(edit)

    def _apply(self, edit: DocumentEdit, forwards: bool, tell: bool = True, after: Mask | None = None) -> None:
        if isinstance(edit, SeveralEdits):
            for each in edit.edits if forwards else edit.edits[::-1]:
                self._apply(each, forwards, tell=False)
        elif isinstance(edit, AnswerEdit):
            self._answers.apply(edit.key.object_hash, edit.changes, forwards)
            self._answered_at[edit.key.object_hash] = edit.key.frame
        else:
            self._touch(edit.key)
            self._apply_to_masks(edit, forwards, after)
        if tell:
            self._tell(edit)

    def _touch(self, key: MaskKey) -> None:
        if key in self._masks and key not in self._touched and key not in self._saving:
            self._stored[key] = self._masks[key]
        self._touched.add(key)
        self._edited.add(key)

    def _apply_to_masks(self, edit: MaskEdit | ObjectEdit, forwards: bool, after: Mask | None) -> None:
        if isinstance(edit, MaskEdit):
            self._masks[edit.key] = after or edit.patch.apply(self.mask(edit.key))
        elif edit.adds is forwards:
            objects = self.objects(edit.key.frame)
            self._masks[edit.key] = edit.mask
            self._objects[edit.key.frame] = (*objects[: edit.place], edit.info, *objects[edit.place :])
        else:
            rest = (each for each in self.objects(edit.key.frame) if each.object_hash != edit.key.object_hash)
            self._objects[edit.key.frame] = tuple(rest)

    def _tell(self, edit: DocumentEdit) -> None:
        for each in singles(edit):
            if isinstance(each, AnswerEdit):
                self.answers_changed.emit(each.key.object_hash)
            elif isinstance(each, MaskEdit):
                self.painted.emit(each.key.frame, each.patch.box)
                self.mask_changed.emit(each.key)
            else:
                self.objects_changed.emit(each.key.frame)
                self.painted.emit(each.key.frame, each.mask.box)
        self.history_changed.emit()

    def _stored_mask(self, key: MaskKey) -> Mask:
        if key not in self._stored:
            self._stored[key] = self._decode(key)
        return self._stored[key]

    def _decode(self, key: MaskKey) -> Mask:
        stored = self.row.bitmask(key)
        if stored is None:
            return EMPTY_MASK
        found = decode(stored)
        self._note_damage(key, found)
        return found.mask

    def _take(self, key: MaskKey, decoded: Decoded) -> None:
        self._masks[key] = decoded.mask
        self._note_damage(key, decoded)

    def _note_damage(self, key: MaskKey, decoded: Decoded) -> None:
        if decoded.damage is not None:
            self._damage[key] = decoded.damage

    def _stored_on(self, position: int) -> dict[str, Bitmask | None]:
        """The stored masks of a frame by object hash, the lowest of several."""
        return {each.object_hash: each.bitmask for each in reversed(self.row.frames[position].objects)}


def _is_written(mask: Mask, stored: Bitmask | None) -> bool:
    """Whether the string is known, without decoding it, to be that of the mask."""
    return stored is not None and mask.was_written_as(
        stored.rle_string, stored.height, stored.width, stored.top, stored.left
    )


def _holds(row: LabelRow, object_hash: str, but: Container[int] = ()) -> bool:
    """Whether an object is on any frame of a row, apart from some."""
    frames = row.frames
    positions = frames.labelled if isinstance(frames, Frames) else range(len(frames))
    return any(frames[each].find(object_hash) for each in positions if each not in but)
