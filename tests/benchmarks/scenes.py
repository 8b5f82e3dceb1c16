"""Masks to measure with, in any size: bool arrays (height, width)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]

SIZES = {"1080p": (1080, 1920), "4K": (2160, 3840), "8K": (4320, 7680)}
"""(height, width)."""


def smooth(height: int, width: int) -> Bits:
    """One object with a smooth outline that touches all four sides."""
    y, x = np.ogrid[:height, :width]
    across, down = (2 * x + 1) / width - 1, (2 * y + 1) / height - 1
    return np.asarray(across**2 + down**2 <= 1)


def thin(height: int, width: int) -> Bits:
    """Winding lines of 3 px all across the frame, one every 216 rows, as vessels and cables are drawn."""
    canvas = np.zeros((height, width), np.uint8)
    along = np.linspace(0, 1, 400)
    for line in range(height // 216):
        wave = 0.5 + 0.4 * np.sin(6 * along + line) * np.cos(3 * line + 4 * along)
        points = np.stack((along * (width - 1), wave * height), axis=1).astype(np.int32)
        cv2.polylines(canvas, [points], isClosed=False, color=1, thickness=3)
    return canvas.view(np.bool_)


def speckle(height: int, width: int) -> Bits:
    """Every other pixel."""
    bits = np.zeros((height, width), np.bool_)
    bits.reshape(-1)[::2] = True
    return bits


def blobs(height: int, width: int, count: int) -> list[Bits]:
    """Objects of 2 to 9 % of the height across, each on a frame of its own, strewn over it."""
    random_numbers = np.random.default_rng(2)
    return [_blob(height, width, random_numbers) for _ in range(count)]


def _blob(height: int, width: int, random_numbers: np.random.Generator) -> Bits:
    canvas = np.zeros((height, width), np.uint8)
    angles = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    radius = height * random_numbers.uniform(0.01, 0.045)
    radii = radius * (1 + 0.2 * np.sin(3 * angles + random_numbers.uniform(0, 6)))
    center = random_numbers.uniform(0.1, 0.9, 2) * (width, height)
    points = center + radii[:, np.newaxis] * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    cv2.fillPoly(canvas, [points.astype(np.int32)], color=1)
    return canvas.view(np.bool_)
