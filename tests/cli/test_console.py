"""Progress is shown over one line on a terminal, and now and then in a log."""

from __future__ import annotations

import io

import pytest

from bitmask_studio.cli.console import ProgressLine, plain


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_line_breaks_and_control_characters_of_others_are_not_shown() -> None:
    assert plain("a\nb\x1b[31mc\u202ed é") == "a b [31mc d é"


def test_a_terminal_gets_one_line_written_over_and_taken_away() -> None:
    terminal = Terminal()
    line = ProgressLine(terminal)
    line.show("10 of 20")
    line.show("done")
    line.clear()
    assert terminal.getvalue() == "\r10 of 20\rdone    \r    \r"


def test_a_log_gets_lines() -> None:
    log = io.StringIO()
    line = ProgressLine(log)
    line.show("1 of 2")
    line.clear()
    assert log.getvalue() == "1 of 2\n"


def test_the_next_line_is_not_due_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    line = ProgressLine(io.StringIO())
    due = [line.due]
    now[0] += 5
    due.append(line.due)
    line.show("1 of 2")
    due.append(line.due)
    assert due == [False, True, False]
