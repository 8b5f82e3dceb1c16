"""The sample project as the Encord SDK reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from bitmask_studio.core.mask import Mask

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
ROWS = cast("list[dict[str, Any]]", json.loads((SAMPLE / "labels.json").read_text(encoding="utf-8")))
METADATA = ("label_hash", "data_hash", "dataset_hash", "dataset_title", "data_title", "label_status", "branch_name")


if TYPE_CHECKING:
    from encord.objects import LabelRowV2
    from encord.ontology import Ontology


def _ontology() -> Ontology:
    from encord.objects import OntologyStructure
    from encord.ontology import Ontology
    from encord.orm.ontology import Ontology as OntologyRecord

    structure = OntologyStructure.from_dict(json.loads((SAMPLE / "ontology.json").read_text(encoding="utf-8")))
    made = datetime(2025, 1, 14, tzinfo=UTC)
    return Ontology(OntologyRecord("Sample", structure, "sample", made, made), cast(Any, None))


def _opened(row: dict[str, Any]) -> LabelRowV2:
    """The row as the SDK opens it, from a listing that says as little as a listing may."""
    from encord.objects import LabelRowV2
    from encord.orm.label_row import LabelRowMetadata

    listed = {key: row[key] for key in METADATA} | {
        "data_type": row["data_type"].upper(),
        "data_link": None,
        "spaces": {},
        "number_of_frames": len(row["data_units"]),
    }
    opened = LabelRowV2(LabelRowMetadata.from_dict(listed), cast(Any, None), _ontology())
    opened.from_labels_dict(row)
    return opened


def _objects(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for unit in row["data_units"].values() for each in unit["labels"]["objects"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["data_title"])
def test_the_sdk_opens_every_row_with_all_its_objects(row: dict[str, Any]) -> None:
    opened = _opened(row)
    instances = opened.get_object_instances()
    assert {each.object_hash for each in instances} == {each["objectHash"] for each in _objects(row)}
    assert sum(len(each.get_annotations()) for each in instances) == len(_objects(row))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["data_title"])
def test_the_sdk_writes_the_same_objects_and_answers_back(row: dict[str, Any]) -> None:
    written = _opened(row).to_encord_dict()
    assert _sorted_objects(written) == _sorted_objects(row)
    assert _sorted_answers(written) == _sorted_answers(row)


def _sorted_objects(row: dict[str, Any]) -> list[str]:
    """All objects as text, without the second form of a polygon that the SDK adds."""
    kept = [{key: value for key, value in each.items() if key != "polygons"} for each in _objects(row)]
    return sorted(json.dumps(each, sort_keys=True) for each in kept)


def _sorted_answers(row: dict[str, Any]) -> dict[str, list[str]]:
    """The answers by object; the SDK keeps no order among them."""
    answers = row["object_answers"].items()
    return {
        key: sorted(json.dumps(each, sort_keys=True) for each in entry["classifications"]) for key, entry in answers
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["data_title"])
def test_the_sdk_decodes_masks_as_we_do(row: dict[str, Any]) -> None:
    from encord.objects.bitmask import BitmaskCoordinates

    found = [each["bitmask"] for each in _objects(row) if each["shape"] == "bitmask"]
    for bitmask in found[:: max(1, len(found) // 3)]:
        height, width = bitmask["height"], bitmask["width"]
        ours = Mask.from_rle(bitmask["rleString"], height, width).to_array(height, width)
        theirs = BitmaskCoordinates.from_dict({"bitmask": bitmask}).to_numpy_array()  # type: ignore[no-untyped-call]
        assert np.array_equal(ours, theirs)


def test_a_nested_answer_is_read_by_the_sdk() -> None:
    from encord.objects.options import Option

    harbour = next(row for row in ROWS if row["data_title"] == "harbour-at-dusk.jpg")
    boats = [each for each in _opened(harbour).get_object_instances() if each.ontology_item.title == "Boat"]
    sails = boats[0].ontology_item.attributes[0].options[0].attributes[0]
    answers = [each.get_answer(sails) for each in boats]
    assert [answer.label for answer in answers if isinstance(answer, Option)] == ["Furled"] * 4
    assert answers.count(None) == 3
