"""In which order people expect rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio.rows.row_order import UNKNOWN, SortBy, natural_key, ordered, ranks
from tests.fakes.memory_server import server_row


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ("a9", "a10"),
        ("A9", "a10"),
        ("img_2_20", "img_10_3"),
        ("007", "8"),
        ("a1b", "ab"),
        ("a", "a0"),
        ("x" + "9" * 5000, "x1" + "0" * 5000),
        ("9", "ä"),
    ],
)
def test_numbers_in_a_title_count_as_numbers(small: str, large: str) -> None:
    assert natural_key(small) < natural_key(large)


def test_upper_and_lower_case_and_leading_zeros_are_alike() -> None:
    assert natural_key("Scan_007") == natural_key("sCAN_7")


def order(rows: list[RowInfo], by: SortBy, descending: bool = False) -> list[int]:
    return [int(number) for number in ordered(ranks(rows, by), descending)]


@pytest.mark.parametrize(
    ("by", "field", "values"),
    [
        (SortBy.TITLE, "title", ["b", "a10", "a9"]),
        (SortBy.TYPE, "data_type", ["video", "img_group", "image"]),
        (SortBy.SIZE, "width", [3000, 200, 100]),
        (SortBy.FRAMES, "frames", [70, 9, 1]),
        (SortBy.STAGE, "stage", ["Review", "Label 10", "Label 9"]),
        (SortBy.STATUS, "status", ["done", "b", "a"]),
        (SortBy.ASSIGNEE, "assignee", ["z@x", "b@x", "a@x"]),
        (SortBy.EDITED, "last_edited", [datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2025, 2024)]),
    ],
)
def test_rows_are_ordered_by_each_of_their_fields(by: SortBy, field: str, values: list[object]) -> None:
    rows = [server_row(0, **{field: value}) for value in values]
    assert order(rows, by) == [2, 1, 0]
    assert order(rows, by, descending=True) == [0, 1, 2]
    assert order(rows, SortBy.LISTED) == [0, 1, 2]


@pytest.mark.parametrize(
    ("by", "field", "unknown"),
    [(SortBy.ASSIGNEE, "assignee", ""), (SortBy.EDITED, "last_edited", None), (SortBy.SIZE, "width", 0)],
)
def test_rows_of_which_it_is_not_known_come_last_up_and_down(by: SortBy, field: str, unknown: object) -> None:
    rows = [server_row(0, **{field: unknown}), server_row(3), server_row(0, **{field: unknown}), server_row(5)]
    assert ranks(rows, by)[0] == UNKNOWN
    assert order(rows, by)[2:] == order(rows, by, descending=True)[2:] == [0, 2]


def test_many_titles_are_ordered_as_few_are() -> None:
    rows = [server_row(number, title=f"t{(number * 7919) % 10_007}") for number in range(10_007)]
    titles = [rows[number].title for number in order(rows, SortBy.TITLE)]
    assert titles == [f"t{number}" for number in range(10_007)]
