"""PNG: one picture a mask, 8-bit gray, 0 and 255. Chunks and fields: the PNG specification (ISO/IEC 15948)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.formats.base import Format, NamedMask, strips
from bitmask_studio.formats.zlib_stream import ZlibStream

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">8sI4sII")
_FIELDS = struct.Struct(">IIBBBBB")
_CHUNK_HEAD = struct.Struct(">I4s")
_CHUNK_FRAME = 12
"""Bytes of a chunk beside its data: length, kind, checksum."""
_EIGHT_BIT_GRAY = (8, 0, 0, 0, 0)
_TEXT_ALLOWANCE = 1 << 20
_CHANNELS = 4


class PngFormat(Format):
    """Written here and not by OpenCV: where a mask is empty it costs nothing, and the files are smaller."""

    name = "png"
    title = "PNG masks"
    suffix = ".png"

    def write(self, out: BinaryIO, masks: Iterable[NamedMask]) -> None:
        for mask in masks:
            for part in _parts(mask):
                out.write(part)

    def same(self, existing: BinaryIO, masks: Sequence[NamedMask]) -> bool:
        """Compared byte by byte first: what was written by this program needs no decoding."""
        mask = masks[0]
        if all(existing.read(len(part)) == part for part in _parts(mask)) and not existing.read(1):
            return True
        existing.seek(0)
        limit = 2 * _CHANNELS * mask.height * (mask.width + 1) + _TEXT_ALLOWANCE
        data = existing.read(limit + 1)
        return (
            len(data) <= limit and _declares(data, mask.height, mask.width) and _whole(data) and _decodes_to(data, mask)
        )


def _parts(mask: NamedMask) -> Iterator[bytes]:
    """The file, piece by piece."""
    yield _SIGNATURE
    yield _chunk(b"IHDR", _FIELDS.pack(mask.width, mask.height, *_EIGHT_BIT_GRAY))
    for data in _rows(mask):
        yield _chunk(b"IDAT", data)
    yield _chunk(b"IEND", b"")


def _rows(mask: NamedMask) -> Iterator[bytes]:
    """The compressed rows, each with its filter type, 0 for none, in front: rows without the object are all zeros."""
    pixels = mask.mask()
    picture = Box.of_size(mask.width, mask.height)
    used = pixels.box.intersection(picture)
    stream = ZlibStream()
    yield stream.start() + stream.zeros(used.y0 * (mask.width + 1))
    for strip in strips(pixels, Box(0, used.y0, mask.width, used.y1)):
        rows = np.zeros((strip.shape[0], strip.shape[1] + 1), np.uint8)
        np.multiply(strip, 255, out=rows[:, 1:])
        yield stream.data(rows.data)
    yield stream.zeros((mask.height - used.y1) * (mask.width + 1)) + stream.end()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return _CHUNK_HEAD.pack(len(data), kind) + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


def _declares(data: bytes, height: int, width: int) -> bool:
    """Whether the header says PNG of that size: looked at before anything is decoded."""
    if len(data) < _HEADER.size:
        return False
    signature, _, kind, declared_width, declared_height = _HEADER.unpack_from(data)
    return (signature, kind, declared_width, declared_height) == (_SIGNATURE, b"IHDR", width, height)


def _whole(data: bytes) -> bool:
    """Whether every chunk is there and unharmed: OpenCV also answers a picture for what was cut short."""
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND" and at + _CHUNK_FRAME <= len(data):
        length, kind = _CHUNK_HEAD.unpack_from(data, at)
        end = at + _CHUNK_FRAME + length
        if data[end - 4 : end] != struct.pack(">I", zlib.crc32(memoryview(data)[at + 4 : end - 4])):
            return False
        at = end
    return kind == b"IEND"


def _decodes_to(data: bytes, mask: NamedMask) -> bool:
    import cv2

    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return False
    if picture is None or picture.shape != (mask.height, mask.width) or picture.dtype != np.uint8:
        return False
    top = 0
    for strip in mask.strips():
        if not np.array_equal(picture[top : top + len(strip)], strip * np.uint8(255)):
            return False
        top += len(strip)
    return True


FORMAT = PngFormat()
