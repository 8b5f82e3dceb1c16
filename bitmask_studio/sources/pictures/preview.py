"""The whole of a large JPEG at a fraction of its size, decoded in a fraction of the time: shown until all is there."""

from __future__ import annotations

import numpy as np

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.pictures.decode import upright
from bitmask_studio.sources.pictures.eight_bit import to_bgr
from bitmask_studio.sources.pictures.probe import Header, is_complete, probe

JPEG = b"\xff\xd8\xff"
"""How such a file begins; no other kind is decoded in part."""
_LEAST_PIXELS = 1 << 23
"""Of a frame that is worth it: below, the picture itself comes hardly later (4K: 30 ms against 22 ms)."""


def worth_preview(width: int, height: int) -> bool:
    """Whether a frame of that size, px, is so large that a person would wait for its picture."""
    return width * height >= _LEAST_PIXELS


def preview_bytes(data: bytes, width: int, height: int, side: int) -> Picture | None:
    """The picture file `data` of a frame of (width, height) px, reduced, its longer side `side` px or more; upright.

    None for what is no sound JPEG of that size, and where it would hardly be faster than decoding all.
    """
    header = probe(data) if data.startswith(JPEG) else None
    if header is None or not worth_preview(width, height) or header.width * header.height > MAX_PIXELS:
        return None
    fits = (width, height) in (header.upright, (header.width, header.height))
    flags = _flags(header, side)
    if not fits or flags is None or not is_complete(header, data):
        return None
    return _decoded(data, flags, header, (width, height))


def _decoded(data: bytes, flags: int, header: Header, size: tuple[int, int]) -> Picture | None:
    import cv2

    try:
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
        return None if stored is None else Picture(to_bgr(upright(np.asarray(stored), header, size)))
    except (cv2.error, PictureError):
        return None


def _flags(header: Header, side: int) -> int | None:
    """How OpenCV reads it: by the largest factor that leaves enough pixels; None when there is none."""
    import cv2

    longest = max(header.width, header.height)
    factors = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))
    found = next((flag for factor, flag in factors if longest >= side * factor), None)
    return None if found is None else found | cv2.IMREAD_IGNORE_ORIENTATION
