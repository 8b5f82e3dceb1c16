"""PNG masks: 8-bit gray, 0 and 255, as every other program reads them."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import pytest

from bitmask_studio.formats.base import NamedMask
from bitmask_studio.formats.png import FORMAT
from tests.fakes.memory_source import stored

BITS = np.array([[1, 0, 0], [0, 1, 1]], bool)
MASK = NamedMask("a", 2, 3, stored(BITS))


def write(mask: NamedMask) -> bytes:
    out = io.BytesIO()
    FORMAT.write(out, [mask])
    return out.getvalue()


def encoded(picture: object, *options: int) -> bytes:
    return cv2.imencode(".png", np.asarray(picture), options)[1].tobytes()


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (2, 3), (480, 640), (2160, 3840)])
@pytest.mark.parametrize("fill", ["empty", "full", "random", "holes"])
def test_opencv_reads_what_was_written(shape: tuple[int, int], fill: str) -> None:
    bits = np.full(shape, fill in ("full", "holes"))
    if fill == "random":
        bits = np.random.default_rng(4).random(shape) < 0.5
    if fill == "holes":
        bits[shape[0] // 4 : shape[0] // 2, shape[1] // 4 : shape[1] // 2] = False
    picture = cv2.imdecode(np.frombuffer(write(NamedMask("a", *shape, stored(bits))), np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None and picture.dtype == np.uint8
    assert np.array_equal(picture, bits * np.uint8(255))


def test_a_row_longer_than_any_library_reads_is_written_all_the_same() -> None:
    bits = np.ones((1, 1 << 21), bool)
    data = write(NamedMask("a", *bits.shape, stored(bits)))
    assert FORMAT.same(io.BytesIO(data), [NamedMask("a", *bits.shape, stored(bits))])


def test_a_file_packed_by_another_program_and_cut_short_is_not_the_same() -> None:
    empty = NamedMask("a", 40, 30, stored(np.zeros((40, 30), bool)))
    data = encoded(np.zeros((40, 30), np.uint8), cv2.IMWRITE_PNG_COMPRESSION, 0)
    assert FORMAT.same(io.BytesIO(data), [empty])
    assert not any(FORMAT.same(io.BytesIO(data[:length]), [empty]) for length in range(len(data)))


@pytest.mark.parametrize("level", [0, 9])
def test_the_same_pixels_packed_by_another_program_are_the_same(level: int) -> None:
    data = encoded(BITS * np.uint8(255), cv2.IMWRITE_PNG_COMPRESSION, level)
    assert data != write(MASK)
    assert FORMAT.same(io.BytesIO(data), [MASK])


def test_zeros_and_ones_or_colours_are_not_the_same() -> None:
    gray = BITS * np.uint8(255)
    for other in (BITS.astype(np.uint8), gray.astype(np.uint16) * 257, np.dstack([gray] * 3)):
        assert not FORMAT.same(io.BytesIO(encoded(other)), [MASK])


def test_a_picture_that_claims_to_be_huge_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    fields = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    header = b"IHDR" + fields
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    assert not FORMAT.same(io.BytesIO(data), [MASK])
    assert not FORMAT.same(io.BytesIO(write(MASK)[:33] + bytes(2 << 20)), [MASK])
