"""Colours: Encord's text to the screen's order, and one that stays with each object."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.palette import darker, object_color, parse_color


def test_a_colour_is_read_as_blue_green_red() -> None:
    assert parse_color("#D33115") == (0x15, 0x31, 0xD3)
    assert parse_color("d33115") == (0x15, 0x31, 0xD3)


@pytest.mark.parametrize("text", ["", "#", "#abc", "red", "#12345", "#1234567", "#11223344", "#ü33115"])
def test_what_is_no_colour_becomes_a_quiet_one(text: str) -> None:
    assert parse_color(text) == parse_color("nothing of the kind")


@given(st.text())
def test_any_text_and_any_hash_give_three_bytes(text: str) -> None:
    for color in (parse_color(text), object_color(text), darker(object_color(text))):
        assert len(color) == 3
        assert all(0 <= channel <= 255 for channel in color)


def test_the_colour_of_an_object_stays_and_differs_from_others() -> None:
    hashes = [f"object{number}" for number in range(50)]
    colors = {object_color(each) for each in hashes}
    assert [object_color(each) for each in hashes] == [object_color(each) for each in hashes]
    assert len(colors) > 45


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_a_line_is_never_brighter_than_its_fill(color: tuple[int, int, int]) -> None:
    assert all(dark <= bright for dark, bright in zip(darker(color), color, strict=True))
