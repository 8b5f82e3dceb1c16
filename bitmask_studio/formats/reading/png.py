"""Masks out of PNG files (W3C, third edition): any depth, palettes by index."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.formats.reading.values import Bits, CheckSize, damaged, decode, mask_of

MAGIC = (b"\x89PNG\r\n\x1a\n",)
_HEADER = struct.Struct(">II5B")
_FRAME = struct.Struct(">I4s")
_PALETTE, _GRAY = 3, 0
_FIRST_BYTES = len(MAGIC[0]) + _FRAME.size + _HEADER.size


def read(file: BinaryIO, check_size: CheckSize) -> Bits:
    """The mask, bool (H, W). Raises InputError."""
    first = file.read(_FIRST_BYTES)
    if len(first) < _FIRST_BYTES or first[12:16] != b"IHDR":
        raise damaged()
    width, height, *_ = _HEADER.unpack_from(first, _FIRST_BYTES - _HEADER.size)
    check_size(width, height)
    values = decode(_bare(memoryview(first + file.read())))
    if values.shape[:2] != (height, width):
        raise damaged()
    return mask_of(values)


def _bare(data: memoryview) -> bytes:
    """The file with nothing but its pixels: indices of a palette as grays, no colour that means transparent.

    Indices and grays of one depth are stored alike, so that only the header's colour type differs.
    """
    pixels = [bytes(part) for kind, part in _chunks(data) if kind == b"IDAT"]
    width, height, depth, color, *rest = _HEADER.unpack_from(data, _FIRST_BYTES - _HEADER.size)
    header = _HEADER.pack(width, height, depth, _GRAY if color == _PALETTE else color, *rest)
    return b"".join(
        [MAGIC[0], _chunk(b"IHDR", header), *(_chunk(b"IDAT", each) for each in pixels), _chunk(b"IEND", b"")]
    )


def _chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Every chunk's name and content, each compared with its checksum. Raises InputError, also without an end."""
    at, kind = len(MAGIC[0]), b""
    while kind != b"IEND":
        if at + _FRAME.size > len(data):
            raise damaged()
        length, kind = _FRAME.unpack_from(data, at)
        start, end = at + _FRAME.size, at + _FRAME.size + length
        if bytes(data[end : end + 4]) != struct.pack(">I", zlib.crc32(data[at + 4 : end])):
            raise damaged()
        if kind == b"acTL":
            raise InputError(tr("it is animated"))
        yield kind, data[start:end]
        at = end + 4


def _chunk(kind: bytes, data: bytes) -> bytes:
    return _FRAME.pack(len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))
