"""What of the studio's state becomes a layer of the canvas, in which order, colour, opacity and outline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import MaskKey, Outline
from bitmask_studio.core.overlay import Layer
from bitmask_studio.core.palette import darker, object_color
from bitmask_studio.core.tiles import Scene
from bitmask_studio.studio.document.document import Document
from bitmask_studio.tools.base import Phase, PointerEvent
from bitmask_studio.ui.canvas.scene import build_scene, color_of
from tests.fakes.memory_source import TREE, MemorySource, a_frame, a_row, an_object, stored
from tests.fakes.screen import FakeStudio

WIDTH, HEIGHT = 60, 40
CAR_COLOR, TREE_COLOR, WHITE = (0x15, 0x31, 0xD3), (0x00, 0x73, 0xE2), (255, 255, 255)
LOW, HIGH = Box(10, 10, 30, 30), Box(20, 20, 40, 35)


def block(box: Box) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    bits = np.zeros((HEIGHT, WIDTH), np.bool_)
    bits[box.rows, box.columns] = True
    return bits


@pytest.fixture
def studio(tmp_path: Path) -> FakeStudio:
    """One frame: a polygon, `low` (Car), `high` (Tree) over it, and a damaged mask on top; nothing is chosen."""
    outline = Outline((Point(2, 3), Point(9, 8), Point(4, 5)), closed=True)
    frame = a_frame(
        replace(an_object("shape", None, shape="polygon"), outlines=(outline,)),
        an_object("low", stored(block(LOW))),
        an_object("high", stored(block(HIGH)), TREE),
        an_object("broken", replace(stored(block(LOW)), rle_string="nonsense")),
        width=WIDTH,
        height=HEIGHT,
    )
    studio, row = FakeStudio(tmp_path), a_row("row", frame)
    studio.workspace.use(MemorySource([row]), [row.info])
    studio.document = Document(row)
    studio.show(row="row", frame=0)
    return studio


def pixels(layer: Layer | None) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """The layer over the whole frame."""
    assert layer is not None
    return layer.crop(Box.of_size(WIDTH, HEIGHT))


def masks(scene: Scene) -> list[Layer]:
    """The layers with pixels."""
    return [layer for layer in scene.layers if not layer.box.empty]


def test_nothing_open_is_an_empty_scene(tmp_path: Path) -> None:
    scene = build_scene(FakeStudio(tmp_path), 1)
    assert (scene.pixels, scene.layers, scene.active) == (None, (), None)


def test_bitmasks_are_layers_bottom_first_and_other_shapes_are_none(studio: FakeStudio) -> None:
    scene = build_scene(studio, 1)
    assert (scene.width, scene.height, scene.pixels, scene.active) == (WIDTH, HEIGHT, None, None)
    assert [layer.box for layer in masks(scene)] == [LOW, HIGH]
    assert [layer.color for layer in masks(scene)] == [CAR_COLOR, TREE_COLOR]
    assert (pixels(masks(scene)[1]) == block(HIGH)).all()


def test_the_chosen_object_is_on_top_lit_by_a_wide_white_line_and_more_opaque(studio: FakeStudio) -> None:
    studio.show(object_hash="low", opacity=0.4)
    scene = build_scene(studio, 2)
    assert [layer.box for layer in masks(scene)] == [HIGH]
    other, active = masks(scene)[0], scene.active
    assert active is not None
    assert (active.box, active.line, active.line_color) == (LOW, 4, WHITE)
    assert (other.line, other.line_color) == (2, darker(TREE_COLOR))
    assert other.opacity == 0.4
    assert active.opacity == pytest.approx(0.55)


def test_nothing_is_more_than_opaque(studio: FakeStudio) -> None:
    studio.show(object_hash="low", opacity=1.0)
    active = build_scene(studio, 1).active
    assert active is not None
    assert active.opacity == 1


def test_outlines_only_have_no_fill_and_lines_in_the_objects_own_colour(studio: FakeStudio) -> None:
    studio.show(object_hash="low", outline=True)
    scene = build_scene(studio, 1)
    assert scene.active is not None
    assert scene.active.opacity == masks(scene)[0].opacity == 0
    assert (masks(scene)[0].line, masks(scene)[0].line_color) == (2, TREE_COLOR)


def test_hidden_objects_are_not_drawn_even_when_chosen(studio: FakeStudio) -> None:
    studio.show(object_hash="low", hidden=frozenset({MaskKey(0, "low")}))
    scene = build_scene(studio, 1)
    assert scene.active is None
    assert [layer.box for layer in masks(scene)] == [HIGH]


def test_with_the_others_hidden_only_the_chosen_one_is_drawn_and_without_a_choice_all(studio: FakeStudio) -> None:
    studio.show(object_hash="high", only_chosen=True)
    scene = build_scene(studio, 1)
    assert scene.active is not None
    assert (masks(scene), scene.active.box) == ([], HIGH)
    studio.show(object_hash=None)
    assert len(masks(build_scene(studio, 1))) == 2


def test_each_object_can_have_a_colour_of_its_own_but_other_shapes_keep_their_class(studio: FakeStudio) -> None:
    studio.show(by_object=True)
    assert [layer.color for layer in masks(build_scene(studio, 1))] == [object_color("low"), object_color("high")]
    assert color_of(studio, studio.objects[0]) == CAR_COLOR


def test_a_stroke_in_progress_shows_before_it_is_committed(studio: FakeStudio) -> None:
    studio.show(object_hash="low")
    studio.point(PointerEvent(Phase.PRESS, Point(50, 20)))
    shown = pixels(build_scene(studio, 1).active)
    assert shown[20, 50]
    assert shown[15, 15]
    assert studio.document is not None
    assert not studio.document.mask(MaskKey(0, "low")).holds(50, 20)


def test_a_stroke_that_makes_an_object_shows_in_the_colour_of_its_class_over_all_others(studio: FakeStudio) -> None:
    studio.show(class_hash=TREE.feature_hash, opacity=0.4)
    studio.point(PointerEvent(Phase.PRESS, Point(50, 20)))
    scene = build_scene(studio, 1)
    assert len(masks(scene)) == 2
    assert scene.active is not None
    assert (scene.active.color, scene.active.line, scene.active.line_color) == (TREE_COLOR, 2, WHITE)
    assert scene.active.opacity == pytest.approx(0.55)
    assert pixels(scene.active)[20, 50]


def test_masks_that_are_still_being_decoded_are_left_out_until_they_are_there(tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path)
    row = a_row("row", a_frame(*(an_object(name, stored(block(LOW))) for name in "ab"), width=WIDTH, height=HEIGHT))
    studio.workspace.use(MemorySource([row]), [row.info])
    studio.document = Document(row)
    studio.show(row="row", frame=0, object_hash="b")
    studio.document.await_masks(0)
    studio.document.mask(MaskKey(0, "a"))
    scene = build_scene(studio, 1)
    assert (len(scene.layers), scene.active) == (1, None)
    studio.document.end_awaiting(0)
    scene = build_scene(studio, 1)
    assert (len(scene.layers), scene.active is not None) == (1, True)
