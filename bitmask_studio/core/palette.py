"""Colours of objects: from Encord's `#RRGGBB`, or one for each object so that neighbours differ."""

from __future__ import annotations

import colorsys
import zlib
from functools import lru_cache

from bitmask_studio.core.overlay import Color

_GOLDEN = 0.618033988749895
_FALLBACK: Color = (200, 160, 60)


@lru_cache(maxsize=4096)
def parse_color(text: str) -> Color:
    """Blue, green, red of `#RRGGBB`; a quiet blue for anything else."""
    digits = text.removeprefix("#")
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError:
        return _FALLBACK
    return blue, green, red


@lru_cache(maxsize=65536)
def object_color(object_hash: str) -> Color:
    """A bright colour that stays with the object."""
    hue = zlib.crc32(object_hash.encode("utf-8", "replace")) * _GOLDEN % 1
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.62, 0.95)
    return round(blue * 255), round(green * 255), round(red * 255)


@lru_cache(maxsize=65536)
def darker(color: Color, factor: float = 0.55) -> Color:
    """The same hue for a line around a fill."""
    blue, green, red = (round(channel * factor) for channel in color)
    return blue, green, red
