"""PNG and TIFF files of every kind, written byte by byte: no encoder that a reader shares."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Order = Literal["<", ">"]
GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6


def packed(values: NDArray[Any], depth: int) -> list[bytes]:
    """The rows of (H, W) values below 2**depth, the first of a byte in its high bits."""
    height, width = values.shape
    per = 8 // depth
    padded = np.pad(values, ((0, 0), (0, -width % per))).reshape(height, -1, per).astype(np.uint16)
    weights = np.array([1 << depth * (per - 1 - at) for at in range(per)], np.uint16)
    return [row.tobytes() for row in (padded * weights).sum(axis=2).astype(np.uint8)]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(values: NDArray[Any], depth: int, color: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG of (H, W) or (H, W, channels) values with chunks in front of its pixels."""
    height, width = values.shape[:2]
    kind = ">u2" if depth == 16 else "u1"
    rows = packed(values, depth) if depth < 8 else [row.astype(kind).tobytes() for row in values]
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    parts = [(b"IHDR", header), *more, (b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def tiff(
    values: NDArray[Any],
    photometric: int = 1,
    bits: int = 0,
    order: Order = "<",
    *,
    extra: int | None = None,
    compressed: bool = False,
    big: bool = False,
    pages: int = 1,
    tags: Sequence[tuple[int, int, Sequence[int]]] = (),
) -> bytes:
    """A TIFF in one strip; `bits` below 8 pack the values, `tags` (number, type, values) come on top."""
    height, width = values.shape[:2]
    samples = values.shape[2] if values.ndim == 3 else 1
    plain = (
        b"".join(packed(values, bits)) if 0 < bits < 8 else values.astype(values.dtype.newbyteorder(order)).tobytes()
    )
    strip = zlib.compress(plain) if compressed else plain
    sample_format = {"u": 1, "b": 1, "i": 2, "f": 3}[values.dtype.kind]
    depth = bits or values.dtype.itemsize * 8
    fields: dict[int, tuple[int, Sequence[int]]] = {
        256: (4, [width]),
        257: (3, [height]),
        258: (3, [depth] * samples),
        259: (3, [8 if compressed else 1]),
        262: (3, [photometric]),
        277: (3, [samples]),
        278: (4, [height]),
        279: (4, [len(strip)]),
        339: (3, [sample_format] * samples),
        **({338: (3, [extra])} if extra is not None else {}),
        **({320: (3, [0] * 3 * 2**depth)} if photometric == 3 else {}),
        **{number: (kind, each) for number, kind, each in tags},
    }
    return _file(fields, strip, order, big, pages)


def _file(fields: dict[int, tuple[int, Sequence[int]]], strip: bytes, order: str, big: bool, pages: int) -> bytes:
    word, room = ("Q", 8) if big else ("I", 4)
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}H", 43 if big else 42)
    head += struct.pack(f"{order}HHQ", 8, 0, 16) if big else struct.pack(f"{order}I", 8)
    count = len(fields) + 1
    start = len(head) + (8 if big else 2) + count * (20 if big else 12) + room
    fields = dict(sorted({**fields, 273: (4, [start])}.items()))
    entries, blobs = b"", strip
    for number, (kind, values) in fields.items():
        value = struct.pack(f"{order}{len(values)}{'I' if kind == 4 else 'H'}", *values)
        if len(value) > room:
            value, blobs = struct.pack(order + word, start + len(blobs)), blobs + value
        entries += struct.pack(f"{order}HH{word}", number, kind, len(values)) + value.ljust(room, b"\0")
    following = len(head) if pages > 1 else 0
    counted = struct.pack(order + ("Q" if big else "H"), count)
    return head + counted + entries + struct.pack(order + word, following) + blobs
