"""An object that cannot be edited says why, and one that can says nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bitmask_studio.core.attributes import Attribute, AttributeType
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.document.edited_row import EditedRow
from bitmask_studio.studio.document.refusals import answer_refusal, answers_refusal, mask_refusal
from tests.studio.document.test_document import KEY, first_state, row_of

NOTE = Attribute("note", "Note", AttributeType.TEXT)
PACE = Attribute("pace", "Pace", AttributeType.TEXT, dynamic=True)


@pytest.fixture
def row() -> EditedRow:
    return EditedRow(row_of(first_state()))


def test_what_can_be_edited_is_not_refused(row: EditedRow) -> None:
    assert mask_refusal(row, KEY) is None
    assert answers_refusal(row, KEY) is None
    assert answer_refusal(row, KEY, NOTE, "words") is None
    assert answer_refusal(row, KEY, NOTE, None) is None


def test_what_is_not_on_the_frame_is_refused(row: EditedRow) -> None:
    assert mask_refusal(row, MaskKey(0, "nobody"))
    assert answer_refusal(row, MaskKey(0, "nobody"), NOTE, "words") == "The object is not on this frame."


def test_a_row_that_may_not_be_edited_says_so_of_masks_and_answers(row: EditedRow) -> None:
    stored = row.objects.row
    row.objects.stand_on(replace(stored, info=replace(stored.info, read_only="look, don't touch")), {})
    assert mask_refusal(row, KEY) == answers_refusal(row, KEY) == "look, don't touch"


def test_an_answer_has_to_fit_its_attribute(row: EditedRow) -> None:
    assert answer_refusal(row, KEY, NOTE, 1.5) == "This is no answer to Note."
    assert answer_refusal(row, KEY, PACE, "fast") == "Answers that differ from frame to frame are shown, not edited."


def test_a_mask_is_decoded_before_anything_is_said_of_it(row: EditedRow) -> None:
    row.masks.await_frame(0)
    assert mask_refusal(row, KEY) is None
    assert KEY in row.masks.known
