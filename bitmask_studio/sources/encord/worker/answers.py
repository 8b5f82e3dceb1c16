"""Answers to the static attributes of an object, put into the SDK's object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from encord.objects import ObjectInstance, Option
from encord.objects.attributes import Attribute, ChecklistAttribute, RadioAttribute

from bitmask_studio.core.attributes import Answers, AnswerValue


def give_answers(instance: ObjectInstance, wanted: Answers) -> None:
    """Let the object have exactly these answers; those that it has already, and dynamic ones, are not touched.

    Raises what the SDK raises: for an option that is gone, or an answer that asks for an option not chosen.
    """
    for attribute in _walk(instance.ontology_item.attributes):
        if not attribute.dynamic:
            _give(instance, attribute, wanted.get(attribute.feature_node_hash))


def _give(instance: ObjectInstance, attribute: Attribute[Any], wanted: AnswerValue | None) -> None:
    answer = instance._static_answer_map[attribute.feature_node_hash]
    if wanted is None or wanted == ():
        if answer.is_answered():
            instance.delete_answer(attribute)
    elif not answer.is_answered() or _value(answer.get()) != _as_set(wanted):
        instance.set_answer(_for_sdk(attribute, wanted), attribute, overwrite=True)


def _for_sdk(attribute: Attribute[Any], wanted: AnswerValue) -> Any:  # noqa: ANN401 one of four types
    if not isinstance(wanted, tuple):
        return wanted
    options = [attribute.get_child_by_hash(each, type_=Option) for each in wanted]
    return options if isinstance(attribute, ChecklistAttribute) else options[0]


def _value(value: object) -> object:
    """What the SDK holds as an answer, comparable with what is wanted."""
    if isinstance(value, Option):
        return {value.feature_node_hash}
    if isinstance(value, list):
        return {each.feature_node_hash for each in value}
    return value


def _as_set(wanted: AnswerValue) -> object:
    return set(wanted) if isinstance(wanted, tuple) else wanted


def _walk(attributes: Sequence[Attribute[Any]]) -> Iterator[Attribute[Any]]:
    """Every attribute, those asked for by an option after the one that has the option."""
    for attribute in attributes:
        yield attribute
        if isinstance(attribute, RadioAttribute):
            for option in attribute.options:
                yield from _walk(option.attributes)
