"""What is said of a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bitmask_studio.studio.rows.row_words import ago, count_words, describe, since, work_words
from tests.fakes.memory_server import server_row

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-90), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=24), "1 d ago"),
        (timedelta(days=30), "30 d ago"),
        (timedelta(days=31), "2026-01-29"),
    ],
)
def test_times_are_told_as_people_tell_them(passed: timedelta, words: str) -> None:
    assert ago(NOW - passed, NOW) == words


def test_times_with_and_without_a_zone_are_compared_with_a_clock_like_theirs() -> None:
    assert since(datetime.now(UTC)) == since(datetime.now()) == "just now"
    assert since(None) == ""


def test_a_row_is_described_by_type_size_frames_and_objects() -> None:
    row = server_row(0, width=60, height=40, objects=2)
    assert describe(row) == "Image · 60 × 40 · 2 objects"
    assert describe(server_row(2, width=60, height=40, frames=7, objects=1)) == (
        "Video · 60 × 40 · 7 frames · 1 object"
    )
    assert describe(server_row(0, data_type="hologram", width=0, objects=2)) == "hologram · 2 objects"


def test_objects_that_nobody_counted_are_not_told_of() -> None:
    assert describe(server_row(0, width=60, height=40)) == "Image · 60 × 40"
    assert describe(server_row(0, width=60, height=40, uninitialised=True)) == "Image · 60 × 40 · no labels yet"


def test_work_is_stage_status_and_person_as_far_as_known() -> None:
    assert work_words(server_row(1)) == "Review 1 · in progress · anna@example.com"
    assert work_words(server_row(0, status="")) == "Annotate 1"
    assert work_words(server_row(0, stage="", status="")) == ""


def test_thousands_are_set_apart() -> None:
    assert [count_words(number) for number in (7, 1234567)] == ["7", "1\u202f234\u202f567"]
