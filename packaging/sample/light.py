"""Colours as linear light, shading of relief, and the development of a picture as a camera would do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sample.noise import Floats, Random, blurred


def rgb(color: str) -> Floats:
    """`#rrggbb` (sRGB) as linear light, (3,) of 0 to 1."""
    values = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], np.float32) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(np.float32)


def ramp(position: Floats, stops: Sequence[tuple[float, str]]) -> Floats:
    """Colours along ascending stops, of the shape of `position` and 3."""
    at = [stop for stop, _ in stops]
    colors = np.stack([rgb(color) for _, color in stops])
    return np.stack([np.interp(position, at, colors[:, k]) for k in range(3)], axis=-1).astype(np.float32)


def relief(height: Floats, strength: float, toward: tuple[float, float] = (-0.6, -0.6)) -> Floats:
    """How a surface of this height catches light from the side `toward` (x, y): about 1, more where it faces it."""
    surface = np.asarray(height, np.float32)
    dx = cv2.Sobel(surface, cv2.CV_32F, 1, 0, ksize=3) / 8
    dy = cv2.Sobel(surface, cv2.CV_32F, 0, 1, ksize=3) / 8
    return np.clip(1.0 - strength * (dx * toward[0] + dy * toward[1]), 0.0, 3.0)


@dataclass(frozen=True)
class Film:
    """How a picture is taken: see `develop`. Blur in px, the rest as parts of 1."""

    exposure: float = 1.0
    bloom: float = 0.12
    vignette: float = 0.25
    grain: float = 0.01
    blur: float = 0.6
    contrast: float = 0.0
    saturation: float = 1.0


def develop(picture: Floats, random: Random, film: Film) -> NDArray[np.uint8]:
    """Linear light to an 8-bit sRGB picture (height, width, 3), red first.

    Bright light spills over (`bloom`), the corners darken (`vignette`), the lens blurs by `blur` px, a soft shoulder
    holds the highlights, an S-curve adds contrast, the film has grain.
    """
    height, width = picture.shape[:2]
    scale = width / 1920
    light = picture * np.float32(film.exposure)
    light = blurred(light, film.blur) if film.blur else light
    spill = np.maximum(light - 0.75, 0.0)
    light = light + film.bloom * (blurred(spill, 14 * scale) + blurred(spill, 60 * scale))
    light *= _falloff(height, width, film.vignette)[..., None]
    encoded = _graded(_encode(_shoulder(light)), film)
    noise = cv2.GaussianBlur(random.standard_normal((height, width), np.float32), (0, 0), 0.7)
    encoded += (noise * film.grain * 1.6)[..., None]
    return (np.clip(encoded, 0.0, 1.0) * 255 + 0.5).astype(np.uint8)


def _graded(encoded: Floats, film: Film) -> Floats:
    gray = encoded @ np.array([0.30, 0.59, 0.11], np.float32)
    colored = gray[..., None] + (encoded - gray[..., None]) * film.saturation
    curve = colored * colored * (3 - 2 * colored)
    return colored + (curve - colored) * film.contrast


def _falloff(height: int, width: int, strength: float) -> Floats:
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * height / width
    return 1.0 - strength * np.clip((x * x + y * y) / 1.4, 0, 1) ** 1.3


def _shoulder(light: Floats) -> Floats:
    """Straight up to 0.7, then bending towards 1."""
    over = np.maximum(light - 0.7, 0.0)
    return np.where(light > 0.7, 0.7 + 0.3 * (1.0 - np.exp(-over / 0.3)), np.maximum(light, 0.0))


def _encode(light: Floats) -> Floats:
    """The sRGB transfer curve."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-8) ** (1 / 2.4) - 0.055)
