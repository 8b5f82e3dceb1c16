"""The log is bounded, for its user alone, free of secrets, and never in anybody's way."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitmask_studio.studio import log
from bitmask_studio.studio.log import BYTES, FILES, LogFile, start_log, stop_log, trace_of
from tests.planted import KEY, LINES, SIGNATURE, SIGNED

NOTED = logging.getLogger("bitmask_studio.tests")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "logs"


@pytest.fixture
def handler(folder: Path) -> Iterator[LogFile]:
    made = start_log(folder)
    yield made
    stop_log(made)


def written(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in sorted(folder.iterdir()))


def failure(text: str) -> Exception:
    """An exception that was raised, from another one."""
    try:
        try:
            raise OSError(text)
        except OSError as cause:
            raise RuntimeError("it failed") from cause
    except RuntimeError as error:
        return error


def test_nothing_is_made_before_something_is_noted(folder: Path, handler: LogFile) -> None:
    assert not folder.exists()
    NOTED.info("started")
    assert "INFO" in written(folder) and "started" in written(folder)


@pytest.mark.skipif(os.name != "posix", reason="files have no such bits")
def test_the_log_is_for_its_user_alone(folder: Path, handler: LogFile) -> None:
    NOTED.info("started")
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_of_others_only_warnings_are_kept(folder: Path, handler: LogFile) -> None:
    others = logging.getLogger("somebody.else")
    others.setLevel(logging.DEBUG)
    others.info("chatter")
    others.warning("trouble")
    NOTED.debug("detail")
    assert "trouble" in written(folder)
    assert "chatter" not in written(folder) and "detail" not in written(folder)


def test_the_files_do_not_outgrow_their_bounds(folder: Path, handler: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    handler.maxBytes = 20_000
    for number in range(2000):
        NOTED.info("entry %d %s", number, "x y " * 20)
    paths = list(folder.iterdir())
    assert len(paths) == FILES
    assert all(path.stat().st_size <= 20_000 for path in paths)
    assert "entry 1999" in (folder / "bitmask-studio.log").read_text()
    assert BYTES * FILES <= 5_000_000


def test_one_long_entry_is_cut_in_its_middle(folder: Path, handler: LogFile) -> None:
    NOTED.info("begin %s end", "x y " * 1_000_000)
    assert len(written(folder)) < 20_000
    assert "begin" in written(folder) and written(folder).endswith("end\n")


@pytest.mark.plants_secrets
def test_no_secret_gets_into_the_log(folder: Path, handler: LogFile) -> None:
    NOTED.warning("could not get %s with %s", SIGNED, KEY)
    NOTED.error("failed", exc_info=failure(f"{SIGNED} Authorization: {SIGNATURE} {LINES[3]}"))
    text = written(folder)
    assert "RuntimeError: it failed" in text and "storage.example" in text
    assert not [secret for secret in (SIGNATURE, *LINES) if secret in text]


def test_what_others_wrote_stays_on_its_line(folder: Path, handler: LogFile) -> None:
    NOTED.info("title %s", "a\n2026-01-01 ERROR forged\x1b[2J\u2028b")
    assert written(folder).count("\n") == 1
    assert "\x1b" not in written(folder)


def test_a_letter_that_is_none_is_written_all_the_same(folder: Path, handler: LogFile) -> None:
    failed = failure("half a pair \ud800")
    record = NOTED.makeRecord("bitmask_studio", logging.ERROR, "", 1, "failed", (), (type(failed), failed, None))
    handler.handle(record)  # past pytest, whose workers cannot hand such letters on
    assert "\\ud800" in written(folder)


def test_a_log_that_cannot_be_written_disturbs_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_bytes(b"")
    handler = start_log(tmp_path / "file" / "logs")
    NOTED.error("nowhere to go")
    stop_log(handler)
    assert capfd.readouterr() == ("", "")


def test_a_traceback_tells_where_without_the_folders_of_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_HERE", f"{Path(__file__).parents[2]}{os.sep}")
    text = trace_of(failure(f"no file {Path.home() / 'secret plans' / 'a.json'}, {SIGNED}"))
    assert '"tests/studio/test_log.py"' in text
    assert str(Path.home()) not in text and "~" in text
    assert SIGNATURE not in text and text.rstrip().endswith("RuntimeError: it failed")


def test_a_failure_that_calls_itself_makes_a_short_traceback() -> None:
    error: BaseException = ValueError("first")
    for number in range(2000):
        error, error.__cause__ = RuntimeError(f"number {number}"), error
    assert len(trace_of(error)) < 20_000
