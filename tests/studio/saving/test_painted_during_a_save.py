"""What is painted while a save runs, and what the save found that others had done to the very same mask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.sources.base import Conflict, ConflictError, Keep, Source
from bitmask_studio.sources.local import open_local
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import MaskEdit
from tests.sources.twins import block, edit, image_row, masks_of, write_json

KEY = MaskKey(0, "image-1")
BEFORE, THEIRS, MINE = block(3, 2), block(30, 20), block(3, 15)
"""Pixels of the file, of others and of ours, which do not meet."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one row whose only mask covers BEFORE."""
    return write_json(tmp_path / "labels.json", [image_row()])


@pytest.fixture
def source(path: Path) -> Source:
    return open_local([path])


@pytest.fixture
def document(source: Source) -> Document:
    return Document(source.load(source.rows()[0]))


def union(*masks: Mask) -> Mask:
    whole = masks[0]
    for each in masks[1:]:
        reach = whole.box.union(each.box)
        whole = Mask.of(reach, whole.crop(reach) | each.crop(reach))
    return whole


def paint(document: Document, stroke: Mask) -> None:
    now = document.mask(KEY)
    document.commit_patch(MaskEdit("Brush", KEY, MaskPatch.between(now, union(now, stroke))))


def others_make_it(path: Path, mask: Mask) -> None:
    rival = open_local([path])
    rival.save([edit(rival.load(rival.rows()[0]), mask, KEY)])


def save(document: Document, source: Source, choices: Mapping[Conflict, Keep] | None = None) -> None:
    (row,) = source.save([document.begin_save()], choices)
    document.end_save(row)


def save_meanwhile(path: Path, source: Source, document: Document, deed: Callable[[], object]) -> None:
    """Do something during a save of MINE, into a file in which others have painted THEIRS."""
    paint(document, MINE)
    others_make_it(path, union(BEFORE, THEIRS))
    changes = document.begin_save()
    deed()
    (row,) = source.save([changes])
    document.end_save(row)


def in_file(path: Path) -> Mask:
    source = open_local([path])
    return masks_of(source.load(source.rows()[0])).get(KEY, EMPTY_MASK)


def test_a_mask_painted_again_during_a_save_keeps_what_that_save_took_over_from_others(
    path: Path, source: Source, document: Document
) -> None:
    later = block(12, 2)
    save_meanwhile(path, source, document, lambda: paint(document, later))
    save(document, source)
    assert in_file(path).same_as(union(BEFORE, THEIRS, MINE, later))


def test_where_a_stroke_made_during_a_save_meets_what_others_did_it_is_asked(
    path: Path, source: Source, document: Document
) -> None:
    later = block(29, 19)
    save_meanwhile(path, source, document, lambda: paint(document, later))
    with pytest.raises(ConflictError):
        source.save([document.begin_save()])
    document.end_save(None)


def test_an_object_deleted_during_a_save_in_which_others_had_changed_it_is_asked_about(
    path: Path, source: Source, document: Document
) -> None:
    save_meanwhile(path, source, document, lambda: document.remove(KEY, "Delete"))
    with pytest.raises(ConflictError):
        source.save([document.begin_save()])
