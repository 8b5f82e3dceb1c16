"""Masks over a picture: colours, shares and outlines, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.overlay import Layer, blend, coverage, device_box
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.viewport import snap

RED, BLUE = (0, 0, 255), (255, 0, 0)


def a_layer(mask: Mask, opacity: float = 0.5, line: int = 0) -> Layer:
    return Layer(mask.box, mask.crop, RED, opacity, line, BLUE)


def a_square(left: int, top: int, right: int, bottom: int) -> Mask:
    return Mask.of(Box(left, top, right, bottom), np.ones((bottom - top, right - left), np.bool_))


def gray(width: int, height: int, value: int = 100) -> Pixels:
    return np.full((height, width, 4), value, np.uint8)


def test_a_fill_shifts_the_picture_towards_its_colour_by_its_opacity() -> None:
    out = gray(10, 10)
    blend(out, [a_layer(a_square(2, 3, 5, 6))], 1.0, Box.of_size(10, 10))
    inside = np.zeros((10, 10), np.bool_)
    inside[3:6, 2:5] = True
    assert (out[inside][:, :3] == (50, 50, 178)).all()
    assert (out[~inside] == 100).all()
    assert (out[..., 3] == 100).all()


@given(st.integers(0, 255), st.integers(0, 255), st.floats(0, 1), st.integers(0, 255))
def test_a_fill_is_within_one_step_of_the_blend_by_the_book(
    base: int, color: int, opacity: float, covered: int
) -> None:
    side = 32
    bits = np.zeros(side * side, np.bool_)
    bits[: covered * side * side // 255] = True
    mask = Mask.of(Box.of_size(side, side), bits.reshape(side, side))
    out = gray(1, 1, base)
    blend(out, [Layer(mask.box, mask.crop, (color,) * 3, opacity, 0, BLUE)], 1 / side, Box.of_size(1, 1))
    expected = base + (color - base) * opacity * mask.area / side**2
    assert abs(int(out[0, 0, 0]) - expected) <= 1


@pytest.mark.parametrize("color", [(0, 255, 128), (3, 200, 77)])
def test_a_pixel_looks_the_same_with_and_without_a_partly_covered_neighbour(color: tuple[int, int, int]) -> None:
    mask = a_square(0, 0, 3, 512)
    for percent in range(1, 101):
        layer = Layer(mask.box, mask.crop, color, percent / 100, 0, BLUE)
        together = np.repeat(np.arange(256, dtype=np.uint8), 8).reshape(256, 2, 4)
        alone = together[:, :1].copy()
        blend(together, [layer], 0.5, Box.of_size(2, 256))
        blend(alone, [layer], 0.5, Box.of_size(1, 256))
        assert np.array_equal(together[:, :1], alone)


def test_full_opacity_hides_the_picture_and_none_leaves_it() -> None:
    hidden, left = gray(4, 4), gray(4, 4)
    blend(hidden, [a_layer(a_square(0, 0, 4, 4), 1.0)], 1.0, Box.of_size(4, 4))
    blend(left, [a_layer(a_square(0, 0, 4, 4), 0.0)], 1.0, Box.of_size(4, 4))
    assert (hidden[..., :3] == RED).all()
    assert (left == 100).all()


def test_later_layers_lie_over_earlier_ones() -> None:
    out = gray(2, 2)
    below = Layer(Box.of_size(2, 2), a_square(0, 0, 2, 2).crop, BLUE, 1.0, 0, BLUE)
    blend(out, [below, a_layer(a_square(0, 0, 1, 1), 1.0)], 1.0, Box.of_size(2, 2))
    assert out[..., :3].tolist() == [[list(RED), list(BLUE)], [list(BLUE), list(BLUE)]]


@pytest.mark.parametrize("line", [1, 2, 3])
def test_an_outline_lies_inside_the_edge_and_is_as_wide_as_it_says(line: int) -> None:
    out = gray(40, 40)
    blend(out, [a_layer(a_square(10, 10, 30, 25), 0.0, line)], 1.0, Box.of_size(40, 40))
    drawn = (out[..., :3] == BLUE).all(axis=-1)
    expected = np.zeros((40, 40), np.bool_)
    expected[10:25, 10:30] = True
    expected[10 + line : 25 - line, 10 + line : 30 - line] = False
    assert np.array_equal(drawn, expected)


def test_an_outline_is_drawn_in_device_pixels_whatever_the_zoom() -> None:
    out = gray(160, 160)
    blend(out, [a_layer(a_square(2, 2, 8, 8), 0.0, 2)], 16.0, Box.of_size(160, 160))
    drawn = (out[..., :3] == BLUE).all(axis=-1)
    assert drawn[32:128, 32:128].sum() == 96**2 - 92**2
    assert drawn.sum() == 96**2 - 92**2


@given(
    st.one_of(st.floats(0.02, 0.99).map(snap), st.sampled_from([1.0, 65 / 64, 2.5, 13.0])),
    st.integers(0, 2**16), st.sampled_from([0, 1, 2, 5]), st.floats(0, 1), st.data(),
)  # fmt: skip
def test_a_part_drawn_alone_looks_as_it_does_in_the_whole(
    zoom: float, seed: int, line: int, opacity: float, data: st.DataObject
) -> None:
    random = np.random.default_rng(seed)
    blobs = np.kron(random.random((6, 7)) < 0.6, np.ones((5, 4), np.bool_))
    mask = Mask.of(Box(7, 3, 35, 33), blobs)
    whole = device_box(Box.of_size(45, 40), zoom).intersection(Box.of_size(150, 130))
    x, y = data.draw(st.integers(0, whole.x1 - 1)), data.draw(st.integers(0, whole.y1 - 1))
    part = Box(x, y, data.draw(st.integers(x + 1, whole.x1)), data.draw(st.integers(y + 1, whole.y1)))
    background = random.integers(0, 256, (whole.height, whole.width, 4), np.uint8)
    at_once, alone = background.copy(), background.copy()
    layers = [a_layer(mask, opacity, line), a_layer(a_square(3, 3, 20, 20), 0.3, 1)]
    blend(at_once, layers, zoom, whole)
    blend(alone[part.within(whole)], layers, zoom, part)
    assert np.array_equal(alone[part.within(whole)], at_once[part.within(whole)])


def test_coverage_reduced_is_the_share_of_each_device_pixel() -> None:
    assert coverage(a_layer(a_square(1, 0, 4, 2)), 0.5, Box.of_size(3, 2)).tolist() == [[128, 255, 0], [0, 0, 0]]


@given(st.floats(0.01, 64).map(snap), st.integers(0, 500), st.integers(0, 500), st.integers(1, 50))
def test_the_device_box_of_an_image_box_reaches_all_pixels_that_show_some_of_it(
    zoom: float, x: int, y: int, side: int
) -> None:
    mask = a_square(x, y, x + side, y + side)
    box = device_box(mask.box, zoom)
    around = box.inflated(1)
    covered = coverage(a_layer(mask), zoom, around) if around.area < 10**6 else np.zeros((1, 1), np.uint8)
    covered = covered.copy()
    covered[box.within(around)] = 0
    assert not covered.any()


@pytest.mark.parametrize("zoom", [0.05, 64 / 301, 0.5, 64 / 65, 1.0, 2.5])
@pytest.mark.parametrize("line", [0, 1, 3])
def test_a_layer_looks_the_same_whether_its_pixels_are_made_or_only_its_spans_looked_at(zoom: float, line: int) -> None:
    ys, xs = np.mgrid[:300, :400]
    bits = (xs - 200) ** 2 + (ys - 150) ** 2 < 130**2
    bits[100:120, 150:260] = False
    kept = Mask.from_rle(Mask.of(Box.of_size(400, 300), bits).to_rle(300, 400), 300, 400, 10, 20)
    assert kept.spans is not None
    zoom = snap(zoom)
    device = device_box(Box.of_size(450, 330), zoom)
    for box in (device, Box(device.x1 // 3, device.y1 // 4, device.x1, device.y1)):
        shown = []
        for mask in (None, kept):
            out = np.full((box.height, box.width, 4), 77, np.uint8)
            blend(out, [Layer(kept.box, kept.crop, RED, 0.45, line, BLUE, 32, mask)], zoom, box)
            shown.append(out)
        assert np.array_equal(shown[0], shown[1])
