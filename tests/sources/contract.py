"""What every source of label rows promises: a test class for each kind derives from `SourceContract`."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, RowChanges, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.base import Conflict, ConflictError, Keep, Source
from tests.sources.twins import block, edit, masks_of


class SourceContract:
    """Needs the fixtures `source`, with rows that can be edited, and `rival`, another source on the same rows.

    The picture of the first row is missing.
    """

    counts_before_loading = True
    """Whether a list knows how many frames and objects a row has; a server's learns it when the row is loaded."""

    def test_keys_are_unique(self, source: Source) -> None:
        keys = [info.key for info in source.rows()]
        assert len(set(keys)) == len(keys) > 0

    def test_listing_counts_what_loading_finds(self, source: Source) -> None:
        for listed in loadable(source):
            row = source.load(listed)
            info = listed if self.counts_before_loading else row.info
            objects = [each for frame in row.frames for each in frame.objects]
            assert (info.frames, info.objects) == (len(row.frames), len(objects))
            assert info.bitmasks == sum(each.is_bitmask for each in objects)
            assert listed.objects in (None, info.objects)
            assert listed.bitmasks in (None, info.bitmasks)

    def test_a_list_shows_what_loading_found(self, source: Source) -> None:
        loaded = [source.load(info).info for info in loadable(source)]
        assert [info for info in source.rows() if not info.uninitialised] == loaded

    def test_loading_keeps_what_the_list_calls_a_row(self, source: Source) -> None:
        for info in loadable(source):
            loaded = source.load(info).info
            assert (loaded.key, loaded.label_hash, loaded.name) == (info.key, info.label_hash, info.name)

    def test_loading_twice_gives_equal_rows(self, source: Source) -> None:
        for info in loadable(source):
            assert source.load(info) == source.load(info)

    def test_frames_know_their_position(self, source: Source) -> None:
        for info in loadable(source):
            row = source.load(info)
            assert [frame.position for frame in row.frames] == list(range(row.info.frames))

    def test_a_missing_picture_is_said_in_words(self, source: Source) -> None:
        info = source.rows()[0]
        with pytest.raises(PictureError, match=r"\w"):
            source.picture(info, source.load(info).frames[0])

    def test_saving_nothing_answers_the_row_as_it_is(self, source: Source) -> None:
        row = source.load(editable(source)[0])
        assert list(source.save([RowChanges(row)])) == [row]

    def test_an_edit_comes_back_pixel_for_pixel(self, source: Source) -> None:
        for info in editable(source):
            row = source.load(info)
            if not masks_of(row):
                continue
            (saved,) = source.save([edit(row, block(11, 4))])
            assert saved == source.load(info)
            assert all(mask.same_as(block(11, 4)) for mask in masks_of(saved).values())

    def test_several_rows_are_saved_at_once_and_answered_in_order(self, source: Source) -> None:
        rows = [source.load(info) for info in reversed(editable(source))]
        saved = source.save([edit(row, block(1, 1)) for row in rows])
        assert [row.info.key for row in saved] == [row.info.key for row in rows]

    def test_a_new_object_appears_and_a_deleted_one_is_gone(self, source: Source) -> None:
        info = editable(source)[0]
        row = source.load(info)
        old, key = next(iter(masks_of(row))), MaskKey(0, "new+hash")
        object_class = source.ontology.bitmask_classes[0]
        added = (NewObject(key, object_class, block(5, 6)),)
        (saved,) = source.save([RowChanges(row, added=added, removed=frozenset([old]))])
        assert masks_of(saved)[key].same_as(block(5, 6))
        assert old not in masks_of(saved)
        assert object_class.name in [each.name for each in saved.frames[0].objects]

    def test_keys_outlive_a_save(self, source: Source) -> None:
        before = [info.key for info in source.rows()]
        source.save([edit(source.load(info), block(2, 2)) for info in editable(source)])
        assert [info.key for info in source.rows()] == before

    def test_different_objects_of_two_people_are_merged(self, source: Source, rival: Source) -> None:
        info, mine, theirs = _row_with_two_masks(source)
        row, other = source.load(info), rival.load(_same(rival, info))
        rival.save([edit(other, block(0, 0), theirs)])
        (saved,) = source.save([edit(row, block(9, 9), mine)])
        masks = masks_of(saved)
        assert masks[mine].same_as(block(9, 9))
        assert masks[theirs].same_as(block(0, 0))

    @pytest.mark.parametrize(("choice", "expected"), [(Keep.MINE, block(9, 9)), (Keep.THEIRS, block(0, 0))])
    def test_the_same_mask_of_two_people_is_asked_about(
        self, source: Source, rival: Source, choice: Keep, expected: Mask
    ) -> None:
        info, key, _ = _row_with_two_masks(source)
        row, other = source.load(info), rival.load(_same(rival, info))
        rival.save([edit(other, block(0, 0), key)])
        with pytest.raises(ConflictError) as refused:
            source.save([edit(row, block(9, 9), key)])
        assert masks_of(source.load(info))[key].same_as(block(0, 0))
        choices: Mapping[Conflict, Keep] = dict.fromkeys(refused.value.conflicts, choice)
        assert [each.key for each in choices] == [key]
        (saved,) = source.save([edit(row, block(9, 9), key)], choices)
        assert masks_of(saved)[key].same_as(expected)

    def test_the_same_change_of_two_people_is_no_conflict(self, source: Source, rival: Source) -> None:
        info, key, _ = _row_with_two_masks(source)
        row = source.load(info)
        rival.save([edit(rival.load(_same(rival, info)), block(4, 4), key)])
        (saved,) = source.save([edit(row, block(4, 4), key)])
        assert masks_of(saved)[key].same_as(block(4, 4))


def loadable(source: Source) -> list[RowInfo]:
    """The rows that can be loaded without making anything on a server."""
    return [info for info in source.rows() if not info.uninitialised]


def editable(source: Source) -> list[RowInfo]:
    """The rows that can be edited and have a mask."""
    known = [info if info.bitmasks is not None else source.load(info).info for info in loadable(source)]
    return [info for info in known if not info.read_only and info.bitmasks]


def _row_with_two_masks(source: Source) -> tuple[RowInfo, MaskKey, MaskKey]:
    for info in editable(source):
        row: LabelRow = source.load(info)
        keys = list(masks_of(row))
        if len(keys) > 1:
            return info, keys[0], keys[1]
    raise AssertionError("no row has two masks")


def _same(source: Source, info: RowInfo) -> RowInfo:
    return next(each for each in source.rows() if each.key == info.key)
