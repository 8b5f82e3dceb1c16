"""Label rows as Encord exports them, made from masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask

Bits = NDArray[np.bool_]
Json = dict[str, object]


def bitmask(bits: Bits, top: int = 0, left: int = 0) -> Json:
    height, width = bits.shape
    string = Mask.of(Box.of_size(width, height), bits).to_rle(height, width)
    return {"top": top, "left": left, "height": height, "width": width, "rleString": string}


def mask_object(
    object_hash: str, mask: Mapping[str, object], name: str = "Cell", feature_hash: str = "hashCell"
) -> Json:
    return {
        "name": name,
        "color": "#D33115",
        "shape": "bitmask",
        "value": name.lower(),
        "createdAt": "Tue, 07 Nov 2023 10:00:00 UTC",
        "createdBy": "somebody@example.com",
        "confidence": 1,
        "objectHash": object_hash,
        "featureHash": feature_hash,
        "manualAnnotation": True,
        "bitmask": dict(mask),
    }


def label_row(
    hash_: str, size: tuple[int, int], frames: Sequence[Sequence[Mapping[str, object]]], keyed: bool = False
) -> Json:
    """A row of (width, height) px: an image of one frame or a group of several, labels flat or keyed."""
    units = {}
    for sequence, objects in enumerate(frames):
        labels = {"objects": list(objects), "classifications": []}
        units[f"{hash_}-unit-{sequence}"] = {
            "data_hash": f"{hash_}-unit-{sequence}",
            "data_title": f"{hash_}-{sequence}.png",
            "data_type": "image/png",
            "data_sequence": sequence,
            "labels": {"0": labels} if keyed else labels,
            "width": size[0],
            "height": size[1],
        }
    found = [each for objects in frames for each in objects]
    return {
        "label_hash": hash_,
        "branch_name": "main",
        "data_hash": f"{hash_}-data",
        "data_title": f"{hash_}.png",
        "data_type": "image" if len(frames) == 1 else "img_group",
        "object_answers": {str(each["objectHash"]): {"objectHash": each["objectHash"]} for each in found},
        "classification_answers": {},
        "object_actions": {},
        "data_units": units,
    }
