from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from encord.common.time_parser import parse_datetime

from bitmask_studio.sandbox.wire import iso_time, later_than, long_time, now, read_time

MOMENT = datetime(2025, 1, 14, 9, 12, 31, tzinfo=UTC)


def test_labels_write_times_in_the_long_form() -> None:
    assert long_time(MOMENT) == "Tue, 14 Jan 2025 09:12:31 UTC"
    assert long_time(MOMENT.astimezone(timezone(timedelta(hours=2)))) == "Tue, 14 Jan 2025 09:12:31 UTC"
    assert long_time(None) is None


def test_both_forms_are_read_as_the_sdk_reads_them() -> None:
    for text in (str(long_time(MOMENT)), iso_time(MOMENT), "2025-01-14 09:12:31"):
        assert read_time(text) == parse_datetime(text) == MOMENT


@pytest.mark.parametrize("text", ["", "soon", None, 5])
def test_what_is_no_time_is_none(text: object) -> None:
    assert read_time(text) is None


def test_an_edit_is_later_than_the_one_before() -> None:
    future = now() + timedelta(minutes=1)
    assert later_than(future) == future + timedelta(seconds=1)
    assert later_than(None) <= now()
