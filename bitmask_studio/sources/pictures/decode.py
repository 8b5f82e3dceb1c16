"""A picture file as the 8-bit pixels of a frame: any depth, palette, alpha or orientation, never another size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.pictures.probe import Header, is_complete, probe
from bitmask_studio.sources.reasons import reason_of

_HEADER_BYTES = 1 << 18
_WHITE = 255
_END_OF_JPEG = b"\xff\xd9"

Pixels = NDArray[np.uint8]


def picture_size(path: Path) -> tuple[int, int] | None:
    """(width, height) in px of a picture as people see it; None when it is no picture that can be read here."""
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER_BYTES)
            header = probe(start) or probe(start + file.read())
    except OSError:
        return None
    return header.upright if header and 0 < header.width * header.height <= MAX_PIXELS else None


def decode(path: Path, width: int, height: int) -> Picture:
    """The picture in the size and orientation of a frame of (width, height) px. Raises PictureError."""
    return decode_bytes(_read(path), path.name, width, height)


def decode_bytes(data: bytes, name: str, width: int, height: int) -> Picture:
    """The picture file `data`, called `name`, in the size and orientation of its frame. Raises PictureError."""
    header = _header(data, name)
    if (width, height) not in (header.upright, (header.width, header.height)):
        raise PictureError(size_words(name, header.upright, (width, height)))
    cut = not is_complete(header, data)
    # OpenCV decodes a JPEG without an end from a file, but not from memory: there it gets an end.
    stored = _decode_stored(name, data + _END_OF_JPEG if cut and header.kind == "jpeg" else data, header)
    turned = _turned(stored, header.orientation) if header.upright == (width, height) else stored
    pixels = to_bgr(turned)
    if pixels.shape[:2] != (height, width):
        raise PictureError(size_words(name, (pixels.shape[1], pixels.shape[0]), (width, height)))
    return Picture(pixels, tr("{name} is cut short: a part of it is missing.").format(name=name) if cut else None)


def size_words(name: str, found: tuple[int, int], wanted: tuple[int, int]) -> str:
    """What a person reads when a picture has another size than its row says."""
    return tr("{name} is {w} x {h} px, but its label row says {fw} x {fh} px.").format(
        name=name, w=found[0], h=found[1], fw=wanted[0], fh=wanted[1]
    )


def to_bgr(stored: NDArray[Any]) -> Pixels:
    """uint8 (H, W, 3) of whatever OpenCV decoded: deeper ones are stretched to their range, alpha lies on white."""
    import cv2

    pixels = _to_8_bit(stored)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels == 4:
        return _on_white(pixels)
    if channels == 3:
        return np.ascontiguousarray(pixels)
    gray = np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))
    return np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), np.uint8)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PictureError(
            tr("{name} cannot be read: {reason}.").format(name=path.name, reason=reason_of(error))
        ) from error


def _header(data: bytes, name: str) -> Header:
    header = probe(data)
    if header is None:
        raise PictureError(tr("{name} is damaged, or no picture of a kind that can be shown.").format(name=name))
    if header.width * header.height > MAX_PIXELS:
        raise PictureError(
            tr("{name} is {w} x {h} px: larger than any picture that can be shown.").format(
                name=name, w=header.width, h=header.height
            )
        )
    return header


def _decode_stored(name: str, data: bytes, header: Header) -> NDArray[Any]:
    """The pixels as they lie in the file, not yet turned."""
    import cv2

    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION if header.kind != "gif" else cv2.IMREAD_COLOR
    try:
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        stored = None
    if stored is None:
        raise PictureError(tr("{name} is damaged and cannot be shown.").format(name=name))
    return np.asarray(stored)


def _turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """The pixels as Exif's orientation (1 to 8) wants them seen."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return np.ascontiguousarray(pixels[::rows, ::columns])


def _to_8_bit(stored: NDArray[Any]) -> Pixels:
    if stored.dtype == np.uint8:
        return np.asarray(stored, np.uint8)
    colors = stored[..., :3] if stored.ndim == 3 else stored
    finite = colors[np.isfinite(colors)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    scaled = (stored.astype(np.float32) - low) * (_WHITE / (high - low or 1.0))
    pixels: Pixels = np.asarray(np.clip(np.nan_to_num(scaled), 0, _WHITE), np.uint8)
    if stored.ndim == 3 and stored.shape[2] == 4:
        pixels[..., 3] = _alpha(stored[..., 3])
    return pixels


def _alpha(stored: NDArray[Any]) -> Pixels:
    full = np.iinfo(stored.dtype).max if np.issubdtype(stored.dtype, np.integer) else 1.0
    scaled = np.nan_to_num(stored.astype(np.float32) * (_WHITE / full))
    return np.asarray(np.clip(scaled, 0, _WHITE), np.uint8)


def _on_white(pixels: Pixels) -> Pixels:
    alpha = pixels[..., 3:]
    if alpha.min() == _WHITE:
        return np.ascontiguousarray(pixels[..., :3])
    mixed = pixels[..., :3].astype(np.uint16) * alpha + (_WHITE * (_WHITE - alpha.astype(np.uint16))) + _WHITE // 2
    return np.asarray(mixed // _WHITE, np.uint8)
