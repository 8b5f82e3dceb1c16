"""The classes on offer, as Encord's ontology structure spells them."""

from __future__ import annotations

import json
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from encord.objects import OntologyStructure, Shape
from encord.objects.attributes import Attribute as SdkAttribute
from encord.objects.attributes import ChecklistAttribute, NumericAttribute, RadioAttribute, TextAttribute

from bitmask_studio.core.attributes import Attribute, Option
from bitmask_studio.core.ontology import BITMASK, MAX_NESTING, ObjectClass, Ontology, new_hash

CELL = {"id": "1", "name": "Cell", "color": "#D33115", "shape": "bitmask", "featureNodeHash": "hashCell"}
BOX = {"id": "2", "name": "Box", "color": "#E27300", "shape": "bounding_box", "featureNodeHash": "hashBox"}


def test_classes_are_read_in_their_order() -> None:
    ontology = Ontology.from_structure({"objects": [BOX, CELL], "classifications": []})
    assert [each.name for each in ontology.classes] == ["Box", "Cell"]
    assert ontology.bitmask_classes == (ObjectClass("hashCell", "Cell", "#D33115", BITMASK),)


@pytest.mark.parametrize("structure", [{}, {"objects": None}, {"objects": "x"}, {"objects": [None, 3, {}, [CELL]]}])
def test_what_is_no_class_is_left_out(structure: dict[str, object]) -> None:
    assert Ontology.from_structure(structure) == Ontology()


@pytest.mark.parametrize("field", ["name", "color", "shape", "featureNodeHash"])
def test_a_class_without_one_of_its_fields_is_left_out(field: str) -> None:
    broken = {**CELL, field: None}
    assert Ontology.from_structure({"objects": [broken, BOX]}).classes[0].name == "Box"


def test_a_class_is_found_by_exact_title_or_hash() -> None:
    ontology = Ontology.from_structure({"objects": [CELL, BOX]})
    assert [each.name for each in ontology.matching("Cell")] == ["Cell"]
    assert [each.name for each in ontology.matching("hashBox")] == ["Box"]
    assert ontology.matching("cell") == ()
    assert ontology.find("hashCell") == ontology.classes[0]
    assert ontology.find("Cell") is None


def test_known_classes_are_not_added_twice() -> None:
    ontology = Ontology.from_structure({"objects": [CELL]})
    renamed = ObjectClass("hashCell", "Other", "#000000", BITMASK)
    assert ontology.with_classes([renamed, *ontology.classes]) == ontology


def test_a_new_class_comes_last_and_is_one_of_bitmasks() -> None:
    ontology = Ontology.from_structure({"objects": [CELL]}).with_new_class("Nucleus").with_new_class("Wall")
    assert [each.name for each in ontology.bitmask_classes] == ["Cell", "Nucleus", "Wall"]
    assert len({each.color for each in ontology.classes}) == 3
    assert len({each.feature_hash for each in ontology.classes}) == 3


@pytest.mark.parametrize(
    ("name", "value"), [("Cell", "cell"), ("Red  Car!", "red_car"), ("  (x) ", "x"), ("Straße 9", "straße_9")]
)
def test_the_value_of_a_class_is_its_title_in_lower_case_words(name: str, value: str) -> None:
    assert ObjectClass("hash", name, "#000000", BITMASK).value == value


def test_new_hashes_are_eight_letters_or_digits_and_differ() -> None:
    hashes = {new_hash() for _ in range(500)}
    assert len(hashes) == 500
    assert all(len(each) == 8 and set(each) <= set(string.ascii_letters + string.digits) for each in hashes)


def sdk_structure() -> OntologyStructure:
    """An ontology made by the SDK, with every type of attribute, nested three levels deep."""
    structure = OntologyStructure()
    car = structure.add_object("Car", Shape.BITMASK)
    kind = car.add_attribute(RadioAttribute, "Kind", required=True)
    van, _ = kind.add_option("Van", "van"), kind.add_option("Other")
    make = van.add_nested_attribute(RadioAttribute, "Make")
    make.add_option("Fiat").add_nested_attribute(NumericAttribute, "Year", required=True)
    van.add_nested_attribute(TextAttribute, "Plate")
    marks = car.add_attribute(ChecklistAttribute, "Marks", dynamic=True)
    marks.add_option("Dented"), marks.add_option("Wet")
    car.add_attribute(RadioAttribute, "No options")
    structure.add_object("Plain", Shape.POLYGON)
    return structure


def same_attributes(ours: Sequence[Attribute], theirs: Sequence[SdkAttribute[Any]]) -> None:
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        facts = (other.feature_node_hash, other.name, other.required, other.dynamic, other.archived)
        assert (mine.feature_hash, mine.name, mine.required, mine.dynamic, mine.archived) == facts
        assert mine.type.value == other.get_property_type().value
        assert len(mine.options) == len(other.options)
        for option, sdk_option in zip(mine.options, other.options, strict=True):
            named = (sdk_option.feature_node_hash, sdk_option.label, sdk_option.value, sdk_option.archived)
            assert (option.feature_hash, option.title, option.value, option.archived) == named
            same_attributes(option.attributes, sdk_option.attributes)


def test_attributes_are_read_as_the_sdk_writes_them() -> None:
    structure = sdk_structure()
    ontology = Ontology.from_structure(structure.to_dict())
    for mine, other in zip(ontology.classes, structure.objects, strict=True):
        same_attributes(mine.attributes, other.attributes)
    assert [each.name for each in ontology.classes[0].attributes[0].walk()] == ["Kind", "Make", "Year", "Plate"]


def test_archived_attributes_and_options_are_known_as_such() -> None:
    plain = sdk_structure().to_dict()
    plain["objects"][0]["attributes"][0]["archived"] = True
    plain["objects"][0]["attributes"][1]["options"][0]["archived"] = True
    ontology = Ontology.from_structure(plain)
    same_attributes(ontology.classes[0].attributes, OntologyStructure.from_dict(plain).objects[0].attributes)
    assert ontology.classes[0].attributes[0].archived


def test_attributes_of_a_real_ontology_are_those_that_the_sdk_reads(real_data: Path) -> None:
    plain = json.loads((real_data / "encord_export" / "ONTOLOGY_STRUCTURE_DICT.json").read_text())
    structure = OntologyStructure.from_dict(plain)
    ontology = Ontology.from_structure(plain)
    for mine, other in zip(ontology.classes, structure.objects, strict=True):
        same_attributes(mine.attributes, other.attributes)
    assert any(each.attributes for each in ontology.classes)


TEXT = {"featureNodeHash": "t", "name": "Text", "type": "text"}


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        "x",
        {"0": TEXT},
        [None, 3, "x", []],
        [
            {**TEXT, "type": "unknown"},
            {**TEXT, "type": ["text"]},
            {**TEXT, "name": None},
            {**TEXT, "featureNodeHash": 3},
        ],
    ],
)
def test_what_is_no_attribute_is_left_out_and_its_class_is_not(attributes: object) -> None:
    ontology = Ontology.from_structure({"objects": [{**CELL, "attributes": attributes}]})
    assert [each.attributes for each in ontology.classes] == [()]


def test_an_attribute_that_is_there_twice_is_read_once_and_odd_options_are_left_out() -> None:
    radio = {
        "featureNodeHash": "r",
        "name": "Radio",
        "type": "radio",
        "options": [None, {"label": "x"}, {"featureNodeHash": "o", "label": "No value", "options": "none"}],
    }
    again = {**TEXT, "featureNodeHash": "r"}
    ontology = Ontology.from_structure({"objects": [{**CELL, "attributes": [radio, again, TEXT]}]})
    first, second = ontology.classes[0].attributes
    assert (first.name, second.name) == ("Radio", "Text")
    assert first.options == (Option("o", "No value", "No value"),)
    assert not (first.required or first.dynamic or first.archived)


def test_nesting_beyond_belief_is_cut_off() -> None:
    attribute: dict[str, object] = dict(TEXT)
    for depth in range(2_000):
        option = {"featureNodeHash": f"o{depth}", "label": "x", "value": "x", "options": [attribute]}
        attribute = {"featureNodeHash": f"r{depth}", "name": "x", "type": "radio", "options": [option]}
    ontology = Ontology.from_structure({"objects": [{**CELL, "attributes": [attribute]}]})
    assert len(list(ontology.classes[0].attributes[0].walk())) == MAX_NESTING


def test_an_archived_class_is_offered_to_no_new_object() -> None:
    entry = {"name": "Old", "shape": "bitmask", "color": "#D33115", "featureNodeHash": "old1", "archived": True}
    ontology = Ontology.from_structure({"objects": [entry, entry | {"featureNodeHash": "new1", "archived": False}]})
    assert [each.feature_hash for each in ontology.classes] == ["old1", "new1"]
    assert [each.feature_hash for each in ontology.bitmask_classes] == ["new1"]
