"""A picture file as the 8-bit pixels of a frame: any depth, palette, alpha or orientation, never another size."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.reading import open_ordinary, read_ordinary
from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.pictures.eight_bit import Alpha, Pixels, Stored, to_8_bit, to_bgr
from bitmask_studio.sources.pictures.probe import Header, ends_well, is_believable, is_complete, probe
from bitmask_studio.sources.reasons import reason_of

_HEADER_BYTES = 1 << 18
_WHITE = 255
_END_OF_JPEG = b"\xff\xd9"
_BACK = {6: 8, 8: 6}
"""The orientations that undo another; all others undo themselves."""


def picture_size(path: Path) -> tuple[int, int] | None:
    """(width, height) in px of a picture as people see it; None when it is no picture that can be read here."""
    try:
        with open_ordinary(path) as file:
            start = file.read(_HEADER_BYTES)
            header = _header_of(start, file)
    except OSError:
        return None
    return header.upright if header and 0 < header.width * header.height <= MAX_PIXELS else None


def decode(path: Path, width: int, height: int) -> Picture:
    """The picture in the size and orientation of a frame of (width, height) px. Raises PictureError."""
    return _decode_large(path, (width, height)) or decode_bytes(_read(path), path.name, width, height)


def decode_bytes(data: bytes, name: str, width: int, height: int) -> Picture:
    """The picture file `data`, called `name`, in the size and orientation of its frame. Raises PictureError."""
    header = _header(data, name)
    if (width, height) not in (header.upright, (header.width, header.height)):
        raise PictureError(size_words(name, header.upright, (width, height)))
    cut = not is_complete(header, data)
    # OpenCV decodes a JPEG without an end from a file, but not from memory: there it gets an end.
    stored = _decode_stored(data + _END_OF_JPEG if cut and header.kind == "jpeg" else data)
    if stored is None:
        raise PictureError(tr("{name} is damaged and cannot be shown.").format(name=name))
    del data
    warning = tr("{name} is cut short: a part of it is missing.").format(name=name) if cut else None
    return Picture(_shown([stored], header, name, (width, height)), warning)


def size_words(name: str, found: tuple[int, int], wanted: tuple[int, int]) -> str:
    """What a person reads when a picture has another size than its row says."""
    return tr("{name} is {w} x {h} px, but its label row says {fw} x {fh} px.").format(
        name=name, w=found[0], h=found[1], fw=wanted[0], fh=wanted[1]
    )


def upright(stored: Stored, header: Header, size: tuple[int, int]) -> Stored:
    """The pixels as a frame of `size` (width, height) px shows them: turned as Exif says, or as stored if it counts so.

    They may be fewer than the header says, by the same factor both ways. OpenCV has turned a TIFF whatever it was told.
    """
    if header.kind != "tiff":
        return _turned(stored, header.orientation) if header.upright == size else stored
    return stored if header.upright == size else _turned(stored, _BACK.get(header.orientation, header.orientation))


def _decode_large(path: Path, size: tuple[int, int]) -> Picture | None:
    """A large, sound file without holding its bytes, or OpenCV's copy of the pixels; None for all others.

    Read from memory, OpenCV's pixels are copied once more on their way here, and so is what is read without `dst`.
    """
    import cv2

    try:
        with open_ordinary(path) as file:
            start = file.read(_HEADER_BYTES)
            header = _header_of(start, file) if len(start) == _HEADER_BYTES else None
            file.seek(-_HEADER_BYTES, os.SEEK_END)
            sound = header is not None and ends_well(header, file.read()) and is_believable(header, file)
        if header is None or not sound or size not in (header.upright, (header.width, header.height)):
            return None
        stored = cv2.imread(str(path), None, _flags()) if header.width * header.height <= MAX_PIXELS else None
    except (OSError, ValueError, cv2.error):
        return None
    return None if stored is None else Picture(_shown([np.asarray(stored)], header, path.name, size))


def _header_of(start: bytes, file: BinaryIO) -> Header | None:
    """What a file says of itself that begins so; some, a TIFF above all, say it at their end."""
    return probe(start) or probe(start + file.read())


def _shown(stored: list[Stored], header: Header, name: str, size: tuple[int, int]) -> Pixels:
    """What a frame of `size` shows of the one array in a list, which is let go of as soon as may be."""
    alpha, kind = _alpha_of(header, stored[0]), stored[0].dtype
    stored.append(upright(stored.pop(), header, size))
    stored.append(to_8_bit(stored.pop()))
    pixels = to_bgr(stored.pop(), alpha)
    if header.white_is_zero and kind != np.uint8:  # of 8 bits and less, OpenCV has seen to it
        np.subtract(_WHITE, pixels, out=pixels)
    if pixels.shape[:2] != size[::-1]:
        raise PictureError(size_words(name, (pixels.shape[1], pixels.shape[0]), size))
    return pixels


def _read(path: Path) -> bytes:
    try:
        return read_ordinary(path)
    except OSError as error:
        raise PictureError(
            tr("{name} cannot be read: {reason}.").format(name=path.name, reason=reason_of(error))
        ) from error


def _header(data: bytes, name: str) -> Header:
    header = probe(data)
    if header is None:
        raise PictureError(tr("{name} is damaged, or no picture of a kind that can be shown.").format(name=name))
    if not is_believable(header, BytesIO(data)):
        raise PictureError(tr("{name} is damaged and cannot be shown.").format(name=name))
    if header.width * header.height > MAX_PIXELS:
        raise PictureError(
            tr("{name} is {w} x {h} px: larger than any picture that can be shown.").format(
                name=name, w=header.width, h=header.height
            )
        )
    return header


def _decode_stored(data: bytes) -> Stored | None:
    """The pixels as they lie in the file, not yet turned; None for a damaged one."""
    import cv2

    try:
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), _flags())
    except cv2.error:
        return None
    return None if stored is None else np.asarray(stored)


def _flags() -> int:
    import cv2

    return cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION


def _turned(pixels: Stored, orientation: int) -> Stored:
    """The pixels as Exif's orientation (1 to 8) wants them seen; the same array where that is as they are."""
    import cv2

    turns = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
    flips = {2: 1, 4: 0, 7: -1}
    if orientation in turns:
        return np.asarray(cv2.rotate(pixels, turns[orientation]))
    turned = cv2.transpose(pixels) if orientation in (5, 7) else pixels
    return np.asarray(cv2.flip(turned, flips[orientation]) if orientation in flips else turned)


def _alpha_of(header: Header, stored: Stored) -> Alpha:
    """What a fourth channel means. OpenCV gives out a TIFF's colours multiplied by it up to 8 bits."""
    if header.kind == "tiff" and stored.dtype == np.uint8:
        return Alpha.PREMULTIPLIED
    return header.alpha
