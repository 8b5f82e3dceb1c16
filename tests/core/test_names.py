"""File names are safe wherever they are written, and each is given once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.names import MAX_STEM, UniqueNames, safe_stem


def test_the_characters_of_base64_stay_except_the_slash() -> None:
    assert safe_stem("mask_00000_4D+z/QQ1=") == "mask_00000_4D+z_QQ1="


@pytest.mark.parametrize(
    "text", ["../../x", "a/b", "a\\b", "a\0b", "a\nb", "\u202egpj.exe", "a:b", "Ümlaut 漢字", "\udcff"]
)
def test_no_other_character_gets_through(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9+=_.-]+", safe_stem(text))


def test_nothing_becomes_a_name() -> None:
    assert safe_stem("") == "_"


@pytest.mark.parametrize("text", ["CON", "con", "nul.txt", "Com1", "LPT9.a.b", "aux", "PRN"])
def test_devices_of_windows_are_no_names(text: str) -> None:
    assert safe_stem(text) == f"_{text}"


@pytest.mark.parametrize("text", ["CONE", "xCON", "COM", "COM10", "a.con"])
def test_what_only_looks_like_a_device_stays(text: str) -> None:
    assert safe_stem(text) == text


def test_a_long_text_is_cut_to_120_characters() -> None:
    assert safe_stem("x" * 300) == "x" * 120


def test_the_second_and_third_of_a_name_are_numbered() -> None:
    names = UniqueNames()
    assert [names.take("a") for _ in range(3)] == ["a", "a_2", "a_3"]


def test_upper_and_lower_case_collide() -> None:
    names = UniqueNames()
    assert [names.take(text) for text in ("aB", "Ab", "AB")] == ["aB", "Ab_2", "AB_3"]


def test_a_number_that_somebody_has_already_is_passed_over() -> None:
    names = UniqueNames()
    assert [names.take(text) for text in ("a_2", "a", "a", "a_2")] == ["a_2", "a", "a_3", "a_2_2"]


def test_long_names_stay_within_120_characters_with_their_number() -> None:
    names = UniqueNames()
    taken = [names.take("x" * 300 + ending) for ending in ("a", "b", "c")]
    assert taken == ["x" * 120, "x" * 118 + "_2", "x" * 118 + "_3"]


def test_a_great_many_equal_names_cost_no_more_than_different_ones() -> None:
    names = UniqueNames()
    assert [names.take("a") for _ in range(100_000)][-1] == "a_100000"


@given(st.lists(st.text(max_size=4) | st.sampled_from(["a", "A", "a_2", "CON", "con", "_CON", "x" * 119, "x" * 121])))
def test_all_names_differ_without_case_and_are_safe(texts: list[str]) -> None:
    names = UniqueNames()
    taken = [names.take(text) for text in texts]
    assert len({each.lower() for each in taken}) == len(texts)
    assert all(re.fullmatch(r"[A-Za-z0-9+=_.-]{1,120}", each) for each in taken)
    assert all(safe_stem(each) == each for each in taken)
    assert MAX_STEM == 120
