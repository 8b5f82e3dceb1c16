"""What a stroke paints by its definition, and what a label file has of it, both computed the plain way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.core.references import decoded

Bits = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Place = tuple[int, int]
"""A corner of a pixel on the image: where a pointer on whole screen pixels stands at 1:1."""

BRUSH = 20
"""The diameter a new user's brush has, px."""


def stroke(width: int, height: int, *path: Place, grain: int = 1) -> Bits:
    """The pixels whose centres lie within half the brush of the path, whose places come in parts of 1/grain px.

    All of it in whole numbers, half a part each: nothing is rounded.
    """
    legs = list(pairwise(path)) or [(path[0], path[0])]
    ys, xs = grain * np.mgrid[1 : 2 * height : 2, 1 : 2 * width : 2]
    covered = np.zeros((height, width), np.bool_)
    for start, end in legs:
        covered |= _near(xs, ys, start, end, grain * BRUSH)
    return covered


def _near(xs: Numbers, ys: Numbers, start: Place, end: Place, reach: int) -> Bits:
    """Which of the points lie within `reach` of the way from `start` to `end`."""
    x, y = xs - 2 * start[0], ys - 2 * start[1]
    dx, dy = 2 * (end[0] - start[0]), 2 * (end[1] - start[1])
    length, along = dx * dx + dy * dy, x * dx + y * dy
    beside = (along > 0) & (along < length) & ((x * dy - y * dx) ** 2 <= reach**2 * length)
    at_the_ends = (x**2 + y**2 <= reach**2) | ((x - dx) ** 2 + (y - dy) ** 2 <= reach**2)
    return beside | at_the_ends


@dataclass(frozen=True)
class LabelFile:
    """A label file as it was when the test began, and the same file now."""

    path: Path
    before: bytes

    @classmethod
    def of(cls, path: Path) -> LabelFile:
        return cls(path, path.read_bytes())

    @property
    def untouched(self) -> bool:
        return self.path.read_bytes() == self.before

    def mask(self, object_hash: str) -> Bits:
        """The object's mask as the file has it now, bool (height, width)."""
        return _mask(_bitmask(self.path.read_bytes(), object_hash))

    def mask_before(self, object_hash: str) -> Bits:
        return _mask(_bitmask(self.before, object_hash))

    def only_changed(self, object_hash: str) -> bool:
        """Whether every byte beside the string of that object's mask is what it was."""
        now = self.path.read_bytes()
        return _without(self.before, object_hash) == _without(now, object_hash)


def _mask(bitmask: dict[str, Any]) -> Bits:
    height, width = bitmask["height"], bitmask["width"]
    pixels = decoded(bitmask["rleString"], height, width)
    return np.frombuffer(pixels, np.uint8).reshape(height, width).astype(np.bool_)


def _without(data: bytes, object_hash: str) -> tuple[bytes, bytes]:
    string = json.dumps(_bitmask(data, object_hash)["rleString"]).encode()
    assert data.count(string) == 1
    before, _, after = data.partition(string)
    return before, after


def _bitmask(data: bytes, object_hash: str) -> dict[str, Any]:
    found = [each for each in _objects(json.loads(data)) if each["objectHash"] == object_hash]
    assert len(found) == 1
    bitmask: dict[str, Any] = found[0]["bitmask"]
    return bitmask


def _objects(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    units = [unit["labels"] for row in rows for unit in row["data_units"].values()]
    frames = [frame for labels in units for frame in ([labels] if "objects" in labels else labels.values())]
    return [each for frame in frames for each in frame["objects"]]
