"""The classes on offer, as Encord's ontology structure spells them."""

from __future__ import annotations

import string

import pytest

from bitmask_studio.core.ontology import BITMASK, ObjectClass, Ontology, new_hash

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
