"""A zlib stream (RFC 1950, RFC 1951) that costs next to nothing where the data is zero."""

from __future__ import annotations

import functools
import zlib

_HEADER = b"\x78\x01"
_LAST_BLOCK = b"\x03\x00"
"""An empty deflate block that says that it is the last."""
_MODULUS = 65521
_LARGEST = 24


class ZlibStream:
    """Called in order: `start`, any of `zeros` and `data`, `end`; the answers one after another are the stream."""

    def __init__(self) -> None:
        self._checksum = zlib.adler32(b"")

    def start(self) -> bytes:
        return _HEADER

    def zeros(self, count: int) -> bytes:
        """`count` zero bytes: put together of pieces of powers of two that are compressed once."""
        low, high = self._checksum & 0xFFFF, self._checksum >> 16
        self._checksum = ((high + count * low) % _MODULUS) << 16 | low
        whole, rest = divmod(count, 1 << _LARGEST)
        powers = [_LARGEST] * whole + [power for power in range(_LARGEST) if rest >> power & 1]
        return b"".join(map(_zeros, powers))

    def data(self, data: memoryview) -> bytes:
        self._checksum = zlib.adler32(data, self._checksum)
        return _compressed(data)

    def end(self) -> bytes:
        return _LAST_BLOCK + self._checksum.to_bytes(4, "big")


@functools.cache
def _zeros(power: int) -> bytes:
    return _compressed(memoryview(bytes(1 << power)))


def _compressed(data: memoryview) -> bytes:
    """Deflate blocks that end at a byte and refer to nothing before them."""
    # Level 1 with Z_RLE: of all settings tried both the fastest and the smallest for masks.
    compressor = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_RLE)
    return compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)
