"""Masks after long rows of edits, which share what did not change: against plain arrays that share nothing."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitmask_studio.core import mask as mask_module
from bitmask_studio.core import rle
from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.mask import CLEAR, EMPTY_MASK, SOLID, TILE, Bits, Mask, tiles_of
from bitmask_studio.core.mask_patch import MaskPatch
from tests.core import references

WIDTH, HEIGHT = 430, 300
FRAME = Box.of_size(WIDTH, HEIGHT)


@pytest.fixture(params=[0, 1 << 16], ids=["parts", "whole"])
def _small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let masks of this test's size stay in parts, as large ones do, or not."""
    monkeypatch.setattr(mask_module, "_SMALL", request.param)


def draw_box(random: np.random.Generator) -> Box:
    """Somewhere in the frame: a point, a line, a few tiles, all of it."""
    xs, ys = sorted(random.integers(0, WIDTH + 1, 2)), sorted(random.integers(0, HEIGHT + 1, 2))
    boxes = Box(xs[0], ys[0], xs[1], ys[1]), Box(xs[0], ys[0], xs[0] + 1, ys[0] + 1), Box(xs[0], 0, xs[0] + 2, HEIGHT)
    kind = int(random.integers(0, 8))
    box = (*boxes, Box(0, ys[0], WIDTH, ys[0] + 1), FRAME)[kind] if kind < 5 else boxes[0]
    box = box.intersection(FRAME)
    return Box(int(box.x0), int(box.y0), int(box.x1), int(box.y1))


def edit(random: np.random.Generator, plain: Bits) -> Bits:
    """The pixels after some of a box were set, cleared or turned over."""
    after, box = plain.copy(), draw_box(random)
    part = after[box.rows, box.columns]
    part[...] = [True, False, ~part, part ^ (random.random(part.shape) < 0.02)][int(random.integers(0, 4))]
    return after


def tight(plain: Bits) -> Box:
    rows, columns = np.flatnonzero(plain.any(axis=1)), np.flatnonzero(plain.any(axis=0))
    if not len(rows):
        return EMPTY
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def by_tiles(mask: Mask, plain: Bits) -> Mask:
    """The mask given the whole of each tile that differs."""
    flips = mask.to_array(HEIGHT, WIDTH) ^ plain
    padded = np.pad(plain, ((0, 2 * TILE), (0, 2 * TILE)))
    box = tight(flips)
    tiles = {(x, y): padded[y : y + TILE, x : x + TILE].copy() for x, y in tiles_of(box)}
    return mask.with_tiles(tiles, box) if tiles else mask


def by_patch(mask: Mask, plain: Bits) -> Mask:
    return MaskPatch.between(mask, Mask.of(FRAME, plain)).apply(mask)


def check(mask: Mask, plain: Bits, random: np.random.Generator) -> None:
    assert mask.box == tight(plain)
    assert mask.area == np.count_nonzero(plain)
    assert (mask.empty, mask is EMPTY_MASK) == (not plain.any(), not plain.any())
    assert np.array_equal(mask.to_array(HEIGHT, WIDTH), plain)
    padded = np.pad(plain, TILE)
    box = draw_box(random)
    x, y = (int(random.integers(-TILE, TILE)) for _ in range(2))
    for each in (box, box.shifted(x, y).intersection(FRAME.inflated(TILE))):
        wanted = padded[each.y0 + TILE : each.y1 + TILE, each.x0 + TILE : each.x1 + TILE]
        assert np.array_equal(mask.crop(each), wanted[: each.height, : each.width])
    x, y = int(random.integers(0, WIDTH)), int(random.integers(0, HEIGHT))
    assert mask.holds(x, y) is bool(plain[y, x])
    assert mask.to_rle(HEIGHT, WIDTH) == Mask.of(FRAME, plain).to_rle(HEIGHT, WIDTH)


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("change", [by_tiles, by_patch])
@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_any_sequence_of_edits_makes_the_same_mask_as_on_a_plain_array(
    change: Callable[[Mask, Bits], Mask], counted: bool, seed: int
) -> None:
    random = np.random.default_rng(seed)
    plain = np.full((HEIGHT, WIDTH), seed % 3 == 0)
    if seed % 3 == 1:
        plain = np.random.default_rng(seed).random((HEIGHT, WIDTH)) < 0.5
    mask = Mask.of(FRAME, plain.copy())
    if seed % 2:
        mask = Mask.from_rle(mask.to_rle(HEIGHT, WIDTH), HEIGHT, WIDTH)
    past = [(mask, plain)]
    for _ in range(25):
        before, plain_before, plain = mask, plain, edit(random, plain)
        mask = change(mask, plain)
        assert mask.same_as(before) is np.array_equal(plain, plain_before)
        past.append((mask, plain))
        if counted:
            check(mask, plain, random)
        if random.random() < 0.1:
            assert np.array_equal(mask.bits, plain[mask.box.rows, mask.box.columns])
            was_written = counted or mask is past[0][0]
            assert mask.bits is mask.bits or was_written
        if random.random() < 0.2:
            mask, plain = past[int(random.integers(0, len(past)))]
    for mask, plain in past:
        check(mask, plain, random)
        assert mask.same_as(Mask.of(FRAME, plain)) and Mask.of(FRAME, plain).same_as(mask)


def test_a_mask_that_was_written_needs_no_memory_for_the_tiles_of_its_edits() -> None:
    side = 1600
    rows, columns = np.mgrid[:side, :side]
    plain = np.hypot(rows - 800, columns - 700) < 500
    tracemalloc.start()
    try:
        mask = by_all_tiles(plain)
        before, rle_string = tracemalloc.get_traced_memory()[0], mask.to_rle(side, side)
        freed = before - tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert freed > 900_000
    assert rle_string == references.encoded(plain.tobytes())
    assert np.array_equal(mask.to_array(side, side), plain)
    assert mask.same_as(by_all_tiles(plain)) and mask.box == by_all_tiles(plain).box


def test_a_mask_that_was_written_in_part_stays_as_it_is() -> None:
    plain = np.zeros((400, 400), np.bool_)
    plain[20:380, 30:350] = True
    mask = by_all_tiles(plain)
    assert mask.to_rle(100, 100, 0, 0) == references.encoded(plain[:100, :100].tobytes())
    assert np.array_equal(mask.to_array(400, 400), plain)


def by_all_tiles(plain: Bits) -> Mask:
    """A mask that is made of edited tiles alone."""
    box = tight(plain)
    padded = np.pad(plain, ((0, 2 * TILE), (0, 2 * TILE)))
    return EMPTY_MASK.with_tiles({(x, y): padded[y : y + TILE, x : x + TILE].copy() for x, y in tiles_of(box)}, box)


@given(st.lists(st.integers(0, 2**32), max_size=8))
@settings(max_examples=40)
def test_undoing_and_redoing_everything_leads_there_and_back(seeds: list[int]) -> None:
    plain = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask = first = EMPTY_MASK
    patches = []
    for seed in seeds:
        plain = edit(np.random.default_rng(seed), plain)
        patch = MaskPatch.between(mask, Mask.of(FRAME, plain))
        mask = patch.apply(mask)
        patches.append(patch)
    last = mask
    for patch in reversed(patches):
        mask = patch.apply(mask)
    assert mask.same_as(first)
    for patch in patches:
        mask = patch.apply(mask)
    assert mask.same_as(last) and np.array_equal(mask.to_array(HEIGHT, WIDTH), plain)


def test_the_tile_of_a_place_that_was_never_near_the_mask_is_the_clear_one() -> None:
    mask = Mask(Box(300, 300, 700, 700), np.ones((400, 400), np.bool_))
    assert mask.tile((128, 256)) is CLEAR
    assert np.array_equal(mask.tile((384, 384)), SOLID)
    assert mask.tile((256, 640)).sum() == (384 - 300) * (700 - 640)


@pytest.mark.parametrize("decoded", [False, True])
def test_an_edit_of_the_largest_mask_takes_no_memory_but_its_tiles(decoded: bool) -> None:
    side = 16384
    if decoded:
        mask = Mask.from_rle(rle.written(rle.Runs(side, side, np.array([0, side * side], np.int32))), side, side)
    else:
        mask = Mask(Box.of_size(side, side), np.ones((side, side), np.bool_))
    assert mask.area == side * side
    corners = [(0, 0), (TILE, 0), (side - TILE, side - TILE)]
    tracemalloc.start()
    try:
        after = mask.with_tiles(dict.fromkeys(corners, CLEAR), Box.of_size(side, side))
        for x in range(0, 4 * TILE, TILE):
            after = after.with_tiles(dict.fromkeys([(x, 0), (x, TILE)], CLEAR), Box(x, 0, x + TILE, 2 * TILE))
        assert after.area == side * side - 9 * TILE * TILE
        assert not after.same_as(mask)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert after.box == mask.box
    assert peak < 1 << 20
