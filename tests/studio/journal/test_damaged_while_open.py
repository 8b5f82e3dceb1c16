"""Whatever is done to the files of a journal that is open, its edits are on the disk again a moment later."""

from __future__ import annotations

import errno
import os
import random
import time
from pathlib import Path

import pytest

from bitmask_studio.studio.journal import mended, writer
from bitmask_studio.studio.journal.journal import Phase
from bitmask_studio.studio.journal.kept import InFile, JournalError
from bitmask_studio.studio.journal.mended import MendedStore
from bitmask_studio.studio.journal.store import JournalStore
from tests.long.fuzz_open_journal import FILES, NAME, Harm, Harmed, fuzz
from tests.studio.journal.sessions import GENEROUS, Session, open_journal
from tests.studio.journal.test_failing import Heard, damage, wait_until


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LOOK", 0.02)


def at_work(folder: Path) -> tuple[Heard, Session]:
    """A journal that is open, and whose edits are all on the disk."""
    heard = Heard(folder / NAME)
    session = Session(heard.journal, 1)
    session.go_on(20)
    heard.wait_for(Phase.KEPT)
    return heard, session


def empty(folder: Path, *names: str) -> None:
    """Take all that is in these files away, at a moment that their times tell from the one before."""
    time.sleep(0.02)
    for name in names:
        os.truncate(folder / name, 0)


def test_nothing_of_an_open_journal_is_mapped_into_memory_that_somebody_could_cut_short(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), 1)
    session.go_on(20)
    journal.read("row")
    assert {each.name for each in tmp_path.iterdir()} == set(FILES)
    assert journal.close(GENEROUS)


def test_harm_of_every_kind_loses_no_edit(tmp_path: Path) -> None:
    assert fuzz(tmp_path, random.Random(20261123), tries=24)


@pytest.mark.parametrize("harm", [Harm.EMPTIED, Harm.NOISE, Harm.DELETED])
@pytest.mark.parametrize("names", [FILES[:1], FILES[1:], FILES], ids=["file", "ahead", "both"])
def test_it_is_seen_although_nothing_is_done(tmp_path: Path, harm: Harm, names: tuple[str, ...]) -> None:
    harmed = Harmed(tmp_path, random.Random(1))
    harmed.harm(dict.fromkeys(names, harm))
    harmed.await_whole()
    assert harmed.journal.close(GENEROUS)


@pytest.mark.parametrize("ahead", [Harm.EMPTIED, Harm.SHORT, Harm.NOISE])
def test_what_was_deleted_and_cannot_be_read_any_more_either_is_written_anew(tmp_path: Path, ahead: Harm) -> None:
    harmed = Harmed(tmp_path, random.Random(1))
    harmed.sessions[0].go_on(200)
    harmed.harm({FILES[1]: ahead, NAME: Harm.DELETED})
    harmed.await_whole()
    assert harmed.journal.close(GENEROUS)


def test_what_something_else_did_is_told_once_and_the_damaged_file_is_kept(tmp_path: Path) -> None:
    harmed = Harmed(tmp_path, random.Random(1))
    harmed.restart()  # nothing is ahead of the file then
    harmed.harm({NAME: Harm.NOISE})
    wait_until(lambda: harmed.journal.told is not None)
    harmed.await_whole()
    told, harmed.journal.told = harmed.journal.told, None
    assert told
    assert "written to it again" in told
    assert (tmp_path / f"{NAME}.damaged-1").exists()
    harmed.work()
    harmed.await_whole()
    assert harmed.journal.told is None
    assert harmed.journal.close(GENEROUS)


def test_a_file_that_is_only_touched_is_nothing_to_be_told_of(tmp_path: Path) -> None:
    harmed = Harmed(tmp_path, random.Random(1))
    harmed.harm(dict.fromkeys(FILES, Harm.TOUCHED))
    time.sleep(0.1)
    harmed.await_whole()
    assert harmed.journal.told is None
    assert harmed.journal.close(GENEROUS)


def test_times_are_not_believed_for_ever_on_a_disk_that_sets_them_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bool] = []
    leave = JournalStore.leave

    def leave_and_tell(store: JournalStore) -> None:
        opened.append(True)
        leave(store)

    monkeypatch.setattr(JournalStore, "leave", leave_and_tell)
    monkeypatch.setattr(mended, "_MOST_ALARMS", 3)
    journal = open_journal(tmp_path)
    session = Session(journal, 1)
    for _ in range(6):
        session.commit()
        assert journal.settle(GENEROUS)
        time.sleep(0.02)
        (tmp_path / NAME).touch()
        wait_until(lambda: len(opened) >= 3 or journal.settle(GENEROUS))
        time.sleep(0.05)
    assert len(opened) == 3
    session.check(journal.read("row"))
    assert journal.close(GENEROUS)


def test_the_mark_does_not_say_kept_while_it_is_not(tmp_path: Path) -> None:
    heard, session = at_work(tmp_path)
    phases: list[Phase] = []
    heard.journal.changed.connect(lambda: phases.append(heard.journal.state.phase))
    empty(tmp_path, NAME)
    wait_until(lambda: phases == [Phase.WRITING, Phase.KEPT])
    session.check(heard.journal.read("row"))
    assert heard.journal.close(GENEROUS)


def test_what_is_damaged_just_before_it_is_read_is_not_taken_for_a_row_without_edits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, session = at_work(tmp_path)
    with monkeypatch.context() as late:
        late.setattr(MendedStore, "is_well", True)
        empty(tmp_path, *FILES)
        with pytest.raises(JournalError, match="damaged"):
            heard.journal.read("row")
    heard.wait_for(Phase.KEPT)
    session.check(heard.journal.read("row"))
    assert heard.journal.close(GENEROUS)


def test_a_damaged_journal_that_cannot_be_made_anew_is_not_kept_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, session = at_work(tmp_path)

    def fail(*args: object) -> None:
        raise damage()

    with monkeypatch.context() as broken:
        broken.setattr(JournalStore, "apply", fail)
        empty(tmp_path, NAME)
        assert heard.wait_for(Phase.FAILING) == "it is damaged"
        assert not heard.journal.settle(GENEROUS)
        with pytest.raises(JournalError, match="damaged"):
            heard.journal.read("row")
    heard.wait_for(Phase.KEPT)
    session.check(heard.journal.read("row"))
    assert heard.journal.close(GENEROUS)


def test_what_belongs_to_rows_and_what_was_wished_for_is_written_again_too(tmp_path: Path) -> None:
    journal, place = open_journal(tmp_path), InFile("/a.json", None, "hash", "title")
    session = Session(journal, 1)
    session.row = journal.follow("row", "Row", None, place)
    session.commit()
    journal.wish_to_save(True)
    assert journal.close(GENEROUS)
    journal = open_journal(tmp_path)
    journal.follow("row", "Row", journal.read("row"), place)
    assert journal.settle(GENEROUS)
    empty(tmp_path, *FILES)
    wait_until(lambda: journal.told is not None)
    assert journal.close(GENEROUS)
    again = open_journal(tmp_path)
    assert again.is_to_be_saved
    assert [each.place for each in again.waiting()] == [place]
    again.close(GENEROUS)


def test_a_disk_that_fails_while_the_file_is_made_anew_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, session = at_work(tmp_path)
    replace = Path.replace

    def fail(path: Path, target: str) -> Path:
        if "damaged-0" in path.name:
            raise OSError(errno.EIO, "Input/output error")
        return replace(path, target)

    with monkeypatch.context() as disk:
        disk.setattr(Path, "replace", fail)
        empty(tmp_path, NAME)
        assert heard.wait_for(Phase.FAILING) == "the disk reports an error"
        (tmp_path / FILES[1]).unlink(missing_ok=True)
    heard.wait_for(Phase.KEPT)
    session.check(heard.journal.read("row"))
    assert heard.journal.close(GENEROUS)


def test_a_file_that_is_damaged_at_the_very_end_is_mended_before_it_is_closed(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), 1)
    session.go_on(20)
    assert journal.settle(GENEROUS)
    empty(tmp_path, *FILES)
    assert journal.close(GENEROUS)
    again = open_journal(tmp_path)
    session.check(again.read("row"))
    again.close(GENEROUS)
