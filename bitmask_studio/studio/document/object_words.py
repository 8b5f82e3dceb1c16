"""What is said of an object and its answers, in words for the user."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bitmask_studio.core.attributes import AnswerValue, Attribute, DynamicAnswer
from bitmask_studio.core.labels import ObjectFacts
from bitmask_studio.core.text import tr
from bitmask_studio.studio.rows.row_words import joined, moment, since

NOTHING = "–"
"""Stands where there is no answer."""
_MOST_RANGES = 6


def time_of(text: str) -> datetime | None:
    """The moment that a label row names, as Encord writes it or in ISO 8601; None when it is neither."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def created_words(facts: ObjectFacts) -> str:
    """When and by whom an object was made; empty where nobody knows."""
    return _deed(tr("Created"), facts.created_at, facts.created_by)


def edited_words(facts: ObjectFacts) -> str:
    """When and by whom it was changed last; empty where that is not known."""
    return _deed(tr("Edited"), facts.last_edited_at, facts.last_edited_by)


def full_words(at: str, by: str) -> str:
    """Day, time and person, for a tool tip; a time that cannot be read as it is."""
    when = time_of(at)
    return joined(_moment(when) if when else at, by)


def origin_words(facts: ObjectFacts) -> str:
    """How sure whoever made it was, and whether that was a person."""
    sure = facts.confidence
    by_hand = {True: tr("by hand"), False: tr("not by hand"), None: ""}[facts.manual_annotation]
    return joined("" if sure is None else tr("Confidence {percent} %").format(percent=f"{sure * 100:.3g}"), by_hand)


def answer_words(attribute: Attribute | None, value: AnswerValue | None) -> str:
    """An answer as people read it: options by their title, one that the ontology does not have by its feature hash."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, float):
        return number_words(value)
    if isinstance(value, str):
        return value
    named = attribute.chosen(value) if attribute else ()
    known = {each.feature_hash for each in named}
    return ", ".join([each.title for each in named] + [each for each in value if each not in known])


def number_words(value: float) -> str:
    """A number with as many digits as it takes to tell it from every other."""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)


def dynamic_words(attribute: Attribute, answers: Sequence[DynamicAnswer]) -> list[str]:
    """One line for each answer to an attribute that may differ from frame to frame, counting frames from 1."""
    own = (each for each in answers if each.feature_hash == attribute.feature_hash)
    return [
        tr("{answer}: {frames}").format(answer=answer_words(attribute, each.value), frames=_frames(each.ranges))
        for each in own
    ]


def _deed(word: str, at: str, by: str) -> str:
    when = time_of(at)
    time = since(when) if when else at
    return joined(f"{word} {time}" if time else word, by) if time or by else ""


def _moment(when: datetime) -> str:
    try:
        return moment(when)
    except (OverflowError, ValueError, OSError):  # a year that no clock has
        return when.isoformat()


def _frames(ranges: Sequence[tuple[int, int]]) -> str:
    shown = [f"{first + 1}" if first == last else f"{first + 1}–{last + 1}" for first, last in ranges[:_MOST_RANGES]]
    more = ["…"] if len(ranges) > _MOST_RANGES else []
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return (tr("frame {frames}") if single else tr("frames {frames}")).format(frames=", ".join(shown + more))
