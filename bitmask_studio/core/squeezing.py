"""The bits of a patch's tiles made short and read back: what comes from a file is checked before it is made long."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Packed = NDArray[np.uint8]
"""Bits, eight to a byte."""

_ROW = 16
"""Bytes of a tile's row as bits."""
TILE_BYTES = 128 * _ROW
USED_BYTES = TILE_BYTES // 64
"""Bytes of the bits that tell which words of a tile are not zero."""
_MOST = USED_BYTES + TILE_BYTES // 8 + TILE_BYTES
"""Bytes that the bits of a tile take when nothing of them is zero."""
_MAX_TILES = 1 << 16
"""More than an edit ever touches: what claims more is not read."""


class Squeezed(NamedTuple):
    """The corners of tiles, x and y by turns, and the bits of those that do not flip as a whole; see `squeeze`."""

    corners: tuple[int, ...]
    used: bytes
    filled: bytes
    octets: bytes


def squeeze(bits: Packed) -> bytes:
    """Rows of packed bits made short: each becomes its difference to the row above, so that the outlines are left.

    First a bit for each word of 8 bytes, whether it is not zero; then a bit for each byte of these; then those bytes.
    """
    words = bits.view(np.uint64)
    step = _ROW // 8
    outlines = np.concatenate((words[:step], words[step:] ^ words[:-step]))
    used = outlines != 0
    octets = outlines[used].view(np.uint8)
    filled = octets != 0
    return b"".join((np.packbits(used).tobytes(), np.packbits(filled).tobytes(), octets[filled].tobytes()))


def compress(corners: Sequence[tuple[int, int]], bits: Packed) -> bytes:
    """What `read` reads: the corners of tiles and the bits of those that do not flip as a whole."""
    return zlib.compress(np.array(corners, "<i4").tobytes() + squeeze(bits), 1)


def read(data: bytes, tiles: int, parts: int) -> Squeezed:
    """What was compressed: `tiles` corners and the bits of `parts` of them. Raises ValueError where it is not that."""
    if not 0 <= parts <= tiles <= _MAX_TILES or not tiles:
        raise ValueError("a patch has no such number of tiles")
    head = 8 * tiles
    plain = _inflated(data, head + parts * _MOST)
    used, rest = plain[head : head + parts * USED_BYTES], plain[head + parts * USED_BYTES :]
    words = int.from_bytes(used).bit_count()
    filled, octets = rest[:words], rest[words:]
    cut_short = len(plain) < head or len(used) < parts * USED_BYTES or len(filled) < words
    if cut_short or len(octets) != int.from_bytes(filled).bit_count():
        raise ValueError("a patch is damaged")
    return Squeezed(struct.unpack(f"<{2 * tiles}i", plain[:head]), used, filled, octets)


def spread(pieces: Sequence[Squeezed]) -> Packed:
    """The packed bits of all tiles of all pieces that do not flip as a whole, (tiles, TILE_BYTES)."""
    pieces = [each for each in pieces if each.used]
    used = _bits(b"".join(each.used for each in pieces))
    filled = _bits(b"".join(each.filled for each in pieces))
    octets = np.zeros(len(filled), np.uint8)
    octets[filled] = np.frombuffer(b"".join(each.octets for each in pieces), np.uint8)
    words = np.zeros(len(used), np.uint64)
    words[used] = octets.view(np.uint64)
    rows = np.bitwise_xor.accumulate(words.reshape(-1, _ROW // 8), axis=0)
    if len(pieces) > 1:
        # The rows of a piece are differences to its own first one: what came before is taken out again.
        counts = np.array([len(each.used) for each in pieces]) * 64 // _ROW
        ends = np.cumsum(counts)
        rows[ends[0] :] ^= np.repeat(rows[ends[:-1] - 1], counts[1:], axis=0)
    return rows.view(np.uint8).reshape(-1, TILE_BYTES)


def _bits(data: bytes) -> NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(data, np.uint8)).view(np.bool_)


def _inflated(data: bytes, most: int) -> bytes:
    reader = zlib.decompressobj()
    try:
        inflated = reader.decompress(data, most + 1)
    except zlib.error as error:
        raise ValueError("a patch is damaged") from error
    if len(inflated) > most or not reader.eof or reader.unused_data:
        raise ValueError("a patch is damaged")
    return inflated
