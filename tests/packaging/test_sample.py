"""The sample project: its committed labels fit its pictures, open in the SDK, and are what the programs draw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from sample import conveyor
from sample.classes import structure
from sample.rows import label_row
from sample.scene import Scene

from bitmask_studio.core.mask import Mask

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
MAX_BYTES = 6 * 1024 * 1024


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", json.loads((SAMPLE / "labels.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def masks(rows: list[dict[str, Any]]) -> dict[str, list[Mask]]:
    """All masks by the file name of their picture."""
    return {unit["data_title"]: [_mask(each) for each in _objects(unit, "bitmask")] for unit in _units(rows)}


@pytest.fixture(scope="module")
def fruit() -> Scene:
    return conveyor.draw()


def _units(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [unit for row in rows for unit in row["data_units"].values()]


def _objects(unit: dict[str, Any], shape: str | None = None) -> list[dict[str, Any]]:
    return [each for each in unit["labels"]["objects"] if shape in (None, each["shape"])]


def _mask(entry: dict[str, Any]) -> Mask:
    bitmask = entry["bitmask"]
    return Mask.from_rle(bitmask["rleString"], bitmask["height"], bitmask["width"])


def _hierarchy(mask: Mask) -> NDArray[np.int32]:
    """OpenCV's contour tree of a mask: a contour with a parent bounds a hole."""
    framed = np.pad(mask.bits.astype(np.uint8), 1)
    return np.asarray(cv2.findContours(framed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)[1][0], np.int32)


def _parts(mask: Mask) -> int:
    return int(np.count_nonzero(_hierarchy(mask)[:, 3] < 0))


def _holes(mask: Mask) -> int:
    return int(np.count_nonzero(_hierarchy(mask)[:, 3] >= 0))


def _common(first: Mask, second: Mask) -> int:
    box = first.box.intersection(second.box)
    return 0 if box.empty else int(np.count_nonzero(first.crop(box) & second.crop(box)))


def _overlap(masks: list[Mask]) -> bool:
    return any(_common(a, b) > 50 for at, a in enumerate(masks) for b in masks[at + 1 :])


def _touch(first: Mask, second: Mask) -> bool:
    """Whether no pixel is shared, but some lie side by side."""
    box = second.box.inflated(1)
    grown = cv2.dilate(second.crop(box).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return not _common(first, second) and _common(first, Mask.of(box, grown)) > 20


def test_every_label_has_the_size_of_its_picture(rows: list[dict[str, Any]]) -> None:
    for unit in _units(rows):
        picture = cv2.imread(str(SAMPLE / unit["data_title"]))
        assert picture is not None
        assert picture.shape[:2] == (unit["height"], unit["width"])
        for entry in _objects(unit, "bitmask"):
            assert (entry["bitmask"]["height"], entry["bitmask"]["width"]) == picture.shape[:2]


def test_every_mask_decodes_to_some_pixels(masks: dict[str, list[Mask]]) -> None:
    assert all(mask.area >= 60 for found in masks.values() for mask in found)


def test_there_is_something_to_see_on_every_picture(masks: dict[str, list[Mask]]) -> None:
    assert {name: len(found) >= 10 for name, found in masks.items()} == dict.fromkeys(masks, True)
    assert len(masks) == 9


def test_there_are_masks_with_holes_and_masks_of_many_parts(masks: dict[str, list[Mask]]) -> None:
    every = [mask for found in masks.values() for mask in found]
    assert sum(_holes(mask) > 0 for mask in every) >= 10
    assert sum(_parts(mask) > 1 for mask in every) >= 10


def test_some_cells_overlap_and_some_only_touch(rows: list[dict[str, Any]]) -> None:
    unit = next(unit for unit in _units(rows) if unit["data_title"] == "cells.jpg")
    cells = [_mask(each) for each in _objects(unit, "bitmask") if each["name"] == "Cell"]
    assert 60 <= len(cells) <= 120
    assert _overlap(cells)
    assert sum(_touch(a, b) for at, a in enumerate(cells) for b in cells[at + 1 :]) >= 20


def test_the_fields_do_not_overlap_the_buildings(rows: list[dict[str, Any]]) -> None:
    unit = next(unit for unit in _units(rows) if unit["data_title"] == "village-from-the-air.jpg")
    named = [(each["name"], _mask(each)) for each in _objects(unit, "bitmask")]
    fields = [mask for name, mask in named if name == "Field"]
    assert not any(_common(field, mask) for field in fields for name, mask in named if name == "Building")


def test_some_masks_are_marked_as_needing_touch_up(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert "Needs touch-up" in json.dumps(row["object_answers"])


def test_object_hashes_are_unique_on_a_picture_and_stay_with_the_thing_across_frames(
    rows: list[dict[str, Any]],
) -> None:
    for unit in _units(rows):
        hashes = [each["objectHash"] for each in _objects(unit)]
        assert len(set(hashes)) == len(hashes)
        assert all(len(each) == 8 for each in hashes)
    (group,) = [row for row in rows if row["data_type"] == "img_group"]
    first, second, *_ = group["data_units"].values()
    shared = {each["objectHash"] for each in _objects(first)} & {each["objectHash"] for each in _objects(second)}
    assert len(shared) >= 8


def test_hashes_of_rows_units_and_features_are_unique(rows: list[dict[str, Any]]) -> None:
    assert len({row["label_hash"] for row in rows}) == len({row["data_hash"] for row in rows}) == len(rows) == 5
    assert len({unit["data_hash"] for unit in _units(rows)}) == len(_units(rows))
    owners: dict[str, str] = {}
    for row in rows:
        for each in row["object_answers"]:
            assert owners.setdefault(each, row["label_hash"]) == row["label_hash"]
    features = _feature_hashes(structure())
    assert len(set(features)) == len(features)


def _feature_hashes(entry: object) -> list[str]:
    if isinstance(entry, list):
        return [found for each in entry for found in _feature_hashes(each)]
    if not isinstance(entry, dict):
        return []
    own = [str(entry["featureNodeHash"])] if "featureNodeHash" in entry else []
    return own + [found for each in entry.values() for found in _feature_hashes(each)]


def test_the_folder_stays_small_and_holds_only_what_the_labels_name(rows: list[dict[str, Any]]) -> None:
    files = [path for path in SAMPLE.iterdir() if path.is_file()]
    named = {unit["data_title"] for unit in _units(rows)}
    assert {path.name for path in files} == named | {"labels.json", "ontology.json"}
    assert sum(path.stat().st_size for path in files) <= MAX_BYTES


def test_the_committed_labels_are_what_the_program_draws(rows: list[dict[str, Any]], fruit: Scene) -> None:
    (group,) = [row for row in rows if row["data_type"] == "img_group"]
    assert json.dumps(label_row(fruit), indent=1) == json.dumps(group, indent=1)


def test_the_committed_pictures_are_what_the_program_draws(fruit: Scene) -> None:
    for picture in fruit.pictures:
        stored = cv2.imread(str(SAMPLE / picture.file_name))
        assert stored is not None
        difference = np.abs(stored[..., ::-1].astype(np.int16) - picture.pixels)
        assert difference.mean() < 3


def test_the_committed_ontology_is_the_one_in_the_code() -> None:
    stored = (SAMPLE / "ontology.json").read_text(encoding="utf-8")
    assert stored == json.dumps(structure(), indent=1) + "\n"
