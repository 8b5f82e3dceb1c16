"""A row and what edits have made of it: its objects, masks and answers, and which of them the edits were about."""

from __future__ import annotations

from collections.abc import Iterable

from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.studio.document.answers import AnswerState
from bitmask_studio.studio.document.edits import AnswerEdit, DocumentEdit, MaskEdit, ObjectEdit, SeveralEdits, singles
from bitmask_studio.studio.document.row_masks import RowMasks
from bitmask_studio.studio.document.row_objects import RowObjects


class EditedRow:
    """Applies edits forwards and backwards; keeps no history and tells nobody."""

    def __init__(self, row: LabelRow) -> None:
        self.objects = RowObjects(row)
        self.masks = RowMasks(self.objects)
        self.answers = AnswerState(row.answers)
        self.touched: set[MaskKey] = set()
        """Masks that edits were about since the row was stored, or since the save began that is under way."""
        self.saving: set[MaskKey] = set()
        """Those that were touched when that save began."""
        self.snapshot: RowChanges | None = None
        """What is being stored."""
        self.lost: dict[MaskKey, LabelRow] = {}
        """The row that last held an object which is not stored any more: undo may bring it back."""
        self.answered_at: dict[str, int] = {}
        """The frame on which an object was answered last."""
        self._edited: set[MaskKey] = set()
        """All masks that steps were ever about; these stay decoded, because what others change is held against them."""

    def apply(self, edit: DocumentEdit, forwards: bool, after: Mask | None = None) -> None:
        """Do an edit or take it back; `after` is the mask as it makes it, where that is known."""
        if isinstance(edit, SeveralEdits):
            for each in edit.edits if forwards else edit.edits[::-1]:
                self.apply(each, forwards)
        elif isinstance(edit, AnswerEdit):
            self.answers.apply(edit.key.object_hash, edit.changes, forwards)
            self.answered_at[edit.key.object_hash] = edit.key.frame
        else:
            self._touch(edit.key)
            self._apply_to_masks(edit, forwards, after)

    def keep_decoded(self, steps: Iterable[DocumentEdit]) -> None:
        """Never forget the masks that these are about."""
        self._edited.update(each.key for edit in steps for each in singles(edit))

    def forget_masks(self, position: int) -> None:
        """Let go of the masks of a frame that no step was ever about."""
        self.masks.forget(position, but=self._edited)

    def begin_save(self, snapshot: RowChanges) -> None:
        """What is touched from now on is not in the save."""
        self.snapshot = snapshot
        self.saving, self.touched = self.touched, set()
        self.answers.begin_save()

    def fail_save(self) -> None:
        """Nothing was stored."""
        self.touched |= self.saving
        self.answers.fail_save()
        self.end_saving()

    def end_saving(self) -> None:
        """Whatever became of it, no save is under way."""
        self.saving, self.snapshot = set(), None

    def note_lost(self, keys: Iterable[MaskKey], stored: LabelRow) -> None:
        """Note the row as the one that last held those objects which the one that is stored now does not hold."""
        for key in keys:
            if stored.bitmask(key) is not None:
                self.lost.pop(key, None)
            elif self.objects.row.bitmask(key) is not None:
                self.lost[key] = self.objects.row

    def _touch(self, key: MaskKey) -> None:
        if key not in self.touched and key not in self.saving:
            self.masks.note_stored(key)
        self.touched.add(key)
        self._edited.add(key)

    def _apply_to_masks(self, edit: MaskEdit | ObjectEdit, forwards: bool, after: Mask | None) -> None:
        if isinstance(edit, MaskEdit):
            self.masks.put(edit.key, after or edit.patch.apply(self.masks.get(edit.key)))
        elif edit.adds is forwards:
            self.masks.put(edit.key, edit.mask)
            self.objects.insert(edit.key, edit.info, edit.place)
        else:
            self.objects.take_away(edit.key)
