"""The tiles of a canvas: mending equals drawing anew, costs what it touches, and stays within its bytes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.mask import Bits, Mask
from bitmask_studio.core.overlay import Layer
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.core.tiles import SIDE, Scene, TileStore, draw
from bitmask_studio.core.tone import Tone
from bitmask_studio.core.viewport import snap

WIDTH, HEIGHT = 700, 500
FRAME = Box.of_size(WIDTH, HEIGHT)
PICTURE = np.random.default_rng(9).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
TOUCHED_ZOOMS = (snap(0.05), snap(0.21), 0.5, 64 / 65, 1.0, 65 / 64, 1.5, 3.0)


def a_mask(random: np.random.Generator) -> Mask:
    x, y = int(random.integers(0, WIDTH - 80)), int(random.integers(0, HEIGHT - 80))
    blobs = random.random((16, 20)) < 0.7
    bits = np.kron(blobs, np.ones((int(random.integers(1, 12)), int(random.integers(1, 12))), np.bool_))
    box = Box(x, y, x + bits.shape[1], y + bits.shape[0])
    seen = box.intersection(FRAME)
    return Mask.of(seen, bits[seen.within(box)])


def a_layer(mask: Mask, random: np.random.Generator) -> Layer:
    color, edge = ((int(r), int(g), int(b)) for r, g, b in random.integers(0, 256, (2, 3)))
    return Layer(mask.box, mask.crop, color, float(random.choice([0, 0.45, 0.6, 1])), int(random.integers(0, 4)), edge)


def a_scene(random: np.random.Generator, picture: bool = True) -> Scene:
    layers = tuple(a_layer(a_mask(random), random) for _ in range(int(random.integers(0, 4))))
    return Scene(WIDTH, HEIGHT, PICTURE if picture else None, layers, a_layer(a_mask(random), random))


def drawn(store: TileStore) -> list[tuple[bytes, bytes, bytes]]:
    """Every tile's three layers."""
    tiles = [store.make(place) for place in store.places(store.bounds)]
    return [(tile.picture.tobytes(), tile.under.tobytes(), tile.whole.tobytes()) for tile in tiles]


def dabs(random: np.random.Generator, count: int) -> Sequence[tuple[Point, Point, int, BrushShape, bool]]:
    found = []
    for _ in range(count):
        start = Point(*random.uniform((-20, -20), (WIDTH + 20, HEIGHT + 20)).tolist())
        end = Point(*(start + random.normal(0, 15, 2)).tolist())
        shape = BrushShape.ROUND if random.random() < 0.5 else BrushShape.SQUARE
        found.append((start, end, int(random.choice([1, 3, 20, 90])), shape, bool(random.random() < 0.6)))
    return found


@given(st.sampled_from(TOUCHED_ZOOMS), st.integers(0, 2**32), st.booleans())
@settings(max_examples=40)
def test_a_stroke_mended_dab_by_dab_looks_like_the_scene_drawn_anew(zoom: float, seed: int, picture: bool) -> None:
    random = np.random.default_rng(seed)
    scene = a_scene(random, picture)
    store = TileStore(scene, zoom)
    drawn(store)
    mask = a_mask(random)
    painter = MaskPainter(mask, FRAME)
    active = replace(a_layer(mask, random), box=FRAME, crop=painter.crop)
    scene = replace(scene, active=active)
    store.mend(scene, FRAME, under=False)
    for dab in dabs(random, 4):
        store.mend(scene, painter.draw_segment(*dab), under=False)
    assert drawn(store) == drawn(TileStore(scene, zoom))


@given(st.sampled_from(TOUCHED_ZOOMS), st.integers(0, 2**32))
@settings(max_examples=40)
def test_a_change_among_the_lower_objects_is_mended_too(zoom: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    scene = a_scene(random)
    store = TileStore(scene, zoom)
    drawn(store)
    mask = a_mask(random)
    more = replace(scene, layers=(*scene.layers, a_layer(mask, random)))
    store.mend(more, mask.box)
    assert drawn(store) == drawn(TileStore(more, zoom))
    store.mend(scene, mask.box.inflated(3))
    assert drawn(store) == drawn(TileStore(scene, zoom))


@given(st.sampled_from(TOUCHED_ZOOMS), st.integers(0, 2**32))
@settings(max_examples=20)
def test_another_scene_over_the_same_picture_looks_as_if_drawn_anew(zoom: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    store, other = TileStore(a_scene(random), zoom), a_scene(random)
    drawn(store)
    store.show(other)
    mask = a_mask(random)
    last = replace(other, active=a_layer(mask, random))
    store.show(last)
    assert drawn(store) == drawn(TileStore(last, zoom))


def test_a_tile_that_is_stale_is_mended_as_a_whole_when_it_is_next_made() -> None:
    random = np.random.default_rng(5)
    store = TileStore(a_scene(random), 1.0)
    drawn(store)
    scene = a_scene(random)
    store.show(scene)
    mask = a_mask(random)
    scene = replace(scene, active=a_layer(mask, random))
    store.mend(scene, FRAME, under=False)
    assert drawn(store) == drawn(TileStore(scene, 1.0))


class CountingCrop:
    """Counts the boxes that are asked of a mask."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.asked: list[Box] = []

    def crop(self, box: Box) -> Bits:
        self.asked.append(box)
        return self.mask.crop(box)


@pytest.mark.parametrize("zoom", [0.5, 1.0, 4.0])
def test_a_dab_draws_its_own_rectangle_only_and_asks_no_other_object(zoom: float) -> None:
    full = Mask.of(FRAME, np.ones((HEIGHT, WIDTH), np.bool_))
    below, above = CountingCrop(full), CountingCrop(full)
    under = Layer(FRAME, below.crop, (1, 2, 3), 0.5, 1, (4, 5, 6))
    scene = Scene(WIDTH, HEIGHT, None, (under,), Layer(FRAME, above.crop, (9, 9, 9), 0.5, 2, (1, 1, 1)))
    store = TileStore(scene, zoom, max_bytes=1 << 30)
    drawn(store)
    below.asked.clear()
    above.asked.clear()
    device = store.mend(scene, Box(100, 100, 110, 110), under=False)
    assert below.asked == []
    assert len(above.asked) == 1
    assert above.asked[0].area <= (10 + 12 / min(zoom, 1)) ** 2
    assert device.area <= (10 * zoom + 6) ** 2


def test_tiles_that_were_never_drawn_are_not_mended() -> None:
    counting = CountingCrop(Mask.of(FRAME, np.ones((HEIGHT, WIDTH), np.bool_)))
    scene = Scene(WIDTH, HEIGHT, None, (), Layer(FRAME, counting.crop, (9, 9, 9), 0.5, 0, (1, 1, 1)))
    store = TileStore(scene, 1.0)
    store.make((0, 0))
    counting.asked.clear()
    store.mend(scene, FRAME)
    assert len(counting.asked) == 1


def test_the_store_stays_within_its_bytes_and_drops_what_was_not_used_longest() -> None:
    tile = SIDE * SIDE * 4
    store = TileStore(Scene(SIDE * 10, SIDE * 10), 1.0, max_bytes=3 * tile)
    for place in ((0, 0), (1, 0), (2, 0)):
        store.make(place)
    store.get((0, 0))
    store.make((3, 0))
    assert store.get((1, 0)) is None
    assert store.get((0, 0)) is not None
    assert sum(each.nbytes for each in store.tiles) <= 3 * tile
    for x in range(10):
        for y in range(10):
            store.make((x, y))
            assert sum(each.nbytes for each in store.tiles) <= 3 * tile


def test_one_tile_is_kept_however_small_the_budget() -> None:
    store = TileStore(Scene(SIDE, SIDE), 1.0, max_bytes=1)
    assert store.make((0, 0)) is store.get((0, 0))


@pytest.mark.parametrize("width", [64, 100, 321, 1280, 7680, 16384])
def test_an_image_has_no_device_pixel_that_shows_nothing_of_it(width: int) -> None:
    for length in (*range(65, 512), *range(512, 6401, 8)):
        expected = -(-width * 64 // length)
        assert TileStore(Scene(width, width), 64 / length).bounds == Box.of_size(expected, expected)


@pytest.mark.parametrize("zoom", [0.3, 1.0, 2.5])
def test_the_tiles_of_a_box_cover_it_without_overlap(zoom: float) -> None:
    store = TileStore(Scene(WIDTH, HEIGHT), snap(zoom))
    painted = np.zeros((store.bounds.height, store.bounds.width), int)
    for place in store.places(store.bounds):
        painted[store.box(place).within(store.bounds)] += 1
    assert (painted == 1).all()
    assert store.places(Box(-50, -50, -1, -1)) == []


@given(st.sampled_from([8.0, 9.5, 17 + 1 / 64, 64.0]), st.integers(0, 2**32))
@settings(max_examples=15)
def test_at_zooms_that_show_single_pixels_mending_equals_drawing_anew_too(zoom: float, seed: int) -> None:
    random, frame = np.random.default_rng(seed), Box.of_size(40, 22)
    mask = Mask.of(Box(5, 5, 30, 20), random.random((15, 25)) < 0.5)
    painter = MaskPainter(mask, frame)
    active = replace(a_layer(mask, random), box=frame, crop=painter.crop)
    scene = Scene(40, 22, PICTURE[:22, :40], (a_layer(mask, random),), active)
    store = TileStore(scene, zoom)
    drawn(store)
    for _ in range(3):
        start = Point(*random.uniform((0, 0), (40, 22)).tolist())
        store.mend(
            scene, painter.draw_segment(start, start, 4, BrushShape.ROUND, bool(random.random() < 0.5)), under=False
        )
    assert drawn(store) == drawn(TileStore(scene, zoom))


def test_what_was_drawn_of_an_older_scene_does_not_replace_a_newer_tile() -> None:
    random = np.random.default_rng(1)
    store = TileStore(a_scene(random), 1.0)
    old, turn = draw(store.scene, 1.0, store.box((0, 0))), store.turn
    newer = a_scene(random)
    store.show(newer)
    new = store.make((0, 0))
    store.take((0, 0), old, turn)
    assert store.get((0, 0)) is new


def test_what_was_drawn_of_an_older_scene_is_better_than_nothing_and_stale() -> None:
    random = np.random.default_rng(1)
    store = TileStore(a_scene(random), 1.0)
    old, turn = draw(store.scene, 1.0, store.box((0, 0))), store.turn
    store.show(a_scene(random))
    store.take((0, 0), old, turn)
    assert store.get((0, 0)) is not None
    assert store.lacks((0, 0))


@pytest.mark.parametrize("zoom", [0.5, 1.0, 9.5])
def test_what_was_drawn_with_an_older_active_object_gets_the_present_one(zoom: float) -> None:
    random = np.random.default_rng(4)
    first, second = (replace(a_layer(mask, random), mask=mask) for mask in (a_mask(random), a_mask(random)))
    scene = replace(a_scene(random), active=first)
    for active in (first, second, None):
        store = TileStore(scene, zoom, 1 << 30)
        drawings = {place: draw(store.scene, zoom, store.box(place)) for place in store.places(store.bounds)}
        assert any(each.finish for each in drawings.values())
        now = replace(scene, active=active)
        store.mend(now, FRAME, under=False)
        for place, each in drawings.items():
            store.take(place, each, store.turn)
        assert drawn(store) == drawn(TileStore(now, zoom, 1 << 30))


@given(st.sampled_from(TOUCHED_ZOOMS), st.integers(0, 2**32))
@settings(max_examples=20)
def test_tiles_that_are_spoiled_are_drawn_again_and_the_others_are_right_already(zoom: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    scene = a_scene(random)
    store = TileStore(scene, zoom, 1 << 30)
    drawn(store)
    mask = a_mask(random)
    more = replace(scene, layers=(*scene.layers, a_layer(mask, random)), boxes=None)
    store.spoil(more, mask.box)
    assert any(map(store.lacks, store.places(store.reach(mask.box)))) or mask.empty
    assert drawn(store) == drawn(TileStore(more, zoom, 1 << 30))


@pytest.mark.parametrize("zoom", [1.0, 9.5])
def test_what_is_not_seen_is_mended_when_it_is_next_needed(zoom: float) -> None:
    random = np.random.default_rng(4)
    scene = a_scene(random)
    store = TileStore(scene, zoom, 1 << 30)
    drawn(store)
    other = replace(scene, active=a_layer(a_mask(random), random))
    work = store.work.pixels
    store.mend(other, FRAME, under=False, seen=Box.of_size(SIDE, SIDE))
    assert store.work.pixels - work <= store.box((0, 0)).area
    assert drawn(store) == drawn(TileStore(other, zoom, 1 << 30))


def test_another_tone_draws_the_picture_again_and_other_objects_do_not() -> None:
    random = np.random.default_rng(4)
    scene = a_scene(random)
    store = TileStore(scene, 1.0)
    store.make((0, 0))
    picture = store.picture((0, 0))
    store.show(replace(scene, layers=(), boxes=None))
    assert picture is not None and store.picture((0, 0)) is picture
    toned = replace(scene, tone=Tone(30, 30))
    store.show(toned)
    assert store.picture((0, 0)) is None
    assert drawn(store) == drawn(TileStore(toned, 1.0))


def test_layers_that_would_be_equal_take_no_memory_of_their_own() -> None:
    store = TileStore(Scene(SIDE, SIDE), 1.0)
    store.make((0, 0))
    assert store.nbytes == SIDE * SIDE * 4


def test_the_bytes_of_a_store_are_those_of_its_tiles_whatever_is_done() -> None:
    random = np.random.default_rng(11)
    scene = a_scene(random)
    for zoom in (0.5, 1.0, 8.0):
        store = TileStore(scene, zoom, max_bytes=40 << 20)
        for _ in range(30):
            places = store.places(store.bounds)
            store.make(places[int(random.integers(len(places)))])
            changed = replace(scene, active=a_layer(a_mask(random), random) if random.random() < 0.8 else None)
            store.mend(changed, FRAME, under=bool(random.random() < 0.5))
            assert store.nbytes == sum(tile.nbytes for tile in store.tiles)


def test_tiles_that_are_seen_are_kept_beyond_the_budget() -> None:
    store = TileStore(Scene(SIDE * 4, SIDE), 1.0, max_bytes=SIDE * SIDE * 4)
    store.seen = frozenset({(0, 0), (1, 0)})
    for x in range(4):
        store.make((x, 0))
    assert not store.lacks((0, 0)) and not store.lacks((1, 0))
    assert store.lacks((2, 0)) and not store.lacks((3, 0))


def test_layers_are_found_by_where_they_lie_and_only_those_are_looked_at() -> None:
    masks = [Mask.of(Box(x, 0, x + 10, 10), np.ones((10, 10), np.bool_)) for x in range(0, 100_000, 50)]
    layers = tuple(Layer(each.box, each.crop, (1, 2, 3), 0.5, 1, (4, 5, 6)) for each in masks)
    scene = Scene(100_000, 10, layers=layers).indexed()
    assert [each.box.x0 for each in scene.near(Box(100, 0, 161, 10), 1.0)] == [100, 150]
    assert draw(scene, 1.0, Box(100, 0, 161, 10)).visited == 2
