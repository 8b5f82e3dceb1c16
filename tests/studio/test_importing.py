"""Masks from files as new objects: one step, of the frame's size, or a refusal that says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.importing import import_mask
from tests.fakes.memory_source import CAR, TREE, a_frame, a_row, an_object, stored

BITS = np.array([[0, 0, 1, 0, 0, 0], [0, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 3], [0, 0, 0, 0, 0, 0]])


@pytest.fixture
def document() -> Document:
    first = a_frame(an_object("a", stored(np.ones((4, 6), np.bool_))))
    return Document(a_row("row", first, replace(a_frame(width=5), position=1)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    np.save(tmp_path / "tree.npy", BITS)
    return tmp_path / "tree.npy"


def test_a_mask_file_becomes_an_object_on_top_in_one_step(document: Document, path: Path) -> None:
    key = import_mask(document, 0, TREE, path)
    assert document.history.undo_title == "Import mask tree.npy"
    assert [each.name for each in document.objects(0)] == ["Car", "Tree"]
    assert np.array_equal(document.mask(key).to_array(4, 6), BITS != 0)
    added = document.changes().added
    assert [(each.key, each.object_class, each.is_new) for each in added] == [(key, TREE, True)]
    document.undo()
    assert document.find(key) is None
    assert document.changes().empty
    document.redo()
    assert np.array_equal(document.mask(key).to_array(4, 6), BITS != 0)


def refusal(document: Document, position: int, kind: ObjectClass, path: Path) -> str:
    with pytest.raises(InputError) as caught:
        import_mask(document, position, kind, path)
    assert document.history.undo_title is None
    assert not document.unsaved
    return str(caught.value)


def test_a_mask_of_another_size_than_its_frame_is_refused_naming_both(document: Document, path: Path) -> None:
    words = refusal(document, 1, TREE, path)
    assert words == "tree.npy cannot be used as a mask: it is 6 x 4 px, but the picture is 5 x 4 px."


def test_a_mask_without_a_pixel_makes_no_object(document: Document, path: Path) -> None:
    np.save(path, np.zeros((4, 6)))
    assert refusal(document, 0, CAR, path) == "tree.npy cannot be used as a mask: all its values are 0."


def test_nothing_is_imported_into_a_row_that_is_only_shown(document: Document, path: Path) -> None:
    row = document.row
    only = Document(replace(row, info=replace(row.info, read_only="DICOM rows are only shown.")))
    assert refusal(only, 0, CAR, path) == "tree.npy was not imported: DICOM rows are only shown."


def test_a_class_of_another_shape_gets_no_mask(document: Document, path: Path) -> None:
    assert "have no bitmask" in refusal(document, 0, replace(CAR, shape="polygon"), path)


def test_a_file_that_is_gone_leaves_the_row_as_it_is(document: Document, path: Path) -> None:
    assert refusal(document, 0, CAR, path.with_name("gone.png")).startswith("gone.png cannot be read: ")
    assert document.objects(0)[0].object_hash == MaskKey(0, "a").object_hash
