"""Attributes of objects and the answers to them, as an ontology nests them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import TypeGuard

from msgspec import Struct


class AttributeType(Enum):
    """What kind of answer an attribute takes, spelt as in an ontology structure."""

    RADIO = "radio"
    CHECKLIST = "checklist"
    TEXT = "text"
    NUMERIC = "numeric"


class Option(Struct, frozen=True):
    """One choice of a radio or checklist attribute; a radio's option may ask for more."""

    feature_hash: str
    title: str
    value: str
    attributes: tuple[Attribute, ...] = ()
    archived: bool = False
    """Whether it is kept for the objects that have it, and offered to no other."""


class Attribute(Struct, frozen=True):
    """A question that a class asks about each of its objects."""

    feature_hash: str
    name: str
    type: AttributeType
    required: bool = False
    dynamic: bool = False
    """Whether the answer may differ from frame to frame; such answers are shown here, not edited."""
    options: tuple[Option, ...] = ()
    archived: bool = False
    """Whether it is kept for the objects that have an answer, and asked of no other."""

    def walk(self) -> Iterator[Attribute]:
        """This attribute and all that its options nest."""
        yield self
        for option in self.options:
            for each in option.attributes:
                yield from each.walk()

    def accepts(self, value: object) -> TypeGuard[AnswerValue]:
        """Whether `value` is an answer to it: of its type, naming options that it has, nothing that JSON has not."""
        if self.type is AttributeType.TEXT:
            return _is_text(value)
        if self.type is AttributeType.NUMERIC:
            return isinstance(value, float) and math.isfinite(value)
        known = {each.feature_hash for each in self.options}
        if not isinstance(value, tuple) or not set(value) <= known or len(set(value)) < len(value):
            return False
        return len(value) == 1 if self.type is AttributeType.RADIO else bool(value)

    def chosen(self, value: AnswerValue | None) -> tuple[Option, ...]:
        """The options that an answer names, in the ontology's order."""
        return tuple(each for each in self.options if isinstance(value, tuple) and each.feature_hash in value)


AnswerValue = str | float | tuple[str, ...]
"""A text, a number, or the feature hashes of the options chosen: one for a radio, one or more for a checklist.

The hashes are in the order of `in_order`, so that equal answers are equal values.
"""

Answers = Mapping[str, AnswerValue]
"""An object's answers by the attribute's feature hash, nested ones beside their parents; no entry: not answered."""


class DynamicAnswer(Struct, frozen=True):
    """An answer that holds on some frames only: ranges of frame numbers, first and last included."""

    feature_hash: str
    """Of the attribute."""
    value: AnswerValue
    ranges: tuple[tuple[int, int], ...]


def in_order(hashes: Iterable[str]) -> tuple[str, ...]:
    """Feature hashes of options as an answer holds them: each once, in the order of their letters."""
    return tuple(sorted(set(hashes)))


def asked(attributes: Iterable[Attribute], answers: Answers) -> Iterator[tuple[Attribute, int]]:
    """The attributes that an object with these answers is asked for, each with how deep it is nested (from 0).

    A nested one is asked for while its option is chosen.
    """
    for each in attributes:
        yield each, 0
        for option in each.chosen(answers.get(each.feature_hash)):
            for nested, depth in asked(option.attributes, answers):
                yield nested, depth + 1


def answered(attribute: Attribute, value: AnswerValue | None, before: Answers) -> dict[str, AnswerValue]:
    """All answers once `attribute` has another one, or none: what the other options nested is not answered any more."""
    after = dict(before)
    kept = {each.feature_hash for each in attribute.chosen(value)}
    for option in attribute.options:
        for nested in option.attributes if option.feature_hash not in kept else ():
            for each in nested.walk():
                after.pop(each.feature_hash, None)
    after.pop(attribute.feature_hash, None)
    if value is not None:
        after[attribute.feature_hash] = in_order(value) if isinstance(value, tuple) else value
    return after


def _is_text(value: object) -> bool:
    """Whether it is text of whole characters: half of one cannot be sent or stored."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)
