"""Words about objects and their answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.attributes import AnswerValue, Attribute, AttributeType, DynamicAnswer, Option
from bitmask_studio.core.labels import ObjectFacts
from bitmask_studio.studio.document.object_words import (
    answer_words,
    created_words,
    dynamic_words,
    edited_words,
    full_words,
    number_words,
    origin_words,
    time_of,
)

MARKS = Attribute(
    "m", "Marks", AttributeType.CHECKLIST, options=(Option("z", "First", "f"), Option("a", "Second", "s"))
)
MOMENT = datetime(2025, 1, 14, 9, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 14 Jan 2025 09:12:31 UTC",
        "Tue, 14 Jan 2025 09:12:31 GMT",
        "2025-01-14T09:12:31Z",
        "2025-01-14 09:12:31",
        "2025-01-14T10:12:31+01:00",
    ],
)
def test_moments_are_read_as_encord_writes_them_and_in_iso(text: str) -> None:
    assert time_of(text) == MOMENT


@given(st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ \w{3}"))
def test_any_other_text_is_no_moment_and_no_trouble(text: str) -> None:
    assert time_of(text) is None or isinstance(time_of(text), datetime)
    facts = ObjectFacts("somebody", text, "somebody", text)
    assert "somebody" in created_words(facts) and "somebody" in edited_words(facts)
    assert "somebody" in full_words(text, "somebody")


def test_what_nobody_knows_is_not_said() -> None:
    nothing = ObjectFacts()
    assert (created_words(nothing), edited_words(nothing), origin_words(nothing), full_words("", "")) == ("",) * 4
    assert created_words(ObjectFacts(created_by="a@b.c")) == "Created · a@b.c"
    assert edited_words(ObjectFacts(last_edited_at="some day")) == "Edited some day"


def test_moments_are_told_as_how_long_ago_they_were() -> None:
    at = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    assert created_words(ObjectFacts("a@b.c", at)) == "Created 3 h ago · a@b.c"


def test_confidence_and_hand_are_told() -> None:
    assert origin_words(ObjectFacts(confidence=0.0, manual_annotation=False)) == "Confidence 0 % · not by hand"
    assert origin_words(ObjectFacts(confidence=0.987654)) == "Confidence 98.8 %"
    assert origin_words(ObjectFacts(manual_annotation=True)) == "by hand"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ("", "–"),
        ("text", "text"),
        (2.0, "2"),
        (0.1, "0.1"),
        (("a", "z"), "First, Second"),
        (("gone", "z"), "First, gone"),
    ],
)
def test_answers_are_told_by_title(value: AnswerValue | None, words: str) -> None:
    assert answer_words(MARKS, value) == words


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_can_be_told_from_every_other(number: float) -> None:
    assert float(number_words(number)) == number


def test_answers_of_some_frames_name_them_counting_from_one() -> None:
    answers = [
        DynamicAnswer("m", ("a",), ((0, 0),)),
        DynamicAnswer("other", "x", ((0, 0),)),
        DynamicAnswer("m", ("z",), ((1, 3), (7, 7))),
        DynamicAnswer("m", ("z",), tuple((n, n) for n in range(0, 40, 2))),
    ]
    assert dynamic_words(MARKS, answers) == [
        "Second: frame 1",
        "First: frames 2–4, 8",
        "First: frames 1, 3, 5, 7, 9, 11, …",
    ]
