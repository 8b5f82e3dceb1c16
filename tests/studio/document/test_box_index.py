"""The objects around a pixel are those a look at each would find, whatever was done to them meanwhile."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Callable

import numpy as np
import pytest

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, MaskKey
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document.box_index import BoxIndex
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import MaskEdit
from tests.fakes.memory_source import CAR, a_frame, a_row, an_object, stored

WIDTH, HEIGHT = 50, 40


def block(left: int, top: int, right: int, bottom: int) -> Mask:
    return Mask(Box(left, top, right, bottom), np.ones((bottom - top, right - left), np.bool_))


def the_row() -> LabelRow:
    blocks = [block(5 * n, 4 * n, 5 * n + 20, 4 * n + 15) for n in range(5)]
    objects = [an_object(f"o{n}", stored(each.to_array(HEIGHT, WIDTH))) for n, each in enumerate(blocks)]
    shape = an_object("shape", None, shape="polygon")
    frames = (a_frame(*objects, shape, width=WIDTH, height=HEIGHT), a_frame(objects[0], width=WIDTH, height=HEIGHT))
    return a_row("row", *frames)


def names_at(index: BoxIndex, document: Document, position: int, x: int, y: int) -> list[str]:
    return [each.object_hash for each in index.objects_at(document, position, x, y)]


def looked_up(document: Document, position: int, x: int, y: int) -> list[str]:
    """The same by a look at each object."""
    found = (each for each in reversed(document.objects(position)) if each.is_bitmask)
    names = [each.object_hash for each in found]
    return [name for name in names if document.mask(MaskKey(position, name)).box.holds(x, y)]


def paint(document: Document, key: MaskKey, mask: Mask) -> None:
    document.commit_patch(MaskEdit("Paint", key, MaskPatch.between(document.mask(key), mask)))


def paint_and_undo(document: Document) -> None:
    paint(document, MaskKey(0, "o1"), block(30, 0, 50, 40))
    document.undo()


DEEDS: dict[str, Callable[[Document], object]] = {
    "nothing": lambda document: None,
    "painting": lambda document: paint(document, MaskKey(0, "o1"), block(30, 0, 50, 40)),
    "erasing all of it": lambda document: paint(document, MaskKey(0, "o1"), EMPTY_MASK),
    "undo": paint_and_undo,
    "a new object": lambda document: document.add(0, CAR, block(1, 1, 49, 39), "Add"),
    "a removed one": lambda document: document.remove(MaskKey(0, "o2"), "Delete"),
    "several removed": lambda document: document.remove_all([MaskKey(0, "o0"), MaskKey(1, "o0")], "Delete"),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=list(DEEDS))
def test_the_index_finds_what_a_look_at_each_object_finds(deed: Callable[[Document], object]) -> None:
    document, index, dice = Document(the_row()), BoxIndex(), random.Random(5)
    assert names_at(index, document, 0, 12, 10) == ["o2", "o1", "o0"]
    deed(document)
    for _ in range(200):
        position, x, y = dice.randrange(2), dice.randrange(-2, WIDTH + 2), dice.randrange(-2, HEIGHT + 2)
        assert names_at(index, document, position, x, y) == looked_up(document, position, x, y)


def test_what_is_awaited_is_found_once_it_is_there() -> None:
    document, index = Document(the_row()), BoxIndex()
    document.mask(MaskKey(0, "o1"))
    document.await_masks(0)
    assert names_at(index, document, 0, 12, 10) == ["o1"]
    document.end_awaiting(0)
    assert names_at(index, document, 0, 12, 10) == ["o2", "o1", "o0"]


def test_another_document_is_another_matter() -> None:
    document, other, index = Document(the_row()), Document(the_row()), BoxIndex()
    names_at(index, document, 0, 12, 10)
    other.remove(MaskKey(0, "o2"), "Delete")
    assert names_at(index, other, 0, 12, 10) == ["o1", "o0"]
    assert names_at(index, document, 0, 12, 10) == ["o2", "o1", "o0"]


def test_a_document_that_is_let_go_is_not_held_by_the_index() -> None:
    document, index = Document(the_row()), BoxIndex()
    names_at(index, document, 0, 12, 10)
    left = weakref.ref(document)
    del document
    gc.collect()
    assert left() is None
