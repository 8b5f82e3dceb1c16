"""What is on the frames of an opened row, against the row that is stored."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.labels import LabelRow, MaskKey
from bitmask_studio.studio.document.row_objects import RowObjects, holds
from tests.fakes.memory_source import a_frame, a_row, an_object, stored

PIXELS = stored(np.ones((4, 6), np.bool_))


def a_row_with(*frames: str) -> LabelRow:
    """Each letter is an object of its frame."""
    made = (a_frame(*(an_object(name, PIXELS) for name in names)) for names in frames)
    return a_row("row", *(replace(frame, position=at) for at, frame in enumerate(made)))


@pytest.fixture
def objects() -> RowObjects:
    return RowObjects(a_row_with("abc", "b"))


def names(objects: RowObjects, position: int) -> str:
    return "".join(each.object_hash for each in objects.on(position))


def test_an_object_is_taken_from_its_frame_alone(objects: RowObjects) -> None:
    objects.take_away(MaskKey(0, "b"))
    assert [names(objects, 0), names(objects, 1)] == ["ac", "b"]
    assert objects.find(MaskKey(0, "b")) is None
    assert objects.find(MaskKey(1, "b")) is objects.row.frames[1].objects[0]
    assert set(objects.relisted) == {0}


def test_an_object_is_put_where_its_place_says(objects: RowObjects) -> None:
    objects.insert(MaskKey(0, "x"), an_object("x", PIXELS), 1)
    assert names(objects, 0) == "axbc"
    assert objects.find(MaskKey(0, "x")) == an_object("x", PIXELS)


def test_an_object_is_there_until_its_last_frame_has_lost_it(objects: RowObjects) -> None:
    objects.take_away(MaskKey(0, "b"))
    assert objects.is_there("b")
    objects.take_away(MaskKey(1, "b"))
    assert not objects.is_there("b")
    assert holds(objects.row, "b"), "the stored row has it still"


def test_a_frame_that_lost_all_its_objects_is_empty_not_as_stored(objects: RowObjects) -> None:
    objects.take_away(MaskKey(1, "b"))
    assert objects.on(1) == ()


def test_another_stored_row_shows_its_own_lists_but_for_those_that_are_given(objects: RowObjects) -> None:
    objects.take_away(MaskKey(0, "a"))
    objects.take_away(MaskKey(1, "b"))
    objects.stand_on(a_row_with("ad", "be"), {1: ()})
    assert [names(objects, 0), names(objects, 1)] == ["ad", ""]
