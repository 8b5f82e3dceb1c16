"""What comes in with a save in which others had a hand, and what of one's own edits stays."""

from __future__ import annotations

import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document.differences import as_stored, changes_of
from bitmask_studio.studio.document.edited_row import EditedRow
from bitmask_studio.studio.document.edits import MaskEdit
from bitmask_studio.studio.saving.meeting import meet
from tests.studio.document.test_document import HEIGHT, KEY, WIDTH, decoded, row_of
from tests.studio.document.test_edited_row import an_edited_row, deleting, rubbing_out

OTHER = MaskKey(0, "b")


def block(x: int, y: int) -> Bits:
    """A square of 4 px with that corner."""
    bits = np.zeros((HEIGHT, WIDTH), np.bool_)
    bits[y : y + 4, x : x + 4] = True
    return bits


def paint(row: EditedRow, key: MaskKey, bits: Bits) -> None:
    now = row.masks.get(key)
    both = Mask.of(Box.of_size(WIDTH, HEIGHT), now.to_array(HEIGHT, WIDTH) | bits)
    row.apply(MaskEdit("Brush", key, MaskPatch.between(now, both)), forwards=True)


def shown(row: EditedRow, key: MaskKey) -> Bits:
    return row.masks.get(key).to_array(HEIGHT, WIDTH)


def test_a_save_in_which_nobody_had_a_hand_brings_nothing() -> None:
    row = an_edited_row()
    row.apply(rubbing_out(row, KEY), forwards=True)
    stored = as_stored(row)
    row.begin_save(changes_of(row))
    came_in = meet(row, stored)
    assert (came_in.steps, came_in.answered) == ((), ())
    assert changes_of(row).empty
    assert row.objects.row is stored
    assert row.snapshot is None


def test_what_others_made_of_a_mask_is_a_step_from_what_was_shown_to_what_is_stored() -> None:
    row = EditedRow(row_of(({"a": block(0, 0), "b": block(8, 0)},)))
    before = row.masks.get(OTHER)
    row.begin_save(changes_of(row))
    came_in = meet(row, row_of(({"a": block(0, 0), "b": block(20, 9)},)))
    (step,) = came_in.steps
    assert isinstance(step, MaskEdit)
    assert step.key == OTHER
    assert np.array_equal(step.patch.apply(before).to_array(HEIGHT, WIDTH), block(20, 9))
    assert np.array_equal(shown(row, OTHER), block(20, 9))


def test_a_stroke_made_since_is_joined_with_what_others_did_elsewhere_in_the_mask() -> None:
    row = EditedRow(row_of(({"a": block(0, 0)},)))
    row.begin_save(changes_of(row))
    paint(row, KEY, block(8, 0))
    meet(row, row_of(({"a": block(0, 0) | block(20, 9)},)))
    assert np.array_equal(shown(row, KEY), block(0, 0) | block(8, 0) | block(20, 9))
    assert set(changes_of(row).edited) == {KEY}


def test_a_stroke_made_since_over_what_others_did_stands_on_what_was_there_before() -> None:
    row = EditedRow(row_of(({"a": block(0, 0)},)))
    row.begin_save(changes_of(row))
    paint(row, KEY, block(8, 0))
    came_in = meet(row, row_of(({"a": block(0, 0) | block(9, 1)},)))
    assert not came_in.steps
    assert np.array_equal(shown(row, KEY), block(0, 0) | block(8, 0))
    assert np.array_equal(decoded(changes_of(row).base)[0]["a"], block(0, 0)), "so the next save sees both"


def test_an_object_deleted_since_stays_deleted_and_one_that_others_added_appears() -> None:
    row = EditedRow(row_of(({"a": block(0, 0), "b": block(8, 0)},)))
    row.begin_save(changes_of(row))
    row.apply(deleting(row, KEY), forwards=True)
    came_in = meet(row, row_of(({"a": block(0, 0), "b": block(8, 0), "c": block(16, 0)},)))
    assert [each.object_hash for each in row.objects.on(0)] == ["b", "c"]
    assert came_in.frames == (0,)
    assert changes_of(row).removed == {KEY}
