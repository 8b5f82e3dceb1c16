"""What a drawing program hands over: pictures and the things on them, with the flaws that are left for the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.mask import Bits, Mask

Answers = Mapping[str, str]
"""The chosen option's title by the attribute's title."""

TOUCH_UP = {"Review": "Needs touch-up"}


@dataclass(frozen=True)
class Thing:
    """One labelled object on one picture; `key` names the same thing on every picture of a scene.

    `geometry` is the mask of a bitmask class, else the points in image px: of a box two opposite corners.
    """

    key: str
    class_name: str
    geometry: Mask | tuple[Point, ...]
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """One picture, uint8 (height, width, 3), red first, and its things, bottom first."""

    file_name: str
    pixels: NDArray[np.uint8]
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Scene:
    """A label row to be: an image, or an image group when it has several pictures."""

    title: str
    pictures: tuple[Picture, ...]


def bitten(mask: Mask, center: Point, radius: float) -> Mask:
    """The mask without the pixels of a disk: a piece that the annotator missed."""
    return Mask.of(mask.box, mask.bits & ~_disk(mask.box, center, radius))


def with_island(mask: Mask, center: Point, radius: float) -> Mask:
    """The mask and a stray disk beside it: a slip of the brush."""
    box = mask.box.union(Box.around([center], radius + 1))
    return Mask.of(box, mask.crop(box) | _disk(box, center, radius))


def _disk(box: Box, center: Point, radius: float) -> Bits:
    x = np.arange(box.x0, box.x1) + 0.5 - center.x
    y = np.arange(box.y0, box.y1) + 0.5 - center.y
    inside: Bits = x[None, :] ** 2 + y[:, None] ** 2 <= radius * radius
    return inside
