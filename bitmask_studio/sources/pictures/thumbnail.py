"""A small picture from a picture file of any size, without decoding all of it where the format allows."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.pictures.eight_bit import to_bgr
from bitmask_studio.sources.pictures.probe import Header, is_believable, probe

THUMBNAIL_SIDE = 160
"""The longer side at most, in px."""
_MOST_PIXELS = 1 << 26
"""Of a format that has to be decoded whole."""


def reduced(data: bytes, side: int) -> Picture | None:
    """A picture of at most `side` px a side, upright; None when `data` is no picture that can be shown."""
    import cv2

    header = probe(data)
    if header is None or not 0 < header.width * header.height <= (
        MAX_PIXELS if header.kind == "jpeg" else _MOST_PIXELS
    ):
        return None
    if not is_believable(header, BytesIO(data)):
        return None
    try:
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), _flags(header, side))
        if stored is None:
            return None
        scale = side / max(stored.shape[:2])
        if scale < 1:
            size = [max(1, round(each * scale)) for each in stored.shape[1::-1]]
            stored = np.asarray(cv2.resize(stored, size, interpolation=cv2.INTER_AREA))
        return Picture(to_bgr(stored))
    except (cv2.error, PictureError):
        return None


def _flags(header: Header, side: int) -> int:
    """How OpenCV reads it: in colour, turned as Exif says, by the largest factor that leaves enough pixels."""
    import cv2

    longest = max(header.width, header.height)
    factors = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))
    return next((flag for factor, flag in factors if longest >= side * factor), cv2.IMREAD_COLOR)
