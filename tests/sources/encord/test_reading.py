"""A row from the wire and what the list says of it become one: neither is believed where the other knows better."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.sources.encord.reading import Read, read_row
from bitmask_studio.sources.encord.sent import SentRow
from tests.sources.twins import HEIGHT, WIDTH, data_group_row, image_row, keyed_image_row, video_row

Json = dict[str, Any]


def listed(row: Json, frames: int = 1, data_type: str = "") -> RowInfo:
    return RowInfo(
        key="key",
        label_hash=row["label_hash"],
        data_hash=row["data_hash"],
        title="title of the list",
        data_type=data_type or row["data_type"],
        frames=frames,
        width=WIDTH,
        height=HEIGHT,
        objects=None,
        bitmasks=None,
        uninitialised=True,
        stage="Annotate 1",
        assignee="somebody",
    )


def read(row: Json, frames: int = 1, refusal: str = "", data_type: str = "") -> Read:
    return read_row(listed(row, frames, data_type), SentRow(json.dumps(row).encode(), refusal))


@pytest.mark.parametrize(("frames", "expected"), [(12, 12), (10, 10), (7, 7), (2, 4), (0, 10)])
def test_a_video_has_as_many_frames_as_the_list_says_and_never_fewer_than_labels(frames: int, expected: int) -> None:
    row = read(video_row(), frames).row
    assert len(row.frames) == row.info.frames == expected
    assert [frame.number for frame in row.frames] == list(range(expected))


def test_a_space_has_as_many_frames_as_it_says() -> None:
    group = data_group_row()
    group["spaces"]["space-2"] |= {"space_type": "video", "number_of_frames": 5, "data_fps": 1.0, "data_duration": 9.0}
    row, videos = read(group)
    assert [(frame.data_hash, frame.number) for frame in row.frames] == [
        ("space-1", 0),
        *(("space-2", number) for number in range(5)),
    ]
    assert videos == {"space-2"}


def test_the_files_of_an_image_sequence_are_pictures_when_it_names_them() -> None:
    group = data_group_row()
    group["spaces"]["space-1"] |= {"space_type": "image_sequence", "number_of_frames": 2, "frames": [{}, {}]}
    group["spaces"]["space-2"] |= {"space_type": "image_sequence", "number_of_frames": 2}
    assert read(group).videos == {"space-2"}


def test_the_frames_of_a_video_are_in_one_file() -> None:
    assert read(video_row("v"), 10).videos == {"unit-v"}
    assert not read(image_row()).videos


def test_what_the_list_says_stays_and_what_it_does_not_know_is_added() -> None:
    info = read(image_row()).row.info
    assert (info.key, info.title, info.stage, info.assignee) == ("key", "title of the list", "Annotate 1", "somebody")
    assert (info.objects, info.bitmasks, info.uninitialised) == (2, 1, False)
    assert info.last_edited == datetime(2023, 12, 1, 10, 40, 52, 936914, UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Tue, 14 Jan 2025 09:12:31 UTC", datetime(2025, 1, 14, 9, 12, 31, tzinfo=UTC)), ("soon", None), (None, None)],
)
def test_the_time_of_the_last_edit_may_have_either_form_or_none(text: str | None, expected: datetime | None) -> None:
    assert read(image_row() | {"last_edited_at": text}).row.info.last_edited == expected


def test_a_row_that_the_sdk_cannot_open_is_read_only_with_its_reason() -> None:
    reason = read(image_row(), refusal="OntologyError: no such class").row.info.read_only
    assert reason and "no such class" in reason


def test_a_row_of_another_type_says_so_and_nothing_else() -> None:
    reason = read(image_row(), refusal="KeyError: 'x'", data_type="pdf").row.info.read_only
    assert reason and "KeyError" not in reason


def test_keyed_pictures_are_read_only_because_a_save_would_delete_them() -> None:
    row = read(keyed_image_row()).row
    assert row.info.bitmasks == 2
    assert row.info.read_only and "delete" in row.info.read_only
    assert read(image_row()).row.info.read_only is None


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'{"data_units": '])
def test_what_is_no_label_row_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        read_row(listed(image_row()), SentRow(content))
