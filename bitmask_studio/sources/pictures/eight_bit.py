"""Whatever a decoder gives out, of any depth and number of channels, as three channels of 8 bits."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WHITE = 255
_BAND_PIXELS = 1 << 19
"""Of what is worked on at a time, so that nothing of the picture's own size is needed in between."""
_FILLS = 0.75
"""The part of its type's range that a picture has to span to be taken as it is, as other programs show it."""

Pixels = NDArray[np.uint8]
Stored = NDArray[Any]


class Alpha(Enum):
    """What the fourth channel means."""

    STRAIGHT = auto()
    PREMULTIPLIED = auto()
    """The colours have been multiplied by it."""
    NONE = auto()
    """Nothing."""


def to_bgr(stored: Stored, alpha: Alpha = Alpha.STRAIGHT) -> Pixels:
    """uint8 (H, W, 3) of (H, W), (H, W, 1), (H, W, 3) or (H, W, 4); the same array if it is that already.

    What is transparent lies on white. See `to_8_bit` for deeper ones.
    """
    import cv2

    pixels = to_8_bit(stored)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels == 3:
        return pixels
    if channels == 1:
        return np.asarray(cv2.cvtColor(pixels.reshape(pixels.shape[:2]), cv2.COLOR_GRAY2BGR), np.uint8)
    if alpha is Alpha.NONE:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR), np.uint8)
    return _on_white(pixels, alpha)


def _on_white(pixels: Pixels, alpha: Alpha) -> Pixels:
    import cv2

    out = np.empty((*pixels.shape[:2], 3), np.uint8)
    for rows in _bands(pixels):
        band = pixels[rows]
        opacity = np.asarray(cv2.extractChannel(band, 3), np.uint8)
        colors = np.asarray(cv2.cvtColor(band, cv2.COLOR_BGRA2BGR), np.uint8)
        out[rows] = colors if opacity.min() == _WHITE else _mixed(colors, opacity[..., np.newaxis], alpha)
    return out


def _mixed(colors: Pixels, opacity: Pixels, alpha: Alpha) -> Pixels:
    behind = _WHITE - opacity.astype(np.uint16)
    if alpha is Alpha.PREMULTIPLIED:
        return np.asarray(np.minimum(colors + behind, _WHITE), np.uint8)
    mixed = colors.astype(np.uint16) * opacity + _WHITE * behind + _WHITE // 2
    return np.asarray(mixed // _WHITE, np.uint8)


def to_8_bit(stored: Stored) -> Pixels:
    """The same in uint8; the same array if it is that already.

    Deeper and float ones are stretched from their own darkest to their brightest value, unless they fill the range of
    their type; what is no number is black.
    """
    if stored.dtype == np.uint8:
        return np.asarray(stored, np.uint8)
    has_alpha = stored.ndim == 3 and stored.shape[2] == 4
    low, high = _range(stored[..., :3] if has_alpha else stored)
    out = np.empty(stored.shape, np.uint8)
    for rows in _bands(stored):
        out[rows] = _stretched(stored[rows], low, high)
        if has_alpha:
            out[rows, :, 3] = _stretched(stored[rows, :, 3], 0.0, _full(stored.dtype) or 1.0)
    return out


def _range(colors: Stored) -> tuple[float, float]:
    """The values that become black and white."""
    found = [_ends(colors[rows]) for rows in _bands(colors)]
    low = min((each[0] for each in found if each), default=0.0)
    high = max((each[1] for each in found if each), default=1.0)
    full = _full(colors.dtype)
    return (0.0, full) if full and high - low >= _FILLS * full else (low, high)


def _ends(band: Stored) -> tuple[float, float] | None:
    """The least and the greatest number; None where there is none."""
    numbers = band[np.isfinite(band)] if band.dtype.kind == "f" else band
    return (float(numbers.min()), float(numbers.max())) if numbers.size else None


def _full(kind: np.dtype[Any]) -> float | None:
    """The brightest value of an unsigned type; other types have none."""
    return float(np.iinfo(kind).max) if kind.kind == "u" else None


def _stretched(band: Stored, low: float, high: float) -> Pixels:
    import cv2

    scale = _WHITE / (high - low or 1.0)
    if band.dtype.itemsize <= 2:
        return np.asarray(cv2.convertScaleAbs(band, alpha=scale, beta=-low * scale), np.uint8).reshape(band.shape)
    inside = np.clip(band.astype(np.float64), low, high)
    return np.asarray(np.nan_to_num((inside - low) * scale) + 0.5, np.uint8)


def _bands(pixels: Stored) -> Iterator[slice]:
    height, width = pixels.shape[:2]
    step = max(_BAND_PIXELS // max(width, 1), 1)
    return (slice(top, top + step) for top in range(0, height, step))
