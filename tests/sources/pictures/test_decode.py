"""Pictures of every kind end up as the 8-bit pixels of their frame, or a sentence says why not."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bitmask_studio.core.errors import PictureError
from bitmask_studio.sources.pictures.decode import decode, picture_size
from bitmask_studio.sources.pictures.probe import probe
from tests.sources.twins import HEIGHT, WIDTH, write_picture


def gradient(top: float) -> NDArray[np.float64]:
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.asarray((rows + columns) * (top / (WIDTH + HEIGHT - 2)), np.float64)


def encoded(suffix: str, pixels: NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]) -> bytes:
    done, data = cv2.imencode(suffix, pixels)
    assert done
    return data.tobytes()


def with_exif(jpeg: bytes, orientation: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, orientation, 0) + bytes(4)
    segment = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def png(width: int, height: int, color: int, rows: bytes, palette: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)
    body = chunk(b"IHDR", header) + (chunk(b"PLTE", palette) if palette else b"")
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".webp", ".tif"])
def test_the_size_is_read_from_the_header_and_the_picture_decoded(suffix: str, tmp_path: Path) -> None:
    path = write_picture(tmp_path / f"a{suffix}")
    assert picture_size(path) == (WIDTH, HEIGHT)
    picture = decode(path, WIDTH, HEIGHT)
    assert picture.pixels.shape == (HEIGHT, WIDTH, 3)
    assert picture.pixels.dtype == np.uint8
    assert picture.warning is None
    assert abs(int(picture.pixels[20, 10, 0]) - 160) < 12


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + struct.pack("<HH", 7, 5),
        b"BM" + bytes(12) + struct.pack("<IHH", 12, 7, 5),
        b"BM" + bytes(12) + struct.pack("<Iii", 40, 7, -5),
        b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x06\0\0\x04\0\0",
        b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + struct.pack("<I", 6 | 4 << 14),
    ],
)
def test_headers_made_by_the_papers_give_their_size(data: bytes) -> None:
    header = probe(data)
    assert header is not None
    assert header.upright == (7, 5)


def test_sixteen_bits_are_stretched_to_their_own_range(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(".png", gradient(4095).astype(np.uint16)))
    pixels = decode(path, WIDTH, HEIGHT).pixels
    assert pixels.min() == 0
    assert pixels.max() == 255
    assert np.array_equal(pixels[..., 0], pixels[..., 2])


def test_float_pictures_with_nan_are_shown(tmp_path: Path) -> None:
    stored = gradient(1).astype(np.float32)
    stored[0, 0] = np.nan
    path = tmp_path / "a.tif"
    path.write_bytes(encoded(".tiff", stored))
    assert decode(path, WIDTH, HEIGHT).pixels.max() == 255


def test_a_palette_is_shown_in_its_colours(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(2, 1, 3, b"\0\0\1", b"\xff\0\0" + b"\0\0\xff"))
    assert decode(path, 2, 1).pixels.tolist() == [[[0, 0, 255], [255, 0, 0]]]


def test_alpha_lies_on_white(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(".png", np.array([[[0, 0, 0, 0], [10, 20, 30, 255], [0, 0, 0, 51]]], np.uint8)))
    assert decode(path, 3, 1).pixels.tolist() == [[[255, 255, 255], [10, 20, 30], [204, 204, 204]]]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_as_their_row_says(orientation: int, tmp_path: Path) -> None:
    stored = np.zeros((HEIGHT, WIDTH), np.uint8)
    stored[:8, :8] = 250
    path = tmp_path / "a.jpg"
    path.write_bytes(with_exif(encoded(".jpg", stored), orientation))
    upright = (WIDTH, HEIGHT) if orientation < 5 else (HEIGHT, WIDTH)
    assert picture_size(path) == upright
    pixels = decode(path, *upright).pixels
    expected = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert expected is not None
    assert np.array_equal(pixels, expected)
    if orientation >= 5:
        assert decode(path, WIDTH, HEIGHT).pixels[2, 2, 0] > 200


def test_a_jpeg_cut_short_is_shown_with_a_warning(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.jpg", 400, 300)
    path.write_bytes(path.read_bytes()[:-900])
    picture = decode(path, 400, 300)
    assert picture.warning is not None
    assert "cut short" in picture.warning


def test_another_size_names_both(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"40 x 30 px.* 41 x 30 px"):
        decode(write_picture(tmp_path / "a.png"), 41, 30)


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(20_000, 20_000, 0, b""))
    assert picture_size(path) is None
    with pytest.raises(PictureError, match="20000 x 20000"):
        decode(path, 20_000, 20_000)


@pytest.mark.parametrize("keep", [0, 3, 10, 20, 60, 200])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".webp", ".tif"])
def test_cut_files_are_told_not_raised(suffix: str, keep: int, tmp_path: Path) -> None:
    path = write_picture(tmp_path / f"a{suffix}")
    path.write_bytes(path.read_bytes()[:keep])
    try:
        assert decode(path, WIDTH, HEIGHT).pixels.shape == (HEIGHT, WIDTH, 3)
    except PictureError as error:
        assert path.name in str(error)
    assert picture_size(path) in (None, (WIDTH, HEIGHT))
