"""A picture being painted, back to front, that remembers which thing each pixel shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Bits, Mask
from sample.noise import Floats, blurred
from sample.outlines import Ring

_SAMPLES = 4


@dataclass(frozen=True)
class Cover:
    """How much of each pixel of `box` a shape covers: 0 to 1, float32 (box.height, box.width)."""

    box: Box
    alpha: Floats

    @property
    def place(self) -> tuple[slice, slice]:
        return self.box.rows, self.box.columns

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.box.height, self.box.width

    def grid(self) -> tuple[Floats, Floats]:
        """The x and the y of every pixel's centre, each broadcasting to (height, width)."""
        x = np.arange(self.box.x0, self.box.x1, dtype=np.float32) + 0.5
        y = np.arange(self.box.y0, self.box.y1, dtype=np.float32) + 0.5
        return x[None, :], y[:, None]

    def mask(self) -> Mask:
        """The pixels that are covered by half or more."""
        return Mask.of(self.box, self.alpha >= 0.5)

    def faded(self, factor: Floats | float) -> Cover:
        """This cover, each pixel times `factor`."""
        return Cover(self.box, (self.alpha * factor).astype(np.float32))


class Canvas:
    """`picture` is linear light, float32 (height, width, 3), red first; `owner` the number of the thing seen."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.picture = np.zeros((height, width, 3), np.float32)
        self.owner = np.zeros((height, width), np.int32)
        self._numbers: dict[str, int] = {"": 0}

    def cover(self, *rings: Ring, soft: float = 0.0, union: bool = False, room: float = 0.0) -> Cover:
        """The pixels inside the rings: by the even-odd rule, or inside any of them; blurred by `soft` px.

        Its box leaves `room` px free around the rings.
        """
        box = self._reach(rings, soft, room)
        if box.empty:
            return Cover(Box(0, 0, 1, 1), np.zeros((1, 1), np.float32))
        fine = np.zeros((box.height * _SAMPLES, box.width * _SAMPLES), np.uint8)
        for group in [[ring] for ring in rings] if union else [rings]:
            cv2.fillPoly(fine, [_fixed_point(ring, box) for ring in group], 255, cv2.LINE_8, 4)
        alpha = cv2.resize(fine, (box.width, box.height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        return Cover(box, blurred(alpha, soft) if soft else alpha)

    def reaches(self, ring: Ring) -> bool:
        """Whether any of the ring's box lies on the picture."""
        return not self._reach([ring]).empty

    def everywhere(self) -> Cover:
        """The whole picture."""
        return Cover(Box.of_size(self.width, self.height), np.ones((self.height, self.width), np.float32))

    def paint(self, cover: Cover, color: Floats, owner: str | None = None) -> None:
        """Lay a colour, (3,) or (height, width, 3), over the picture.

        `owner` is the thing that is seen from now on where half or more is covered: "" for one without a label, None
        when what lies below stays visible, as under a shadow.
        """
        under = self.picture[cover.place]
        under += (color - under) * cover.alpha[..., None]
        if owner is not None:
            number = self._numbers.setdefault(owner, len(self._numbers))
            self.owner[cover.place][cover.alpha >= 0.5] = number

    def paint_unfocused(self, cover: Cover, color: Floats, blur: float, owner: str | None = None) -> None:
        """As `paint`, the shape and its colours blurred together by `blur` px; the cover needs room for that."""
        if not blur:
            return self.paint(cover, color, owner)
        alpha = cover.alpha[..., None]
        both = blurred(np.concatenate((color * alpha, alpha), axis=2).astype(np.float32), blur)
        soft = np.clip(both[..., 3], 0.0, 1.0)
        self.paint(Cover(cover.box, soft), both[..., :3] / np.maximum(both[..., 3:], 1e-3), owner)
        return None

    def dim(self, cover: Cover, light: tuple[float, float, float]) -> None:
        """Multiply red, green and blue by `light` where covered: shadows."""
        self.picture[cover.place] *= 1.0 + (np.array(light, np.float32) - 1.0) * cover.alpha[..., None]

    def glow(self, cover: Cover, light: Floats) -> None:
        """Add light, (3,), where covered."""
        self.picture[cover.place] += light * cover.alpha[..., None]

    def owned(self, cover: Cover, owner: str) -> Floats:
        """1 where this thing is seen, else 0, on the pixels of the cover."""
        seen: Bits = self.owner[cover.place] == self._numbers.get(owner, -1)
        return seen.astype(np.float32)

    def visible(self, *owners: str) -> Mask:
        """The pixels on which one of these things is seen; empty when none was painted."""
        numbers = [self._numbers[owner] for owner in owners if owner in self._numbers]
        seen: Bits = np.isin(self.owner, numbers)
        return Mask.of(Box.of_size(self.width, self.height), seen)

    def _reach(self, rings: Sequence[Ring], soft: float = 0.0, room: float = 0.0) -> Box:
        margin = 1 + int(soft * 3 + room)
        low = np.floor(np.min([ring.min(axis=0) for ring in rings], axis=0)).astype(int) - margin
        high = np.ceil(np.max([ring.max(axis=0) for ring in rings], axis=0)).astype(int) + margin
        box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))
        return box.intersection(Box.of_size(self.width, self.height))


def _fixed_point(ring: Ring, box: Box) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """The ring in sixteenths of a sample of the box, as fillPoly wants it."""
    samples = (ring - (box.x0, box.y0)) * _SAMPLES - 0.5
    return np.round(np.clip(samples, -30_000, 30_000) * 16).astype(np.int32)
