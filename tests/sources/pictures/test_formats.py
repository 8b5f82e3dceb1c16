"""Pictures of every depth, palette, alpha and kind of ink come out as Qt's own readers, or values set by hand, say."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader

from bitmask_studio.sources.pictures import decode as module
from bitmask_studio.sources.pictures.decode import decode, decode_bytes, picture_size
from bitmask_studio.sources.pictures.eight_bit import Alpha, Pixels, to_bgr
from bitmask_studio.sources.pictures.probe import probe
from tests.fakes.picture_files import GRAY, GRAY_ALPHA, PALETTE, RGB, RGBA, packed, png, tiff
from tests.sources.pictures.test_decode import encoded, with_exif

HEIGHT, WIDTH = 24, 40
ROW, COLUMN = np.mgrid[0:HEIGHT, 0:WIDTH]
INDEX = ((ROW * WIDTH + COLUMN) % 256).astype(np.uint8)
COLORS = np.stack([ROW * 5, COLUMN * 5, ROW * 3 + COLUMN], axis=-1).astype(np.uint8)
DEEP = np.stack([ROW * 2849, COLUMN * 1680, (ROW + COLUMN) * 1000], axis=-1).astype(np.uint16)
OPACITY = (COLUMN * 6).astype(np.uint8)
WITH_ALPHA = np.dstack([COLORS, OPACITY])
TABLE = np.random.default_rng(0).integers(0, 256, (256, 3), dtype=np.uint8)


def seen_by_qt(data: bytes, turned: bool = True) -> NDArray[np.int64]:
    """(H, W, 3), blue first, on white."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(turned)
    image = reader.read().convertToFormat(QImage.Format.Format_ARGB32)
    del reader  # before its buffer
    assert not image.isNull()
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    pixels = lines[:, : image.width()].astype(np.int64)
    alpha = pixels[..., 3:]
    return np.asarray((pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255)


def shown(data: bytes) -> Pixels:
    header = probe(data)
    assert header is not None
    return decode_bytes(data, "a", *header.upright).pixels


def differs(data: bytes) -> int:
    """By how much a picture differs from what Qt sees, at most."""
    ours, theirs = shown(data), seen_by_qt(data)
    assert ours.shape == theirs.shape
    return int(np.abs(ours - theirs).max())


def palette(count: int = 256) -> tuple[bytes, bytes]:
    return b"PLTE", TABLE[:count].tobytes()


def bmp(
    bits: int, lines: bytes, colors: bytes = b"", method: int = 0, more: bytes = b"", top_down: bool = False
) -> bytes:
    """`more`: what a header longer than 40 bytes, or the masks behind it, hold."""
    size = 40 + (len(more) if len(more) > 12 else 0)
    offset = 14 + 40 + len(more) + len(colors)
    facts = (size, WIDTH, -HEIGHT if top_down else HEIGHT, 1, bits, method, len(lines), 0, 0, len(colors) // 4, 0)
    start = b"BM" + struct.pack("<IHHI", offset + len(lines), 0, 0, offset)
    return start + struct.pack("<IiiHHIIiiII", *facts) + more + colors + lines


def padded(lines: list[bytes]) -> bytes:
    return b"".join(line + bytes(-len(line) % 4) for line in lines)


def webp_with_exif(orientation: int) -> bytes:
    plain = encoded(".webp", COLORS)[12:]
    tags = b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, orientation, 0) + bytes(4)
    size = struct.pack("<I", WIDTH - 1)[:3] + struct.pack("<I", HEIGHT - 1)[:3]
    head = b"VP8X" + struct.pack("<I", 10) + b"\x08\0\0\0" + size
    body = b"WEBP" + head + plain + b"EXIF" + struct.pack("<I", len(tags)) + tags
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(transparent: int | None = None) -> bytes:
    """Its codes are never longer than nine bits: the table is cleared before it grows."""
    values: list[int] = []
    for place, value in enumerate(INDEX.ravel().tolist()):
        values += [256, value] if place % 100 == 0 else [value]
    bits = sum(value << 9 * place for place, value in enumerate([*values, 257]))
    codes = bits.to_bytes((len(values) + 1) * 9 // 8 + 1, "little")
    blocks = b"".join(bytes([len(codes[n : n + 255])]) + codes[n : n + 255] for n in range(0, len(codes), 255))
    control = b"" if transparent is None else b"!\xf9\x04" + bytes([1, 0, 0, transparent, 0])
    start = b"GIF89a" + struct.pack("<HHBBB", WIDTH, HEIGHT, 0xF7, 0, 0) + TABLE.tobytes()
    return start + control + b"," + struct.pack("<HHHHBB", 0, 0, WIDTH, HEIGHT, 0, 8) + blocks + b"\0;"


def cmyk_jpeg() -> bytes:
    """As Qt writes it: Adobe's marker, inks turned round."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_CMYK8888)
    inks = np.stack([ROW * 10, COLUMN * 6, (ROW + COLUMN) * 3, ROW * 5], axis=-1)
    np.frombuffer(image.bits(), np.uint8).reshape(HEIGHT, WIDTH, 4)[:] = inks
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "jpg", 95)  # type: ignore[call-overload] # the stubs want bytes
    return bytes(buffer.data().data())


def as_ycck(jpeg: bytes) -> bytes:
    """The same numbers, said to be YCCK by Adobe's marker."""
    at = jpeg.index(b"Adobe") + 11
    return jpeg[:at] + b"\2" + jpeg[at + 1 :]


def without_adobe(jpeg: bytes) -> bytes:
    at = jpeg.index(b"Adobe") - 4
    (length,) = struct.unpack_from(">H", jpeg, at + 2)
    return jpeg[:at] + jpeg[at + 2 + length :]


def few(depth: int) -> NDArray[np.uint8]:
    return np.asarray((ROW + COLUMN) % (1 << depth), np.uint8)


EXACT = {
    "gray": png(OPACITY, 8, GRAY),
    "gray and alpha": png(np.dstack([INDEX, OPACITY]), 8, GRAY_ALPHA),
    "colours": png(COLORS, 8, RGB),
    "colours and alpha": png(WITH_ALPHA, 8, RGBA),
    "one colour of three transparent": png(COLORS, 8, RGB, (b"tRNS", struct.pack(">HHH", 5, 5, 4))),
    "palette": png(INDEX, 8, PALETTE, palette()),
    "palette with transparency": png(INDEX, 8, PALETTE, palette(), (b"tRNS", bytes(range(200)))),
    **{f"gray of {depth} bits": png(few(depth), depth, GRAY) for depth in (1, 2, 4)},
    **{
        f"palette of {depth} bits": png(few(depth), depth, PALETTE, palette(1 << depth), (b"tRNS", b"\0\x80"))
        for depth in (1, 2, 4)
    },
    "TIFF gray": tiff(OPACITY),
    "TIFF gray from white": tiff(OPACITY, 0),
    "TIFF of one bit": tiff(few(1), 1, 1),
    "TIFF of one bit from white": tiff(few(1), 0, 1),
    "TIFF colours": tiff(COLORS, 2),
    "TIFF of two pages": tiff(OPACITY, pages=2),
    "TIFF deflated": tiff(COLORS, 2, compressed=True),
    "TIFF palette": tiff(INDEX, 3, tags=[(320, 3, (TABLE.T.astype(int) * 257).ravel().tolist())]),
    "TIFF palette of 4 bits": tiff(few(4), 3, 4, tags=[(320, 3, (TABLE[:16].T.astype(int) * 257).ravel().tolist())]),
    "GIF": gif(),
    "GIF with transparency": gif(transparent=5),
    "WebP": encoded(".webp", COLORS),
    "WebP with alpha": cv2.imencode(".webp", WITH_ALPHA, [cv2.IMWRITE_WEBP_QUALITY, 90])[1].tobytes(),
    "WebP with alpha, lossless": cv2.imencode(".webp", WITH_ALPHA, [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes(),
    "JPEG": encoded(".jpg", COLORS),
    "JPEG gray": encoded(".jpg", OPACITY),
    "JPEG progressive": cv2.imencode(".jpg", COLORS, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes(),
    "BMP": encoded(".bmp", COLORS),
    "BMP of one bit": bmp(1, padded(packed(few(1), 1)), b"\x10\x20\x30\0\xf0\xe0\xd0\0"),
    "BMP of 4 bits": bmp(4, padded(packed(few(4), 4)), bytes(range(64))),
    "BMP palette": bmp(8, INDEX.tobytes(), np.insert(TABLE, 3, 0, axis=1).tobytes()),
    "BMP from the top": bmp(8, INDEX.tobytes(), bytes(range(256)) * 4, top_down=True),
    "BMP of 32 bits, the last 8 unused": bmp(32, WITH_ALPHA.tobytes()),
    "BMP of 32 bits, all of them 0": bmp(32, np.dstack([COLORS, OPACITY * 0]).tobytes()),
    "BMP with masks, none of alpha": bmp(
        32, WITH_ALPHA.tobytes(), method=3, more=struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)
    ),
    "BMP with alpha": bmp(
        32,
        WITH_ALPHA.tobytes(),
        method=3,
        more=struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs" + bytes(64),
    ),
}


@pytest.mark.parametrize("data", EXACT.values(), ids=EXACT.keys())
def test_a_picture_is_what_qt_sees(data: bytes) -> None:
    assert differs(data) == 0


NEARLY = {
    "16 bits of gray that fill the range": (png((ROW * 2849).astype(np.uint16), 16, GRAY), 1),
    "16 bits of gray and alpha": (png(np.dstack([(ROW * 2849), (COLUMN * 1600)]).astype(np.uint16), 16, GRAY_ALPHA), 1),
    "16 bits of colours": (png(DEEP, 16, RGB), 1),
    "16 bits of colours and alpha": (png(np.dstack([DEEP, (COLUMN * 1600).astype(np.uint16)]), 16, RGBA), 2),
    "TIFF of 16 bits": (tiff((ROW * 2849).astype(np.uint16)), 1),
    "TIFF of 16 bits, the other order": (tiff((ROW * 2849).astype(np.uint16), order=">"), 1),
    "TIFF of 16 bits from white": (tiff((ROW * 2849).astype(np.uint16), 0), 1),
    "TIFF of 16 bits of colours": (tiff(DEEP, 2), 1),
    "TIFF with alpha": (tiff(WITH_ALPHA, 2, extra=2), 1),
    "TIFF with alpha multiplied": (tiff(np.minimum(WITH_ALPHA, OPACITY[..., np.newaxis]), 2, extra=1), 1),
    "TIFF of CMYK": (tiff(np.dstack([COLORS, OPACITY]), 5), 1),
    "JPEG of CMYK": (cmyk_jpeg(), 2),
    "JPEG of YCCK": (as_ycck(cmyk_jpeg()), 2),
    "JPEG of CMYK that Adobe did not mark": (without_adobe(cmyk_jpeg()), 2),
}


@pytest.mark.parametrize(("data", "most"), NEARLY.values(), ids=NEARLY.keys())
def test_a_picture_is_what_qt_sees_but_for_its_rounding(data: bytes, most: int) -> None:
    assert differs(data) <= most


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpeg", "tiff", "deep tiff"])
def test_a_picture_is_turned_as_qt_turns_it(kind: str, orientation: int) -> None:
    tags = [(274, 3, [orientation])]
    data = {
        "jpeg": lambda: with_exif(encoded(".jpg", COLORS), orientation),
        "tiff": lambda: tiff(COLORS, 2, tags=tags),
        "deep tiff": lambda: tiff(DEEP, 2, tags=tags),
    }[kind]()
    assert differs(data) <= 1
    as_stored = decode_bytes(data, "a", WIDTH, HEIGHT).pixels
    assert orientation < 5 or np.abs(as_stored - seen_by_qt(data, turned=False)).max() <= 1


TURNS = (
    COLORS, np.fliplr(COLORS), np.rot90(COLORS, 2), np.flipud(COLORS), COLORS.swapaxes(0, 1), np.rot90(COLORS, -1),
    np.rot90(COLORS.swapaxes(0, 1), 2), np.rot90(COLORS),
)  # fmt: skip


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_of_a_webp_lies_behind_its_pixels_and_turns_them(orientation: int, tmp_path: Path) -> None:
    data = webp_with_exif(orientation)
    assert np.array_equal(shown(data), TURNS[orientation - 1])
    path = tmp_path / "a.webp"
    path.write_bytes(data)
    assert picture_size(path) == TURNS[orientation - 1].shape[1::-1]
    assert probe(data[:-40]) is None
    bare = data.replace(b"EXIF", b"ELSE")
    assert np.array_equal(shown(bare), COLORS)


@pytest.mark.parametrize("kind", [np.uint16, np.int16, np.uint32, np.int32, np.float32, np.float64])
def test_what_spans_a_part_of_its_range_is_stretched_over_all_grays(kind: type[np.generic]) -> None:
    stored = (ROW * WIDTH + COLUMN + 1000).astype(kind)
    pixels = shown(tiff(stored))
    expected = (ROW * WIDTH + COLUMN) * (255 / (HEIGHT * WIDTH - 1))
    assert np.abs(pixels[..., 1] - expected).max() <= 0.51


def test_numbers_that_are_none_or_endless_do_not_dim_the_others() -> None:
    stored = (ROW * WIDTH + COLUMN).astype(np.float32)
    stored[0, :3] = np.nan, np.inf, -np.inf
    pixels = shown(tiff(stored))[..., 0]
    assert pixels[0, :4].tolist() == [0, 255, 0, 0]
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert shown(tiff(np.full((HEIGHT, WIDTH), np.nan, np.float32))).max() == 0


def test_eight_bits_in_three_channels_are_not_copied() -> None:
    pixels = COLORS.copy()
    assert to_bgr(pixels) is pixels


def test_alpha_means_what_it_is_said_to_mean() -> None:
    stored = np.array([[[10, 20, 30, 51]]], np.uint8)
    assert to_bgr(stored).tolist() == [[[206, 208, 210]]]
    assert to_bgr(stored, Alpha.PREMULTIPLIED).tolist() == [[[214, 224, 234]]]
    assert to_bgr(stored, Alpha.NONE).tolist() == [[[10, 20, 30]]]


@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "a.png", "ä.png"])
def test_a_large_file_is_read_as_its_bytes_are(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(name[1:], np.tile(COLORS, (40, 25, 1)) if name != "a.tif" else np.tile(COLORS, (20, 20, 1)))
    path = tmp_path / name
    path.write_bytes(data)
    header = probe(data)
    assert header is not None
    expected = decode_bytes(data, name, *header.upright).pixels
    monkeypatch.setattr(module, "_HEADER_BYTES", 1000)
    monkeypatch.setattr(module, "decode_bytes", None)
    assert np.array_equal(decode(path, *header.upright).pixels, expected)


def test_a_large_file_without_its_end_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_HEADER_BYTES", 1000)
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded(".jpg", np.tile(COLORS, (20, 10, 1)))[:-1500])
    assert "cut short" in (decode(path, WIDTH * 10, HEIGHT * 20).warning or "")
