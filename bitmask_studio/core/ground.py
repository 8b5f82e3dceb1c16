"""What device pixels show of a picture: exact from its own pixels, close from a reduced one until those are there."""

from __future__ import annotations

import cv2
import numpy as np
from msgspec import Struct

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.sampling import Pixels, sample
from bitmask_studio.core.tone import NEUTRAL, Tone

BACKGROUND = (128, 128, 128)
"""What surrounds the picture and stands in for a missing one: neutral gray, so that it tints no colour."""


class Ground(Struct, frozen=True, eq=False):
    """The picture of a frame of (height, width) px, as it is to be shown.

    `pixels` is BGR, uint8 (height, width, 3), None as long as it is not there; `preview` the whole frame reduced,
    (h, w, 3), shown meanwhile. With neither the frame is gray.
    """

    width: int
    height: int
    pixels: Pixels | None = None
    preview: Pixels | None = None
    tone: Tone = NEUTRAL

    @property
    def frame(self) -> Box:
        return Box.of_size(self.width, self.height)

    def same_as(self, other: Ground) -> bool:
        """Whether both look the same."""
        is_same_picture = self.pixels is other.pixels and self.preview is other.preview
        return is_same_picture and self.frame == other.frame and self.tone == other.tone

    def sampled(self, zoom: float, device: Box) -> Pixels:
        """What `device` shows, (device.height, device.width, 4), the fourth byte 255."""
        if self.pixels is not None:
            colors = sample(self._read, zoom, device)
        elif self.preview is not None:
            colors = _stretched(self.preview, self.width * zoom, self.height * zoom, device)
        else:
            return _gray(device)
        return self.toned(colors)

    def toned(self, colors: Pixels) -> Pixels:
        """BGR pixels of the picture as they are shown, (H, W, 4)."""
        if not self.tone.neutral:
            colors = np.asarray(cv2.LUT(colors, self.tone.table()), np.uint8)
        return np.asarray(cv2.cvtColor(colors, cv2.COLOR_BGR2BGRA), np.uint8)

    def _read(self, box: Box) -> Pixels:
        """The pixels of a box that may reach beyond the picture, gray there."""
        assert self.pixels is not None
        frame = self.frame
        if frame.covers(box):
            return self.pixels[box.rows, box.columns]
        common = frame.intersection(box)
        if common.empty:
            return np.full((box.height, box.width, 3), BACKGROUND, np.uint8)
        inside = self.pixels[common.rows, common.columns]
        margins = common.y0 - box.y0, box.y1 - common.y1, common.x0 - box.x0, box.x1 - common.x1
        return np.asarray(cv2.copyMakeBorder(inside, *margins, cv2.BORDER_CONSTANT, value=BACKGROUND), np.uint8)


def _stretched(preview: Pixels, width: float, height: float, device: Box) -> Pixels:
    """What `device` shows of a preview that is stretched to `width` x `height` device px, between its pixels smooth."""
    across, down = preview.shape[1] / width, preview.shape[0] / height
    # OpenCV counts from the pixels' centres: device (x, y) lies at ((x0 + x + 0.5) * across - 0.5, ...) of the preview.
    at = np.array([[across, 0, (device.x0 + 0.5) * across - 0.5], [0, down, (device.y0 + 0.5) * down - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = device.width, device.height
    return np.asarray(cv2.warpAffine(preview, at, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _gray(device: Box) -> Pixels:
    out = np.empty((device.height, device.width, 4), np.uint8)
    out[...] = (*BACKGROUND, 255)
    return out
