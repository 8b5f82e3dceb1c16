"""Edits applied to a row forwards and backwards, and what is noted of them."""

from __future__ import annotations

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document.differences import changes_of
from bitmask_studio.studio.document.edited_row import EditedRow
from bitmask_studio.studio.document.edits import AnswerChange, AnswerEdit, MaskEdit, ObjectEdit, SeveralEdits
from tests.studio.document.test_document import KEY, first_state, row_of

OTHER = MaskKey(0, "b")


def an_edited_row() -> EditedRow:
    return EditedRow(row_of(first_state()))


def rubbing_out(row: EditedRow, key: MaskKey) -> MaskEdit:
    return MaskEdit("Erase", key, MaskPatch.between(row.masks.get(key), EMPTY_MASK))


def deleting(row: EditedRow, key: MaskKey) -> ObjectEdit:
    objects = row.objects.on(key.frame)
    place = [each.object_hash for each in objects].index(key.object_hash)
    return ObjectEdit("Delete", key, objects[place], row.masks.get(key), place, adds=False)


def test_several_edits_are_taken_back_in_the_other_order() -> None:
    row = an_edited_row()
    rubbed = rubbing_out(row, KEY)
    row.apply(rubbed, forwards=True)
    deleted = deleting(row, KEY)
    row.apply(rubbed, forwards=False)
    both, before = SeveralEdits("Both", KEY, (rubbed, deleted)), row.objects.on(0)
    row.apply(both, forwards=True)
    assert row.objects.find(KEY) is None
    row.apply(both, forwards=False)
    assert row.objects.on(0) == before
    assert not row.masks.differs(KEY)


def test_an_answer_touches_no_mask_and_its_frame_is_noted() -> None:
    row = an_edited_row()
    row.apply(AnswerEdit("Answer", MaskKey(1, "a"), (AnswerChange("note", None, "new"),)), forwards=True)
    assert row.answers.get("a") == {"note": "new"}
    assert row.answered_at == {"a": 1}
    assert not row.touched


def test_masks_that_a_step_was_about_are_never_forgotten() -> None:
    row = an_edited_row()
    edit = rubbing_out(row, KEY)
    row.apply(edit, forwards=True)
    row.masks.get(OTHER)
    row.forget_masks(0)
    assert set(row.masks.known) == {KEY}


def test_masks_of_steps_of_others_are_never_forgotten_either() -> None:
    row = an_edited_row()
    row.keep_decoded([rubbing_out(row, OTHER)])
    row.masks.get(KEY)
    row.forget_masks(0)
    assert set(row.masks.known) == {OTHER}


def test_what_a_failed_save_had_taken_is_touched_again_with_what_was_touched_meanwhile() -> None:
    row = an_edited_row()
    row.apply(rubbing_out(row, KEY), forwards=True)
    row.begin_save(changes_of(row))
    assert (row.touched, row.saving) == (set(), {KEY})
    row.apply(rubbing_out(row, OTHER), forwards=True)
    row.fail_save()
    assert (row.touched, row.saving, row.snapshot) == ({KEY, OTHER}, set(), None)


def test_the_row_that_last_held_an_object_is_noted_until_it_is_stored_again() -> None:
    row, without = an_edited_row(), row_of(({}, {}))
    row.note_lost([KEY], without)
    assert row.lost == {KEY: row.objects.row}
    row.note_lost([KEY], row_of(first_state()))
    assert not row.lost
