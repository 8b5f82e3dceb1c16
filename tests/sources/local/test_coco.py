"""COCO files: compressed and plain RLE and polygons become Encord masks; hostile ones never reach native code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_mask

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import LabelRow, RowChanges
from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.sources.local import open_local
from bitmask_studio.sources.local.coco.entries import brief, identifier, shape_of
from bitmask_studio.sources.local.coco.masks import size_of
from tests.sources import twins
from tests.sources.twins import HEIGHT, WIDTH, block, masks_of, write_json

# The COCO API's own use of numpy; the program never decodes with it.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def opened(tmp_path: Path, value: object) -> tuple[Any, list[LabelRow]]:
    source = open_local([write_json(tmp_path / "coco.json", value)])
    return source, [source.load(info) for info in source.rows()]


def results(*segmentations: object) -> list[twins.Json]:
    return [{"image_id": 5, "category_id": 1, "segmentation": each} for each in segmentations]


def test_masks_of_all_forms_agree_with_the_coco_api(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).random((HEIGHT, WIDTH)) < 0.4
    compressed = coco_mask.encode(np.asfortranarray(pixels.astype(np.uint8)))
    counts = bytes(compressed["counts"]).decode()
    value = twins.coco()
    value["annotations"].append(
        {
            "id": 13,
            "image_id": 2,
            "category_id": 9,
            "segmentation": {"size": [HEIGHT, WIDTH], "counts": counts},
        }
    )
    _, (first, second) = opened(tmp_path, value)
    plain, polygon = masks_of(first).values()
    assert plain.same_as(block(2, 3))
    drawn = coco_mask.decode(coco_mask.frPyObjects([[4.0, 4, 20, 4, 20, 16, 4, 16]], HEIGHT, WIDTH))[..., 0]
    assert np.array_equal(polygon.to_array(HEIGHT, WIDTH), drawn.astype(bool))
    (random_mask,) = masks_of(second).values()
    assert np.array_equal(random_mask.to_array(HEIGHT, WIDTH), pixels)


def test_rows_objects_and_names_are_as_agreed(tmp_path: Path) -> None:
    source, (first, second) = opened(tmp_path, twins.coco())
    assert [info.title for info in source.rows()] == ["1.png", "2.png"]
    assert [each.object_hash for each in first.frames[0].objects] == ["11", "12"]
    assert [each.name for each in first.frames[0].objects] == ["leaf", "leaf"]
    (box,) = second.frames[0].objects
    assert (box.object_hash, box.shape, box.is_bitmask) == ("3", "bounding_box", False)
    assert box.outlines[0].points[2] == Point(4, 6)
    names = [source.file_stem(first.info, first.frames[0], each) for each in first.frames[0].objects]
    assert names == ["mask_1_11", "mask_1_12"]
    assert [each.name for each in source.ontology.bitmask_classes] == ["leaf"]


def test_a_list_of_results_is_one_row_a_picture(tmp_path: Path) -> None:
    counts = {"size": [4, 5], "counts": [3, 5, 12]}
    source, (row,) = opened(tmp_path, results(counts, counts))
    assert (row.info.width, row.info.height, row.info.bitmasks) == (5, 4, 2)
    assert [each.object_hash for each in row.frames[0].objects] == ["1", "2"]
    assert source.file_stem(row.info, row.frames[0], row.frames[0].objects[1]) == "mask_5_2"


def test_equal_annotation_ids_stay_apart(tmp_path: Path) -> None:
    value = twins.coco()
    value["annotations"][1]["id"] = 11
    _, (row, _) = opened(tmp_path, value)
    assert [each.object_hash for each in row.frames[0].objects] == ["11", "11_2"]


def test_coco_files_are_read_only(tmp_path: Path) -> None:
    source, (row, _) = opened(tmp_path, twins.coco())
    assert row.info.read_only
    with pytest.raises(SaveError, match="read-only"):
        source.save([RowChanges(row, dict.fromkeys(masks_of(row), block(0, 0)))])


@pytest.mark.parametrize(
    "segmentation",
    [
        {"size": [4, 5], "counts": [3, 5, 13]},
        {"size": [4, 5], "counts": [3, -5, 22]},
        {"size": [4, 5], "counts": [3, 5.5, 11.5]},
        {"size": [4, 5], "counts": [True] * 20},
        {"size": [4, 5], "counts": [float("nan")]},
        {"size": [4, 5], "counts": None},
        {"size": [4, 5], "counts": ""},
        {"size": [4, 5], "counts": "\x7f" * 50},
        {"size": [4, 5], "counts": "o" * 100_000},
        {"size": [30000, 30000], "counts": ""},
        {"size": [0, 0], "counts": [0]},
        {"size": [4], "counts": [4]},
        {"size": [1e9, 1e9], "counts": "d0"},
        {"size": ["4", 5], "counts": "d0"},
        {"size": [1 << 20, 1 << 20], "counts": [1 << 40]},
        {"counts": "d0"},
        [[1, 1, 5, 1, 5, float("nan")]],
        [[1, 1, 5, 1, 5, float("inf")]],
        [[1, 1, 5, 1, 5, 1e30]],
        [[1, 1, 5, 1, 5, "x"]],
        [[1, 1, 5, 1, 5, 2, 3]],
        [[0, 0, 39, 29] * 60_000],
        "text",
        5,
    ],
)
def test_hostile_segmentations_are_damage_of_their_object(segmentation: object, tmp_path: Path) -> None:
    value = twins.coco()
    value["annotations"][0]["segmentation"] = segmentation
    _, (row, _) = opened(tmp_path, value)
    bad, good = row.frames[0].objects
    assert bad.damage
    assert not good.damage


def test_masks_that_are_too_large_together_are_refused_one_by_one(tmp_path: Path) -> None:
    big = {"size": [16384, 16384], "counts": [0, 1 << 28]}
    source = open_local([write_json(tmp_path / "a.json", results(*[big] * 50))])
    (info,) = source.rows()
    objects = source.load(info).frames[0].objects
    assert [bool(each.damage) for each in objects] == [False] + [True] * 49


def test_a_changed_file_is_said_to_be_changed(tmp_path: Path) -> None:
    source, _ = opened(tmp_path, twins.coco())
    write_json(tmp_path / "coco.json", twins.coco(3))
    with pytest.raises(Exception, match="changed by another program"):
        source.load(source.rows()[0])


def test_the_real_files_agree_with_the_coco_api(real_data: Path) -> None:
    path = real_data / "coco_rle" / "instances_val2014_fakesegm100_results.json"
    source = open_local([path])
    stored = iter(json.loads(path.read_bytes()))
    for info in source.rows():
        row = source.load(info)
        for mask in masks_of(row).values():
            expected = coco_mask.decode(next(stored)["segmentation"]).astype(bool)
            assert np.array_equal(mask.to_array(*expected.shape), expected)
    assert next(stored, None) is None


@pytest.mark.parametrize(
    ("size", "words"),
    [({"width": 10**9, "height": 9}, "1,000,000,000 x 9 px"), ({"width": "9"}, "no whole numbers"), ({}, "how large")],
)
def test_a_picture_whose_size_is_none_says_that_and_not_that_it_is_read_only(
    size: twins.Json, words: str, tmp_path: Path
) -> None:
    _, (row,) = opened(tmp_path, {"images": [{"id": 1, "file_name": "a.png", **size}], "annotations": []})
    assert words in (row.info.read_only or "") and "read-only" not in (row.info.read_only or "")


NUMBERS: st.SearchStrategy[object] = st.floats(-9, 9) | st.integers(-9, 9) | st.sampled_from([None, "1,2", [1, 2], {}])
SEGMENTATIONS: st.SearchStrategy[object] = st.lists(
    st.lists(NUMBERS, max_size=9) | st.none(), max_size=3
) | st.sampled_from([None, {}, "", 0, {"size": [3, 4], "counts": ""}, {"size": [3]}])
IDS: st.SearchStrategy[object] = st.integers(-9, 9) | st.sampled_from([None, "a", 1.5, True, 10**30, []])


@given(SEGMENTATIONS, st.dictionaries(st.sampled_from(["id", "image_id", "category_id", "bbox", "x"]), IDS))
def test_an_annotation_is_listed_alike_however_briefly_it_is_read(
    segmentation: object, others: dict[str, object]
) -> None:
    entry = others | {"segmentation": segmentation}
    text = json.dumps(entry).encode()
    found = brief(text)
    assert found.is_mask == (shape_of(entry) == BITMASK)
    assert found.size == size_of(segmentation)
    assert [found.identifier, found.image, found.category] == [
        identifier(entry.get(key)) for key in ("id", "image_id", "category_id")
    ]
