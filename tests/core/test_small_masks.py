"""Masks small: every so many of their pixels, read once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import TILE, Mask
from bitmask_studio.core.small_masks import Boxes, Grid, prepare, small

SIZE = WIDTH, HEIGHT = 3000, 2100
GRID = Grid(3, 1000, 700)
WHOLE = Box.of_size(*SIZE)


def some_masks(seed: int, edited: bool = False) -> list[Mask]:
    """A few of a frame, as they are decoded, some of them with edits."""
    random = np.random.default_rng(seed)
    masks = []
    for x, y in random.integers(0, (WIDTH - 150, HEIGHT - 150), (6, 2)).tolist():
        bits = np.zeros((150, 150), np.bool_)
        for _ in range(4):
            x0, y0 = random.integers(0, 100, 2)
            bits[y0 : y0 + 45, x0 : x0 + 40] ^= True
        whole = Mask.of(Box(x, y, x + 150, y + 150), bits)
        masks.append(Mask.from_rle(whole.to_rle(HEIGHT, WIDTH), HEIGHT, WIDTH))
    return [_edited(mask) for mask in masks] if edited else masks


def _edited(mask: Mask) -> Mask:
    corner = mask.box.x0 // TILE * TILE, mask.box.y0 // TILE * TILE
    box = Box(*corner, corner[0] + TILE, corner[1] + TILE)
    return mask.with_tiles({corner: ~mask.crop(box)}, box)


def places_of(masks: list[Mask]) -> Boxes:
    return GRID.places(np.array([mask.box for mask in masks], np.int64))


def test_the_grid_of_a_frame_has_at_most_a_thousand_px_a_side() -> None:
    assert Grid.of(*SIZE) == GRID
    assert Grid.of(1024, 3) == Grid(1, 1024, 3)
    assert Grid.of(16_384, 2) == Grid(16, 1024, 1)


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("edited", [False, True])
@given(st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_each_small_pixel_is_the_image_pixel_in_its_middle(prepared: bool, edited: bool, seed: int) -> None:
    masks = some_masks(seed, edited)
    if prepared:
        prepare(masks, *SIZE)
    places = places_of(masks)
    for _ in range(2):  # read, then as kept
        for mask, place, bits in zip(masks, places.tolist(), small(masks, places, GRID), strict=True):
            assert np.array_equal(bits, mask.crop(WHOLE)[1::3, 1::3][Box(*place).within(WHOLE)])


def test_what_was_read_is_kept_but_for_large_masks_and_another_grid() -> None:
    masks = some_masks(1)
    places = places_of(masks)
    first = small(masks, places, GRID)
    assert all(mask.small is not None for mask in masks)
    again = small(masks, places, GRID)
    third = small(masks, places, GRID)
    assert all(one is other for one, other in zip(again, third, strict=True))
    assert all(map(np.array_equal, first, again))
    wide = Grid(6, 500, 350)
    boxes = np.array([mask.box for mask in masks], np.int64)
    for mask, place, bits in zip(
        masks, wide.places(boxes).tolist(), small(masks, wide.places(boxes), wide), strict=True
    ):
        assert np.array_equal(bits, mask.crop(WHOLE)[3::6, 3::6][Box(*place).within(WHOLE)])
    large = Mask.of(WHOLE, np.ones((HEIGHT, WIDTH), np.bool_))
    assert small([large], places_of([large]), GRID)[0].all()
    assert large.small is None


def test_a_mask_too_thin_to_be_seen_small_is_passed_by() -> None:
    thin = Mask.of(Box(0, 0, 1, 30), np.ones((30, 1), np.bool_))
    assert not places_of([thin]).any()
    prepare([thin, Mask.of(Box(0, 0, 3, 3), np.zeros((3, 3), np.bool_))], *SIZE)
    assert thin.small is None
