"""How many objects others changed under a save, whatever they and the save did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.sources.label_rows.others import changed_by_others
from bitmask_studio.sources.label_rows.pixels import merged
from bitmask_studio.sources.local import LocalSource, open_local
from tests.sources import twins
from tests.sources.twins import block, masks_of, write_json


def with_block(row: LabelRow, key: MaskKey, x: int, y: int) -> Mask:
    """A mask and a small block elsewhere."""
    return merged(EMPTY_MASK, masks_of(row)[key], block(x, y, 2, 2))


def nothing(source: LocalSource) -> None:
    """They do nothing."""


def repaint(source: LocalSource) -> None:
    row = source.load(source.rows()[0])
    source.save([RowChanges(row, {list(masks_of(row))[1]: block(20, 20, 3, 3)})])


def delete(source: LocalSource) -> None:
    row = source.load(source.rows()[0])
    source.save([RowChanges(row, removed=frozenset([list(masks_of(row))[1]]))])


@pytest.mark.parametrize(("by_others", "count"), [(nothing, 0), (repaint, 1), (delete, 1)])
@pytest.mark.parametrize("row", [twins.keyed_image_row, twins.video_row])
def test_objects_that_others_changed_are_counted(
    row: Callable[[], twins.Json], by_others: Callable[[LocalSource], None], count: int, tmp_path: Path
) -> None:
    path = write_json(tmp_path / "labels.json", row())
    mine, theirs = open_local([path]), open_local([path])
    read = mine.load(mine.rows()[0])
    by_others(theirs)
    changes = RowChanges(read, {next(iter(masks_of(read))): block(3, 3)})
    (stored,) = mine.save([changes])
    assert changed_by_others(changes, stored) == count


def test_a_mask_of_which_others_painted_another_part_counts(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", twins.image_row())
    mine, theirs = open_local([path]), open_local([path])
    read, before = mine.load(mine.rows()[0]), theirs.load(theirs.rows()[0])
    key = next(iter(masks_of(read)))
    theirs.save([RowChanges(before, {key: with_block(before, key, 0, 0)})])
    changes = RowChanges(read, {key: with_block(read, key, 35, 25)})
    (stored,) = mine.save([changes])
    assert masks_of(stored)[key].holds(0, 0) and masks_of(stored)[key].holds(35, 25)
    assert changed_by_others(changes, stored) == 1
