"""The index of a video: from a frame's number to the keyframe at which to begin."""

from __future__ import annotations

import pytest

from bitmask_studio.sources.pictures.video_index import Packet, VideoIndex, index_of


def packets(*times: tuple[int | None, int | None], keys: tuple[int, ...] = (0,)) -> list[Packet]:
    return [Packet(pts, dts, number in keys) for number, (pts, dts) in enumerate(times)]


def test_frames_are_numbered_in_the_order_in_which_they_are_shown() -> None:
    index = index_of(packets((0, -2), (3, -1), (1, 0), (2, 1), (4, 2), (7, 3), (5, 4), (6, 5), keys=(0, 4)))
    assert index == VideoIndex([0, 1, 2, 3, 4, 5, 6, 7], [0, 4], [-2, 2])
    assert [index.start(number) for number in (0, 3, 4, 7, 99)] == [(0, -2), (0, -2), (4, 2), (4, 2), (4, 2)]


def test_what_is_shown_before_a_keyframe_that_follows_it_begins_at_the_one_before() -> None:
    """Open groups of pictures: frames 3 and 4 come after the keyframe at 5, and need what was before it."""
    index = index_of(packets((0, 0), (1, 1), (2, 2), (5, 3), (3, 4), (4, 5), keys=(0, 3)))
    assert index is not None
    assert [index.start(number)[0] for number in (2, 3, 4, 5)] == [0, 0, 0, 5]


@pytest.mark.parametrize(
    "odd",
    [
        [],
        packets((0, 0), (None, 1)),
        packets((0, 0), (1, 1), (1, 2)),
        packets((0, 0), (1, 1), keys=()),
        packets((0, 0), (1, 1), keys=(1,)),
    ],
)
def test_timestamps_that_do_not_tell_frames_apart_make_no_index(odd: list[Packet]) -> None:
    assert index_of(odd) is None
