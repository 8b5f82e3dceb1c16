"""While the disk does not take the journal, edits wait in memory; nothing of them is missing when it does again."""

from __future__ import annotations

import contextlib
import errno
import resource
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bitmask_studio.core.errors import SaveError
from bitmask_studio.studio.journal import opening
from bitmask_studio.studio.journal.failing import reason
from bitmask_studio.studio.journal.journal import Journal, Phase
from bitmask_studio.studio.journal.kept import JournalError
from bitmask_studio.studio.journal.store import JournalStore
from tests.studio.journal.sessions import ABOUT, GENEROUS, IDENTITY, Session, open_journal


class Heard:
    """A journal whose states are heard at once, on whatever thread."""

    def __init__(self, path: Path) -> None:
        self.journal = Journal(path, IDENTITY, ABOUT, lambda deed: deed(), retry=0.02)

    def wait_for(self, phase: Phase) -> str:
        """The reason that goes with it."""
        wait_until(lambda: self.journal.state.phase is phase)
        return self.journal.state.reason


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + GENEROUS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Writing fails beyond `size` bytes, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_edits_wait_while_the_disk_is_full(tmp_path: Path) -> None:
    heard = Heard(tmp_path / "journal.sqlite")
    session = Session(heard.journal, 1)
    session.commit()
    assert heard.journal.settle(GENEROUS)
    with no_file_larger_than(100_000):
        session.go_on(400)
        assert heard.wait_for(Phase.FAILING)
        session.go_on(10)
        assert not heard.journal.settle(GENEROUS)
    heard.wait_for(Phase.KEPT)
    session.check(heard.journal.read("row"))
    assert heard.journal.close(GENEROUS)
    again = open_journal(tmp_path)
    session.check(again.read("row"))
    again.close(GENEROUS)


def test_what_was_kept_before_the_disk_was_full_is_whole(tmp_path: Path) -> None:
    heard = Heard(tmp_path / "journal.sqlite")
    session = Session(heard.journal, 1)
    session.go_on(20)
    assert heard.journal.settle(GENEROUS)
    with no_file_larger_than(200_000):
        while heard.journal.settle(GENEROUS):
            session.go_on(20)
    copy = tmp_path / "as after a crash"
    copy.mkdir()
    for name in ("journal.sqlite", "journal.sqlite-wal"):
        shutil.copy(tmp_path / name, copy)
    again = open_journal(copy)
    kept = again.read("row")
    assert kept is not None
    assert kept.damage is None
    session.check_part(kept)
    again.close(GENEROUS)
    heard.journal.close(GENEROUS)


def test_a_folder_that_vanishes_comes_back_with_everything_in_it(tmp_path: Path) -> None:
    heard = Heard(tmp_path / "journals" / "journal.sqlite")
    session = Session(heard.journal, 2)
    session.go_on(40)
    assert heard.journal.settle(GENEROUS)
    shutil.rmtree(tmp_path / "journals")
    session.go_on(40)
    assert heard.journal.settle(GENEROUS)
    session.check(heard.journal.read("row"))
    assert {each.name for each in (tmp_path / "journals").iterdir()} == {"journal.sqlite", "journal.sqlite-wal"}
    session.go_on(20)
    assert heard.journal.close(GENEROUS)
    again = open_journal(tmp_path / "journals")
    session.check(again.read("row"))
    again.close(GENEROUS)


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_file_that_is_deleted_comes_back_at_the_latest_with_the_next_edit(tmp_path: Path, suffix: str) -> None:
    heard = Heard(tmp_path / "journal.sqlite")
    session = Session(heard.journal, 2)
    session.go_on(40)
    assert heard.journal.settle(GENEROUS)
    (tmp_path / f"journal.sqlite{suffix}").unlink()
    session.go_on(5)
    session.commit()
    assert heard.journal.settle(GENEROUS)
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in ("journal.sqlite", "journal.sqlite-wal"):
        shutil.copy(tmp_path / name, killed)
    again = open_journal(killed)
    session.check(again.read("row"))
    again.close(GENEROUS)
    assert heard.journal.close(GENEROUS)


def test_a_journal_that_another_file_took_the_place_of_is_written_again(tmp_path: Path) -> None:
    heard = Heard(tmp_path / "journal.sqlite")
    session = Session(heard.journal, 2)
    session.go_on(10)
    assert heard.journal.settle(GENEROUS)
    (tmp_path / "journal.sqlite").unlink()
    (tmp_path / "journal.sqlite").write_bytes(b"something else")
    session.go_on(10)
    session.check(heard.journal.read("row"))
    assert heard.journal.close(GENEROUS)


def test_a_folder_that_cannot_be_made_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("in the way")
    heard = Heard(tmp_path / "journals" / "journal.sqlite")
    assert heard.journal.state.phase is Phase.FAILING
    assert heard.journal.state.reason == "the folder for it is not a folder"
    session = Session(heard.journal, 3)
    session.go_on(20)
    with pytest.raises(JournalError, match="cannot be read"):
        heard.journal.read("row")
    (tmp_path / "journals").unlink()
    heard.wait_for(Phase.KEPT)
    session.check(heard.journal.read("row"))
    assert heard.journal.close(GENEROUS)


def test_a_journal_that_never_could_be_opened_says_at_the_end_that_edits_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("in the way")
    heard = Heard(tmp_path / "journals" / "journal.sqlite")
    Session(heard.journal, 3).commit()
    assert not heard.journal.close(GENEROUS)


def test_a_journal_that_is_damaged_while_it_is_written_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard(tmp_path / "journal.sqlite")
    session = Session(heard.journal, 4)
    session.go_on(10)
    heard.journal.settle(GENEROUS)
    apply = JournalStore.apply
    failed: list[bool] = []

    def fail_once(*args: object) -> None:
        if not failed:
            failed.append(True)
            raise damage()
        apply(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(JournalStore, "apply", fail_once)
    session.go_on(10)
    heard.wait_for(Phase.KEPT)
    assert failed
    session.check(heard.journal.read("row"))
    heard.journal.close(GENEROUS)


def damage() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return error


def test_the_reason_is_in_plain_words() -> None:
    assert reason(damage()) == "it is damaged"
    assert reason(OSError(28, "No space left on device")) == "the disk is full"
    assert reason(OSError(999, "odd")) == "the system says: [Errno 999] odd"
    assert reason(SaveError("Not written.")) == "Not written."


@pytest.mark.parametrize("killed", [True, False])
def test_what_is_kept_is_read_from_a_disk_that_is_full_at_the_start(tmp_path: Path, killed: bool) -> None:
    first = tmp_path / "first"
    first.mkdir()
    session = Session(journal := open_journal(first), 1)
    session.go_on(40)
    session.commit()
    assert journal.settle(GENEROUS)
    if killed:
        shutil.copytree(first, tmp_path / "second")
    assert journal.close(GENEROUS)
    if not killed:
        first.rename(tmp_path / "second")
    with no_file_larger_than(1):
        again = Heard(tmp_path / "second" / "journal.sqlite")
        kept = again.journal.read("row")
        session.check(kept)
        assert [each.key for each in again.journal.waiting()] == ["row"]
        session.row = again.journal.follow("row", "Row", kept)
        session.commit()
        assert again.wait_for(Phase.FAILING)
    again.wait_for(Phase.KEPT)
    session.check(again.journal.read("row"))
    assert again.journal.close(GENEROUS)


def test_what_is_kept_is_read_from_a_disk_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(journal := open_journal(tmp_path), 1)
    session.go_on(40)
    session.commit()
    assert journal.settle(GENEROUS)
    shutil.copytree(tmp_path, tmp_path / "killed")
    assert journal.close(GENEROUS)
    make = opening._make

    def refuse(path: Path) -> None:
        if path.parent == tmp_path / "killed":
            raise OSError(errno.EROFS, "Read-only file system")
        make(path)

    with monkeypatch.context() as disk:
        disk.setattr(opening, "_make", refuse)
        again = Heard(tmp_path / "killed" / "journal.sqlite")
        assert again.journal.state.reason == "the disk is read-only"
        kept = again.journal.read("row")
        session.check(kept)
        session.row = again.journal.follow("row", "Row", kept)
        session.commit()
        assert again.wait_for(Phase.FAILING)
    again.wait_for(Phase.KEPT)
    session.check(again.journal.read("row"))
    assert again.journal.close(GENEROUS)
