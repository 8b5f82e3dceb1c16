"""Thumbnails are small, upright, and never cost what the picture would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bitmask_studio.sources.pictures.thumbnail import reduced


def encoded(ending: str, width: int, height: int, kind: type[np.uint8 | np.uint16] = np.uint8) -> bytes:
    """A picture whose left half is black, the right one white."""
    pixels: NDArray[Any] = np.zeros((height, width, 3), kind)
    pixels[:, width // 2 :] = np.iinfo(kind).max
    found, data = cv2.imencode(ending, pixels)
    assert found
    return data.tobytes()


@pytest.mark.parametrize("ending", [".jpg", ".png", ".bmp", ".webp", ".tiff"])
@pytest.mark.parametrize(
    ("size", "expected"), [((1600, 800), (160, 80)), ((300, 1200), (40, 160)), ((50, 20), (50, 20))]
)
def test_the_longer_side_is_at_most_what_was_asked(
    ending: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    picture = reduced(encoded(ending, *size), 160)
    assert picture is not None
    assert picture.pixels.shape == (expected[1], expected[0], 3)
    assert picture.pixels.dtype == np.uint8
    middle = expected[0] // 2
    assert picture.pixels[:, : middle - 2].max() < 16 and picture.pixels[:, middle + 2 :].min() > 239


def test_deeper_pictures_become_8_bit() -> None:
    picture = reduced(encoded(".png", 400, 200, np.uint16), 160)
    assert picture is not None and picture.pixels.max() == 255


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff", encoded(".png", 400, 200)[:40]])
def test_what_is_no_picture_has_none(data: bytes) -> None:
    assert reduced(data, 160) is None


def test_a_huge_picture_that_would_be_decoded_whole_has_none(tmp_path: Path) -> None:
    header = bytearray(encoded(".png", 4, 4))
    header[16:24] = (20_000).to_bytes(4, "big") * 2
    assert reduced(bytes(header), 160) is None
