"""COCO segmentations as Encord bitmasks. What others wrote reaches `pycocotools` only when it cannot hurt it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from bitmask_studio.core import rle
from bitmask_studio.core.errors import RleError
from bitmask_studio.core.labels import Bitmask
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts

MAX_NUMBERS = 200_000
"""Coordinates of all polygons of one annotation."""

_MAX_PERIMETER = 1 << 22
_MAX_RUNS = 1 << 24


class PixelBudget:
    """Bounds the pixels that are converted for one row: the mask's box is small for any honest file."""

    def __init__(self, pixels: int = rle.MAX_PIXELS) -> None:
        self._left = pixels

    def take(self, pixels: int) -> None:
        """Raise RleError when there were too many."""
        self._left -= pixels
        if self._left < 0:
            raise RleError(tr("the masks of this picture are too large to be converted"))


def is_polygon(segmentation: object) -> bool:
    """Whether a segmentation is a list of polygons of which one at least encloses something."""
    return any(isinstance(each, list) and len(each) >= 6 for each in facts.items(segmentation))


def read_segmentation(segmentation: object, size: tuple[int, int] | None, budget: PixelBudget) -> Bitmask:
    """The mask of an RLE or of polygons on a picture of (width, height) px. Raises RleError with what is wrong."""
    if isinstance(segmentation, dict):
        height, width = _size_of(segmentation)
        return _from_coco(_compressed(segmentation.get("counts"), height, width), height, width, budget)
    if size is None:
        raise RleError(tr("the size of its picture is not known"))
    return _from_coco(_drawn(_checked_polygons(segmentation, *size), *size), size[1], size[0], budget)


def size_of(segmentation: object) -> tuple[int, int] | None:
    """(width, height) that an RLE claims, if they are usable."""
    found = facts.items(segmentation.get("size")) if isinstance(segmentation, dict) else []
    return facts.size(found[1], found[0]) if len(found) == 2 else None


def _size_of(segmentation: dict[str, Any]) -> tuple[int, int]:
    size = facts.items(segmentation.get("size"))
    if len(size) != 2:
        raise RleError(tr("its size is missing"))
    rle.check_size(*size)
    return size[0], size[1]


def _from_coco(counts: str, height: int, width: int, budget: PixelBudget) -> Bitmask:
    """A COCO string runs down the columns, so it is Encord's string of the transposed mask."""
    box = rle.parse(counts, width, height).box
    budget.take(box.area)
    turned_box, turned = rle.decode(counts, width, height)
    upright = type(box)(turned_box.y0, turned_box.x0, turned_box.y1, turned_box.x1)
    return Bitmask(height, width, 0, 0, rle.encode(upright, np.ascontiguousarray(turned.T), height, width))


def _compressed(counts: object, height: int, width: int) -> str:
    if isinstance(counts, str):
        return counts
    if not isinstance(counts, list):
        raise RleError(tr("its counts are neither a text nor a list"))
    return _compress(_checked_counts(counts, height * width))


def _checked_counts(counts: list[Any], pixels: int) -> list[int]:
    if len(counts) > _MAX_RUNS or not all(type(each) is int and 0 <= each <= pixels for each in counts):
        raise RleError(tr("its counts are not whole numbers that fit its size"))
    if sum(counts) != pixels:
        raise RleError(tr("its counts do not add up to its size"))
    return counts


def _compress(counts: list[int]) -> str:
    """The counts as `rleToString` of the COCO API writes them; its decoder is `core.rle`."""
    characters: list[str] = []
    for index, count in enumerate(counts):
        number = count - counts[index - 2] if index > 2 else count
        more = True
        while more:
            digit = number & 31
            number >>= 5
            more = number != (-1 if digit & 16 else 0)
            characters.append(chr(48 + digit + 32 * more))
    return "".join(characters)


def _checked_polygons(polygons: object, width: int, height: int) -> list[list[float]]:
    """The polygons as floats: finite, not far from the picture, and short enough to be drawn."""
    checked = [_checked_polygon(each, width, height) for each in facts.items(polygons) if len(facts.items(each)) >= 6]
    if sum(len(each) for each in checked) > MAX_NUMBERS or sum(map(_perimeter, checked)) > _MAX_PERIMETER:
        raise RleError(tr("its polygons have too many points"))
    if not checked:
        raise RleError(tr("its polygons enclose nothing"))
    return checked


def _checked_polygon(polygon: Sequence[object], width: int, height: int) -> list[float]:
    numbers = [facts.finite(each) for each in polygon[: MAX_NUMBERS + 2]]
    found = [each for each in numbers if each is not None]
    if len(found) != len(numbers) or len(found) % 2:
        raise RleError(tr("its polygon holds something that is no coordinate"))
    limits = (width, height)
    if any(not -limits[axis % 2] <= each <= 2 * limits[axis % 2] for axis, each in enumerate(found)):
        raise RleError(tr("its polygon lies far outside its picture"))
    return found


def _perimeter(polygon: list[float]) -> float:
    points = list(zip(polygon[::2], polygon[1::2], strict=True))
    return sum(math.dist(a, b) for a, b in zip(points, points[1:] + points[:1], strict=True))


def _drawn(polygons: list[list[float]], width: int, height: int) -> str:
    from pycocotools import mask

    drawn = mask.merge(mask.frPyObjects(polygons, height, width))
    return bytes(drawn["counts"]).decode("ascii")
