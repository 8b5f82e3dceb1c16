from __future__ import annotations

import json

from encord.objects import OntologyStructure
from encord.objects.attributes import ChecklistAttribute, NumericAttribute, RadioAttribute, TextAttribute

from bitmask_studio.core.resources import resource
from bitmask_studio.sandbox.named_ontology import structure_named_by


def named() -> OntologyStructure:
    names = (resource("sample") / "labels.json", resource("sandbox") / "labels.json")
    rows = [row for path in names for row in json.loads(path.read_bytes())]
    return OntologyStructure.from_dict(structure_named_by(rows))


def test_every_class_that_is_named_is_there() -> None:
    titles = {each.title: each.shape.value for each in named().objects}
    assert titles["Boat"] == "bitmask"
    assert titles["Buoy"] == "bounding_box"
    assert titles["Pontoon"] == "rotatable_bounding_box"


def test_attributes_have_the_types_of_their_answers() -> None:
    boat = next(each for each in named().objects if each.title == "Boat")
    kinds = {each.name: each for each in boat.attributes}
    assert isinstance(kinds["Kind"], RadioAttribute)
    assert isinstance(kinds["Equipment"], ChecklistAttribute)
    assert isinstance(kinds["Name on the hull"], TextAttribute)
    assert isinstance(kinds["Crew"], NumericAttribute)
    assert kinds["Heading"].dynamic


def test_classifications_of_the_newer_form_are_there() -> None:
    (entry,) = [
        each for each in json.loads((resource("sandbox") / "additions.json").read_bytes()) if not each["objects"]
    ]
    structure = OntologyStructure.from_dict(
        structure_named_by([{"data_units": {}, "classification_answers": entry["classification_answers"]}])
    )
    assert sorted(each.attributes[0].name for each in structure.classifications) == ["Remarks", "Visibility"]
