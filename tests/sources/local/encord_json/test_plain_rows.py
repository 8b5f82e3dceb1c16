from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.row import read_table, summarize
from bitmask_studio.sources.local.encord_json.listing import identity_of
from bitmask_studio.sources.local.encord_json.plain_rows import plain_row

OBJECT = {"objectHash": "a", "featureHash": "f", "name": "n", "color": "#fff", "shape": "bitmask", "bitmask": {}}
UNIT = {
    "data_hash": "u",
    "data_title": "t.png",
    "data_link": "x/y",
    "width": 4,
    "height": 3,
    "labels": {"objects": [OBJECT, {"name": "box", "featureHash": "g", "shape": "bounding_box"}, {}]},
}
ROW = {
    "label_hash": "l",
    "data_hash": "d",
    "data_title": "t.png",
    "dataset_hash": "s",
    "data_type": "image",
    "data_units": {"u": UNIT, "v": UNIT | {"width": 9}},
    "object_answers": {"a": {}},
    "object_actions": {},
    "spaces": {},
}
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, -1, 3.0, 1e400, 10**30, "", "image", "IMAGE", "video", "img_group", [], {}, [None], {"0": {}}]
)
PATHS = [
    (key, *rest)
    for key in (*ROW, "is_image_sequence", "more")
    for rest in ((), ("u",), *((("u", each)) for each in (*UNIT, "data_type")))
    if key == "data_units" or not rest
] + [
    ("data_units", "u", "labels", *rest)
    for rest in (("objects",), ("classifications",), ("0",), ("more",), *(("objects", 0, each) for each in OBJECT))
]


def changed(path: tuple[Any, ...], value: object, remove: bool) -> dict[str, Any]:
    row = deepcopy(ROW)
    place: Any = row
    for each in path[:-1]:
        place = place[each]
    if not remove:
        place[path[-1]] = value
    elif isinstance(place, list) or path[-1] in place:
        del place[path[-1]]
    return row


def assert_listed_alike(text: bytes) -> bool:
    """Whether a row is plain; if so it is listed as the reader of every form lists it, with nothing to remark."""
    found = plain_row(text)
    if found is None:
        return False
    row = read_table(text)
    summary = summarize(row, "key", lay_out(row))
    assert found.info("key") == summary.info
    assert tuple(dict.fromkeys(ObjectClass(*each) for each in found.classes)) == summary.classes
    assert set(found.pictures) == set(summary.pictures)
    assert found.identity == identity_of(row)
    assert found.dataset_hash == row.get("dataset_hash", "")
    return True


def test_a_row_of_pictures_is_plain() -> None:
    assert assert_listed_alike(json.dumps(ROW).encode())


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
@given(value=ODD, remove=st.booleans())
def test_whatever_stands_anywhere_a_plain_row_is_listed_like_any_other(
    path: tuple[Any, ...], value: object, remove: bool
) -> None:
    assert_listed_alike(json.dumps(changed(path, value, remove)).encode())


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"7", b'{"data_units": {}, "data_type": "image"}', b"\xff", b"[" * 5000]
)
def test_what_is_no_row_is_not_plain(text: bytes) -> None:
    assert plain_row(text) is None


@pytest.mark.parametrize("key", ["object_answers", "object_actions", "spaces", "data_units"])
def test_a_table_that_is_none_is_left_to_those_who_remark_on_it(key: str) -> None:
    assert plain_row(json.dumps(ROW | {key: ["odd"]}).encode()) is None


def test_keyed_labels_are_left_to_those_who_know_them() -> None:
    unit = UNIT | {"labels": {"0": UNIT["labels"]}}
    assert plain_row(json.dumps(ROW | {"data_units": {"u": unit}}).encode()) is None
