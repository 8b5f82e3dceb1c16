"""Mask files of every kind against NumPy, and files that nobody should have made."""

from __future__ import annotations

import io
import os
import pickle
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from numpy.typing import NDArray

from bitmask_studio.core.errors import InputError
from bitmask_studio.formats.mask_files import read_mask_file
from tests.fakes.picture_files import GRAY, GRAY_ALPHA, PALETTE, RGB, RGBA, Order, chunk, png, tiff

Values = NDArray[Any]
HEIGHT, WIDTH = 11, 13


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("masks")


def read(folder: Path, data: bytes, size: tuple[int, int] | None = None) -> Values:
    path = folder / "mask.bin"
    path.write_bytes(data)
    return read_mask_file(path, size)


def refusal(folder: Path, data: bytes, size: tuple[int, int] | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, data, size)
    return str(caught.value)


def saved(array: Values, version: tuple[int, int] | None = None) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version, allow_pickle=False)
    return out.getvalue()


def random(top: int, *shape: int, seed: int = 0) -> Values:
    """Values below `top`, half of them 0."""
    values = np.random.default_rng(seed)
    return np.asarray(
        values.integers(1, top, shape or (HEIGHT, WIDTH)) * values.integers(0, 2, shape or (HEIGHT, WIDTH))
    )


SIDES = st.tuples(st.integers(1, 20), st.integers(1, 20))
KINDS = ["?", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]
ORDERS: tuple[Order, ...] = ("<", ">")
ARRAYS = st.tuples(st.sampled_from(KINDS), st.sampled_from(ORDERS), SIDES).flatmap(
    lambda each: st_np.arrays(
        np.dtype(each[0]).newbyteorder(each[1]), each[2], elements={"allow_nan": False} if "f" in each[0] else None
    )
)


@given(ARRAYS, st.booleans(), st.sampled_from([(1, 0), (2, 0)]))
def test_any_array_of_numbers_is_mask_where_it_is_not_zero(
    folder: Path, array: Values, columns_first: bool, version: tuple[int, int]
) -> None:
    stored = np.asfortranarray(array) if columns_first else array
    found = read(folder, saved(stored, version), (array.shape[1], array.shape[0]))
    assert found.dtype == np.bool_
    assert np.array_equal(found, array != 0)


def test_a_large_array_is_read_in_strips(folder: Path) -> None:
    array = np.arange(3000 * 2000, dtype=np.float64).reshape(3000, 2000) % 7
    assert np.array_equal(read(folder, saved(array)), array != 0)


GRAY_KINDS = [(depth, color) for depth in (1, 2, 4, 8) for color in (GRAY, PALETTE)] + [(16, GRAY)]


@given(st.sampled_from(GRAY_KINDS), SIDES, st.integers(0, 999))
def test_grays_of_any_depth_and_palettes_by_index_are_mask_where_they_are_not_zero(
    folder: Path, kind: tuple[int, int], size: tuple[int, int], seed: int
) -> None:
    depth, color = kind
    values = np.random.default_rng(seed).integers(0, 1 << depth, size) * np.random.default_rng(seed).integers(
        0, 2, size
    )
    palette = bytes(np.random.default_rng(seed).integers(0, 2, 3 << depth, np.uint8)) if color == PALETTE else b""
    more = [(b"PLTE", palette), (b"tRNS", b"\0" * (1 << depth))] if palette else [(b"tRNS", b"\0\0")]
    found = read(folder, png(values, depth, color, *more), (size[1], size[0]))
    assert np.array_equal(found, values != 0)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(("color", "channels"), [(RGB, 3), (GRAY_ALPHA, 2), (RGBA, 4)])
def test_the_least_value_in_any_color_counts_and_alpha_does_not(
    folder: Path, depth: int, color: int, channels: int
) -> None:
    values = random(2, HEIGHT, WIDTH, channels)
    colors = channels - (channels % 2 == 0)
    assert np.array_equal(read(folder, png(values, depth, color)), values[..., :colors].any(axis=2))


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(("color", "channels"), [(GRAY_ALPHA, 2), (RGBA, 4)])
@pytest.mark.parametrize("shade", [0, 1, 255])
def test_alpha_counts_where_it_alone_varies(folder: Path, depth: int, color: int, channels: int, shade: int) -> None:
    values = np.full((HEIGHT, WIDTH, channels), shade)
    values[..., -1] = random(256)
    assert np.array_equal(read(folder, png(values, depth, color)), values[..., -1] != 0)
    values[..., -1] = 255
    assert np.array_equal(read(folder, png(values, depth, color)), np.full((HEIGHT, WIDTH), shade > 0))


@given(
    st.sampled_from(KINDS[1:]), st.sampled_from(ORDERS), st.sampled_from([0, 1]), st.booleans(), SIDES, st.booleans()
)
@settings(max_examples=200)
def test_a_tiff_of_any_type_is_mask_where_its_stored_value_is_not_zero(
    folder: Path, kind: str, order: Order, photometric: int, compressed: bool, size: tuple[int, int], big: bool
) -> None:
    values = random(2, *size, seed=size[0]).astype(kind)
    data = tiff(values, photometric, order=order, compressed=compressed, big=big)
    assert np.array_equal(read(folder, data, (size[1], size[0])), values != 0)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("photometric", [0, 1, 3])
@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("order", ORDERS)
def test_small_depths_and_palettes_of_a_tiff_are_read_by_stored_value(
    folder: Path, bits: int, photometric: int, compressed: bool, order: Order
) -> None:
    values = random(1 << bits if bits > 1 else 2).astype(np.uint8)
    data = tiff(values, photometric, bits, order, compressed=compressed)
    assert np.array_equal(read(folder, data), values != 0)


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
@pytest.mark.parametrize(("channels", "extra"), [(3, None), (4, 0), (4, 1), (4, 2)])
def test_colors_of_a_tiff_count_as_stored_whatever_its_alpha_is(
    folder: Path, kind: str, channels: int, extra: int | None
) -> None:
    values = random(2, HEIGHT, WIDTH, channels).astype(kind)
    assert np.array_equal(read(folder, tiff(values, 2, extra=extra)), values[..., :3].any(axis=2))
    values[..., :3] = 1
    if channels == 4:
        assert np.array_equal(read(folder, tiff(values, 2, extra=extra)), values[..., 3] != 0)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_what_opencv_writes_is_read(folder: Path, suffix: str, kind: type[np.generic]) -> None:
    values = random(256, 200, 300).astype(kind)
    data = cv2.imencode(suffix, values)[1].tobytes()
    assert np.array_equal(read(folder, data, (300, 200)), values != 0)


@pytest.mark.parametrize("data", [png(random(2), 8, GRAY), tiff(random(2).astype("u1")), saved(random(2))])
def test_another_size_is_refused_naming_both(folder: Path, data: bytes) -> None:
    assert "it is 13 x 11 px, but the picture is 11 x 13 px" in refusal(folder, data, (HEIGHT, WIDTH))


def header(height: int, width: int) -> bytes:
    return saved(np.zeros((1, 1), np.uint8)).replace(b"(1, 1), }", f"({height}, {width}), }}".encode())


LARGE = 30_000
HUGE = {
    "png": png(random(2), 8, GRAY).replace(
        (13).to_bytes(4, "big") + (11).to_bytes(4, "big"), LARGE.to_bytes(4, "big") * 2
    ),
    "tiff": tiff(random(2).astype("u1"), tags=[(256, 4, [LARGE]), (257, 4, [LARGE])]),
    "npy": header(LARGE, LARGE),
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.parametrize("size", [None, (LARGE, LARGE), (10, 10)])
def test_a_size_beyond_any_mask_is_refused_before_it_takes_memory(
    folder: Path, name: str, size: tuple[int, int] | None
) -> None:
    tracemalloc.start()
    words = refusal(folder, HUGE[name], size)
    assert tracemalloc.get_traced_memory()[1] < 1 << 22
    tracemalloc.stop()
    assert "30000 x 30000 px" in words


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros((2, 2, 1)), np.float64(3), np.zeros((0, 2, 2))])
def test_other_than_two_dimensions_are_refused(folder: Path, array: Values) -> None:
    assert f"{np.ndim(array)} dimensions" in refusal(folder, saved(np.asarray(array)))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_an_array_without_pixels_is_refused(folder: Path, shape: tuple[int, int]) -> None:
    assert "no pixels" in refusal(folder, saved(np.zeros(shape)))


@pytest.mark.parametrize("kind", ["c8", "S3", "U2", "M8[s]", [("a", "u1")], "V2"])
def test_arrays_of_anything_but_plain_numbers_are_refused(folder: Path, kind: Any) -> None:  # noqa: ANN401
    assert "plain numbers" in refusal(folder, saved(np.zeros((2, 2), kind)))


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
def test_nan_is_refused_and_infinity_is_mask(folder: Path, kind: str) -> None:
    values = np.zeros((HEIGHT, WIDTH), kind)
    values[3, 4] = np.inf
    assert read(folder, saved(values)).sum() == read(folder, tiff(values)).sum() == 1
    values[3, 5] = np.nan
    assert "NaN" in refusal(folder, saved(values))
    assert "NaN" in refusal(folder, tiff(values))


def test_a_pickle_is_never_run(folder: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return pytest.fail, ("the pickle was run",)

    out = io.BytesIO()
    np.lib.format.write_array(out, np.array([[1]], object), allow_pickle=True)
    start = out.getvalue()[: out.getvalue().index(b"\n") + 1]
    assert "plain numbers" in refusal(folder, start + pickle.dumps(np.array([[Trap()]], object)))


REFUSED = {
    "animated": (png(random(2), 8, GRAY, (b"acTL", b"\0\0\0\2\0\0\0\0")), "animated"),
    "pages": (tiff(random(2).astype("u1"), pages=2), "more than one page"),
    "turned": (tiff(random(2).astype("u1"), tags=[(274, 3, [6])]), "turned"),
    "planes": (tiff(random(2, HEIGHT, WIDTH, 3).astype("u1"), 2, tags=[(284, 3, [2])]), "neither grey"),
    "ink": (tiff(random(2, HEIGHT, WIDTH, 4).astype("u1"), 5), "neither grey"),
    "gray with alpha": (tiff(random(2, HEIGHT, WIDTH, 2).astype("u1"), 1, extra=2), "neither grey"),
    "depths": (tiff(random(2, HEIGHT, WIDTH, 3).astype("u1"), 2, tags=[(258, 3, [8, 8, 4])]), "different depths"),
    "odd depth": (tiff(random(2).astype("u1"), tags=[(258, 3, [7])]), "7 bits"),
    "complex": (tiff(random(2).astype("u8"), tags=[(339, 3, [6])]), "64 bits"),
    "no width": (tiff(random(2).astype("u1"), tags=[(256, 2, [13])]), "damaged"),
    "width 0": (tiff(random(2).astype("u1"), tags=[(256, 4, [0])]), "no pixels"),
    "jpeg": (cv2.imencode(".jpg", random(200).astype(np.uint8))[1].tobytes(), "JPEG"),
    "text": (b"hello", "no PNG, TIFF or .npy file"),
    "empty": (b"", "no PNG, TIFF or .npy file"),
    "later npy": (saved(random(2)).replace(b"NUMPY\x01", b"NUMPY\x03"), "version"),
    "bare": (saved(random(2))[:6], "version"),
    "no pixels": (png(random(2), 8, GRAY).replace(b"IDAT", b"IDAX"), "damaged"),
    "checksum": (png(random(2), 8, GRAY)[:-20] + b"\0" + png(random(2), 8, GRAY)[-19:], "damaged"),
    "more data": (saved(random(2)) + b"\0", "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_mask_is_refused_saying_why(folder: Path, name: str) -> None:
    data, words = REFUSED[name]
    refused = refusal(folder, data)
    assert refused.startswith("mask.bin cannot be used as a mask: ")
    assert words in refused


@pytest.mark.parametrize("rows", [0, 1, 39])
def test_rows_that_end_too_early_are_refused_although_every_checksum_is_right(folder: Path, rows: int) -> None:
    pixels = zlib.compress(b"".join(b"\0" + row.tobytes() for row in random(200, rows, 40).astype(np.uint8)))
    header = struct.pack(">IIBBBBB", 40, 40, 8, GRAY, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    assert "damaged" in refusal(folder, b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts))


@pytest.mark.parametrize(
    "data",
    [png(random(9), 8, PALETTE), png(random(9), 16, GRAY), tiff(random(9).astype("u2")), saved(random(9))],
    ids=["palette", "png", "tiff", "npy"],
)
def test_a_file_that_is_cut_short_is_never_a_mask(folder: Path, data: bytes) -> None:
    for length in range(len(data)):
        refusal(folder, data[:length])


SEEDS = [
    png(random(9), 8, PALETTE, (b"PLTE", bytes(768))),
    png(random(9, HEIGHT, WIDTH, 4), 16, RGBA),
    tiff(random(9).astype("u2"), order=">"),
    tiff(random(4).astype("u1"), 3, 4, compressed=True),
    tiff(random(9, HEIGHT, WIDTH, 4).astype("u1"), 2, extra=2, big=True),
    saved(random(9).astype("f4")),
]


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=600)
def test_bytes_that_were_changed_give_a_mask_of_the_right_size_or_a_refusal(
    folder: Path, data: bytes, flips: list[tuple[float, int]]
) -> None:
    changed = bytearray(data)
    for place, value in flips:
        changed[min(int(place * len(changed)), len(changed) - 1)] = value
    try:
        found = read(folder, bytes(changed), (WIDTH, HEIGHT))
    except InputError:
        return
    assert found.shape == (HEIGHT, WIDTH) and found.dtype == np.bool_


def test_folders_pipes_and_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "gone.png", Path("/dev/zero"), tmp_path / "a\0b"):
        with pytest.raises(InputError):
            read_mask_file(path)
