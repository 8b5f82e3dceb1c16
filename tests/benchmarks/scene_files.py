"""Label rows with their pictures to open in the window: an Encord export and JPEG files in a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bitmask_studio.core import rle
from bitmask_studio.core.geometry import Box
from tests.benchmarks.scenes import Bits


@dataclass(frozen=True, slots=True)
class Recipe:
    """What lies in a scene: one picture and `objects` round bitmasks of `radius` (least, most) px, many overlapping.

    The first one lies in the middle: it is the one chosen when the row is opened.
    """

    width: int
    height: int
    objects: int
    radius: tuple[int, int] = (40, 190)
    quality: int = 90

    @property
    def name(self) -> str:
        return f"{self.width}x{self.height}-{self.objects}"


RECIPE_8K = Recipe(7680, 4320, 100)


def write_scene(folder: Path, recipe: Recipe) -> Path:
    """Write picture and labels; answers the file to open."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_picture(folder / f"{recipe.name}.jpg", recipe)
    dice = np.random.default_rng(7)
    masks = [_blob(recipe, dice, middle=not number) for number in range(recipe.objects)]
    path = folder / f"{recipe.name}.json"
    path.write_text(json.dumps([label_row(f"{recipe.name}.jpg", recipe.width, recipe.height, masks)]), "utf-8")
    return path


def label_row(title: str, width: int, height: int, masks: list[tuple[Box, Bits]]) -> dict[str, Any]:
    """A row of one frame with one object a mask (box, bits of the box), as Encord exports it."""
    objects = [
        {
            "featureHash": "hN0/lF+8",
            "objectHash": f"o{number:07d}",
            "name": "leaf",
            "value": "leaf",
            "color": "#FCDC00",
            "shape": "bitmask",
            "confidence": 1,
            "createdBy": "a@example.invalid",
            "createdAt": "Fri, 01 Dec 2023 10:45:50 GMT",
            "bitmask": {
                "rleString": rle.encode(box, bits, height, width),
                "top": 0,
                "left": 0,
                "width": width,
                "height": height,
            },
            "manualAnnotation": True,
        }
        for number, (box, bits) in enumerate(masks)
    ]
    unit = {
        "data_hash": f"unit-{title}",
        "data_title": title,
        "data_sequence": 0,
        "width": width,
        "height": height,
        "labels": {"objects": objects, "classifications": []},
    }
    return {
        "label_hash": f"label-{title}",
        "data_hash": f"data-{title}",
        "data_title": title,
        "data_type": "image",
        "data_units": {f"unit-{title}": unit},
        "object_answers": {},
        "label_status": "LABELLED",
    }


def _write_picture(path: Path, recipe: Recipe) -> None:
    """Coloured fields under a slow ramp: something to see at every zoom, and quick to make in any size."""
    small = np.random.default_rng(3).integers(40, 200, (48, 64, 3), np.uint8)
    picture = cv2.resize(small, (recipe.width, recipe.height), interpolation=cv2.INTER_LINEAR)
    if not cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, recipe.quality]):
        raise OSError(f"cannot write {path}")


def _blob(recipe: Recipe, dice: np.random.Generator, middle: bool) -> tuple[Box, Bits]:
    """A wavy disc, in the middle of the frame or anywhere, and its box."""
    radius = dice.uniform(*recipe.radius)
    reach = round(radius * 1.25)
    x = int(dice.integers(reach, recipe.width - reach))
    y = int(dice.integers(reach, recipe.height - reach))
    if middle:
        x, y = recipe.width // 2, recipe.height // 2
    angles = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    radii = radius * (1 + 0.2 * np.sin(3 * angles + dice.uniform(0, 6)))
    points = reach + radii[:, np.newaxis] * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    bits = np.zeros((2 * reach, 2 * reach), np.uint8)
    cv2.fillPoly(bits, [points.astype(np.int32)], color=1)
    return Box(x - reach, y - reach, x + reach, y + reach), bits.view(np.bool_)
