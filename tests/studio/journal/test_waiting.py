"""A bare start finds the workspaces with unsaved edits; journals of which nothing is waited for go with time."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path

from bitmask_studio.studio.journal.journal import Journal
from bitmask_studio.studio.journal.kept import About
from bitmask_studio.studio.journal.names import name_of
from bitmask_studio.studio.journal.trimming import DAY
from bitmask_studio.studio.journal.waiting import sweep, waiting_workspaces
from tests.studio.journal.sessions import GENEROUS, Session, line_of


def a_journal(folder: Path, name: str, unsaved: bool = True, days: float = 0.0) -> Path:
    """One of the workspace `name`, last changed so many days ago."""
    journal = open_one(folder, name)
    session = Session(journal, 1)
    session.commit()
    if not unsaved:
        session.history.mark_saved()
        session.row.save_ended(line_of(session.history))
    assert journal.close(GENEROUS)
    return aged(folder / f"{name_of(name)}.sqlite", days)


def open_one(folder: Path, name: str) -> Journal:
    return Journal.open(folder, name, About(name, f"entry of {name}", ("/a", "/b"), "/images"), lambda deed: None)


def aged(path: Path, days: float) -> Path:
    then = time.time() - days * DAY
    os.utime(path, (then, then))
    return path


def rewind(path: Path, key: str, days: float) -> None:
    """Let the last step of a row have been taken so many days ago, in a journal that is closed."""
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE rows SET last_at = ? WHERE key = ?", (time.time() - days * DAY, key.encode()))
    db.close()


def test_workspaces_with_unsaved_edits_are_found_the_last_one_first(tmp_path: Path) -> None:
    a_journal(tmp_path, "first")
    a_journal(tmp_path, "saved", unsaved=False)
    path = a_journal(tmp_path, "last")
    found = waiting_workspaces(tmp_path)
    assert [each.about.title for each in found] == ["last", "first"]
    assert found[0].about == About("last", "entry of last", ("/a", "/b"), "/images")
    assert found[0].path == path
    assert [(each.title, each.edits) for each in found[0].rows] == [("Row", 1)]


def test_a_journal_that_is_in_use_is_not_listed_and_is_written_on(tmp_path: Path) -> None:
    journal = open_one(tmp_path, "open")
    session = Session(journal, 1)
    session.commit()
    assert journal.settle(GENEROUS)
    assert waiting_workspaces(tmp_path) == ()
    session.go_on(20)
    session.check(journal.read("row"))
    journal.close(GENEROUS)
    assert [each.about.title for each in waiting_workspaces(tmp_path)] == ["open"]


def test_a_journal_that_is_closed_a_moment_later_is_listed(tmp_path: Path) -> None:
    journal = open_one(tmp_path, "open")
    Session(journal, 1).commit()
    assert journal.settle(GENEROUS)
    closing = threading.Timer(0.1, journal.close)
    closing.start()
    assert [each.about.title for each in waiting_workspaces(tmp_path)] == ["open"]
    closing.join()


def test_files_that_are_no_journals_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "noise.sqlite").write_bytes(b"noise" * 1000)
    (tmp_path / "empty.sqlite").touch()
    (tmp_path / "folder.sqlite").mkdir()
    (tmp_path / "notes.txt").write_text("notes")
    a_journal(tmp_path, "one")
    assert [each.about.title for each in waiting_workspaces(tmp_path)] == ["one"]
    assert waiting_workspaces(tmp_path / "missing") == ()
    assert sweep(tmp_path / "missing") == 0


def test_old_journals_go_unless_edits_wait_in_them(tmp_path: Path) -> None:
    old = a_journal(tmp_path, "old", unsaved=False, days=91)
    kept = [
        a_journal(tmp_path, "young", unsaved=False, days=89),
        a_journal(tmp_path, "waiting", days=1000),
    ]
    assert sweep(tmp_path) == 1
    assert not old.exists()
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_the_oldest_journals_go_when_all_are_too_large(tmp_path: Path) -> None:
    paths = [a_journal(tmp_path, str(number), unsaved=number == 2, days=10 - number) for number in range(4)]
    size = sum(path.stat().st_size for path in paths)
    assert sweep(tmp_path, max_bytes=size - 1) == 1
    assert [path.exists() for path in paths] == [False, True, True, True]
    assert sweep(tmp_path, max_bytes=0) == 2
    assert [path.exists() for path in paths] == [False, False, True, False]


def test_a_journal_in_use_is_not_swept(tmp_path: Path) -> None:
    journal = open_one(tmp_path, "open")
    path = aged(tmp_path / f"{name_of('open')}.sqlite", 1000)
    assert sweep(tmp_path, max_bytes=0) == 0
    assert path.exists()
    session = Session(journal, 1)
    session.commit()
    session.check(journal.read("row"))
    assert journal.close(GENEROUS)


def test_damaged_journals_that_were_set_aside_go_in_the_end(tmp_path: Path) -> None:
    old, young = tmp_path / "a.sqlite.damaged-1", tmp_path / "a.sqlite.damaged-2"
    old.touch()
    young.touch()
    aged(old, 91)
    assert sweep(tmp_path) == 1
    assert [old.exists(), young.exists()] == [False, True]


def test_the_history_of_saved_rows_goes_when_a_journal_is_opened_after_a_long_time(tmp_path: Path) -> None:
    journal, path = open_one(tmp_path, "one"), tmp_path / f"{name_of('one')}.sqlite"
    for key in ("old", "young"):
        session = Session(journal, 1, key)
        session.commit()
        session.row.save_ended(line_of(session.history))
    unsaved = Session(journal, 2, "unsaved")
    unsaved.commit()
    assert journal.close(GENEROUS)
    for key, days in (("old", 91), ("young", 89), ("unsaved", 1000)):
        rewind(path, key, days)
    again = open_one(tmp_path, "one")
    assert again.read("old") is None
    assert again.read("young") is not None
    unsaved.check(again.read("unsaved"))
    assert again.close(GENEROUS)
