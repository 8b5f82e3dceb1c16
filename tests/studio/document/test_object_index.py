"""Objects are found by their hashes, in whichever list was asked about last."""

from __future__ import annotations

import numpy as np

from bitmask_studio.core.labels import ObjectInfo
from bitmask_studio.studio.document.object_index import ObjectIndex
from tests.fakes.memory_source import an_object, stored


def objects(names: str) -> tuple[ObjectInfo, ...]:
    return tuple(an_object(name, stored(np.ones((2, 2), np.bool_))) for name in names)


def test_each_list_is_asked_about_for_itself() -> None:
    index, one, other = ObjectIndex(), objects("abc"), objects("bd")
    assert index.find("b", one) is one[1]
    assert index.find("b", other) is other[0]
    assert index.find("d", one) is None
    assert index.find("d", ()) is None
    assert index.find("c", one) is one[2]


def test_the_lowest_of_several_with_one_hash_is_found() -> None:
    twice = objects("aba")
    assert ObjectIndex().find("a", twice) is twice[0]
