"""Attributes of objects and the answers to them, as an ontology nests them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum


class AttributeType(Enum):
    """What kind of answer an attribute takes, spelt as in an ontology structure."""

    RADIO = "radio"
    CHECKLIST = "checklist"
    TEXT = "text"
    NUMERIC = "numeric"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a radio or checklist attribute; a radio's option may ask for more."""

    feature_hash: str
    title: str
    value: str
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """A question that a class asks about each of its objects."""

    feature_hash: str
    name: str
    type: AttributeType
    required: bool = False
    dynamic: bool = False
    """Whether the answer may differ from frame to frame; such answers are shown here, not edited."""
    options: tuple[Option, ...] = ()

    def walk(self) -> Iterator[Attribute]:
        """This attribute and all that its options nest."""
        yield self
        for option in self.options:
            for each in option.attributes:
                yield from each.walk()


AnswerValue = str | float | tuple[str, ...]
"""A text, a number, or the feature hashes of the options chosen: one for a radio, any number for a checklist."""

Answers = Mapping[str, AnswerValue]
"""An object's answers by the attribute's feature hash, nested ones beside their parents; no entry: not answered."""
