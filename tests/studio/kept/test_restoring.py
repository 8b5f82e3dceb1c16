"""What is kept of a row, over the row as others may have changed it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.attributes import Answers
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, MaskKey
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import AnswerChange, AnswerEdit, MaskEdit
from bitmask_studio.studio.journal.journal import Journal
from bitmask_studio.studio.journal.kept import JournalError, KeptRow
from bitmask_studio.studio.kept.keeping import Keeper
from bitmask_studio.studio.kept.places import place_of_files
from tests.fakes.memory_source import a_frame, a_row, an_object, stored

SIZE = (40, 60)
KEY, OTHER = MaskKey(0, "objA"), MaskKey(0, "objB")
Crash = Callable[[LabelRow], Document]


def box_mask(x: int, y: int, width: int = 5, height: int = 5) -> Mask:
    return Mask.of(Box(x, y, x + width, y + height), np.ones((height, width), np.bool_))


def row_with(
    a: Mask | None = None, b: Mask | None = None, answers: Mapping[str, Answers] | None = None, width: int = SIZE[1]
) -> LabelRow:
    """A row of one frame; the masks are box_mask(5, 5) and box_mask(30, 5) unless others are given."""
    masks = {"objA": a or box_mask(5, 5), "objB": b or box_mask(30, 5)}
    objects = [an_object(name, stored(mask.to_array(SIZE[0], width))) for name, mask in masks.items()]
    return replace(a_row("row", a_frame(*objects, width=width, height=SIZE[0])), answers=answers or {})


def paint(document: Document, key: MaskKey, after: Mask) -> None:
    document.commit_patch(MaskEdit("Brush", key, MaskPatch.between(document.mask(key), after)))


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    keeper = Keeper.begin(place_of_files([tmp_path / "labels.json"]), lambda deed: deed())
    keeper.attach(keeper.make(), ())
    yield keeper
    keeper.end()


@pytest.fixture
def opened(keeper: Keeper) -> Crash:
    """Opens a row as it is stored by now, with all that was kept of it so far."""

    def open_row(row: LabelRow) -> Document:
        keeper.deafen()
        found = keeper.restore(row)
        keeper.follow(found)
        return found.document

    return open_row


def test_a_row_of_which_nothing_is_kept_is_as_it_is_stored(opened: Crash) -> None:
    document = opened(row_with())
    assert document.history.is_empty
    assert not document.unsaved


def test_answers_come_back_and_those_of_others_to_other_attributes_stay(opened: Crash) -> None:
    document = opened(row_with(answers={"objA": {"old": "yes", "mine": "a"}}))
    document._do(AnswerEdit("Answer", KEY, (AnswerChange("mine", "a", "b"),)))  # as `answer` does it
    again = opened(row_with(answers={"objA": {"old": "no", "mine": "a"}}))
    assert again.answers("objA") == {"old": "yes", "mine": "b"}
    changes = again.changes()
    assert changes.base.answers["objA"] == {"old": "yes", "mine": "a"}, "a save finds out what others answered"
    again.undo()
    assert again.answers("objA") == {"old": "yes", "mine": "a"}


def test_answers_that_are_stored_already_count_as_saved(opened: Crash) -> None:
    document = opened(row_with(answers={"objA": {"mine": "a"}}))
    document._do(AnswerEdit("Answer", KEY, (AnswerChange("mine", "a", "b"),)))
    document.begin_save()
    again = opened(row_with(answers={"objA": {"mine": "b"}}))
    assert not again.unsaved
    again.undo()
    assert again.answers("objA") == {"mine": "a"}
    assert again.unsaved


def test_a_mask_that_others_deleted_is_still_painted_on_and_the_save_finds_out(opened: Crash) -> None:
    document = opened(row_with())
    paint(document, KEY, box_mask(5, 5, 9))
    row = row_with()
    frame = replace(row.frames[0], objects=row.frames[0].objects[1:])
    again = opened(replace(row, frames=(frame,)))
    assert again.mask(KEY).same_as(box_mask(5, 5, 9))
    changes = again.changes()
    assert set(changes.edited) == {KEY}
    assert changes.base.bitmask(KEY)


def test_what_is_stored_with_more_that_others_did_counts_as_saved_and_undo_keeps_theirs_apart(opened: Crash) -> None:
    document = opened(row_with())
    mine = box_mask(5, 5, 9)
    paint(document, KEY, mine)
    document.begin_save()
    both = np.zeros(SIZE, np.bool_)
    both[5:10, 5:14] = both[30:35, 50:55] = True
    again = opened(row_with(a=Mask.of(Box.of_size(SIZE[1], SIZE[0]), both)))
    assert not again.unsaved
    assert again.history.undo_title == "Changes of Others"
    again.undo()
    assert again.mask(KEY).same_as(mine)
    again.undo()
    assert again.mask(KEY).same_as(box_mask(5, 5))


def test_a_frame_of_another_size_takes_no_edits_and_they_stay_in_the_journal(opened: Crash, keeper: Keeper) -> None:
    document = opened(row_with())
    paint(document, KEY, box_mask(5, 5, 9))
    again = opened(row_with(width=50))
    assert again.history.is_empty
    assert again.mask(KEY).same_as(box_mask(5, 5))
    assert keeper.recovered["row"].misfit
    assert keeper.journal
    assert [each.edits for each in keeper.journal.waiting()] == [1]
    paint(again, KEY, box_mask(6, 6))
    assert keeper.journal.settle()
    assert sum(each.edits for each in keeper.journal.waiting()) == 2, "old and new ones are there"


def test_edits_set_aside_come_back_as_soon_as_the_size_is_theirs_again(opened: Crash, keeper: Keeper) -> None:
    wide, narrow = box_mask(5, 5, 9), box_mask(6, 6)
    paint(opened(row_with()), KEY, wide)
    paint(opened(row_with(width=50)), KEY, narrow)
    again = opened(row_with())
    assert again.mask(KEY).same_as(wide)
    assert "Edits of row.png (1)" in keeper.recovered["row"].others, "those made meanwhile are told of"
    assert opened(row_with(width=50)).mask(KEY).same_as(narrow)
    last = opened(row_with())
    assert last.mask(KEY).same_as(wide)
    assert keeper.journal
    assert keeper.journal.settle()
    assert sum(each.edits for each in keeper.journal.waiting()) == 2, "and nothing is kept twice"
    last.undo()
    assert last.mask(KEY).same_as(box_mask(5, 5)), "with their history"


def test_edits_that_have_no_place_keep_none_from_coming_back_that_were_set_aside_later(
    opened: Crash, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(opened(row_with()), KEY, box_mask(5, 5, 9))
    paint(opened(row_with(width=50)), KEY, box_mask(6, 6))
    with monkeypatch.context() as disk:
        disk.setattr(Journal, "read", unreadable)
        assert not opened(row_with(width=50)).unsaved
    assert opened(row_with(width=50)).mask(KEY).same_as(box_mask(6, 6))


def unreadable(journal: Journal, key: str) -> KeptRow | None:
    raise JournalError("The journal cannot be read: the disk reports an error.")


def test_two_thousand_strokes_come_back_as_they_were(opened: Crash) -> None:
    document = opened(row_with())
    for number in range(2_000):
        paint(document, KEY if number % 3 else OTHER, box_mask(number % 50, number * 7 % 31))
    again = opened(row_with())
    for key in (KEY, OTHER):
        assert again.mask(key).same_as(document.mask(key))
    assert again.history.states == document.history.states
    for _ in range(50):
        again.undo()
        document.undo()
    assert again.mask(KEY).same_as(document.mask(KEY))
