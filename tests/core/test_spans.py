"""The spans and bits that decoded masks are kept as: the same pixels as the plain array, in an eighth of its memory."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import TILE, Mask
from bitmask_studio.core.spans import SIMPLE, Octets, Spans, read_many
from tests.core import references
from tests.core.references import Bits

WIDTH, HEIGHT = 430, 300
FRAME = Box.of_size(WIDTH, HEIGHT)
TOP, LEFT = 40, 50


def large_masks() -> dict[str, Bits]:
    """Frames of masks that are not kept as arrays of bool."""
    random, (ys, xs) = np.random.default_rng(3), np.mgrid[:HEIGHT, :WIDTH]
    disc = (xs - 210) ** 2 + (ys - 150) ** 2 < 120**2
    ring = disc & ((xs - 200) ** 2 + (ys - 140) ** 2 > 70**2)
    wide = np.ones((HEIGHT, WIDTH), np.bool_)
    wide[100:103, 7] = wide[0, :3] = wide[299, 5:] = False
    stripes = np.zeros((HEIGHT, WIDTH), np.bool_)
    stripes[3::9, 11:402] = True
    few = random.random((HEIGHT, WIDTH)) < 0.01
    noise = random.random((HEIGHT, WIDTH)) < 0.5
    full = np.ones((HEIGHT, WIDTH), np.bool_)
    shapes = {"disc": disc, "ring": ring, "over the edges": wide, "stripes": stripes}
    return {**shapes, "dots": few, "noise": noise, "full": full}


LARGE = large_masks()
names = pytest.mark.parametrize("name", LARGE)


def decoded(name: str) -> Mask:
    """The mask as it comes out of its string, lying at (TOP, LEFT)."""
    return Mask.from_rle(references.encoded(LARGE[name].tobytes()), HEIGHT, WIDTH, TOP, LEFT)


def plain(name: str) -> Mask:
    """The same, made of an array that it keeps."""
    return Mask.of(FRAME.shifted(LEFT, TOP), LARGE[name])


def test_masks_of_few_runs_are_kept_as_spans_and_others_as_bits() -> None:
    kinds = {name: type(decoded(name)._layers.pixels) for name in LARGE}
    assert kinds.pop("noise") is Octets
    assert set(kinds.values()) == {Spans}
    small = Mask.from_rle(references.encoded(LARGE["disc"][120:160, 120:160].tobytes()), 40, 40)
    assert isinstance(small._layers.pixels, np.ndarray)


@names
def test_a_decoded_mask_answers_as_its_pixels_do(name: str) -> None:
    mask, other, random = decoded(name), plain(name), np.random.default_rng(1)
    assert (mask.box, mask.area) == (other.box, other.area)
    assert np.array_equal(mask.bits, other.bits)
    assert mask.same_as(other) and other.same_as(mask)
    assert np.array_equal(mask.to_array(500, 500), other.to_array(500, 500))
    for corner in ((x, y) for x in range(-TILE, 5 * TILE, TILE) for y in range(-TILE, 4 * TILE, TILE)):
        assert np.array_equal(mask.tile(corner), other.tile(corner))
    for _ in range(200):
        x, y, across, down = (int(each) for each in random.integers((-20, -20, 1, 1), (500, 380, 300, 200)))
        box, step = Box(x, y, x + across, y + down), int(random.integers(1, 12))
        wanted = np.pad(other.to_array(600, 900), 20)[box.y0 + 20 : box.y1 + 20, box.x0 + 20 : box.x1 + 20]
        assert np.array_equal(mask.crop(box), wanted)
        assert np.array_equal(mask.crop(box, step), wanted[::step, ::step])
        assert np.array_equal(other.crop(box, step), wanted[::step, ::step])
        assert mask.holds(x, y) == other.holds(x, y)


@names
@pytest.mark.parametrize(("height", "width", "top", "left"), [(300, 430, 40, 50), (500, 700, 0, 0), (200, 300, 60, 90)])
def test_a_decoded_mask_is_written_as_one_made_of_its_pixels(
    name: str, height: int, width: int, top: int, left: int
) -> None:
    assert decoded(name).to_rle(height, width, top, left) == plain(name).to_rle(height, width, top, left)


@given(st.integers(0, 2**32), st.integers(70, 300), st.integers(60, 90), st.integers(0, 5))
@settings(max_examples=60)
def test_masks_of_any_shape_come_back_from_their_spans(seed: int, width: int, height: int, kind: int) -> None:
    random = np.random.default_rng(seed)
    bits = np.ones((height, width), np.bool_)
    bits[random.random((height, width)) < (0, 0.001, 0.01, 0.1)[kind % 4]] = False
    if kind > 3:
        bits[random.random(height) < 0.5] = False
    string = references.encoded(bits.tobytes())
    mask = Mask.from_rle(string, height, width)
    assert np.array_equal(mask.to_array(height, width), bits)
    assert mask.area == np.count_nonzero(bits)
    assert mask.to_rle(height, width) == string


def test_edited_tiles_are_seen_in_every_so_many_pixels() -> None:
    mask, frame = decoded("disc"), plain("disc").to_array(500, 600)
    random, tiles = np.random.default_rng(5), {}
    for corner in ((128, 0), (256, 128), (384, 256)):
        part = frame[corner[1] : corner[1] + TILE, corner[0] : corner[0] + TILE]
        part[...] = random.random(part.shape) < 0.5
        tiles[corner] = part.copy()
    edited = mask.with_tiles(tiles, Box(128, 0, 512, 384))
    for step in (1, 2, 3, 7, 200):
        for box in (Box(3, 5, 600, 500), Box(130, 10, 250, 100), Box(100, 90, 400, 300)):
            assert np.array_equal(edited.crop(box, step), frame[box.rows, box.columns][::step, ::step])


@names
def test_a_decoded_mask_takes_an_eighth_of_its_pixels_even_after_all_were_read(name: str) -> None:
    string = references.encoded(LARGE[name].tobytes())
    Mask.from_rle(string, HEIGHT, WIDTH).crop(FRAME)
    tracemalloc.start()
    try:
        mask = Mask.from_rle(string, HEIGHT, WIDTH)
        assert mask.crop(mask.box).sum() == mask.area == mask.bits.sum()
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held < mask.box.area / 8 + 3000


def test_a_large_object_of_one_span_a_row_takes_a_few_bytes_a_row() -> None:
    height, width = 2000, 3000
    string = Mask.of(Box.of_size(width, height), np.ones((height, width), np.bool_)).to_rle(height, width)
    mask = Mask.from_rle(string, height, width)
    assert mask.spans is not None and mask.spans.ends.nbytes == height * 4


@names
def test_several_threads_read_a_decoded_mask_at_once(name: str) -> None:
    mask, bits = decoded(name), LARGE[name]
    boxes = [Box(x, y, x + 90, y + 70) for x in range(0, 340, 20) for y in range(0, 230, 20)]
    with ThreadPoolExecutor(4) as threads:
        crops = threads.map(lambda box: mask.crop(box.shifted(LEFT, TOP)), boxes)
        for box, crop in zip(boxes, crops, strict=True):
            assert np.array_equal(crop, bits[box.rows, box.columns])


@pytest.mark.parametrize("step", [1, 2, 5, 8])
@pytest.mark.parametrize("names", [("disc", "ring", "over the edges", "stripes", "full"), ("disc",)])
def test_many_are_read_together_as_each_alone(step: int, names: tuple[str, ...]) -> None:
    random, tables, alone = np.random.default_rng(step), [], []
    for name in names * 6:
        spans = decoded(name).spans
        assert spans is not None and spans.ends.shape[1] <= SIMPLE
        y0, y1 = sorted(random.choice(len(spans.ends), 2, replace=False).tolist())
        x0, x1 = sorted(random.choice(spans.width, 2, replace=False).tolist())
        tables.append(spans.ends[y0:y1:step])
        alone.append((x0, spans.read(slice(y0, y1, step), slice(x0, x1, step))))
    first, counts = (np.array(each) for each in zip(*((left, bits.shape[1]) for left, bits in alone), strict=True))
    for (_, bits), together in zip(alone, read_many(tables, first, counts, step), strict=True):
        assert np.array_equal(together, bits)
    assert not list(read_many([], first[:0], counts[:0], step))


def test_columns_beyond_sixteen_bits_are_kept_too() -> None:
    width, height = 70_000, 3
    bits: NDArray[np.bool_] = np.zeros((height, width), np.bool_)
    bits[0, 5:69_990] = bits[1, 40_000:] = bits[2, :33_000] = True
    mask = Mask.from_rle(references.encoded(bits.tobytes()), height, width)
    assert mask.spans is not None
    for box in (Box(0, 0, width, height), Box(39_990, 0, 40_020, 3), Box(69_980, 0, 70_010, 3)):
        assert np.array_equal(mask.crop(box), np.pad(bits, ((0, 0), (0, 50)))[box.rows, box.columns])
        assert np.array_equal(mask.crop(box, 7), np.pad(bits, ((0, 0), (0, 50)))[box.rows, box.columns][::7, ::7])
