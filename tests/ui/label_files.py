"""Label files with pictures beside them, for the window to open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.ui.rendering import Bits, Color, Pixels

WIDTH, HEIGHT = 60, 44
RED: Color = (0x15, 0x31, 0xD3)
"""The colour of every object of `mask_object`, `#D33115`, as blue, green, red."""
CLASSES = ("Cell", "Wall", "Vein")
Json = dict[str, Any]


def block(x: int, y: int, width: int = 12, height: int = 10, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Bits:
    """A rectangle with a notch, so that turning it shows, on a frame of `size` (width, height)."""
    bits = np.zeros((size[1], size[0]), np.bool_)
    bits[y : y + height, x : x + width] = True
    bits[y : y + height // 3, x : x + width // 2] = False
    return bits


def picture(width: int = WIDTH, height: int = HEIGHT, seed: int = 0) -> Pixels:
    """Noise over a gradient: no two places look alike."""
    rows, columns = np.mgrid[0:height, 0:width]
    waves = np.stack([columns * 3 + seed * 50, rows * 5, columns + rows], axis=-1) % 200
    return (waves + np.random.default_rng(seed).integers(0, 56, waves.shape)).astype(np.uint8)


def write_picture(folder: Path, name: str, pixels: Pixels) -> None:
    assert cv2.imwrite(str(folder / name), pixels)


def write_rows(folder: Path, rows: Sequence[Json], pictures: Mapping[str, Pixels] | None = None) -> Path:
    """Write rows, their pictures and an ontology of `CLASSES`; answers the labels file."""
    path = folder / "labels.json"
    path.write_text(json.dumps(rows, indent=1))
    classes = [
        {"id": str(n), "name": name, "color": "#D33115", "shape": "bitmask", "featureNodeHash": f"hash{name}"}
        for n, name in enumerate(CLASSES, 1)
    ]
    (folder / "ontology.json").write_text(json.dumps({"objects": classes, "classifications": []}))
    for name, pixels in (pictures or {}).items():
        write_picture(folder, name, pixels)
    return path


def write_image(folder: Path, masks: Mapping[str, Bits], pixels: Pixels | None) -> Path:
    """One row `one` of a single image with a mask for each hash."""
    size = next(iter(masks.values())).shape if pixels is None else pixels.shape
    row = label_row("one", (size[1], size[0]), [[mask_object(name, bitmask(bits)) for name, bits in masks.items()]])
    return write_rows(folder, [row], {} if pixels is None else {"one-0.png": pixels})


def write_project(folder: Path) -> Path:
    """Three rows: `one` with two objects, `group` of three frames, the last smaller, `bare` without any."""
    one = [mask_object("objA", bitmask(block(4, 4))), mask_object("objB", bitmask(block(30, 20)), "Wall", "hashWall")]
    small = block(2, 3, 9, 9, (30, 20))
    frames = [
        [mask_object("objC", bitmask(block(4, 4)))],
        [mask_object("objC", bitmask(block(40, 30))), mask_object("objD", bitmask(block(10, 8)))],
        [mask_object("objE", bitmask(small))],
    ]
    group = label_row("group", (WIDTH, HEIGHT), frames)
    group["data_units"]["group-unit-2"] |= {"width": 30, "height": 20}  # type: ignore[index]
    rows: list[Json] = [label_row("one", (WIDTH, HEIGHT), [one]), group, label_row("bare", (WIDTH, HEIGHT), [[]])]
    pictures = {f"{name}.png": picture(seed=n) for n, name in enumerate(("one-0", "group-0", "group-1", "bare-0"))}
    return write_rows(folder, rows, pictures | {"group-2.png": picture(30, 20, 9)})
