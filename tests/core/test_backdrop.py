"""The whole frame small: close to what the exact tiles will show, and quick to give up."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bitmask_studio.core.backdrop import backdrop, enlarged
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.overlay import Layer, tinted
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.tiles import Scene

GREEN = (20, 200, 90)


def flat(width: int, height: int, value: int = 60) -> Pixels:
    return np.full((height, width, 3), value, np.uint8)


def a_layer(box: Box, opacity: float = 0.5, kept: bool = False) -> Layer:
    """A whole box; `kept`: as a mask that was decoded."""
    mask = Mask.of(box, np.ones((box.height, box.width), np.bool_))
    if kept:
        mask = Mask.from_rle(mask.to_rle(box.y1, box.x1), box.y1, box.x1)
        assert mask.spans is not None
    return Layer(mask.box, mask.crop, GREEN, opacity, 2, (255, 255, 255), mask=mask if kept else None)


@pytest.mark.parametrize("size", [(400, 300), (1024, 700), (4000, 2500), (2501, 5000), (16_000, 40), (1, 1)])
def test_the_longer_side_is_at_most_a_thousand_px_and_the_picture_fills_it(size: tuple[int, int]) -> None:
    small = backdrop(Scene(*size, flat(*size)))
    assert max(small.pixels.shape[:2]) <= 1024
    assert (small.pixels[..., :3] == 60).all()


def test_a_picture_that_is_not_there_is_gray_and_a_preview_stands_in() -> None:
    assert (backdrop(Scene(300, 200)).pixels[..., :3] == 128).all()
    assert (backdrop(Scene(300, 200, preview=flat(30, 20))).pixels[..., :3] == 60).all()


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_each_pixel_shows_the_masks_of_the_image_pixel_in_its_middle(step: int, kept: bool) -> None:
    width, height = 1000 * step + step // 2, 600 * step
    random = np.random.default_rng(step)
    boxes = [Box(x, y, x + 90, y + 70) for x, y in random.integers(0, (width - 90, height - 70), (20, 2)).tolist()]
    small = backdrop(Scene(width, height, flat(width, height), tuple(a_layer(box, kept=kept) for box in boxes)))
    assert small.zoom == 1 / small_step(width)
    expected = np.full((*small.pixels.shape[:2], 4), 60, np.uint8)
    expected[..., 3] = 255
    rows, columns = (np.arange(side) * small_step(width) + small_step(width) // 2 for side in expected.shape[:2])
    for box in boxes:
        inside = ((rows >= box.y0) & (rows < box.y1))[:, None] & ((columns >= box.x0) & (columns < box.x1))
        expected[inside] = tinted(expected, a_layer(box))[inside]
    assert np.abs(small.pixels.astype(int) - expected).max() <= 1


def small_step(width: int) -> int:
    return -(-width // 1024)


def test_the_active_object_lies_on_top_and_outlines_alone_leave_the_picture() -> None:
    box = Box(10, 10, 200, 200)
    shown = backdrop(Scene(300, 200, flat(300, 200), (), a_layer(box))).pixels
    assert (shown[50, 50] != shown[5, 5]).any()
    bare = backdrop(Scene(300, 200, flat(300, 200), (a_layer(box, 0.0),))).pixels
    assert (bare[..., :3] == 60).all()


def test_without_time_the_picture_is_there_and_the_masks_follow_when_it_is_gone_on_with() -> None:
    layers = tuple(a_layer(Box(x, 0, x + 5, 5)) for x in range(0, 300, 5))
    scene = Scene(300, 200, flat(300, 200), layers, a_layer(Box(100, 100, 150, 150)))
    hurried = backdrop(scene, seconds=0.0)
    assert not hurried.complete
    assert (hurried.pixels[..., :3] == 60).all()
    whole = backdrop(scene, so_far=hurried)
    assert whole.complete
    assert (whole.pixels == backdrop(scene).pixels).all()


def test_what_was_begun_of_another_scene_is_not_gone_on_with() -> None:
    begun = backdrop(Scene(300, 200, flat(300, 200), (a_layer(Box(0, 0, 9, 9)),)), seconds=0.0)
    other = Scene(300, 200, flat(300, 200, 90))
    assert (backdrop(other, so_far=begun).pixels[..., :3] == 90).all()


def test_of_a_frame_of_another_size_without_a_picture_nothing_is_taken() -> None:
    before = backdrop(Scene(300, 200))
    after = Scene(200, 300, layers=(a_layer(Box(50, 220, 190, 290)),))
    assert (backdrop(after, so_far=before).pixels == backdrop(after).pixels).all()


@pytest.mark.parametrize("kept", [False, True])
def test_other_masks_over_the_same_picture_leave_what_was_drawn_before_as_it_is(kept: bool) -> None:
    picture = np.random.default_rng(2).integers(0, 256, (1500, 3000, 3), np.uint8)
    before = backdrop(Scene(3000, 1500, picture, (a_layer(Box(0, 0, 90, 90), kept=kept),)))
    pixels = before.pixels.copy()
    other = Scene(3000, 1500, picture, tuple(a_layer(Box(x, 5, x + 300, 700), kept=kept) for x in (40, 120, 2800)))
    assert (backdrop(other, so_far=before).pixels == backdrop(other).pixels).all()
    assert (before.pixels == pixels).all()


@pytest.mark.parametrize("zoom", [0.25, 1.0, 3.5])
def test_enlarged_each_device_pixel_shows_the_small_pixel_it_lies_on(zoom: float) -> None:
    picture = np.random.default_rng(2).integers(0, 256, (300, 400, 3), np.uint8)
    scene = Scene(400, 300, picture)
    device = Box(20, 10, 90, 70)
    drawing = enlarged(backdrop(scene), scene, zoom, device)
    rows, columns = ((np.arange(*ends) + 0.5) / zoom for ends in ((10, 70), (20, 90)))
    expected = picture[rows.astype(int)[:, None], columns.astype(int)]
    assert (drawing.base[..., :3] == expected).all()


@pytest.mark.parametrize("lines", [1, 2, 40])
def test_masks_that_are_kept_are_looked_at_where_they_are_shown_and_nowhere_else(lines: int) -> None:
    bits = np.zeros((3000, 4000), np.bool_)
    bits[:, :: 4000 // lines] = bits[:, 1 :: 4000 // lines] = bits[:, 2 :: 4000 // lines] = True
    bits[::2, -1] = True
    mask = Mask.from_rle(Mask.of(Box.of_size(4000, 3000), bits).to_rle(3000, 4000), 3000, 4000)

    def all_pixels(_: Box) -> NDArray[np.bool_]:
        raise AssertionError("asked for all pixels of a box")

    layer = Layer(mask.box, all_pixels, GREEN, 1.0, 0, GREEN, mask=mask)
    shown = backdrop(Scene(4000, 3000, flat(4000, 3000), (layer,))).pixels
    assert np.array_equal(shown[..., 1] == GREEN[1], bits[2::4, 2::4])
