"""A hundred thousand spoiled picture and mask files of every kind; the suite opens a hundredth of them.

Each is shown in the size of its row or used as a mask, or one sentence says why not. No other exception, no hang, no
more memory than allowed, and the process lives. All of it, from the checkout:
`python -m tests.long.fuzz_pictures [--seed N] [--count N] [--seconds S] [--megabytes N]`.
"""

from __future__ import annotations

import io
import os
import random
import struct
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")

import cv2
import numpy as np

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.formats.mask_files import read_mask_file
from bitmask_studio.sources.pictures.decode import decode, picture_size
from bitmask_studio.sources.pictures.preview import preview_bytes
from bitmask_studio.sources.pictures.probe import probe
from bitmask_studio.sources.pictures.thumbnail import reduced
from tests.fakes import picture_files
from tests.long.hostile import Appetite, cap_memory, fuzzing_arguments, garbled, peak, within

SEED = 20261123
COUNT = 100_000
SECONDS = 5.0
"""A file of a few hundred bytes may say 16,384 x 16,384 px, and is believed until its pixels end."""
MEGABYTES = 1500
WIDTH, HEIGHT = 24, 17
_LEAST_BYTES, _BYTES_A_PIXEL = 64 << 20, 24
_SIDES = (0, 1, 16, 17, 24, 255, 256, 4096, 16384, 20000, 30000, 65535, 1 << 24, (1 << 31) - 1, (1 << 32) - 1)

_ONE_PLAY, _ONE_FRAME = struct.pack(">II", 1, 0), struct.pack(">5I2H2B", 0, WIDTH, HEIGHT, 0, 0, 1, 10, 0, 0)
_ONE_TILE = ((322, 4, [32]), (323, 4, [32]), (324, 4, [8]), (325, 4, [1024]))

Tally = Counter[str]


@cache
def sound() -> dict[str, bytes]:
    """One file of each kind, by its suffix and what is special in it."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    gray = (rows * 9 + columns * 4).astype(np.uint8) % 250
    color = np.dstack([gray, gray[::-1], gray[:, ::-1]])
    alpha = np.dstack([color, gray])
    deep = gray.astype(np.uint16) * 200
    index = (gray % 4).astype(np.uint8)
    exif = b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0) + bytes(4)
    with_exif = b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif
    jpeg = _encoded(".jpg", color)
    return {
        "gray.png": _encoded(".png", gray),
        "color.png": _encoded(".png", color),
        "alpha.png": _encoded(".png", alpha),
        "deep.png": _encoded(".png", deep),
        "palette.png": picture_files.png(index, 2, picture_files.PALETTE, (b"PLTE", bytes(range(12)))),
        "exif.png": picture_files.png(gray, 8, picture_files.GRAY, (b"eXIf", exif)),
        "moving.png": picture_files.png(gray, 8, picture_files.GRAY, (b"acTL", _ONE_PLAY), (b"fcTL", _ONE_FRAME)),
        "color.jpg": jpeg,
        "exif.jpg": jpeg[:2] + with_exif + jpeg[2:],
        "progressive.jpg": _encoded(".jpg", color, cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
        "color.bmp": _encoded(".bmp", color),
        "gray.bmp": _encoded(".bmp", gray),
        "color.webp": _encoded(".webp", color),
        "alpha.webp": _encoded(".webp", alpha, cv2.IMWRITE_WEBP_QUALITY, 101),
        "color.tif": _encoded(".tif", color),
        "plain.tif": picture_files.tiff(gray),
        "packed.tif": picture_files.tiff(deep, compressed=True, order=">"),
        "bits.tif": picture_files.tiff(gray % 2, bits=1),
        "big.tif": picture_files.tiff(gray, big=True),
        "tiled.tif": picture_files.tiff(np.zeros((32, 32), np.uint8), tags=_ONE_TILE),
        "float.tif": picture_files.tiff(gray.astype(np.float32)),
        "color.gif": _encoded(".gif", color),
        "mask.npy": _saved(gray > 100),
        "number.npy": _saved(deep.astype(np.float64)),
    }


def _encoded(suffix: str, pixels: np.ndarray, *how: int) -> bytes:
    done, data = cv2.imencode(suffix, pixels, list(how))
    assert done, suffix
    return data.tobytes()


def _saved(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def spoiled(dice: random.Random, content: bytes) -> bytes:
    """A file with other bytes here and there, most of all in its head, or with another size in it."""
    deed = dice.randrange(4)
    if deed == 0:
        return garbled(dice, content)
    if deed == 1:
        return garbled(dice, content[:64]) + content[64:]
    if deed == 2:
        return content[: dice.randint(0, len(content))]
    side, data = dice.choice(_SIDES), content
    for number in (WIDTH, HEIGHT):
        for form in ("<I", ">I", "<H", ">H"):
            old = struct.pack(form, number)
            new = struct.pack(form, side & (0xFFFF if form[1] == "H" else 0xFFFFFFFF))
            if dice.random() < 0.6:
                data = data[:8] + data[8:100].replace(old, new, 1) + data[100:]
    return data


def _mended(data: bytes) -> bytes:
    """A PNG whose chunks have the right check sums, as far as they can be followed: what is behind them is met then."""
    at, parts = 8, [data[:8]]
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 8 + length]
        parts.append(data[at : at + 4] + body + struct.pack(">I", zlib.crc32(body)))
        at += 12 + length
    return b"".join(parts) + data[at:]


def shown(path: Path, data: bytes, tally: Tally) -> None:
    """Read as a picture in each way there is."""
    size = picture_size(path)
    header = probe(data)
    if header is not None:
        preview_bytes(data, *header.upright, 100)
    small = reduced(data, 160)
    assert small is None or max(small.pixels.shape[:2]) <= 160 or max(small.pixels.shape[:2]) < MAX_PIXELS
    tally["thumbnails"] += small is not None
    width, height = size or (WIDTH, HEIGHT)
    picture = decode(path, width, height)
    assert picture.pixels.shape == (height, width, 3) and picture.pixels.dtype == np.uint8
    tally["pictures"] += 1
    tally["warnings"] += picture.warning is not None


def masked(path: Path, dice: random.Random, tally: Tally) -> None:
    """Read as a mask."""
    bits = read_mask_file(path, (WIDTH, HEIGHT) if dice.random() < 0.5 else None)
    assert bits.dtype == np.bool_ and bits.ndim == 2 and bits.size <= MAX_PIXELS
    tally["masks"] += 1


def run(seed: int, first: int, count: int, seconds: float, folder: Path) -> Tally:
    """Files number `first` and on; a failure tells the number, with which it can be made again."""
    tally, appetite = Tally(), Appetite()
    for number in range(first, first + count):
        dice = random.Random(f"{seed}:{number}")
        name, content = dice.choice(list(sound().items()))
        data = spoiled(dice, content)
        if name.endswith(".png") and dice.random() < 0.7:
            data = _mended(data)
        path = folder / name
        path.write_bytes(data)
        (folder / "number").write_text(str(number))  # read by whoever finds this process dead
        deeds: tuple[Callable[[], None], ...] = (
            lambda path=path, data=data: shown(path, data, tally),  # type: ignore[misc]
            lambda path=path, dice=dice: masked(path, dice, tally),  # type: ignore[misc]
        )
        for deed in deeds:
            appetite.begin()
            _try(deed, f"{name}, file {number} of seed {seed}", seconds, tally)
            assert appetite.taken() < _allowed(data), f"{name}, file {number}: took {appetite.taken() >> 20} MB"
    return tally


def _allowed(data: bytes) -> int:
    """Bytes that a picture file may take while it is read."""
    header = probe(data)
    pixels = header.width * header.height if header else 0
    return _LEAST_BYTES + _BYTES_A_PIXEL * (pixels if pixels <= MAX_PIXELS else 0)


def _try(deed: Callable[[], None], what: str, seconds: float, tally: Tally) -> None:
    try:
        with within(seconds):
            deed()
    except StudioError as error:
        assert str(error).strip() and "Traceback" not in str(error), what
        tally["refused"] += 1
    except BaseException as error:
        raise AssertionError(f"{what}: {error!r}") from error


def main() -> None:
    arguments = fuzzing_arguments(__doc__, SEED, COUNT, SECONDS, MEGABYTES)
    with tempfile.TemporaryDirectory() as name:
        run(arguments.seed, 0, 20, 60.0, Path(name))  # imports take long and memory, once
        cap_memory(arguments.megabytes << 20)
        tally = run(arguments.seed, arguments.first, arguments.count, arguments.seconds, Path(name))
    told = ", ".join(f"{count} {name}" for name, count in sorted(tally.items()))
    print(f"seed {arguments.seed}: {arguments.count} files read twice, none worse than refused: {told}")
    print(f"none took {arguments.seconds} s; {peak() >> 20} MB at most, capped at {arguments.megabytes} over the start")


if __name__ == "__main__":
    main()
