"""Panning and zooming with a real pointer: the picture moves exactly as it should, and nothing is painted."""

from __future__ import annotations

from tests.xvfb.conftest import Start
from tests.xvfb.desk import Desk
from tests.xvfb.drawing import LabelFile, Place
from tests.xvfb.screen import SIGN, Spot

HERE: Place = (80, 120)
THERE: Place = (143, 101)


def test_space_and_drag_pan_without_painting(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.program.do("keydown", "space")
    _drag(desk, button=1)
    desk.program.do("keyup", "space")
    _assert_panned(desk, labels)


def test_the_brush_paints_again_when_space_is_let_go(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.program.do("keydown", "space", "keyup", "space")
    desk.draw(HERE, THERE)
    assert desk.screen.still_corner() == desk.corner


def test_dragging_with_the_middle_button_pans_without_painting(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    _drag(desk, button=2)
    _assert_panned(desk, labels)


def test_the_wheel_zooms_at_the_pointer(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    pointer = desk.spot(HERE)
    desk.program.do("mousemove", *pointer, "click", 4)
    desk.screen.wait_for_color(pointer.moved(25, 50), (HERE[0] + 20, HERE[1] + 40, SIGN))
    desk.screen.wait_for_color(pointer.moved(-25, 25), (HERE[0] - 20, HERE[1] + 20, SIGN))
    desk.screen.wait_for_color(pointer, (*HERE, SIGN))
    desk.program.do("click", 5)
    assert desk.screen.still_corner() == desk.corner


def _drag(desk: Desk, button: int) -> None:
    desk.program.do("mousemove", *desk.spot(HERE), "mousedown", button, "mousemove", *desk.spot(THERE))
    desk.program.do("mouseup", button)


def _assert_panned(desk: Desk, labels: LabelFile) -> None:
    moved = desk.corner.moved(THERE[0] - HERE[0], THERE[1] - HERE[1])
    desk.screen.until(lambda: desk.screen.corner_of_picture() == moved, "the picture does not come along")
    Desk(desk.program, Spot(*moved), desk.name).wait_for_picture(HERE)
    desk.program.keys("ctrl+q")
    desk.program.wait_for_end()
    assert labels.untouched
