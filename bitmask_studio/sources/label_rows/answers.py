"""The answers to the attributes of a row's objects, out of its `object_answers` and `object_actions`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bitmask_studio.core.attributes import (
    Answers,
    AnswerValue,
    Attribute,
    AttributeType,
    DynamicAnswer,
    in_order,
)
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.sources.jsontext import facts

_STATIC = "classifications"
_MOST = 10**300
"""Larger numbers than this are no answers: they would not be finite as a float."""


def read_answers(row: Mapping[str, Any], ontology: Ontology | None = None) -> dict[str, Answers]:
    """The static answers of each object that has any, by object hash; what cannot be read is left out.

    Several entries of one checklist count together, as Encord's editor writes them. With an ontology, what is no
    answer to an attribute of it is left out too, and of several entries of any other attribute the last counts.
    """
    attributes = _attributes(ontology)
    found = {key: _read_entries(entries, attributes) for key, entries in _listed(row, "object_answers", _STATIC)}
    return {key: answers for key, answers in found.items() if answers}


def read_dynamic_answers(row: Mapping[str, Any]) -> dict[str, tuple[DynamicAnswer, ...]]:
    """The answers that hold on some frames only, by object hash; those without a frame are left out."""
    found = {
        key: tuple(each for entry in entries if (each := _read_dynamic(entry)))
        for key, entries in _listed(row, "object_actions", "actions")
    }
    return {key: answers for key, answers in found.items() if answers}


def written(answers: Answers, ontology: Ontology) -> list[dict[str, Any]]:
    """The `classifications` of an object's entry in `object_answers`; what the ontology does not know is left out."""
    attributes = _attributes(ontology)
    return [_written(attributes[key], value) for key, value in answers.items() if key in attributes]


def _written(attribute: Attribute, value: AnswerValue) -> dict[str, Any]:
    chosen = [
        {"name": each.title, "value": each.value, "featureHash": each.feature_hash} for each in attribute.chosen(value)
    ]
    return {
        "name": attribute.name,
        "value": re.sub(r"[^\w]+", "_", attribute.name.lower()).strip("_"),
        "featureHash": attribute.feature_hash,
        "answers": chosen if isinstance(value, tuple) else value,
        "manualAnnotation": True,
    }


def _listed(row: Mapping[str, Any], table: str, name: str) -> Iterator[tuple[str, list[Any]]]:
    for key, entry in facts.table(row.get(table)).items():
        yield key, facts.items(facts.table(entry).get(name))


def _attributes(ontology: Ontology | None) -> dict[str, Attribute]:
    classes = ontology.classes if ontology else ()
    return {each.feature_hash: each for kind in classes for top in kind.attributes for each in top.walk()}


def _read_entries(entries: list[Any], attributes: Mapping[str, Attribute]) -> Answers:
    answers: dict[str, AnswerValue] = {}
    for entry in entries:
        table = facts.table(entry)
        key, value = facts.text(table.get("featureHash")), _read_value(table.get("answers"))
        if not key or value is None or table.get("dynamic") is True:
            continue
        attribute, before = attributes.get(key), answers.get(key)
        if isinstance(value, tuple) and isinstance(before, tuple) and not _is_radio(attribute):
            value = in_order((*before, *value))
        if attribute is None or attribute.accepts(value):
            answers[key] = value
    return answers


def _is_radio(attribute: Attribute | None) -> bool:
    return attribute is not None and attribute.type is AttributeType.RADIO


def _read_value(value: object) -> AnswerValue | None:
    """A text, a number, or the options that are named; None when it is no answer, or an empty one."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        named = (facts.text(facts.table(each).get("featureHash")) for each in value)
        return in_order(each for each in named if each) or None
    is_huge = isinstance(value, int) and abs(value) > _MOST
    return None if is_huge else facts.finite(value)


def _read_dynamic(entry: object) -> DynamicAnswer | None:
    table = facts.table(entry)
    key, value = facts.text(table.get("featureHash")), _read_value(table.get("answers"))
    ranges = tuple(found for each in facts.items(table.get("range")) if (found := _read_range(each)))
    return DynamicAnswer(key, value, ranges) if key and value is not None and ranges else None


def _read_range(entry: object) -> tuple[int, int] | None:
    """First and last frame number."""
    ends = [facts.whole(each) for each in facts.items(entry)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or not 0 <= ends[0] <= ends[1]:
        return None
    return ends[0], ends[1]
