"""What a save would have to do to a row, and what the row would be after it."""

from __future__ import annotations

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.document.differences import as_stored, changes_of
from bitmask_studio.studio.document.edited_row import EditedRow
from tests.studio.document.test_document import KEY, applied, decoded, first_state, row_of, same
from tests.studio.document.test_edited_row import an_edited_row, deleting, rubbing_out

OTHER = MaskKey(0, "b")


def a_row_with_edits() -> EditedRow:
    """One mask rubbed out, one object deleted."""
    row = an_edited_row()
    row.apply(rubbing_out(row, KEY), forwards=True)
    row.apply(deleting(row, OTHER), forwards=True)
    return row


def test_a_row_that_nobody_edited_has_no_changes() -> None:
    row = an_edited_row()
    assert changes_of(row).empty
    assert as_stored(row) == row.objects.row


def test_what_was_edited_and_what_was_removed_are_told_apart() -> None:
    changes = changes_of(a_row_with_edits())
    assert set(changes.edited) == {KEY}
    assert changes.removed == {OTHER}
    assert not changes.added


def test_an_edit_that_was_taken_back_is_no_change() -> None:
    row = an_edited_row()
    edit = rubbing_out(row, KEY)
    row.apply(edit, forwards=True)
    row.apply(edit, forwards=False)
    assert changes_of(row).empty


def test_the_row_after_a_save_is_the_stored_one_with_its_changes() -> None:
    row = a_row_with_edits()
    assert same(decoded(as_stored(row)), applied(first_state(), changes_of(row)))


def test_an_object_that_the_row_has_on_another_frame_is_no_new_one() -> None:
    state = first_state()
    row = EditedRow(row_of(({}, {"a": state[1]["a"]})))
    info = row.objects.on(1)[0]
    row.objects.insert(KEY, info, 0)
    row.touched.add(KEY)
    assert [(each.key, each.is_new) for each in changes_of(row).added] == [(KEY, False)]
