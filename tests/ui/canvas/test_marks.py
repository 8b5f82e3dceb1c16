"""What is drawn over the tiles: other shapes, the note about a missing picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import ObjectInfo, Outline
from bitmask_studio.core.viewport import Viewport
from bitmask_studio.ui.canvas.marks import draw_note, draw_outlines
from tests.ui.desk import Desk
from tests.ui.paper import SIDE, Paper, box_of
from tests.ui.rendering import Bits

pytestmark = pytest.mark.usefixtures("qapp")


def an_object(color: str, *outlines: Outline, name: str = "box") -> ObjectInfo:
    return ObjectInfo(name, "f", "Box", color, "bounding_box", outlines=outlines)


def test_other_shapes_are_drawn_where_they_lie_in_their_own_colour() -> None:
    square = Outline(tuple(Point(*at) for at in ((10, 20), (60, 20), (60, 50), (10, 50))), closed=True)
    for zoom, x, y in ((1.0, 0, 0), (2.5, -11, 40)):
        paper = Paper()
        draw_outlines(paper.painter, Viewport(zoom, x, y), [an_object("#ff0000", square)], None, 1.0)
        box = box_of(paper.drawn)
        expected = Viewport(zoom, x, y).device_box(Box(10, 20, 60, 50)).intersection(Box.of_size(SIDE, SIDE))
        assert box.inflated(2).covers(expected) and expected.inflated(2).covers(box)
        found = paper.image.pixelColor((expected.x0 + expected.x1) // 2, expected.y1)
        assert found.red() > found.green() == found.blue()


def test_an_open_line_is_not_closed_a_point_is_a_dot_and_nothing_is_nothing() -> None:
    corner = Outline((Point(10, 10), Point(110, 10), Point(110, 110)), closed=False)
    paper = Paper()
    draw_outlines(paper.painter, Viewport(), [an_object("#00ff00", corner)], None, 1.0)
    drawn = paper.drawn
    assert drawn[9:12, 60].any() and drawn[60, 109:112].any() and not drawn[55:65, 55:65].any()
    paper = Paper()
    draw_outlines(paper.painter, Viewport(), [an_object("#00ff00", Outline((Point(50, 50),), closed=False))], None, 1.0)
    assert 5 <= box_of(paper.drawn).width <= 10
    paper = Paper()
    draw_outlines(paper.painter, Viewport(), [an_object("#00ff00")], None, 1.0)
    assert not paper.drawn.any()


def test_the_chosen_shape_is_stronger() -> None:
    line = Outline((Point(10, 50), Point(200, 50)), closed=False)
    greens = []
    for chosen in (None, "box"):
        paper = Paper()
        draw_outlines(paper.painter, Viewport(), [an_object("#00ff00", line)], chosen, 2.0)
        paper.painter.end()
        greens.append(sum(paper.image.pixelColor(100, y).green() for y in range(40, 60)))
    assert greens[0] < greens[1]


@pytest.mark.parametrize(
    "text", ["Short.", "A long sentence of many words about what is missing. " * 40, f"No picture for {'x' * 300}."]
)
def test_a_note_stays_inside_the_view_and_leaves_most_of_it_free(text: str) -> None:
    paper, view = Paper(), Box.of_size(300, 200)
    draw_note(paper.painter, text, view, 1.0)
    drawn = box_of(paper.drawn)
    assert view.covers(drawn) and drawn.height < 100


@pytest.mark.parametrize("size", [1, 9, 40])
async def test_the_ring_leaves_nothing_behind(desk: Desk, project: Path, size: int) -> None:
    await desk.open(project)
    desk.choose(size=size)
    screen = desk.window.screen()
    desk.point_away()
    await desk.settle()

    def on_screen() -> QImage:
        return screen.grabWindow(desk.window.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)

    bare = on_screen()
    for point in ((10, 10), (13.3, 20.1), (50, 40), (-5, 3)):
        desk.move(point)
        await desk.settle()
    assert on_screen() != bare
    desk.point_away()
    await desk.settle()
    assert desk.window.cursor().shape() == Qt.CursorShape.ArrowCursor
    before, after = (desk_pixels(each, desk) for each in (bare, on_screen()))
    assert (before == after).all()


def desk_pixels(image: QImage, desk: Desk) -> Bits:
    """The canvas's part of a picture of the window."""
    corner = desk.canvas.mapTo(desk.window, desk.canvas.rect().topLeft())
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    part = rows[corner.y() : corner.y() + desk.canvas.height(), corner.x() : corner.x() + desk.canvas.width(), :3]
    return np.asarray(part.copy())
