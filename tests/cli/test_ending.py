"""Every run ends with a status and at most one line."""

from __future__ import annotations

import pytest

from bitmask_studio.cli.ending import exit_status
from bitmask_studio.core.errors import InputError
from tests.planted import KEY, LINES, SIGNATURE, SIGNED


def failing(error: BaseException) -> int:
    def program() -> int:
        raise error

    return exit_status(program)


def test_the_programs_own_status_is_the_answer() -> None:
    assert exit_status(lambda: 1) == 1


def test_an_expected_error_is_its_own_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert failing(InputError("the file is empty")) == 2
    assert capsys.readouterr() == ("", "bitmask_studio: the file is empty\n")


@pytest.mark.parametrize("error", [ValueError("a\nb\x1b[2J"), RecursionError(), MemoryError(), KeyError("x")])
def test_an_unexpected_error_is_one_line_too(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert failing(error) == 2
    told = capsys.readouterr().err
    assert type(error).__name__ in told and told.count("\n") == 1 and "\x1b" not in told


def test_the_traceback_is_shown_on_request(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BITMASK_STUDIO_DEBUG", "1")
    assert failing(ValueError("why")) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("code", "status"), [(0, 0), (3, 3), (None, 0), ("text", 1)])
def test_leaving_early_keeps_its_status(code: object, status: int) -> None:
    assert failing(SystemExit(code)) == status


def test_ctrl_c_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    assert failing(KeyboardInterrupt()) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("later", [ValueError("an archive is still being written"), InputError("no room")])
def test_what_fails_while_ctrl_c_is_cleaned_up_after_ends_as_quietly(
    later: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def program() -> int:
        try:
            raise KeyboardInterrupt
        finally:
            raise later

    assert exit_status(program) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_went_away_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    assert failing(BrokenPipeError()) == 141
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("debug", ["0", "1"])
def test_what_went_wrong_is_told_without_secrets(
    debug: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITMASK_STUDIO_DEBUG", debug)

    def fail() -> int:
        raise RuntimeError(f"could not get {SIGNED} with {KEY}")

    assert exit_status(fail) == 2
    told = capsys.readouterr().err
    assert "storage.example" in told
    assert not [secret for secret in (SIGNATURE, *LINES) if secret in told]
