"""Which frames have labels, as stored and as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from bitmask_studio.core.labels import Frame, LabelRow, MaskKey
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.labelled import labelled_positions, next_labelled, positions_in, positions_of
from tests.fakes.film import a_film
from tests.fakes.memory_source import CAR, a_frame, a_row, an_object


class LongReel(Sequence[Frame]):
    """A hundred thousand frames of which two have labels; looking at any other one fails."""

    labelled = (7, 99_998)

    def __len__(self) -> int:
        return 100_000

    @overload
    def __getitem__(self, position: int) -> Frame: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Frame, ...]: ...
    def __getitem__(self, position: int | slice) -> Frame | tuple[Frame, ...]:
        assert position in self.labelled
        return a_frame(an_object("a", None), number=7)


def test_frames_with_objects_are_found_by_looking_at_them_where_nobody_knows() -> None:
    row = a_row("row", a_frame(), a_frame(an_object("a", None)), a_frame(), a_frame(an_object("a", None)))
    assert labelled_positions(Document(row)) == [1, 3]


def test_a_long_video_is_not_walked_over() -> None:
    document = Document(LabelRow(a_row("row", a_frame()).info, LongReel()))
    assert list(labelled_positions(document)) == [7, 99_998]
    assert (next_labelled(document, 7, 1), next_labelled(document, 50_000, -1)) == (99_998, 7)
    assert list(positions_in(document.row, "a")) == [7, 99_998]


def test_edits_that_are_not_stored_yet_count() -> None:
    document = Document(a_film(["", "a", "", "ab", "b"]))
    key = document.add(2, CAR, EMPTY_MASK, "Brush")
    document.remove(MaskKey(1, "a"), "Delete")
    assert list(labelled_positions(document)) == [2, 3, 4]
    assert list(positions_of(document, "a", positions_in(document.row, "a"))) == [3]
    assert list(positions_of(document, key.object_hash, positions_in(document.row, key.object_hash))) == [2]
    document.undo()
    document.undo()
    assert list(labelled_positions(document)) == [1, 3, 4]
    assert list(positions_of(document, "a", positions_in(document.row, "a"))) == [1, 3]


def test_the_next_labelled_frame_is_another_one_and_there_may_be_none() -> None:
    document = Document(a_film(["", "a", "", "", "b", ""]))
    assert [next_labelled(document, frame, 1) for frame in range(6)] == [1, 4, 4, 4, None, None]
    assert [next_labelled(document, frame, -1) for frame in range(6)] == [None, None, 1, 1, 1, 4]
    assert next_labelled(Document(a_film(["", ""])), 0, 1) is None
