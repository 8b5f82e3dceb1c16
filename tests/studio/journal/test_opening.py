"""A journal opens whatever lies in its place; what of it is whole is there, what is damaged is kept beside it."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path

import pytest

from bitmask_studio.studio.journal.ahead import mended
from bitmask_studio.studio.journal.journal import Journal
from tests.long.fuzz_journal import Damaged, fuzz
from tests.studio.journal.sessions import ABOUT, GENEROUS, Session, open_journal, replayed, same

NAME = "journal.sqlite"


def a_journal(folder: Path, seed: int = 1, steps: int = 40) -> Session:
    """One that was closed."""
    session = Session(journal := open_journal(folder), seed)
    session.commit()
    session.go_on(steps)
    assert journal.close(GENEROUS)
    return session


def works(journal: Journal) -> None:
    """Whether new edits are kept in it, next to what else is there."""
    assert journal.settle(GENEROUS)
    session = Session(journal, 99, "new")
    session.go_on(20)
    session.commit()
    session.check(journal.read("new"))
    assert journal.close(GENEROUS)


def test_a_new_journal_is_nothing_to_be_told_of(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    assert journal.told is None
    works(journal)


def test_a_file_without_a_byte_is_a_new_journal(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    journal = open_journal(tmp_path)
    assert journal.told is None
    works(journal)


@pytest.mark.parametrize("content", [b"This is no journal at all." * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_journal_is_moved_out_of_the_way(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    journal = open_journal(tmp_path)
    assert journal.told
    assert f"{NAME}.damaged-1" in journal.told
    assert (tmp_path / f"{NAME}.damaged-1").read_bytes() == content
    works(journal)


def test_a_folder_of_that_name_is_moved_out_of_the_way(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "file").touch()
    works(open_journal(tmp_path))
    assert (tmp_path / f"{NAME}.damaged-1" / "file").exists()


def test_the_database_of_another_program_is_moved_out_of_the_way(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("CREATE TABLE theirs(a)")
    db.close()
    works(open_journal(tmp_path))
    assert sqlite3.connect(tmp_path / f"{NAME}.damaged-1").execute("SELECT * FROM theirs").fetchall() == []


def test_the_journal_of_another_workspace_is_moved_out_of_the_way(tmp_path: Path) -> None:
    journal = Journal(tmp_path / NAME, "another", ABOUT, lambda deed: None)
    Session(journal, 1).commit()
    journal.close(GENEROUS)
    journal = open_journal(tmp_path)
    assert journal.read("row") is None
    works(journal)
    assert (tmp_path / f"{NAME}.damaged-1").exists()


def test_a_journal_with_a_table_more_is_not_trusted(tmp_path: Path) -> None:
    session = a_journal(tmp_path)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("CREATE TRIGGER theirs AFTER INSERT ON log BEGIN DELETE FROM log; END")
    db.close()
    journal = open_journal(tmp_path)
    session.check(journal.read("row"))
    works(journal)


def test_the_journal_of_a_newer_program_is_left_as_it_is(tmp_path: Path) -> None:
    a_journal(tmp_path)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("PRAGMA user_version = 2")
    db.close()
    before = (tmp_path / NAME).read_bytes()
    for _ in range(2):
        journal = open_journal(tmp_path)
        assert journal.told
        assert "newer version" in journal.told
        works(journal)
    assert (tmp_path / NAME).read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {NAME, "journal.1.sqlite"}


def test_what_was_written_ahead_when_the_program_was_killed_is_there(tmp_path: Path) -> None:
    session = Session(journal := open_journal(tmp_path), 1)
    session.go_on(40)
    assert journal.settle(GENEROUS)
    killed = tmp_path / "killed"
    killed.mkdir()
    for each in (NAME, f"{NAME}-wal"):
        (killed / each).write_bytes((tmp_path / each).read_bytes())
    assert (killed / f"{NAME}-wal").stat().st_size
    again = open_journal(killed)
    session.check(again.read("row"))
    works(again)
    journal.close(GENEROUS)


def killed_journal(folder: Path) -> tuple[Session, Path]:
    """One whose program was killed: all of it is written ahead. The session, and the folder that it lies in."""
    session = Session(journal := open_journal(folder), 1)
    for _ in range(30):
        session.commit()
        assert journal.settle(GENEROUS)
    killed = folder / "killed"
    killed.mkdir()
    for each in (NAME, f"{NAME}-wal"):
        (killed / each).write_bytes((folder / each).read_bytes())
    assert journal.close(GENEROUS)
    return session, killed


@pytest.mark.parametrize("part", [0.0, 0.0007, 0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_bit_that_turned_over_in_what_was_written_ahead_is_told_and_costs_no_edit_after_it(
    tmp_path: Path, part: float
) -> None:
    session, killed = killed_journal(tmp_path)
    ahead = killed / f"{NAME}-wal"
    content = bytearray(ahead.read_bytes())
    content[20 + int(part * len(content))] ^= 4
    ahead.write_bytes(content)
    journal = open_journal(killed)
    assert journal.told
    assert "damaged-1" in journal.told
    assert (killed / f"{NAME}.damaged-1-wal").read_bytes() == content
    kept = journal.read("row")
    assert kept is not None
    session.check_part(kept)
    assert len(kept.log) == len(session.row.log)
    works(journal)
    again = open_journal(killed)
    assert again.told is None
    assert again.close(GENEROUS)


def test_half_a_first_page_costs_nothing_that_was_written_ahead(tmp_path: Path) -> None:
    session, killed = killed_journal(tmp_path)
    (killed / NAME).write_bytes((killed / NAME).read_bytes()[:2048])
    journal = open_journal(killed)
    session.check(journal.read("row"))
    works(journal)


def test_what_is_left_over_of_a_commit_that_failed_is_not_taken_for_edits(tmp_path: Path) -> None:
    session, killed = killed_journal(tmp_path)
    ahead = killed / f"{NAME}-wal"
    content = ahead.read_bytes()
    frames = [content[at : at + 4120] for at in range(32, len(content), 4120)]
    ahead.write_bytes(content + b"".join(frames[len(frames) // 2 :]))
    assert mended(killed / NAME) is not None
    journal = open_journal(killed)
    assert journal.told is None
    session.check(journal.read("row"))
    works(journal)


@pytest.mark.parametrize("seed", range(3))
def test_what_was_written_ahead_and_is_whole_or_cut_short_needs_no_mending(tmp_path: Path, seed: int) -> None:
    _, killed = killed_journal(tmp_path)
    ahead = killed / f"{NAME}-wal"
    content = ahead.read_bytes()
    assert mended(killed / NAME) is None
    ahead.write_bytes(content[: random.Random(seed).randrange(len(content))])
    assert mended(killed / NAME) is None


def test_a_salvage_that_was_killed_when_it_was_done_is_finished(tmp_path: Path) -> None:
    session = a_journal(tmp_path)
    (tmp_path / NAME).rename(tmp_path / f"{NAME}.salvaged")
    (tmp_path / NAME).write_bytes(b"damaged")
    (tmp_path / f"{NAME}-wal").write_bytes(b"old")
    journal = open_journal(tmp_path)
    session.check(journal.read("row"))
    works(journal)


@pytest.mark.parametrize("table", ["steps", "log", "bases", "rows"])
def test_a_value_that_changed_is_noticed_and_what_is_before_it_is_whole(tmp_path: Path, table: str) -> None:
    """SQLite itself finds nothing wrong with such a file."""
    session = a_journal(tmp_path)
    column = {"steps": "edit", "log": "state", "bases": "base", "rows": "place"}[table]
    with sqlite3.connect(tmp_path / NAME) as db:
        found = db.execute(f"SELECT id, {column} FROM {table} ORDER BY id").fetchall()
        row, value = found[len(found) // 2]
        other = value + 1 if isinstance(value, int) else value[:-1] + bytes([value[-1] ^ 1])
        db.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (other, row))
    db.close()
    journal = open_journal(tmp_path)
    kept = journal.read("row")
    assert kept is not None
    assert kept.damage
    session.check_part(kept)
    row_journal = journal.follow("row", "Row", kept)
    row_journal.marked(kept.line)
    mended = journal.read("row")
    assert mended is not None
    assert mended.damage is None
    assert (mended.entries, mended.line) == (kept.entries, kept.line)
    assert len(mended.steps) == len(kept.steps)
    session.check_part(mended)
    works(journal)


@pytest.mark.parametrize("column", ["key", "title", "last_at", "place", "saved", "log_start", "crc"])
@pytest.mark.parametrize("value", [5, -7, "text", b"\xff\xfe", 1e300])
def test_values_of_any_kind_where_others_belong_keep_no_journal_from_opening(
    tmp_path: Path, column: str, value: object
) -> None:
    a_journal(tmp_path, steps=5)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute(f"UPDATE rows SET {column} = ?", (value,))
    db.close()
    journal = open_journal(tmp_path)
    assert journal.settle(GENEROUS)
    journal.read("row")
    assert all(0 <= each.last_at < time.time() + 1 for each in journal.waiting() if column == "last_at")
    works(journal)


@pytest.mark.parametrize("back", [0, 3])
def test_a_log_that_is_lost_is_known_by_the_steps_from_the_stored_state_to_the_present_one(
    tmp_path: Path, back: int
) -> None:
    session = Session(journal := open_journal(tmp_path), 1)
    for _ in range(8):
        session.commit()
    for _ in range(back):
        session.undo()
    assert journal.close(GENEROUS)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("DELETE FROM log")
    db.close()
    journal = open_journal(tmp_path)
    kept = journal.read("row")
    assert kept is not None
    assert kept.damage
    assert (len(kept.log), len(kept.steps)) == (8 - back, 8)
    assert same(replayed(session.stored, kept.log), session.content)
    works(journal)


@pytest.mark.parametrize("table", ["rows", "sqlite_autoindex_rows_1", "meta", "sqlite_schema"])
def test_a_page_of_noise_costs_no_more_than_what_was_on_it(tmp_path: Path, table: str) -> None:
    session = a_journal(tmp_path)
    db = sqlite3.connect(tmp_path / NAME)
    found = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    db.close()
    content = bytearray((tmp_path / NAME).read_bytes())
    at = ((found[0] if found else 1) - 1) * 4096
    content[at : at + 4096] = random.Random(1).randbytes(4096)
    (tmp_path / NAME).write_bytes(content)
    journal = open_journal(tmp_path)
    assert journal.told
    assert "damaged-1" in journal.told
    assert (tmp_path / f"{NAME}.damaged-1").read_bytes() == content
    kept = journal.read("row")
    assert kept is not None
    assert len(kept.log) == len(session.row.log)
    session.check_part(kept)
    assert journal.waiting()[0].last_at > time.time() - 3600
    works(journal)


@pytest.mark.parametrize("kind", Damaged)
def test_damaged_files_open_with_what_is_whole(tmp_path: Path, kind: Damaged) -> None:
    counts = fuzz(tmp_path, random.Random(20261123), kind, tries=5)
    assert counts.tries == 5
    assert counts.whole + counts.part + counts.none == 5
