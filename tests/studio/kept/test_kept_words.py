"""What is said of kept edits."""

from __future__ import annotations

import datetime

import pytest

from bitmask_studio.studio.kept import kept_words
from bitmask_studio.studio.kept.kept_words import moment


def test_a_time_is_said_with_its_day_unless_that_is_today(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Clock:
            return cls(2026, 11, 23, 8, 0)

    monkeypatch.setattr(kept_words, "datetime", Clock)
    assert moment(datetime.datetime(2026, 11, 23, 7, 5).timestamp()) == "07:05"
    assert moment(datetime.datetime(2026, 11, 22, 23, 59).timestamp()) == "23:59 on 2026-11-22"
