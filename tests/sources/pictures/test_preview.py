"""A large JPEG is shown reduced before all of it is decoded: whole, upright, and the same picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from bitmask_studio.core.labels import Frame
from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.sources.local.pictures.finding import Pictures
from bitmask_studio.sources.pictures import preview
from bitmask_studio.sources.pictures.decode import decode_bytes
from bitmask_studio.sources.pictures.eight_bit import Pixels
from bitmask_studio.sources.pictures.preview import preview_bytes, worth_preview
from tests.sources.pictures.test_decode import encoded, with_exif

WIDTH, HEIGHT = 1003, 601


@pytest.fixture(autouse=True)
def _every_size_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "_LEAST_PIXELS", 1)


def scene() -> Pixels:
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([rows * 255 / HEIGHT, columns * 255 / WIDTH, (rows > columns) * 200], axis=-1).astype(np.uint8)


def jpeg(orientation: int = 1) -> bytes:
    return with_exif(encoded(".jpg", scene()), orientation)


def is_reduced(small: Pixels, whole: Pixels) -> bool:
    """Whether one is the other made smaller, as far as a JPEG keeps it."""
    expected = cv2.resize(whole, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    return float(np.abs(small.astype(int) - expected).mean()) < 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_preview_is_turned_exactly_as_the_picture(orientation: int) -> None:
    data = jpeg(orientation)
    for width, height in {(WIDTH, HEIGHT), (HEIGHT, WIDTH) if orientation >= 5 else (WIDTH, HEIGHT)}:
        whole = decode_bytes(data, "a.jpg", width, height).pixels
        small = preview_bytes(data, width, height, 240)
        assert small is not None
        assert small.pixels.shape[1::-1] == (-(-width // 4), -(-height // 4))
        assert is_reduced(small.pixels, whole)
        assert not is_reduced(small.pixels[::-1], whole) and not is_reduced(small.pixels[:, ::-1], whole)


@pytest.mark.parametrize(("side", "longer"), [(125, 126), (126, 251), (251, 502), (502, None), (2000, None)])
def test_a_preview_has_at_least_the_side_asked_for(side: int, longer: int | None) -> None:
    found = preview_bytes(jpeg(), WIDTH, HEIGHT, side)
    assert (max(found.pixels.shape) if found else None) == longer


def test_a_gray_jpeg_has_a_preview_in_three_channels() -> None:
    found = preview_bytes(encoded(".jpg", scene()[..., 0]), WIDTH, HEIGHT, 125)
    assert found is not None
    assert found.pixels.shape == (76, 126, 3)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".webp", ".tif"])
def test_other_kinds_have_none(suffix: str) -> None:
    assert preview_bytes(encoded(suffix, scene()), WIDTH, HEIGHT, 100) is None


def test_what_is_wrong_is_left_to_the_picture() -> None:
    assert preview_bytes(jpeg(), WIDTH + 1, HEIGHT, 100) is None
    assert preview_bytes(jpeg()[:-2000], WIDTH, HEIGHT, 100) is None
    assert preview_bytes(b"", WIDTH, HEIGHT, 100) is None
    damaged = jpeg()
    assert preview_bytes(damaged[:4] + bytes(len(damaged) - 4), WIDTH, HEIGHT, 100) is None


def test_small_pictures_are_not_worth_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert not worth_preview(3840, 2160)
    assert worth_preview(7680, 4320)
    assert worth_preview(1, MAX_PIXELS)
    assert preview_bytes(jpeg(), WIDTH, HEIGHT, 100) is None


def test_a_local_picture_has_a_preview_and_a_missing_one_has_none(tmp_path: Path) -> None:
    pictures = Pictures([tmp_path], None)
    frame = Frame(0, 0, "a.jpg", "hash", WIDTH, HEIGHT)
    assert pictures.preview(frame, "", "image", 240) is None
    (tmp_path / "a.jpg").write_bytes(jpeg())
    found = pictures.preview(frame, "", "image", 240)
    assert found is not None
    assert is_reduced(found.pixels, pictures.read(frame, "", "image").pixels)
    assert pictures.preview(frame, "", "dicom", 240) is None
    (tmp_path / "a.jpg").write_bytes(encoded(".png", scene()))
    assert pictures.preview(frame, "", "image", 240) is None
