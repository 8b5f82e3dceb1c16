"""Rows of what is opened are found in other journals, whatever state these are in, and forgotten there when asked."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitmask_studio.studio.journal.elsewhere import forget_elsewhere, read_elsewhere, rows_elsewhere
from bitmask_studio.studio.journal.journal import Journal
from bitmask_studio.studio.journal.kept import About, Base, InFile, JournalError, Line
from bitmask_studio.studio.journal.schema import VERSION, connect, transaction
from tests.studio.journal.sessions import HEIGHT, WIDTH, a_mask_edit

PLACE = InFile("/data/labels.json", "label", "data", "one.png")
OPENED = ("/data",)


def kept_by_itself(folder: Path, *places: InFile | None) -> Path:
    """A journal of /data/labels.json with an edit in a row for each place."""
    path = folder / "other.sqlite"
    journal = Journal(path, "files:/data/labels.json", About("labels.json", "", ("/data/labels.json",)), lambda _: None)
    for number, place in enumerate(places):
        edit = a_mask_edit(random.Random(number))
        row = journal.follow(f"key-{number}", "one.png", None, place)
        row.committed(edit, Line(0, 1, 0, 1), [Base(edit.key, WIDTH, HEIGHT, None)])
    assert journal.close(20)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "journals"
    found.mkdir()
    return found


@contextlib.contextmanager
def changed(path: Path, *statements: str) -> Iterator[None]:
    with contextlib.closing(connect(path)) as db, transaction(db):
        for each in statements:
            db.execute(each)
    yield


def found_in(folder: Path, *opened: str) -> list[str]:
    return [each.row.key for each in rows_elsewhere(folder, folder / "own.sqlite", opened or OPENED)]


def test_rows_of_a_file_are_found_with_its_folder_and_with_itself_and_with_no_other(folder: Path) -> None:
    kept_by_itself(folder, PLACE, InFile("/elsewhere/x.json", "label", "data", "two.png"))
    assert found_in(folder, "/data") == ["key-0"]
    assert found_in(folder, "/data/labels.json", "/b.json") == ["key-0"]
    assert found_in(folder, "/data/other.json") == []
    assert found_in(folder, "/elsewhere") == ["key-1"]


def test_without_a_note_of_its_file_a_row_belongs_to_the_one_file_that_was_open(folder: Path) -> None:
    kept_by_itself(folder, None)
    (found,) = rows_elsewhere(folder, folder / "own.sqlite", OPENED)
    assert found.place is None


def test_a_note_that_cannot_be_read_counts_as_none(folder: Path) -> None:
    path = kept_by_itself(folder, PLACE)
    with changed(path, "UPDATE meta SET value = x'01ff00' WHERE typeof(key) = 'blob'"):
        (found,) = rows_elsewhere(folder, folder / "own.sqlite", OPENED)
    assert found.place is None


def test_ones_own_journal_is_not_another(folder: Path) -> None:
    path = kept_by_itself(folder, PLACE)
    assert rows_elsewhere(folder, path, OPENED) == ()


def test_what_was_read_is_forgotten_there_with_its_note(folder: Path) -> None:
    path = kept_by_itself(folder, PLACE)
    (found,) = rows_elsewhere(folder, folder / "own.sqlite", OPENED)
    kept = read_elsewhere(found)
    assert kept
    assert kept.unsaved == 1
    forget_elsewhere(found)
    assert read_elsewhere(found) is None
    assert found_in(folder) == []
    with contextlib.closing(connect(path)) as db:
        assert db.execute("SELECT count(*) FROM meta WHERE typeof(key) = 'blob'").fetchone() == (0,)


@pytest.mark.parametrize("content", [b"", b"no journal", b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_journal_is_passed_by(folder: Path, content: bytes) -> None:
    (folder / "other.sqlite").write_bytes(content)
    (folder / "folder.sqlite").mkdir()
    assert found_in(folder) == []


@pytest.mark.parametrize(
    "statement",
    [
        f"PRAGMA user_version = {VERSION + 1}",
        "PRAGMA application_id = 7",
        "DELETE FROM meta",
        "UPDATE meta SET value = 5 WHERE key = 'about'",
        "DROP TABLE log",
        "DROP TABLE meta",
    ],
)
def test_a_journal_that_is_damaged_or_newer_is_passed_by(folder: Path, statement: str) -> None:
    path = kept_by_itself(folder, PLACE)
    with changed(path, statement):
        assert found_in(folder) == []


def test_a_damaged_byte_anywhere_is_no_harm(folder: Path) -> None:
    path = kept_by_itself(folder, PLACE)
    whole, dice = path.read_bytes(), random.Random(7)
    for _ in range(100):
        broken = bytearray(whole)
        for _ in range(dice.choice([1, 40])):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        path.write_bytes(broken)
        for each in rows_elsewhere(folder, folder / "own.sqlite", OPENED):
            with contextlib.suppress(JournalError):
                read_elsewhere(each)
                forget_elsewhere(each)
        for beside in folder.glob("other.sqlite-*"):
            beside.unlink()


def test_a_journal_in_use_is_passed_by_at_once_and_refused_in_words(folder: Path) -> None:
    path = kept_by_itself(folder, PLACE)
    (found,) = rows_elsewhere(folder, folder / "own.sqlite", OPENED)
    with contextlib.closing(connect(path)) as db, transaction(db):
        assert found_in(folder) == []
        with pytest.raises(JournalError, match="another program is using it"):
            forget_elsewhere(found)
