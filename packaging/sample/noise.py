"""Fractal value noise, the grain of every surface in the sample pictures."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Random = np.random.Generator


def value_noise(random: Random, size: tuple[int, int], cell: float, stretch: float = 1.0) -> Floats:
    """Smooth noise of 0 to 1, float32 (height, width); a feature is `cell` px high and `stretch` times as wide."""
    height, width = size
    rows, columns = int(height / cell) + 4, int(width / (cell * stretch)) + 4
    grid = random.random((rows, columns), np.float32)
    whole = cv2.resize(grid, (int(columns * cell * stretch), int(rows * cell)), interpolation=cv2.INTER_CUBIC)
    top, left = int(cell), int(cell * stretch)
    return np.ascontiguousarray(whole[top : top + height, left : left + width])


def fractal(random: Random, size: tuple[int, int], cell: float, octaves: int = 5, stretch: float = 1.0) -> Floats:
    """Octaves of value noise, each half as large and half as strong, scaled to fill 0 to 1."""
    total = np.zeros(size, np.float32)
    for octave in range(octaves):
        feature = cell / 2**octave
        if feature * min(stretch, 1.0) < 1.0:
            break
        total += value_noise(random, size, feature, stretch) * 0.5**octave
    return normalized(total)


def sampled(field: Floats, x: Floats, y: Floats) -> Floats:
    """The field at the given places, between its pixels by straight lines, mirrored beyond its border."""
    at = np.asarray(x, np.float32), np.asarray(y, np.float32)
    return np.asarray(cv2.remap(field, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.float32)


def normalized(values: Floats) -> Floats:
    """The values moved and scaled to 0 to 1."""
    low, high = float(values.min()), float(values.max())
    return (values - low) / max(high - low, 1e-9)


def smoothstep(low: float, high: float, values: Floats) -> Floats:
    """0 below `low`, 1 above `high`, an S-curve between; `low` may be the larger one."""
    part: Floats = np.clip((values - low) / (high - low), 0.0, 1.0)
    return part * part * (3.0 - 2.0 * part)


def blurred(values: Floats, sigma: float) -> Floats:
    """Gaussian blur; large ones are taken at a quarter of the size."""
    if sigma < 12 or min(values.shape[:2]) < 64:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)
    height, width = values.shape[:2]
    small = cv2.resize(values, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / 4, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
