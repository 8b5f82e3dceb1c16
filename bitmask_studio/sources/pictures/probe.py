"""The kind, size and orientation of a picture from its first bytes, so that no decoder meets a surprise.

Written from the formats' own papers: PNG (W3C), JPEG (ITU T.81, Exif 2.3), GIF 89a, BMP, WebP (RFC 9649), TIFF 6.0.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from bitmask_studio.sources.pictures.eight_bit import Alpha

_EXIF = b"Exif\0\0"
_ORIENTATION_TAG, _WIDTH_TAG, _HEIGHT_TAG, _PHOTOMETRIC_TAG, _EXTRA_TAG = 0x0112, 0x0100, 0x0101, 0x0106, 0x0152
_ASSOCIATED = 1
_HAS_EXIF = 0x08
_NO_FRAME = (0xC4, 0xC8, 0xCC)
_MAX_TAGS = 512
_PNG_START = 8
_MOST_BYTES_A_PIXEL, _MOST_BESIDES = 9, 1 << 16
"""Four channels of 16 bits that did not get smaller by packing; what else a chunk holds that was cut off."""


class Header(Struct, frozen=True):
    """What a picture file says of itself; `width` and `height` in px as stored, before `orientation` (Exif, 1 to 8)."""

    kind: str
    width: int
    height: int
    orientation: int = 1
    alpha: Alpha = Alpha.STRAIGHT
    """What the fourth channel means, if there is one."""
    white_is_zero: bool = False

    @property
    def upright(self) -> tuple[int, int]:
        """(width, height) as people are to see it."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


def probe(data: bytes) -> Header | None:
    """Read a header; None when `data` is no picture of a kind known here or ends within its header."""
    try:
        for magic, read in _READERS:
            if data.startswith(magic):
                return read(data)
    except struct.error:
        return None
    return None


def ends_well(header: Header, end: bytes) -> bool:
    """Whether the last bytes of a file tell that it is complete; if not, it may be so all the same."""
    marks = {"png": b"IEND", "jpeg": b"\xff\xd9"}
    return header.kind not in marks or marks[header.kind] in end


def is_complete(header: Header, data: bytes) -> bool:
    """Whether the file's end is there; decoders show the part that they got without a word."""
    if header.kind == "png":
        return b"IEND" in data[-1024:]
    if header.kind != "jpeg":
        return True
    start = next((at for marker, at, _ in _segments(data) if marker == 0xDA), len(data))
    return data.find(b"\xff\xd9", start) >= 0


def is_believable(header: Header, file: BinaryIO) -> bool:
    """Whether no chunk of a PNG says that it is longer than the file and than any picture of that size could need.

    Of a file that was cut short the last one is longer than what is left. OpenCV takes the memory before it looks.
    """
    if header.kind != "png":
        return True
    end, at = file.seek(0, os.SEEK_END), _PNG_START
    most = header.width * header.height * _MOST_BYTES_A_PIXEL + _MOST_BESIDES
    while at + 8 <= end:
        file.seek(at)
        chunk = file.read(8)
        at += 12 + int.from_bytes(chunk[:4], "big")
        if at > end + most:
            return False
        if chunk[4:] == b"IEND":  # what lies behind is none of the picture's
            break
    return True


def _png(data: bytes) -> Header | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return Header("png", width, height, _png_orientation(data))


def _png_orientation(data: bytes) -> int:
    at = _PNG_START
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"eXIf":
            return _sound(_tiff_tags(data[at + 8 : at + 8 + length]).get(_ORIENTATION_TAG, 1))
        if name == b"IDAT":
            break
        at += 12 + length
    return 1


def _jpeg(data: bytes) -> Header | None:
    orientation = 1
    for marker, at, length in _segments(data):
        if marker == 0xE1 and data[at : at + 6] == _EXIF:
            orientation = _tiff_tags(data[at + 6 : at + length]).get(_ORIENTATION_TAG, 1)
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", data, at + 1)
            return Header("jpeg", width, height, _sound(orientation))
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The marker segments of a JPEG up to its first scan: marker, where the content begins, how long it is."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        yield marker, at + 4, length - 2
        if marker == 0xDA or length < 2:
            return
        at += 2 + length


def _gif(data: bytes) -> Header:
    return Header("gif", *struct.unpack_from("<HH", data, 6))


def _bmp(data: bytes) -> Header:
    (header_size,) = struct.unpack_from("<I", data, 14)
    if header_size == 12:
        return Header("bmp", *struct.unpack_from("<HH", data, 18))
    width, height = struct.unpack_from("<ii", data, 18)
    alpha_mask = struct.unpack_from("<I", data, 66)[0] if header_size >= 56 else 0
    return Header("bmp", abs(width), abs(height), alpha=Alpha.STRAIGHT if alpha_mask else Alpha.NONE)


def _webp(data: bytes) -> Header | None:
    chunk = data[12:16]
    if data[8:12] != b"WEBP":
        return None
    if chunk == b"VP8X":
        low_width, high_width, low_height, high_height = struct.unpack_from("<HBHB", data, 24)
        width, height = (high_width << 16 | low_width) + 1, (high_height << 16 | low_height) + 1
        return Header("webp", width, height, _webp_orientation(data) if data[20] & _HAS_EXIF else 1)
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    width, height = struct.unpack_from("<HH", data, 26)
    return Header("webp", width & 0x3FFF, height & 0x3FFF) if chunk == b"VP8 " else None


def _webp_orientation(data: bytes) -> int:
    """What the Exif chunk says, which lies behind the pixels. Raises struct.error when that is not here yet."""
    at, end = 12, struct.unpack_from("<I", data, 4)[0] + 8
    while data[at : at + 4] != b"EXIF":
        if at >= end:
            return 1
        (length,) = struct.unpack_from("<I", data, at + 4)
        at += 8 + length + length % 2
    start = at + 8 + (len(_EXIF) if data[at + 8 : at + 14] == _EXIF else 0)
    return _sound(_tiff_tags(data[start:]).get(_ORIENTATION_TAG, 1))


def _sound(orientation: int) -> int:
    return orientation if 1 <= orientation <= 8 else 1


def _tiff(data: bytes) -> Header | None:
    tags = _tiff_tags(data)
    width, height = tags.get(_WIDTH_TAG), tags.get(_HEIGHT_TAG)
    if width is None or height is None:
        return None
    alpha = Alpha.PREMULTIPLIED if tags.get(_EXTRA_TAG) == _ASSOCIATED else Alpha.STRAIGHT
    orientation = _sound(tags.get(_ORIENTATION_TAG, 1))
    return Header("tiff", width, height, orientation, alpha, tags.get(_PHOTOMETRIC_TAG) == 0)


def _tiff_tags(data: bytes) -> dict[int, int]:
    """The whole numbers in the first directory of a TIFF, which Exif data is too; empty when it is broken."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return {}
    try:
        (at,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, at)
        entries = [struct.unpack_from(f"{order}HHI4s", data, at + 2 + 12 * n) for n in range(min(count, _MAX_TAGS))]
    except struct.error:
        return {}
    formats = {3: "H", 4: "I"}
    return {
        tag: struct.unpack_from(order + formats[kind], value)[0] for tag, kind, _, value in entries if kind in formats
    }


_READERS = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"BM", _bmp),
    (b"RIFF", _webp),
    (b"II*\0", _tiff),
    (b"MM\0*", _tiff),
)
