"""Label files with their pictures, as a session opens them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.mask import Mask
from tests.fakes.encord_json import bitmask, label_row, mask_object

Bits = NDArray[np.bool_]
WIDTH, HEIGHT = 48, 36
ONTOLOGY = {
    "objects": [
        {"id": "1", "name": "Cell", "color": "#D33115", "shape": "bitmask", "featureNodeHash": "hashCell"},
        {"id": "2", "name": "Wall", "color": "#E27300", "shape": "bitmask", "featureNodeHash": "hashWall"},
    ],
    "classifications": [],
}


def block(left: int, top: int, right: int, bottom: int) -> Bits:
    bits = np.zeros((HEIGHT, WIDTH), np.bool_)
    bits[top:bottom, left:right] = True
    return bits


def write_labels(folder: Path) -> Path:
    """Two rows, `one` of a single image and `group` of two, each with its pictures, and an ontology.

    The folder is made where there is none.
    """
    folder.mkdir(exist_ok=True)
    one = label_row(
        "one", (WIDTH, HEIGHT),
        [[mask_object("objA", bitmask(block(4, 4, 14, 14))), mask_object("objB", bitmask(block(20, 4, 30, 14)))]],
    )  # fmt: skip
    group = label_row(
        "group", (WIDTH, HEIGHT),
        [[mask_object("objC", bitmask(block(4, 4, 14, 14)))], [mask_object("objC", bitmask(block(5, 5, 9, 9)))]],
    )  # fmt: skip
    path = folder / "labels.json"
    path.write_text(json.dumps([one, group], indent=1))
    (folder / "ontology.json").write_text(json.dumps(ONTOLOGY))
    for number, name in enumerate(("one-0.png", "group-0.png", "group-1.png")):
        picture = np.full((HEIGHT, WIDTH, 3), 40 * (number + 1), np.uint8)
        cv2.imwrite(str(folder / name), picture)
    return path


def copied(path: Path, name: str) -> Path:
    """The same rows in another file of the folder."""
    copy = path.with_name(name)
    copy.write_bytes(path.read_bytes())
    return copy


def objects_in(path: Path, row: int, unit: int = 0) -> dict[str, Bits]:
    """The masks of a frame as the file has them now, by object hash."""
    units = list(json.loads(path.read_bytes())[row]["data_units"].values())
    return {each["objectHash"]: _bits(each["bitmask"]) for each in units[unit]["labels"]["objects"]}


def change_outside(path: Path, object_hash: str, bits: Bits) -> None:
    """Save another mask for an object as another program would, into a file laid out differently."""
    rows: list[dict[str, Any]] = json.loads(path.read_bytes())
    for row in rows:
        for unit in row["data_units"].values():
            for each in unit["labels"]["objects"]:
                if each["objectHash"] == object_hash:
                    each["bitmask"] = bitmask(bits)
    path.write_text(json.dumps(rows, indent=3))


def _bits(stored: Mapping[str, Any]) -> Bits:
    mask = Mask.from_rle(stored["rleString"], stored["height"], stored["width"], stored["top"], stored["left"])
    return mask.to_array(HEIGHT, WIDTH)
