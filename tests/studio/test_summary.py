"""The numbers of a source, without decoding a mask."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bitmask_studio.core.labels import Bitmask
from bitmask_studio.studio.summary import summaries, summarize
from tests.fakes.memory_source import TREE, MemorySource, a_frame, a_row, an_object, stored

BITS = np.zeros((4, 6), bool)
BITS[1:3, 2:5] = True


def only(source: MemorySource) -> dict[str, object]:
    (row,) = summaries(source)
    found: dict[str, object] = json.loads(json.dumps(row.to_json()))
    return found


def test_a_row_is_told_as_the_contract_says() -> None:
    frames = (
        a_frame(an_object("box", None, shape="bounding_box")),
        a_frame(an_object("one", stored(BITS), TREE), number=5),
    )
    assert only(MemorySource([a_row("a", *frames)])) == {
        "label_hash": "label-a",
        "data_hash": "data-a",
        "title": "a.png",
        "data_type": "img_group",
        "frames": 2,
        "bitmasks": [
            {
                "frame": 5,
                "objectHash": "one",
                "class": "Tree",
                "width": 6,
                "height": 4,
                "area": 6,
                "bbox": [2, 1, 3, 2],
                "damage": None,
            }
        ],
        "other": {"bounding_box": 1},
    }


@given(arrays.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_area_and_box_are_those_of_the_pixels(bits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    (row,) = summaries(MemorySource([a_row("a", a_frame(an_object("one", stored(bits))))]))
    ys, xs = np.nonzero(bits)
    box = (xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1) if len(xs) else (0, 0, 0, 0)
    assert (row.bitmasks[0].area, row.bitmasks[0].bbox) == (len(xs), box)


def test_the_box_of_a_cropped_mask_is_told_on_its_frame() -> None:
    (row,) = summaries(MemorySource([a_row("a", a_frame(an_object("one", stored(BITS, top=10, left=20))))]))
    assert row.bitmasks[0].bbox == (22, 11, 3, 2)


def test_an_empty_cropped_mask_has_no_box() -> None:
    (row,) = summaries(MemorySource([a_row("a", a_frame(an_object("one", stored(BITS & False, top=10, left=20))))]))
    assert (row.bitmasks[0].area, row.bitmasks[0].bbox) == (0, (0, 0, 0, 0))


def test_damage_is_told_with_its_reason_and_no_numbers() -> None:
    objects = (
        an_object("bad", Bitmask(4, 6, 0, 0, "1~")),
        an_object("worse", Bitmask(0, 0, 0, 0, ""), damage="no size"),
    )
    (row,) = summaries(MemorySource([a_row("a", a_frame(*objects))]))
    bad, worse = row.bitmasks
    assert bad.damage and "character" in bad.damage
    assert (bad.area, bad.bbox, bad.width, bad.height) == (None, None, 6, 4)
    assert (worse.damage, worse.width, worse.height) == ("no size", None, None)
    assert row.damaged == (bad, worse)


def test_a_row_that_cannot_be_read_is_told_and_not_raised() -> None:
    source = MemorySource([a_row("a", a_frame())], gone=frozenset("a"))
    assert summarize(source, source.rows()[0]).unreadable == "the row is gone"


def test_a_row_without_labels_is_never_loaded() -> None:
    source = MemorySource([a_row("a", a_frame(), label_hash=None)])
    assert only(source)["bitmasks"] == []
    assert source.loaded == []


def test_a_bitmask_object_without_a_mask_is_no_bitmask() -> None:
    told = only(MemorySource([a_row("a", a_frame(an_object("one", None)))]))
    assert (told["bitmasks"], told["other"]) == ([], {"bitmask": 1})
