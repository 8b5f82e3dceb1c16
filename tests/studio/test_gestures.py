"""From the press of the pointer to the step in the history."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.gestures import NO_KEY, Gestures, Target
from bitmask_studio.tools.base import Phase, PointerEvent, ToolOptions
from bitmask_studio.tools.brush import BRUSH
from bitmask_studio.tools.eraser import ERASER
from bitmask_studio.tools.select import SELECT
from tests.fakes.memory_source import CAR, a_frame, a_row, an_object, stored

OPTIONS = ToolOptions(3, BrushShape.ROUND)
KEY = MaskKey(0, "a")


def event(phase: Phase, x: float, y: float, straight: bool = False) -> PointerEvent:
    return PointerEvent(phase, Point(x, y), straight)


class Painting:
    """A document of two frames and what its gestures tell."""

    def __init__(self) -> None:
        empty = np.zeros((40, 50), np.bool_)
        frames = [a_frame(an_object("a", stored(empty)), number=number, width=50, height=40) for number in range(2)]
        self.document = Document(a_row("row", *frames))
        self.made: list[MaskKey] = []
        self.painted: list[tuple[int, Box]] = []
        self.gestures = Gestures(self.made.append, lambda: None)
        self.document.painted.connect(lambda frame, box: self.painted.append((frame, box)))

    def press(self, x: float, y: float, straight: bool = False, key: MaskKey = KEY) -> None:
        self.gestures.press(Target(self.document, key), BRUSH, OPTIONS, event(Phase.PRESS, x, y, straight))

    def stroke(self, *points: tuple[float, float]) -> None:
        self.press(*points[0])
        for point in points[1:]:
            self.gestures.handle(event(Phase.MOVE, *point))
        self.gestures.handle(event(Phase.RELEASE, *points[-1]))


@pytest.fixture
def painting() -> Painting:
    return Painting()


def test_a_stroke_is_one_step_that_undo_takes_back_whole(painting: Painting) -> None:
    painting.stroke((5, 5), (20, 5), (20, 20))
    assert painting.document.mask(KEY).area > 60
    assert painting.document.history.undo_title == "Brush"
    painting.document.undo()
    assert painting.document.mask(KEY).empty
    assert painting.document.history.undo_title is None


def test_the_mask_stays_as_it_is_until_the_release(painting: Painting) -> None:
    painting.press(5, 5)
    painting.gestures.handle(event(Phase.MOVE, 20, 5))
    assert painting.document.mask(KEY).empty
    assert painting.gestures.key == KEY
    assert painting.gestures.painter is not None
    assert painting.gestures.painter.crop(Box.of_size(50, 40)).any()
    painting.gestures.handle(event(Phase.RELEASE, 20, 5))
    assert not painting.gestures.cancel()
    assert not painting.document.mask(KEY).empty


def test_what_a_save_brings_in_during_a_stroke_ends_it_and_stays_beside_it(painting: Painting) -> None:
    painting.stroke((5, 5))
    mine = painting.document.mask(KEY).to_array(40, 50)
    row = painting.document.row
    painting.document.begin_save()
    painting.press(20, 5)
    theirs = mine.copy()
    theirs[30:, 40:] = True
    objects = (an_object("a", stored(theirs)),)
    painting.document.end_save(replace(row, frames=(replace(row.frames[0], objects=objects), *row.frames[1:])))
    assert not painting.document.stroke.is_on and painting.gestures.painter is None
    painting.gestures.handle(event(Phase.RELEASE, 20, 5))
    mask = painting.document.mask(KEY)
    assert mask.holds(5, 5) and mask.holds(20, 5) and mask.holds(45, 35)


@pytest.mark.parametrize("end", [Gestures.finish, Gestures.cancel])
def test_a_document_knows_whether_a_stroke_is_in_progress(
    painting: Painting, end: Callable[[Gestures], object]
) -> None:
    known = [painting.document.stroke.is_on]
    painting.press(5, 5)
    known.append(painting.document.stroke.is_on)
    end(painting.gestures)
    known.append(painting.document.stroke.is_on)
    painting.gestures.press(Target(painting.document, KEY), SELECT, OPTIONS, event(Phase.PRESS, 10, 10))
    known.append(painting.document.stroke.is_on)
    assert known == [False, True, False, False]


def test_deleting_during_a_stroke_is_a_step_after_it(painting: Painting) -> None:
    painting.press(5, 5)
    painting.document.remove(KEY, "Delete")
    assert painting.document.history.undo_title == "Delete"
    painting.document.undo()
    assert painting.document.mask(KEY).holds(5, 5)
    painting.press(20, 5)
    painting.document.remove_all([KEY], "Delete")
    painting.document.undo()
    assert painting.document.mask(KEY).holds(20, 5)


def test_every_segment_tells_its_box(painting: Painting) -> None:
    painting.press(5, 5)
    painting.gestures.handle(event(Phase.MOVE, 20, 5))
    assert [frame for frame, _ in painting.painted] == [0, 0]
    assert painting.painted[1][1].area < 30 * 6


def test_a_cancelled_stroke_has_never_been(painting: Painting) -> None:
    painting.stroke((30, 30))
    painting.press(5, 5)
    painting.gestures.handle(event(Phase.MOVE, 20, 5))
    painting.painted.clear()
    before = painting.document.mask(KEY)
    assert painting.gestures.cancel()
    assert painting.document.mask(KEY) is before
    assert painting.painted[0][1].covers(Box(4, 4, 21, 6))
    painting.gestures.handle(event(Phase.RELEASE, 20, 5))
    assert painting.document.mask(KEY) is before
    painting.press(30, 10, straight=True)
    painting.gestures.finish()
    assert painting.document.mask(KEY).holds(30, 20)
    assert not painting.document.mask(KEY).holds(20, 5)


def test_cancelling_without_a_stroke_does_nothing(painting: Painting) -> None:
    assert not painting.gestures.cancel()
    painting.gestures.handle(event(Phase.MOVE, 3, 3))
    painting.gestures.handle(event(Phase.RELEASE, 3, 3))
    assert painting.painted == []


def test_a_press_during_a_stroke_drops_it(painting: Painting) -> None:
    painting.press(5, 5)
    painting.stroke((30, 30))
    assert not painting.document.mask(KEY).holds(5, 5)
    assert painting.document.mask(KEY).holds(30, 30)


def test_shift_draws_a_straight_line_from_where_the_last_stroke_ended(painting: Painting) -> None:
    painting.stroke((5, 5), (5, 20))
    painting.press(40, 20, straight=True)
    painting.gestures.handle(event(Phase.RELEASE, 40, 20))
    mask = painting.document.mask(KEY)
    assert all(mask.holds(x, 20) for x in range(5, 41))
    assert painting.document.history.undo_title == "Brush"


def test_a_straight_line_never_comes_from_another_frame_or_row(painting: Painting) -> None:
    painting.stroke((5, 5))
    other = MaskKey(1, "a")
    painting.press(40, 20, straight=True, key=other)
    painting.gestures.finish()
    assert painting.document.mask(other).area < 12
    elsewhere = Painting()
    elsewhere.gestures = painting.gestures
    elsewhere.press(10, 10, straight=True, key=other)
    elsewhere.gestures.finish()
    assert elsewhere.document.mask(other).area < 12


def test_a_stroke_on_nothing_makes_an_object_in_one_step(painting: Painting) -> None:
    gestures = painting.gestures
    target = Target(painting.document, MaskKey(0, NO_KEY), CAR)
    gestures.press(target, BRUSH, OPTIONS, event(Phase.PRESS, 10, 10))
    assert gestures.new_class is CAR
    gestures.handle(event(Phase.RELEASE, 20, 10))
    (key,) = painting.made
    assert painting.document.mask(key).holds(15, 10)
    assert [each.object_hash for each in painting.document.objects(0)] == ["a", key.object_hash]
    painting.document.undo()
    assert painting.document.find(key) is None
    assert not painting.document.unsaved


def test_erasing_on_nothing_makes_no_object(painting: Painting) -> None:
    target = Target(painting.document, MaskKey(0, NO_KEY), CAR)
    painting.gestures.press(target, ERASER, OPTIONS, event(Phase.PRESS, 10, 10))
    painting.gestures.handle(event(Phase.RELEASE, 20, 10))
    assert painting.made == []
    assert painting.document.history.undo_title is None


def test_a_tool_without_a_gesture_begins_no_stroke(painting: Painting) -> None:
    painting.gestures.press(Target(painting.document, KEY), SELECT, OPTIONS, event(Phase.PRESS, 10, 10))
    assert painting.gestures.painter is None


def test_a_release_away_from_the_last_move_is_painted_too(painting: Painting) -> None:
    painting.press(5, 5)
    painting.gestures.handle(event(Phase.RELEASE, 30, 5))
    assert painting.document.mask(KEY).holds(29, 5)
