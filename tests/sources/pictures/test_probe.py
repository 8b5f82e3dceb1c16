"""A picture's head is believed only as far as its file goes."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest

from bitmask_studio.core.errors import PictureError
from bitmask_studio.sources.pictures import decode as decoding
from bitmask_studio.sources.pictures.decode import decode
from bitmask_studio.sources.pictures.probe import is_believable, probe
from bitmask_studio.sources.pictures.thumbnail import reduced
from tests.fakes.picture_files import GRAY, chunk, png

PIXELS = (np.indices((40, 50)).sum(axis=0) * 2).astype(np.uint8)
SOUND = png(PIXELS, 8, GRAY)


def believed(data: bytes) -> bool:
    header = probe(data)
    assert header is not None
    return is_believable(header, BytesIO(data))


def with_a_huge_chunk(data: bytes, kind: bytes = b"PLTE", length: int = 0x4900000C) -> bytes:
    """The file with a chunk behind its header that says it is so long."""
    return data[:33] + struct.pack(">I", length) + kind + data[33:]


@pytest.mark.parametrize("kind", [b"PLTE", b"IDAT", b"tEXt", b"iCCP", b"xyzz"])
def test_a_chunk_longer_than_its_file_and_its_picture_is_not_believed(kind: bytes, tmp_path: Path) -> None:
    bad = with_a_huge_chunk(SOUND, kind)
    assert not believed(bad)
    assert reduced(bad, 100) is None
    (tmp_path / "a.png").write_bytes(bad)
    with pytest.raises(PictureError, match="damaged"):
        decode(tmp_path / "a.png", 50, 40)


def test_a_large_file_with_such_a_chunk_is_not_believed_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_HEADER_BYTES", 60)
    asked: list[str] = []
    monkeypatch.setattr(cv2, "imread", lambda *args: asked.append(args[0]))
    (tmp_path / "a.png").write_bytes(with_a_huge_chunk(SOUND))
    with pytest.raises(PictureError, match="damaged"):
        decode(tmp_path / "a.png", 50, 40)
    assert not asked


def test_a_file_that_was_cut_short_is_still_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (400, 500)).astype(np.uint8)
    cut = png(noise, 8, GRAY)
    cut = cut[: len(cut) * 3 // 4]
    assert believed(cut)
    assert believed(SOUND)


def test_a_long_chunk_that_is_all_there_is_believed(tmp_path: Path) -> None:
    long = SOUND[:33] + chunk(b"iTXt", bytes(300_000)) + SOUND[33:]
    assert believed(long)
    (tmp_path / "a.png").write_bytes(long)
    assert np.array_equal(decode(tmp_path / "a.png", 50, 40).pixels[..., 0], PIXELS)
