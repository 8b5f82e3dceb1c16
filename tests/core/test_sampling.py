"""Image pixels to device pixels, against sampling and averaging by the book."""

from __future__ import annotations

import math
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bitmask_studio.core import sampling
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.sampling import Pixels, sample, share, share_of
from bitmask_studio.core.spans import Ends, Spans
from bitmask_studio.core.viewport import snap

enlarging = st.one_of(st.integers(64, 4096).map(lambda k: k / 64), st.sampled_from([1.0, 64.0, 65 / 64]))
reducing = st.one_of(st.integers(65, 511).map(lambda k: 64 / k), st.floats(0.01, 0.99).map(snap))


class Image:
    """Random pixels without end, so that any box can be asked for."""

    def __init__(self, seed: int, channels: int = 3, side: int = 256) -> None:
        self.tile = np.random.default_rng(seed).integers(0, 256, (side, side, channels)[: 3 if channels > 1 else 2])
        self.side = side

    def read(self, box: Box) -> Pixels:
        rows, columns = np.arange(box.y0, box.y1) % self.side, np.arange(box.x0, box.x1) % self.side
        return np.ascontiguousarray(self.tile[np.ix_(rows, columns)], np.uint8)

    def read_bits(self, box: Box) -> NDArray[np.bool_]:
        return np.asarray(self.read(box) >= 128)


def averaged(read: NDArray[np.float64], first: tuple[int, int], zoom: float, device: Box) -> NDArray[np.float64]:
    """The exact mean of each device pixel's area, in float64; `first` is the (x, y) of the pixels read."""

    def weights(begin: int, end: int, start: int, count: int) -> NDArray[np.float64]:
        length = Fraction(64, round(64 / zoom))
        table = np.zeros((end - begin, count))
        for place in range(begin, end):
            low, high = place / length, (place + 1) / length
            for pixel in range(math.floor(low), math.ceil(high)):
                common = min(high, Fraction(pixel + 1)) - max(low, Fraction(pixel))
                table[place - begin, pixel - start] = common * length
        return table

    down = weights(device.y0, device.y1, first[1], read.shape[0])
    across = weights(device.x0, device.x1, first[0], read.shape[1])
    return np.asarray(np.einsum("ay,yx...,bx->ab...", down, read, across, optimize=True), np.float64)


def exact(read: sampling.Read, zoom: float, device: Box) -> NDArray[np.float64]:
    source = Box(
        math.floor(device.x0 / zoom) - 1,
        math.floor(device.y0 / zoom) - 1,
        math.ceil(device.x1 / zoom) + 1,
        math.ceil(device.y1 / zoom) + 1,
    )
    return averaged(read(source).astype(np.float64), (source.x0, source.y0), zoom, device)


@given(enlarging, st.integers(0, 300), st.integers(0, 300), st.integers(1, 90), st.integers(1, 60))
def test_enlarged_each_device_pixel_shows_the_pixel_that_holds_its_centre(
    zoom: float, x: int, y: int, width: int, height: int
) -> None:
    image, device = Image(1), Box(x, y, x + width, y + height)
    shown = sample(image.read, zoom, device)
    columns = [math.floor((Fraction(place) + Fraction(1, 2)) / Fraction(zoom)) for place in range(x, x + width)]
    rows = [math.floor((Fraction(place) + Fraction(1, 2)) / Fraction(zoom)) for place in range(y, y + height)]
    everything = image.read(Box.of_size(max(columns) + 1, max(rows) + 1))
    assert np.array_equal(shown, everything[np.ix_(rows, columns)])


@pytest.mark.parametrize("numerator", range(64, 4097, 97))
def test_at_every_enlarging_zoom_the_last_pixel_of_a_row_is_the_right_one(numerator: int) -> None:
    image, zoom = Image(2), numerator / 64
    device = Box(997, 3, 1003, 5)
    columns = [(2 * place + 1) * 32 // numerator for place in range(997, 1003)]
    rows = [(2 * place + 1) * 32 // numerator for place in range(3, 5)]
    everything = image.read(Box.of_size(max(columns) + 1, max(rows) + 1))
    assert np.array_equal(sample(image.read, zoom, device), everything[np.ix_(rows, columns)])


@given(reducing, st.integers(0, 200), st.integers(0, 200), st.integers(1, 40), st.integers(1, 30), st.integers(0, 99))
@settings(max_examples=60)
def test_reduced_each_device_pixel_is_the_average_of_its_area(
    zoom: float, x: int, y: int, width: int, height: int, seed: int
) -> None:
    scale = max(1, round(0.05 / zoom))
    device = Box(x, y, x + max(1, width // scale), y + max(1, height // scale))
    image = Image(seed)
    expected = exact(image.read, zoom, device)
    several_rows = (sampling._summed,) if zoom <= 0.5 else ()
    for road in (sample, sampling._weighted, sampling._averaged, *several_rows):
        assert np.abs(road(image.read, zoom, device) - expected).max() <= 1


def test_a_box_that_shows_very_much_of_an_image_is_averaged_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    image, bits, zoom, device = Image(3), Image(3, channels=1), snap(0.2), Box(3, 7, 133, 107)
    asked: list[Box] = []

    def read(box: Box) -> Pixels:
        asked.append(box)
        return image.read(box)

    whole = sample(image.read, zoom, device), share(bits.read_bits, zoom, device)
    monkeypatch.setattr(sampling, "_LARGE", 1 << 16)
    assert np.abs(sample(read, zoom, device).astype(int) - whole[0]).max() <= 1
    assert np.array_equal(share(bits.read_bits, zoom, device), whole[1])
    assert len(asked) > 3


@given(reducing, st.integers(0, 200), st.integers(0, 200), st.integers(1, 40), st.integers(1, 30))
@settings(max_examples=60)
def test_the_share_of_a_device_pixel_is_exact_and_half_a_pixel_is_rounded_up(
    zoom: float, x: int, y: int, width: int, height: int
) -> None:
    scale = max(1, round(0.05 / zoom))
    device, image = Box(x, y, x + max(1, width // scale), y + max(1, height // scale)), Image(4, channels=1)
    expected = exact(lambda box: image.read_bits(box).view(np.uint8), zoom, device) * 255
    shares = share(image.read_bits, zoom, device)
    assert np.abs(shares - expected).max() <= 0.5 + 1e-6
    ties = np.abs(expected % 1 - 0.5) < 1e-9
    assert np.array_equal(shares[ties], np.floor(expected[ties] + 0.5 + 1e-6))


@given(reducing, st.integers(0, 100), st.integers(0, 100), st.integers(0, 15), st.integers(0, 15))
@settings(max_examples=60)
def test_the_share_of_a_device_pixel_does_not_depend_on_the_box_it_is_asked_for_in(
    zoom: float, x: int, y: int, dx: int, dy: int
) -> None:
    image = Image(5, channels=1)
    outer = Box(x, y, x + 20, y + 20) if zoom > 0.05 else Box(x, y, x + 5, y + 5)
    inner = Box(x + dx % outer.width, y + dy % outer.height, outer.x1, outer.y1)
    expected = share(image.read_bits, zoom, outer)[inner.within(outer)]
    assert np.array_equal(share(image.read_bits, zoom, inner), expected)


@pytest.mark.parametrize("zoom", [0.01, 0.1, 0.5, 64 / 65, 1.0, 2.5, 64.0])
@pytest.mark.parametrize("value", [0, 1, 127, 128, 254, 255])
def test_a_flat_picture_stays_flat_at_any_zoom(zoom: float, value: int) -> None:
    shown = sample(lambda box: np.full((box.height, box.width, 3), value, np.uint8), snap(zoom), Box(1, 2, 12, 9))
    assert shown.shape == (7, 11, 3)
    assert (shown == value).all()


@pytest.mark.parametrize("zoom", [0.01, 0.3, 1.0, 7.0])
def test_what_is_set_everywhere_covers_every_device_pixel(zoom: float) -> None:
    full = share(lambda box: np.ones((box.height, box.width), np.bool_), snap(zoom), Box(0, 0, 20, 10))
    assert (full == 255).all()


@given(reducing, st.integers(-5, 300), st.integers(-5, 300), st.integers(1, 60), st.integers(1, 50), st.integers(0, 3))
@settings(max_examples=150)
def test_the_share_that_spans_have_is_the_one_that_their_pixels_have(
    zoom: float, x: int, y: int, width: int, height: int, kind: int
) -> None:
    mask = SHAPES[kind]
    device = Box(
        math.floor(x * zoom), math.floor(y * zoom), math.floor(x * zoom) + width, math.floor(y * zoom) + height
    )
    assert mask.spans is not None
    assert np.array_equal(share_of(mask.spans, mask.box, zoom, device), share(mask.crop, zoom, device))


@pytest.mark.parametrize("zoom", [64 / 65, 0.5, snap(0.3), 0.125])
def test_spans_beside_a_box_take_no_part_in_its_share(zoom: float) -> None:
    bits = np.zeros((90, 2000), np.bool_)
    bits[:, ::9] = bits[10:70, 4::9] = bits[30:31, 700:900] = True
    string = Mask.of(Box.of_size(2000, 90), bits).to_rle(90, 2000)
    mask = Mask.from_rle(string, 90, 2000, 5, 40)
    spans = mask.spans or Spans(_ends(bits), 2000)
    for left in range(0, 2100, 130):
        device = Box(math.floor(left * zoom), 0, math.floor(left * zoom) + 37, 60)
        assert np.array_equal(share_of(spans, mask.box, zoom, device), share(mask.crop, zoom, device))


def _ends(bits: NDArray[np.bool_]) -> Ends:
    """The columns at which each row changes, all as many."""
    rows = [np.flatnonzero(np.diff(row, prepend=False, append=False)) for row in bits]
    ends = np.full((len(rows), max(map(len, rows))), bits.shape[1], np.int16)
    for out, row in zip(ends, rows, strict=True):
        out[: len(row)] = row
    return ends


def test_the_share_is_right_at_the_far_end_of_the_widest_frame() -> None:
    width = 1 << 28
    mask = Mask.of(Box(width - 9000, 0, width, 1), np.arange(9000)[None] % 700 < 300)
    kept = Mask.from_rle(mask.to_rle(1, width), 1, width)
    assert kept.spans is not None
    zoom = snap(0.1)
    end = math.ceil(width * zoom)
    device = Box(end - 600, 0, end, 1)
    assert np.array_equal(share_of(kept.spans, kept.box, zoom, device), share(kept.crop, zoom, device))


def shapes() -> list[Mask]:
    """A disc, a ring, all of a frame but some, and one whose rows have many spans; each as its string has it."""
    ys, xs = np.mgrid[:260, :340]
    disc = (xs - 170) ** 2 + (ys - 130) ** 2 < 110**2
    holes = np.ones((260, 340), np.bool_)
    holes[3:9, :] = holes[100, 20:30] = False
    found = (disc, disc & ((xs - 150) ** 2 + (ys - 120) ** 2 > 60**2), holes, (xs // 40 + ys // 30) % 3 == 0)
    strings = (Mask.of(Box.of_size(340, 260), bits).to_rle(260, 340) for bits in found)
    return [Mask.from_rle(string, 260, 340, top, 2 * top) for top, string in enumerate(strings)]


SHAPES = shapes()


def test_long_narrow_boxes_leave_no_large_weights_behind() -> None:
    image = Image(5, channels=1)
    zoom = snap(0.8)
    tracemalloc.start()
    try:
        for left in range(0, 400, 100):
            share(image.read_bits, zoom, Box(left, 0, left + 2000, 10))
            share(image.read_bits, zoom, Box(0, left, 10, left + 2000))
        assert tracemalloc.get_traced_memory()[0] < 1 << 20
    finally:
        tracemalloc.stop()
