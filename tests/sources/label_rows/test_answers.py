"""Answers and facts of objects, as the SDK writes them, as real rows hold them, and as nobody should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from encord.objects import Object, OntologyStructure, Shape
from encord.objects.attributes import ChecklistAttribute, NumericAttribute, RadioAttribute, TextAttribute
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.objects.options import FlatOption, NestableOption
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.attributes import Answers, DynamicAnswer
from bitmask_studio.core.labels import ObjectFacts
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.sources.label_rows.answers import read_answers, read_dynamic_answers
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.objects import read_objects
from bitmask_studio.sources.label_rows.row import opened, summarize
from tests.fakes.encord_json import label_row

Json = dict[str, Any]


def row_with(entries: object, table: str = "object_answers", name: str = "classifications") -> Json:
    return {table: {"obj": {"objectHash": "obj", name: entries}}}


def entry(feature_hash: object, answers: object, **more: object) -> Json:
    return {
        "name": "n",
        "value": "n",
        "featureHash": feature_hash,
        "answers": answers,
        "manualAnnotation": True,
        **more,
    }


def option(feature_hash: object) -> Json:
    return {"name": "o", "value": "o", "featureHash": feature_hash}


@pytest.fixture
def structure() -> OntologyStructure:
    structure = OntologyStructure()
    car = structure.add_object("Car", Shape.BOUNDING_BOX)
    kind = car.add_attribute(RadioAttribute, "Kind")
    kind.add_option("Van").add_nested_attribute(TextAttribute, "Plate")
    marks = car.add_attribute(ChecklistAttribute, "Marks")
    for label in ("Dented", "Wet", "Old"):
        marks.add_option(label)
    car.add_attribute(NumericAttribute, "Age")
    car.add_attribute(TextAttribute, "Pace", dynamic=True)
    return structure


def hash_of(owner: Object | OntologyStructure, title: str) -> str:
    return owner.get_child_by_title(title).feature_node_hash


def test_answers_are_read_as_the_sdk_writes_them(structure: OntologyStructure) -> None:
    car = structure.objects[0]
    instance = car.create_instance()
    instance.set_for_frames(BoundingBoxCoordinates(0.1, 0.1, 0.2, 0.2), frames=[0, 1, 2, 5])
    van = car.get_child_by_title("Van", type_=NestableOption)
    marks = [car.get_child_by_title(title, type_=FlatOption) for title in ("Wet", "Dented")]
    instance.set_answer(van, car.get_child_by_title("Kind", type_=RadioAttribute))
    instance.set_answer("B-AB 1", car.get_child_by_title("Plate", type_=TextAttribute))
    instance.set_answer(marks, car.get_child_by_title("Marks", type_=ChecklistAttribute))
    instance.set_answer(2.5, car.get_child_by_title("Age", type_=NumericAttribute))
    for text, frames in (("slow", [0, 1, 5]), ("fast", [2])):
        instance.set_answer(text, car.get_child_by_title("Pace", type_=TextAttribute), frames)
    static = [each.to_encord_dict() for each in instance._get_all_static_answers()]
    dynamic = [each.to_encord_dict(ranges) for each, ranges in instance._get_all_dynamic_answers()]
    row = json.loads(
        json.dumps(row_with([each for each in static if each]) | row_with(dynamic, "object_actions", "actions"))
    )
    assert read_answers(row, Ontology.from_structure(structure.to_dict())) == {
        "obj": {
            hash_of(car, "Kind"): (van.feature_node_hash,),
            hash_of(car, "Plate"): "B-AB 1",
            hash_of(car, "Marks"): tuple(sorted(each.feature_node_hash for each in marks)),
            hash_of(car, "Age"): 2.5,
        }
    }
    pace = hash_of(car, "Pace")
    assert read_dynamic_answers(row) == {
        "obj": (DynamicAnswer(pace, "slow", ((0, 1), (5, 5))), DynamicAnswer(pace, "fast", ((2, 2),)))
    }


def test_several_entries_of_a_checklist_count_together() -> None:
    row = row_with([entry("m", [option("b")]), entry("m", [option("a"), option("b")])])
    assert read_answers(row) == {"obj": {"m": ("a", "b")}}


def test_with_an_ontology_what_is_no_answer_is_left_out_and_the_last_of_a_radio_counts(
    structure: OntologyStructure,
) -> None:
    car = structure.objects[0]
    kind, age, van = (hash_of(car, title) for title in ("Kind", "Age", "Van"))
    entries = [entry(kind, [option("gone")]), entry(kind, [option(van)]), entry(age, "old"), entry("other", "kept")]
    ontology = Ontology.from_structure(structure.to_dict())
    assert read_answers(row_with(entries), ontology) == {"obj": {kind: (van,), "other": "kept"}}
    assert read_answers(row_with(entries))["obj"][age] == "old"


UNREADABLE: list[object] = [
    None,
    True,
    {},
    [],
    [None, 3, {}, option(3), option("")],
    float("nan"),
    float("inf"),
    10**400,
]


@pytest.mark.parametrize("answers", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_no_answer_at_all_is_left_out(answers: object) -> None:
    row = row_with([entry("a", answers), entry("b", "kept")])
    assert read_answers(row) == {"obj": {"b": "kept"}}
    ranges = [[0, 1]]
    actions = row_with([entry("a", answers, range=ranges)], "object_actions", "actions")
    assert read_dynamic_answers(actions) == {}


@pytest.mark.parametrize(
    "ranges", [None, 3, [], [3], [[1]], [[2, 1]], [[-1, 2]], [[0, 1, 2]], [["0", "1"]], [[0.0, 1.0]]]
)
def test_a_dynamic_answer_without_a_frame_is_left_out(ranges: object) -> None:
    row = row_with([entry("a", "x", range=ranges)], "object_actions", "actions")
    assert read_dynamic_answers(row) == {}


@pytest.mark.parametrize("key", [None, 3, "", ["a"]])
def test_an_answer_to_no_attribute_is_left_out(key: object) -> None:
    assert read_answers(row_with([entry(key, "x")])) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(
            st.sampled_from(["obj", "classifications", "actions", "featureHash", "answers", "range", "dynamic"]),
            each,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, JSON)
def test_nothing_in_a_row_keeps_the_rest_from_being_read(answers: object, actions: object) -> None:
    row = {"object_answers": answers, "object_actions": actions}
    for found in read_answers(row).values():
        assert found
    assert all(read_dynamic_answers(row).values())


def test_an_opened_row_has_its_answers() -> None:
    row = label_row("one", (4, 4), [[]]) | row_with([entry("a", "x")])
    row |= row_with([entry("b", 3, range=[[0, 0]])], "object_actions", "actions")
    layout = lay_out(row)
    found = opened(row, layout, summarize(row, "key", layout).info, origin=b"text")
    assert found.answers == {"obj": {"a": "x"}}
    assert found.dynamic_answers == {"obj": (DynamicAnswer("b", 3.0, ((0, 0),)),)}
    assert (found.origin, found.info.key, len(found.frames)) == (b"text", "key", 1)


FACTS = {
    "createdBy": "a@example.com",
    "createdAt": "Tue, 14 Jan 2025 09:12:31 UTC",
    "lastEditedBy": "b@example.com",
    "lastEditedAt": "Wed, 15 Jan 2025 10:00:00 UTC",
    "confidence": 0.25,
    "manualAnnotation": False,
}


def facts_of(table: Json) -> ObjectFacts | None:
    return read_objects([{"objectHash": "obj", "shape": "point", **table}], (4, 4))[0].facts


def test_the_facts_of_an_object_are_read() -> None:
    assert facts_of(FACTS) == ObjectFacts(*FACTS.values())  # type: ignore[arg-type]
    assert facts_of({}) == ObjectFacts()


@pytest.mark.parametrize("odd", [None, 3, [], {}, "high", float("nan"), -1, 7, 10**400])
def test_facts_of_another_type_are_as_if_they_were_not_there(odd: object) -> None:
    assert facts_of({key: odd for key in FACTS if not (isinstance(odd, str) and key != "confidence")}) == ObjectFacts()


def test_the_answers_of_real_rows_are_those_that_the_sdk_reads(real_data: Path) -> None:
    folder = real_data / "encord_export"
    plain = json.loads((folder / "ONTOLOGY_STRUCTURE_DICT.json").read_text())
    structure, ontology = OntologyStructure.from_dict(plain), Ontology.from_structure(plain)
    count = 0
    for row in json.loads((folder / "LABELS_LIST.json").read_text()):
        classes = {each["objectHash"]: each["featureHash"] for each in objects_of(row)}
        for object_hash, answers in read_answers(row, ontology).items():
            if object_hash in classes:
                owner = structure.get_child_by_hash(classes[object_hash], type_=Object)
                assert answers == sdk_answers(owner, row["object_answers"][object_hash]["classifications"])
                count += 1
    assert count > 10


def objects_of(value: object) -> list[Json]:
    """Every JSON object below `value` that has an objectHash and a shape."""
    if isinstance(value, dict):
        own = [value] if "objectHash" in value and "shape" in value else []
        return own + [each for part in value.values() for each in objects_of(part)]
    return [each for part in value for each in objects_of(part)] if isinstance(value, list) else []


def sdk_answers(owner: Object, entries: list[Any]) -> Answers:
    """What the SDK makes of the same entries."""
    instance = owner.create_instance()
    instance.set_answer_from_list(entries)
    found: dict[str, Any] = {}
    for attribute in owner.attributes:
        answer = None if attribute.dynamic else instance.get_answer(attribute)
        if isinstance(answer, str | float | int):
            found[attribute.feature_node_hash] = answer
        elif answer is not None and answer != []:
            options = answer if isinstance(answer, list) else [answer]
            found[attribute.feature_node_hash] = tuple(sorted(each.feature_node_hash for each in options))  # type: ignore[union-attr]
    return found
