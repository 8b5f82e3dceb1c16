"""Attributes, what they take for an answer, and what follows from one."""

from __future__ import annotations

import pytest

from bitmask_studio.core.attributes import Answers, Attribute, AttributeType, Option, answered, asked, in_order

NOTE = Attribute("note", "Note", AttributeType.TEXT)
AGE = Attribute("age", "Age", AttributeType.NUMERIC)
MAKE = Attribute("make", "Make", AttributeType.RADIO, options=(Option("fiat", "Fiat", "fiat", (NOTE,)),))
KIND = Attribute(
    "kind", "Kind", AttributeType.RADIO, options=(Option("car", "Car", "car", (MAKE, AGE)), Option("tree", "Tree", "t"))
)
MARKS = Attribute(
    "marks", "Marks", AttributeType.CHECKLIST, options=(Option("z", "First", "first"), Option("a", "Second", "second"))
)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (KIND, ("car",)),
        (MARKS, ("a",)),
        (MARKS, ("z", "a")),
        (NOTE, ""),
        (NOTE, "two\nlines ä 😀"),
        (AGE, 0.0),
        (AGE, -1.5e300),
    ],
)
def test_an_answer_of_the_attributes_type_is_accepted(attribute: Attribute, value: object) -> None:
    assert attribute.accepts(value)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (KIND, None),
        (KIND, ()),
        (KIND, ("fiat",)),
        (KIND, ("car", "tree")),
        (KIND, ["car"]),
        (MARKS, ()),
        (MARKS, ("a", "a")),
        (MARKS, "a"),
        (NOTE, 3.0),
        (NOTE, "half \udc00"),
        (AGE, 3),
        (AGE, True),
        (AGE, "3"),
        (AGE, float("nan")),
        (AGE, float("-inf")),
    ],
)
def test_anything_else_is_not(attribute: Attribute, value: object) -> None:
    assert not attribute.accepts(value)


def test_walking_goes_through_all_that_options_nest() -> None:
    assert [each.name for each in KIND.walk()] == ["Kind", "Make", "Note", "Age"]


def test_nested_attributes_are_asked_while_their_option_is_chosen() -> None:
    everything = {"kind": ("car",), "make": ("fiat",)}
    for answers, names in (
        ({}, [("Kind", 0), ("Marks", 0)]),
        ({"kind": ("tree",), "make": ("fiat",)}, [("Kind", 0), ("Marks", 0)]),
        ({"kind": ("car",)}, [("Kind", 0), ("Make", 1), ("Age", 1), ("Marks", 0)]),
        (everything, [("Kind", 0), ("Make", 1), ("Note", 2), ("Age", 1), ("Marks", 0)]),
    ):
        assert [(each.name, depth) for each, depth in asked((KIND, MARKS), answers)] == names


def test_another_option_drops_everything_below_the_one_before_and_nothing_else() -> None:
    before: Answers = {"kind": ("car",), "make": ("fiat",), "note": "x", "age": 2.0, "marks": ("a",), "unknown": "kept"}
    assert answered(KIND, ("tree",), before) == {"kind": ("tree",), "marks": ("a",), "unknown": "kept"}
    assert answered(KIND, None, before) == {"marks": ("a",), "unknown": "kept"}
    assert answered(KIND, ("car",), before) == before
    assert answered(MAKE, None, before) == {key: before[key] for key in before if key not in ("make", "note")}


def test_equal_choices_are_equal_answers_whatever_their_order() -> None:
    assert answered(MARKS, ("z", "a"), {}) == answered(MARKS, ("a", "z"), {}) == {"marks": ("a", "z")}
    assert in_order(["b", "a", "b"]) == ("a", "b")


def test_chosen_options_come_in_the_ontologys_order() -> None:
    assert [each.title for each in MARKS.chosen(("a", "z", "gone"))] == ["First", "Second"]
    assert MARKS.chosen("a") == MARKS.chosen(None) == ()
