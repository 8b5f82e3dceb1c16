"""Streams with long stretches of zeros are what zlib itself reads."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.formats.zlib_stream import ZlibStream


@given(st.lists(st.binary(max_size=50) | st.integers(0, 100_000)))
def test_zlib_reads_zeros_and_data_in_any_order(pieces: list[bytes | int]) -> None:
    stream = ZlibStream()
    parts = [stream.zeros(each) if isinstance(each, int) else stream.data(memoryview(each)) for each in pieces]
    wanted = b"".join(bytes(each) for each in pieces)
    assert zlib.decompress(b"".join([stream.start(), *parts, stream.end()])) == wanted


@pytest.mark.parametrize("count", [(1 << 24) - 1, 1 << 24, 3 << 24 | 5])
def test_a_great_many_zeros_are_a_small_stream(count: int) -> None:
    stream = ZlibStream()
    packed = stream.start() + stream.zeros(count) + stream.end()
    assert zlib.decompress(packed) == bytes(count)
    assert len(packed) < count / 500
