"""An opened row: the steps that are done to it, taken back and saved, and who hears of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from bitmask_studio.core.attributes import Answers, AnswerValue, Attribute, answered
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.history import History
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, MaskKey, ObjectInfo, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.ontology import ObjectClass, new_hash
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.core.signal import Signal
from bitmask_studio.studio.document.decoding import Decoded, decode_all
from bitmask_studio.studio.document.differences import as_stored, changes_of
from bitmask_studio.studio.document.discarding import ways_back
from bitmask_studio.studio.document.edited_row import EditedRow
from bitmask_studio.studio.document.edits import (
    AnswerChange,
    AnswerEdit,
    Deed,
    DocumentEdit,
    MaskEdit,
    ObjectEdit,
    SeveralEdits,
    singles,
)
from bitmask_studio.studio.document.refusals import answer_refusal, answers_refusal, mask_refusal
from bitmask_studio.studio.document.stroke_in_progress import StrokeInProgress
from bitmask_studio.studio.journal.kept import Applied
from bitmask_studio.studio.journal.replay import joined
from bitmask_studio.studio.saving.meeting import meet

_NEVER = -1
"""A place that no history has."""


class Document:
    """One row with its masks by key, decoded when first asked for, never changed in place nor under a stroke.

    `painted(frame position, box)`: pixels of that image box look different. `mask_changed(key)`: a step has changed one
    mask, not the list of objects. `objects_changed(frame position)`: that list differs. `answers_changed(object hash)`:
    its answers differ. `history_changed()`: what undo, redo or save would do differs. `decoded(frame position)`: its
    masks were awaited and are there now. `stepped(deed, edit)`: what is to be kept of it; the edit of a new step.
    """

    def __init__(self, row: LabelRow, max_history_bytes: int = 256 << 20) -> None:
        self.history: History[DocumentEdit] = History(max_history_bytes)
        self.painted: Signal[int, Box] = Signal()
        self.mask_changed: Signal[MaskKey] = Signal()
        self.objects_changed: Signal[int] = Signal()
        self.answers_changed: Signal[str] = Signal()
        self.history_changed: Signal[()] = Signal()
        self.decoded: Signal[int] = Signal()
        self.stepped: Signal[Deed, DocumentEdit | None] = Signal()
        self._now = EditedRow(row)
        self._objects, self._masks, self._answers = self._now.objects, self._now.masks, self._now.answers
        self._saving_place = 0
        self.stroke = StrokeInProgress()

    @property
    def row(self) -> LabelRow:
        """The row as it is stored, as far as we know."""
        return self._objects.row

    @property
    def unsaved(self) -> bool:
        return not self.history.is_saved

    @property
    def is_saving(self) -> bool:
        """Whether a save began and did not end yet."""
        return self._now.snapshot is not None

    @property
    def frames(self) -> Sequence[Frame]:
        return self.row.frames

    @property
    def relisted(self) -> Mapping[int, tuple[ObjectInfo, ...]]:
        """The frames whose list of objects may differ from the stored one, with what is on them now."""
        return self._objects.relisted

    def frame_box(self, position: int) -> Box:
        frame = self._objects.row.frames[position]
        return Box.of_size(frame.width, frame.height)

    def objects(self, position: int) -> tuple[ObjectInfo, ...]:
        """What is on the frame now, bottom first."""
        return self._objects.on(position)

    def find(self, key: MaskKey) -> ObjectInfo | None:
        return self._objects.find(key)

    def mask(self, key: MaskKey) -> Mask:
        """The object's pixels as they are now; empty where its stored mask is damaged."""
        found = self._masks.known.get(key)  # looked up here: asked for many times with every dab
        return self._masks.get(key) if found is None else found

    def decode_frame(self, position: int) -> None:
        """Decode every mask of a frame now instead of at its first use."""
        self.take_decoded(position, decode_all(self.undecoded(position)))

    def undecoded(self, position: int) -> dict[MaskKey, Bitmask]:
        """The stored masks of a frame that nobody has asked for yet, bottom first: another thread may decode them."""
        return self._masks.undecoded(position)

    def take_decoded(self, position: int, decoded: Mapping[MaskKey, Decoded]) -> None:
        """Take masks of a frame that were decoded elsewhere, but for those that are known or stored anew by now."""
        self._masks.take_decoded(position, decoded)

    def await_masks(self, position: int) -> None:
        """Say that the masks of a frame are being decoded; `end_awaiting` must follow."""
        self._masks.await_frame(position)

    def end_awaiting(self, position: int) -> None:
        if self._masks.end_awaiting(position):
            self.decoded.emit(position)

    def is_awaited(self, key: MaskKey) -> bool:
        """Whether the mask is being decoded: what only shows it does better to wait for `decoded`."""
        return self._masks.is_awaited(key)

    def retire(self, why: str) -> None:
        """Nothing can be changed any more, for a reason in words: nobody would keep or store it."""
        self._objects.row = replace(self.row, info=replace(self.row.info, read_only=why))

    def forget_masks(self, position: int) -> None:
        """Let go of the masks of a frame that no step was ever about; they are decoded again when asked for."""
        self._now.forget_masks(position)

    def damage(self, key: MaskKey) -> str | None:
        """Why the stored mask cannot be shown, in words for the user; None when it can, or while it is awaited."""
        return self._masks.damage(key)

    def refusal(self, key: MaskKey) -> str | None:
        """Why this object cannot be edited, None when it can."""
        return mask_refusal(self._now, key)

    def answers(self, object_hash: str) -> Answers:
        """The object's answers to the attributes of its class, the same on all frames."""
        return self._answers.get(object_hash)

    def answer_refusal(self, key: MaskKey) -> str | None:
        """Why this object's answers cannot be edited, None when they can; its shape does not matter."""
        return answers_refusal(self._now, key)

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
        self.stroke.finish()
        if info := self.find(key):
            self._do(self._removal(key, info, title))

    def remove_all(self, keys: Sequence[MaskKey], title: str) -> None:
        """Take objects from their frames in one step, at most one from each frame; the first key says where."""
        self.stroke.finish()
        edits = tuple(self._removal(key, info, title) for key in keys if (info := self.find(key)))
        if edits:
            self._do(SeveralEdits(title, edits[0].key, edits))

    def answer(self, key: MaskKey, attribute: Attribute, value: AnswerValue | None, title: str) -> None:
        """Answer an attribute of an object in one step, or take its answer away; the same answer leaves no step.

        Another option of a radio attribute takes away what was answered under the one before. Raises InputError when
        `value` is no answer to the attribute, or the object's answers cannot be edited here.
        """
        if refusal := answer_refusal(self._now, key, attribute, value):
            raise InputError(refusal)
        before = self.answers(key.object_hash)
        if changes := AnswerChange.between(before, answered(attribute, value, before)):
            self._do(AnswerEdit(title, key, changes))

    def undo(self) -> DocumentEdit | None:
        """Take the last step back and answer it; None when there is none."""
        self.stroke.finish()
        if edit := self.history.undo():
            self._apply(edit, forwards=False)
            self.stepped.emit(Deed.UNDONE, None)
        return edit

    def redo(self) -> DocumentEdit | None:
        """Do the next step again and answer it; None when there is none."""
        self.stroke.finish()
        if edit := self.history.redo():
            self._apply(edit, forwards=True)
            self.stepped.emit(Deed.REDONE, None)
        return edit

    def resume(self, log: Iterable[Applied], history: History[DocumentEdit]) -> None:
        """Go on where a document with this history was: `log` is what was done to it since the row was stored as ours.

        For a document that nobody listens to yet.
        """
        for each in log:
            self._now.apply(each.edit, each.forwards)
        self.history = history
        self._now.keep_decoded(history.edits)

    def discard(self, title: str) -> None:
        """Go back to what is stored, by the way that undo or redo would take; else in one step of that title."""
        self.stroke.finish()
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
        return changes_of(self._now)

    def row_now(self) -> LabelRow:
        """The row as a save would store it: every edited mask as a string."""
        return as_stored(self._now)

    def begin_save(self) -> RowChanges:
        """A snapshot to store; painting may go on. `end_save` must follow."""
        changes = self.changes()
        self._now.begin_save(changes)
        self._saving_place = self.history.place
        self.stepped.emit(Deed.SAVING, None)
        return changes

    def end_save(self, stored: LabelRow | None) -> None:
        """Take the row as read back: what others changed comes in, later edits and the history stay.

        None: nothing was stored, everything is as unsaved as before. A stroke in progress does better to be over.
        """
        if stored is None:
            self._now.fail_save()
            self.stepped.emit(Deed.NOT_SAVED, None)
            return
        self.stroke.finish()
        place, came_in = self.history.place, meet(self._now, stored)
        for each in came_in.steps:
            self.take_others(each)
        self._mark_saved(place)
        for position in came_in.frames:
            self.objects_changed.emit(position)
            self.painted.emit(position, self.frame_box(position))
        for object_hash in came_in.answered:
            self.answers_changed.emit(object_hash)
        self.stepped.emit(Deed.SAVED, None)
        self.history_changed.emit()

    def take_others(self, edit: DocumentEdit) -> None:
        """Remember as a step what others did to the stored row; undoing older steps still fits then."""
        self.history.commit(edit)
        self._now.keep_decoded((edit,))
        self.stepped.emit(Deed.OTHERS, edit)

    def _mark_saved(self, place: int) -> None:
        """`place` is where the history was before what others changed came in."""
        if place == self._saving_place:
            self.history.mark_saved()
        else:  # steps made during the save lie below what others changed: no way back leads to exactly what is stored
            self.history.mark_saved(self._saving_place if self.history.place == place else _NEVER)

    def _removal(self, key: MaskKey, info: ObjectInfo, title: str) -> ObjectEdit:
        place = self.objects(key.frame).index(info)
        return ObjectEdit(title, key, info, self.mask(key), place, adds=False)

    def _do(self, edit: DocumentEdit, after: Mask | None = None) -> None:
        self._now.apply(edit, forwards=True, after=after)
        self.history.commit(edit)
        self.stepped.emit(Deed.DONE, edit)
        self._tell(edit)

    def _apply(self, edit: DocumentEdit, forwards: bool) -> None:
        self._now.apply(edit, forwards)
        self._tell(edit)

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
