"""The real masks: 1,836 with their hashes in a manifest, and the nine of a real export against the SDK."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bitmask_studio.core import rle
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask
from tests.core import references

Record = dict[str, Any]

MASKS = 1836
SETS = ("coco_rle", "lvis", "nuclei")


@pytest.fixture(scope="module")
def manifest(real_data: Path) -> list[Record]:
    """A record for each mask: its identity, size, box, area and hashes."""
    return [json.loads(line) for line in (real_data / "manifest.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def bitmasks(real_data: Path) -> dict[tuple[str, str], Record]:
    """The bitmasks of all rows by label hash and object hash."""
    rows = [
        row
        for name in SETS
        for path in (real_data / name).glob("*.labels.json")
        for row in json.loads(path.read_text())
    ]
    return {(row["label_hash"], each["objectHash"]): each["bitmask"] for row in rows for each in flat_objects(row)}


def flat_objects(row: Record) -> Iterator[Record]:
    """The objects of a row whose units are images."""
    for unit in row["data_units"].values():
        yield from unit["labels"].get("objects", [])


def bitmasks_within(tree: object) -> Iterator[Record]:
    """Every bitmask anywhere in an export, whatever kind of row holds it."""
    if isinstance(tree, dict):
        if isinstance(tree.get("bitmask"), dict):
            yield tree["bitmask"]
        tree = list(tree.values())
    if isinstance(tree, list):
        for each in tree:
            yield from bitmasks_within(each)


def test_every_mask_of_the_manifest_decodes_to_its_hash(
    manifest: list[Record], bitmasks: dict[tuple[str, str], Record]
) -> None:
    assert len(manifest) == MASKS
    for record in manifest:
        stored = bitmasks[record["label_hash"], record["objectHash"]]
        assert (stored["height"], stored["width"]) == (record["height"], record["width"])
        mask = Mask.from_rle(stored["rleString"], stored["height"], stored["width"])
        frame = mask.to_array(record["height"], record["width"])
        assert hashlib.sha256(np.packbits(frame).tobytes()).hexdigest() == record["sha256_packed"]


def test_every_mask_of_the_manifest_encodes_to_its_hash(
    manifest: list[Record], bitmasks: dict[tuple[str, str], Record]
) -> None:
    for record in manifest:
        stored = bitmasks[record["label_hash"], record["objectHash"]]
        assert hashlib.sha256(stored["rleString"].encode()).hexdigest() == record["sha256_rle"]
        frame = Mask.from_rle(stored["rleString"], record["height"], record["width"]).to_array(
            record["height"], record["width"]
        )
        again = Mask.of(Box.of_size(record["width"], record["height"]), frame)
        rle_string = again.to_rle(record["height"], record["width"])
        assert hashlib.sha256(rle_string.encode()).hexdigest() == record["sha256_rle"]


def test_every_mask_of_the_manifest_has_its_area_and_box_without_its_pixels(
    manifest: list[Record], bitmasks: dict[tuple[str, str], Record]
) -> None:
    for record in manifest:
        stored = bitmasks[record["label_hash"], record["objectHash"]]
        runs = rle.parse(stored["rleString"], stored["height"], stored["width"])
        assert (runs.area, list(runs.box.xywh)) == (record["area"], record["bbox"])
        assert len(references.counts_of(stored["rleString"])) == record["runs"]


def test_the_nine_masks_of_the_real_export_are_what_the_sdk_decodes(real_data: Path) -> None:
    rows = json.loads((real_data / "encord_export" / "LABELS_LIST.json").read_text("utf-8"))
    found = list(bitmasks_within(rows))
    assert len(found) == 9
    for stored in found:
        height, width, rle_string = stored["height"], stored["width"], stored["rleString"]
        mask = Mask.from_rle(rle_string, height, width)
        assert np.array_equal(mask.to_array(height, width), references.sdk_array(rle_string, height, width))
        assert mask.to_rle(height, width) == rle_string
