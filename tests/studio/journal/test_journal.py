"""What a journal is told is found in it again, whatever was done in between and whenever the program ended."""

from __future__ import annotations

import random
import sqlite3
import stat
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.studio.journal.carrying import forget_places
from bitmask_studio.studio.journal.journal import Journal, Phase
from bitmask_studio.studio.journal.kept import AnswerBase, Applied, Base, InFile, Line
from bitmask_studio.studio.journal.names import identity_of_files, identity_of_project, journals_folder, name_of
from bitmask_studio.studio.journal.replay import joined
from bitmask_studio.studio.journal.store import JournalStore
from bitmask_studio.studio.journal.waiting_rows import places_of_rows
from tests.studio.journal.sessions import (
    ABOUT,
    GENEROUS,
    HEIGHT,
    IDENTITY,
    WIDTH,
    Session,
    a_mask_edit,
    an_object,
    line_of,
    open_journal,
    replayed,
    same,
)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_done_is_found_again(tmp_path: Path, seed: int) -> None:
    journal = open_journal(tmp_path)
    session = Session(journal, seed)
    session.commit()
    for _ in range(4):
        session.go_on(30)
        session.check(journal.read("row"))
    assert journal.close(GENEROUS)
    again = open_journal(tmp_path)
    session.check(again.read("row"))
    again.close(GENEROUS)


@pytest.mark.parametrize("seed", range(4))
def test_one_goes_on_from_what_is_kept(tmp_path: Path, seed: int) -> None:
    session = Session(journal := open_journal(tmp_path), seed)
    session.commit()
    for _ in range(4):
        session.go_on(20)
        assert journal.close(GENEROUS)
        journal = open_journal(tmp_path)
        kept = journal.read("row")
        session.check(kept)
        session.row = journal.follow("row", "Row", kept)
    journal.close(GENEROUS)


def test_edits_that_outgrow_the_history_are_kept_while_they_are_not_stored(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=3, max_bytes=4000)
    for _ in range(40):
        session.commit()
    kept = journal.read("row")
    assert kept is not None
    assert len(kept.steps) < 20 < len(kept.log)
    session.check(kept)
    session.row.save_begun()
    session.history.mark_saved()
    session.stored = session.content
    session.row.save_ended(line_of(session.history))
    session.check(kept := journal.read("row"))
    assert kept is not None
    assert kept.log == ()
    journal.close(GENEROUS)
    with sqlite3.connect(tmp_path / "journal.sqlite") as db:
        assert db.execute("SELECT count(*) FROM steps").fetchone() == (len(kept.steps),)


def test_an_edit_that_is_taken_back_at_once_leaves_nothing_unsaved(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=1)
    session.commit()
    session.undo()
    assert session.row.log == ()
    assert journal.waiting() == ()
    session.redo()
    assert [each.edits for each in journal.waiting()] == [1]
    journal.close(GENEROUS)


def test_an_edit_taken_back_while_it_is_being_stored_is_unsaved(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=1)
    session.commit()
    session.row.save_begun()
    session.undo()
    assert list(session.row.log) == [(1, True), (1, False)]
    kept = journal.read("row")
    assert kept is not None
    assert kept.saving == 1
    session.history.mark_saved(1)
    session.row.save_ended(line_of(session.history))
    assert list(session.row.log) == [(1, False)]
    journal.close(GENEROUS)


def test_what_others_changed_comes_with_the_end_of_the_save(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=1)
    session.commit()
    session.row.save_begun()
    session.history.mark_saved()
    saved = line_of(session.history)
    theirs = a_mask_edit(session.dice, "Changes of Others")
    session.history.commit(theirs)
    session.history.mark_saved()
    session.row.save_ended(saved, (Base(theirs.key, WIDTH, HEIGHT, None),), [(theirs, line_of(session.history))])
    kept = journal.read("row")
    assert kept is not None
    assert [each.edit.title for each in kept.steps][-1] == "Changes of Others"
    assert kept.line == Line(0, 2, 2, 2)
    assert kept.log == ()
    session.history.undo()
    session.row.undone(line_of(session.history))
    assert session.row.log == ((2, False),)
    journal.close(GENEROUS)


def test_bases_are_those_given_last(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=1)
    session.commit()
    key = MaskKey(0, "one")
    info = an_object(key, a_mask_edit(random.Random(1)).patch.apply(EMPTY_MASK))
    answers = AnswerBase("one", {"attribute": ("a", "b")})
    session.row.save_begun()
    session.row.save_ended(line_of(session.history), [Base(key, WIDTH, HEIGHT, info), answers])
    kept = journal.read("row")
    assert kept is not None
    assert kept.bases[key] == Base(key, WIDTH, HEIGHT, info)
    assert kept.answers == {"one": answers}
    assert len(kept.bases) == 4
    journal.close(GENEROUS)


def test_a_row_begun_anew_leaves_unsaved_edits_under_another_key(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    first, second = Session(journal, seed=1), Session(journal, seed=2)
    first.commit()
    second.commit()
    third = Session(journal, seed=3)
    third.commit()
    assert sorted(each.key for each in journal.waiting()) == ["aside-1:row", "aside-2:row", "row"]
    first.check(journal.read("aside-1:row"))
    second.check(journal.read("aside-2:row"))
    third.check(journal.read("row"))
    journal.close(GENEROUS)


def test_a_row_begun_anew_is_rid_of_a_history_that_is_stored(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=1)
    session.commit()
    session.save()
    session.history.mark_saved()
    session.row.save_ended(line_of(session.history))
    Session(journal, seed=2).commit()
    assert [each.key for each in journal.waiting()] == ["row"]
    kept = journal.read("row")
    assert kept is not None
    assert len(kept.steps) == 1
    journal.close(GENEROUS)


def test_discarded_edits_can_be_done_again(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=4)
    for _ in range(5):
        session.commit()
    while session.history.undo():
        pass
    session.row.discarded(line_of(session.history))
    kept = journal.read("row")
    assert kept is not None
    assert kept.line == Line(0, 0, 0, 5)
    assert len(kept.steps) == 5
    assert kept.log == ()
    assert journal.waiting() == ()
    journal.close(GENEROUS)


def test_a_forgotten_row_is_gone(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=4)
    session.commit()
    session.row.forgotten()
    assert journal.read("row") is None
    session.history = type(session.history)()
    session.commit()
    assert journal.waiting()[0].edits == 1
    journal.forget("row")
    assert journal.read("row") is None
    assert journal.read("another") is None
    journal.close(GENEROUS)


def test_rows_wait_with_their_names_and_times_the_last_one_first(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    before = time.time()
    for number, key in enumerate(("a", "b \ud800", "c")):
        session = Session(journal, number, key)
        session.commit()
        session.commit()
    found = journal.waiting()
    assert [(each.key, each.title, each.edits) for each in found] == [
        ("c", "Row", 2),
        ("b \ud800", "Row", 2),
        ("a", "Row", 2),
    ]
    assert all(before <= each.last_at <= time.time() for each in found)
    journal.close(GENEROUS)


def test_nobody_else_may_read_a_journal(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "journals"
    journal = Journal.open(folder, IDENTITY, ABOUT, lambda deed: None)
    Session(journal, 1).commit()
    journal.settle(GENEROUS)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    assert {each.name.split("-")[0] for each in folder.iterdir()} == {f"{name_of(IDENTITY)}.sqlite"}
    journal.close(GENEROUS)


def test_what_is_told_is_kept_soon_and_said_so_on_the_thread_of_the_window(tmp_path: Path) -> None:
    deeds: SimpleQueue[Callable[[], None]] = SimpleQueue()
    journal = Journal(tmp_path / "journal.sqlite", IDENTITY, ABOUT, deeds.put)
    phases = [journal.state.phase]
    journal.changed.connect(lambda: phases.append(journal.state.phase))
    Session(journal, 1).commit()
    assert phases == [Phase.KEPT, Phase.WRITING]
    while not journal.kept:
        deeds.get(timeout=GENEROUS)()
    assert phases == [Phase.KEPT, Phase.WRITING, Phase.KEPT]
    journal.close(GENEROUS)


def test_telling_a_journal_never_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, apply = threading.Event(), JournalStore.apply
    monkeypatch.setattr(JournalStore, "apply", lambda *args: go_on.wait(GENEROUS) and apply(*args))
    session = Session(journal := open_journal(tmp_path), 1)
    session.go_on(50)
    assert not journal.settle(0.01)
    assert not journal.kept
    go_on.set()
    session.check(journal.read("row"))
    assert journal.close(GENEROUS)


def test_a_journal_that_is_closed_while_the_disk_hangs_says_that_not_all_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, apply = threading.Event(), JournalStore.apply
    monkeypatch.setattr(JournalStore, "apply", lambda *args: go_on.wait(GENEROUS) and apply(*args))
    Session(journal := open_journal(tmp_path), 1).commit()
    assert not journal.close(0.05)
    go_on.set()
    assert journal.close(GENEROUS)


def test_workspaces_are_told_apart_by_what_is_opened(tmp_path: Path) -> None:
    one, other = tmp_path / "a.json", tmp_path / "b.json"
    assert identity_of_files([one, other]) == identity_of_files([other, tmp_path / "x" / ".." / "a.json"])
    names = {
        name_of(identity_of_files([one])),
        name_of(identity_of_files([one, other])),
        name_of(identity_of_project("https://api.example", "hash")),
        name_of(identity_of_project("https://api.example", "other")),
    }
    assert len(names) == 4
    assert all(len(each) == 32 and int(each, 16) >= 0 for each in names)


def test_the_journals_lie_in_the_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BITMASK_STUDIO_STATE", str(tmp_path))
    assert journals_folder() == tmp_path / "journals"


def test_ten_thousand_strokes_are_joined_before_they_are_applied() -> None:
    dice = random.Random(5)
    log = [Applied(a_mask_edit(dice), dice.random() < 0.7) for _ in range(800)]
    content = Session.empty()
    assert len(joined(log)) == 4
    assert same(replayed(content, joined(log)), replayed(content, log))


def test_strokes_are_not_joined_across_the_coming_and_going_of_objects(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), seed=8)
    session.go_on(150)
    kept = journal.read("row")
    assert kept is not None
    assert len(joined(kept.log)) < len(kept.log)
    assert same(replayed(session.stored, joined(kept.log)), session.content)
    journal.close(GENEROUS)


def test_where_a_row_belongs_is_known_as_long_as_anything_of_it_is_kept(tmp_path: Path) -> None:
    journal, place = open_journal(tmp_path), InFile("/a.json", None, "hash", "title")
    edit = a_mask_edit(random.Random(1))
    for key in ("kept", "set aside", "gone"):
        journal.follow(key, key, None, place).committed(edit, Line(0, 1, 0, 1))
    journal.set_aside("set aside")
    journal.follow("gone", "gone", None).forgotten()
    assert journal.close(GENEROUS)
    (path,) = tmp_path.rglob("*.sqlite")
    with closing(sqlite3.connect(path)) as db:
        forget_places(db)
        assert set(places_of_rows(db)) == {"kept", "set aside"}
