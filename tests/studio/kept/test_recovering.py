"""What a crash leaves comes back by itself: masks, undo and redo, and what is saved and what is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.ask import Leave
from bitmask_studio.studio.kept.kept_rows import open_waiting
from bitmask_studio.studio.notices import RECOVERED, Notice
from tests.studio.keeping_desk import KeepingDesk, crash, in_loop
from tests.studio.label_files import block, change_outside, objects_in, write_labels


class Desks:
    """Desks one after another; each but the first comes after a crash of the one before."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch = folder, patch
        self._made: list[KeepingDesk] = []

    def new(self) -> KeepingDesk:
        number = len(self._made)
        if number:
            crash(self._patch, self._folder / f"state-{number}")
        self._made.append(KeepingDesk(self._folder / f"desk-{number}"))
        return self._made[-1]

    async def open(self, path: Path, row: str | None = None) -> KeepingDesk:
        """A new one with a file open."""
        desk = self.new()
        await desk.open(path, row=row)
        return desk

    def end(self) -> None:
        for each in self._made:
            each.end()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_labels(tmp_path)


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    made = Desks(tmp_path, monkeypatch)
    yield made
    made.end()


def banner(desk: KeepingDesk) -> Notice | None:
    return next((each for each in desk.notices if each.topic == RECOVERED), None)


def write_unnoted(desk: KeepingDesk) -> None:
    """Begin a save that comes as far as the file, and not to the note of it in the journal."""
    changes = desk.document.begin_save()
    assert desk.studio.workspace.source
    desk.studio.workspace.source.save([changes])


@in_loop
async def test_after_a_crash_the_strokes_are_there_and_can_be_undone(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    between = desk.pixels("objA")
    desk.dab(40, 30)
    after = desk.pixels("objA")
    await desk.kept()
    again = await desks.open(path)
    assert np.array_equal(again.pixels("objA"), after)
    assert again.is_unsaved()
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), between)
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)
    assert not again.is_unsaved()
    again.studio.redo()
    assert np.array_equal(again.pixels("objA"), between)


@in_loop
async def test_the_banner_says_how_many_edits_of_which_row_came_back_and_from_when(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    desk.dab(30, 30)
    desk.dab(40, 30)
    await desk.kept()
    again = await desks.open(path)
    told = banner(again)
    assert told
    assert told.text == f"Recovered 2 edits of one.png, last at {time.strftime('%H:%M')}"
    assert told.lasting
    assert (told.offers, told.verb) == ("discard", "Discard")


@in_loop
async def test_discard_takes_all_of_them_back_and_redo_brings_them_again(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    desk.dab(40, 30)
    after = desk.pixels("objA")
    await desk.kept()
    again = await desks.open(path)
    told = banner(again)
    assert told
    assert told.again
    await told.again()
    assert np.array_equal(again.pixels("objA"), before)
    assert not again.is_unsaved()
    again.studio.redo()
    again.studio.redo()
    assert np.array_equal(again.pixels("objA"), after)


@in_loop
async def test_what_was_discarded_does_not_come_back_after_the_next_crash_but_redo_does(
    path: Path, desks: Desks
) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    await desk.kept()
    second = await desks.open(path)
    second.session.recovering.banner.discard()
    await second.kept()
    third = await desks.open(path)
    assert banner(third) is None
    assert np.array_equal(third.pixels("objA"), before)
    third.studio.redo()
    assert third.is_unsaved()


@in_loop
async def test_undo_survives_a_save_and_the_next_start(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    assert await desk.session.save()
    desk.end()
    again = await desks.open(path)
    assert banner(again) is None
    assert not again.is_unsaved()
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)
    assert await again.session.save()
    assert np.array_equal(objects_in(path, 0)["objA"], before)


@in_loop
async def test_edits_that_undo_took_below_what_is_saved_come_back_so(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    assert await desk.session.save()
    desk.studio.undo()
    desk.dab(40, 30)
    after = desk.pixels("objA")
    await desk.kept()
    again = await desks.open(path)
    assert np.array_equal(again.pixels("objA"), after)
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)
    assert again.is_unsaved()
    again.session.recovering.banner.discard()
    assert np.array_equal(again.pixels("objA"), objects_in(path, 0)["objA"])
    assert not again.is_unsaved()
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)


@in_loop
async def test_objects_made_and_deleted_come_back_and_are_saved(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    desk.studio.start_object("hashWall")
    desk.dab(40, 30)
    made = desk.studio.view.object_hash
    assert made
    desk.studio.show(object_hash="objB")
    desk.studio.delete_chosen()
    await desk.kept()
    again = await desks.open(path)
    assert [each.object_hash for each in again.studio.objects] == ["objA", made]
    assert await again.session.save()
    assert set(objects_in(path, 0)) == {"objA", made}


@in_loop
async def test_what_another_program_did_meanwhile_to_the_same_mask_is_joined_at_the_next_save(
    path: Path, desks: Desks
) -> None:
    desk = await desks.open(path)
    desk.dab(30, 30)
    mine = desk.pixels("objA")
    await desk.kept()
    theirs = block(4, 4, 14, 14) | block(40, 2, 44, 6)
    change_outside(path, "objA", theirs)
    again = await desks.open(path)
    assert np.array_equal(again.pixels("objA"), mine)
    assert await again.session.save()
    assert np.array_equal(objects_in(path, 0)["objA"], mine | theirs)


@in_loop
async def test_where_both_changed_the_same_place_the_next_save_asks(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    desk.dab(30, 30)
    await desk.kept()
    change_outside(path, "objA", block(4, 4, 14, 14) | block(30, 28, 40, 33))
    again = await desks.open(path)
    assert not await again.session.save()
    assert [each for each, _ in again.studio.ask.asked] == ["conflicts"]


@in_loop
async def test_what_others_did_to_masks_without_waiting_edits_is_a_step_so_that_older_undo_fits(
    path: Path, desks: Desks
) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    assert await desk.session.save()
    await desk.kept()
    theirs = desk.pixels("objA") | block(40, 2, 44, 6)
    change_outside(path, "objA", theirs)
    again = await desks.open(path)
    assert banner(again) is None
    assert np.array_equal(again.pixels("objA"), theirs)
    assert not again.is_unsaved()
    assert again.document.history.undo_title == "Changes of Others"
    again.studio.undo()
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)
    await again.kept()
    third = await desks.open(path)
    assert np.array_equal(third.pixels("objA"), before)


@in_loop
async def test_a_crash_between_the_file_written_and_its_mark_counts_as_saved(
    path: Path, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    after = desk.pixels("objA")
    write_unnoted(desk)
    desk.dab(40, 30)
    later = desk.pixels("objA")
    await desk.kept()
    again = await desks.open(path)
    told = banner(again)
    assert told
    assert told.text.startswith("Recovered 1 edit of")
    assert np.array_equal(again.pixels("objA"), later)
    again.studio.undo()
    assert not again.is_unsaved()
    assert np.array_equal(again.pixels("objA"), after)
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)
    assert again.is_unsaved()


@in_loop
async def test_a_crash_right_after_the_file_was_written_leaves_nothing_to_recover(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    write_unnoted(desk)
    await desk.kept()
    again = await desks.open(path)
    assert banner(again) is None
    assert not again.is_unsaved()
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)


@in_loop
async def test_a_save_that_failed_leaves_the_edits_to_be_recovered(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    desk.dab(30, 30)
    desk.document.begin_save()
    desk.document.end_save(None)
    desk.studio.undo()
    desk.dab(40, 30)
    after = desk.pixels("objA")
    await desk.kept()
    again = await desks.open(path)
    assert np.array_equal(again.pixels("objA"), after)
    assert again.is_unsaved()


@in_loop
async def test_leaving_with_discard_keeps_nothing_but_redo(path: Path, desks: Desks) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    desk.studio.ask.leave = Leave.DISCARD
    assert await desk.session.may_leave()
    desk.end()
    again = await desks.open(path)
    assert banner(again) is None
    assert np.array_equal(again.pixels("objA"), before)
    assert again.document.history.redo_title


@in_loop
async def test_edits_of_a_row_whose_pictures_have_another_size_now_stay_where_they_are_kept(
    path: Path, desks: Desks
) -> None:
    desk = await desks.open(path)
    desk.dab(30, 30)
    await desk.kept()
    path.write_text(path.read_text().replace('"width": 48', '"width": 47'))
    again = await desks.open(path)
    told = banner(again)
    assert told
    assert "could not be brought back" in told.text
    assert not again.is_unsaved()
    await again.kept()
    journal = again.keeper.journal
    assert journal
    assert sum(each.edits for each in journal.waiting()) == 1


@in_loop
async def test_after_save_as_the_edits_are_kept_with_the_new_file(path: Path, desks: Desks, tmp_path: Path) -> None:
    desk = await desks.open(path)
    before = desk.pixels("objA")
    desk.dab(30, 30)
    new = tmp_path / "new" / "labels.json"
    new.parent.mkdir()
    desk.studio.ask.new_file = new
    assert await desk.session.save_as()
    desk.dab(40, 30)
    after = desk.pixels("objA")
    await desk.kept()
    again = await desks.open(path)
    assert banner(again) is None
    assert not again.document.history.undo_title
    await again.open(new)
    assert np.array_equal(again.pixels("objA"), after)
    again.studio.undo()
    again.studio.undo()
    assert np.array_equal(again.pixels("objA"), before)


@in_loop
async def test_rows_that_wait_are_listed_for_a_bare_start(path: Path, desks: Desks) -> None:
    desk = await desks.open(path, row="group")
    desk.dab(30, 30)
    await desk.kept()
    again = desks.new()
    (found,) = await again.session.recovering.waiting()
    assert found.text == f"group.png of labels.json - 1 edit, {time.strftime('%H:%M')}"
    await open_waiting(again.session, found)
    assert again.document.row.info.title == "group.png"
    assert again.is_unsaved()


@in_loop
async def test_a_second_session_on_the_same_file_can_look_and_not_paint(
    path: Path, desks: Desks, tmp_path: Path
) -> None:
    desk = await desks.open(path)
    second = KeepingDesk(tmp_path / "second")
    await second.open(path)
    assert "open in another window" in "".join(second.told)
    second.dab(30, 30)
    assert not second.is_unsaved()
    assert second.document.refusal(MaskKey(0, "objA"))
    desk.dab(30, 30)
    assert desk.is_unsaved()
    again = second.notices[0].again
    assert again
    await again()
    assert second.is_shut()
    assert await desk.session.save()
    desk.end()
    await again()
    assert not second.is_shut()
    assert np.array_equal(second.pixels("objA"), desk.pixels("objA"))
    second.dab(40, 30)
    assert second.is_unsaved()
    second.end()
