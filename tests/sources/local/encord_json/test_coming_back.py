"""An object that was deleted and comes back is the one that was there, to the byte, not a new one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.sources.base import ConflictError, Keep
from bitmask_studio.sources.local import LocalSource, open_local
from tests.sources import twins
from tests.sources.twins import block, edit, masks_of, write_json

OTHER = ObjectClass("f-other", "Other", "#000000", BITMASK)


def crowded(name: str = "crowded") -> twins.Json:
    """Four masks, each with a history, its own answers and actions."""
    hashes = [f"{name}-{letter}" for letter in "abcd"]
    objects = [
        twins.a_mask_object(each, 2 + 8 * place)
        | {"confidence": 0.25, "lastEditedAt": "Sat, 02 Dec 2023 08:00:00 GMT", "reviews": [{"by": each}], "own": None}
        for place, each in enumerate(hashes)
    ]
    row = twins.a_row(name, "image", [twins.a_unit(f"unit-{name}", twins.frame_labels(*objects))])
    row["object_answers"] = {each: {"objectHash": each, "classifications": [{"answers": each}]} for each in hashes}
    row["object_actions"] = {each: {"objectHash": each, "actions": [{"who": each}]} for each in hashes}
    return row


def came_back(row: LabelRow, keys: Sequence[MaskKey], mask: Mask | None = None) -> tuple[NewObject, ...]:
    return tuple(NewObject(key, OTHER, mask or masks_of(row)[key], False, row) for key in keys)


def without(source: LocalSource, row: LabelRow, *keys: MaskKey) -> LabelRow:
    (left,) = source.save([RowChanges(row, removed=frozenset(keys))])
    return left


MAKERS: dict[str, Callable[[], twins.Json]] = dict(twins.ROWS) | {"crowded": crowded}


@pytest.mark.parametrize("style", twins.STYLES)
@pytest.mark.parametrize("name", MAKERS)
def test_all_that_were_deleted_and_come_back_leave_every_byte_as_it_was(name: str, style: str, tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", [MAKERS[name]()], style)
    before = path.read_bytes()
    source = open_local([path])
    row = source.load(source.rows()[0])
    left = without(source, row, *masks_of(row))
    assert path.read_bytes() != before
    source.save([RowChanges(left, added=came_back(row, list(masks_of(row))))])
    assert path.read_bytes() == before


@pytest.mark.parametrize("gone", ["a", "b", "d", "ab", "bc", "cd", "ad", "abd"])
def test_those_that_come_back_take_their_places(gone: str, tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", [crowded()])
    before = path.read_bytes()
    source = open_local([path])
    keys = [MaskKey(0, f"crowded-{letter}") for letter in gone]
    row = source.load(source.rows()[0])
    left = without(source, row, *keys)
    source.save([RowChanges(left, added=came_back(row, keys))])
    assert path.read_bytes() == before


@pytest.mark.parametrize("back", ["bc", "cb"])
def test_those_deleted_one_after_another_come_back_from_their_own_saves(back: str, tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", [crowded()])
    before = path.read_bytes()
    source = open_local([path])
    first = source.load(source.rows()[0])
    b, c = MaskKey(0, "crowded-b"), MaskKey(0, "crowded-c")
    second = without(source, first, c)
    left = without(source, second, b)
    found = {"b": came_back(second, [b]), "c": came_back(first, [c])}
    source.save([RowChanges(left, added=(*found[back[0]], *found[back[1]]))])
    assert path.read_bytes() == before


def test_other_pixels_change_the_string_and_nothing_else(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", [crowded()])
    source = open_local([path])
    key = MaskKey(0, "crowded-b")
    row = source.load(source.rows()[0])
    left = without(source, row, key)
    (saved,) = source.save([RowChanges(left, added=came_back(row, [key], block(1, 1)))])
    assert masks_of(saved)[key].same_as(block(1, 1))
    wanted = crowded()
    twins.objects_of(wanted)[1]["bitmask"] = twins.bitmask(block(1, 1))
    assert path.read_bytes() == twins.STYLES["indented"]([wanted])


def test_one_comes_back_while_another_goes_and_a_new_one_is_drawn(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", [crowded()])
    source = open_local([path])
    b, a, new = MaskKey(0, "crowded-b"), MaskKey(0, "crowded-a"), MaskKey(0, "new")
    row = source.load(source.rows()[0])
    left = without(source, row, b)
    added = (*came_back(row, [b]), NewObject(new, OTHER, block(1, 1)))
    source.save([RowChanges(left, {MaskKey(0, "crowded-d"): block(2, 2)}, added, frozenset([a]))])
    found = json.loads(path.read_bytes())[0]
    names = ["crowded-b", "crowded-c", "crowded-d", "new"]
    assert [each["objectHash"] for each in twins.objects_of(found)] == names
    assert list(found["object_answers"]) == names
    assert twins.objects_of(found)[0] == twins.objects_of(crowded())[1]


def test_a_damaged_mask_comes_back_with_its_string(tmp_path: Path) -> None:
    made = crowded()
    twins.objects_of(made)[1]["bitmask"]["rleString"] = "nonsense"
    path = write_json(tmp_path / "labels.json", [made])
    before = path.read_bytes()
    source = open_local([path])
    key = MaskKey(0, "crowded-b")
    row = source.load(source.rows()[0])
    left = without(source, row, key)
    source.save([RowChanges(left, added=came_back(row, [key], EMPTY_MASK))])
    assert path.read_bytes() == before


def drop_object(row: Any) -> None:  # noqa: ANN401
    next(iter(row["data_units"].values()))["labels"]["1"]["objects"].pop(0)


def drop_frame(row: Any) -> None:  # noqa: ANN401
    del next(iter(row["data_units"].values()))["labels"]["1"]


def drop_labels(row: Any) -> None:  # noqa: ANN401
    del next(iter(row["data_units"].values()))["labels"]
    del row["object_answers"]
    row["object_actions"] = []


@pytest.mark.parametrize("drop", [drop_object, drop_frame, drop_labels])
def test_what_another_program_deleted_comes_back_whole_where_mine_is_kept(
    drop: Callable[[Any], None], tmp_path: Path
) -> None:
    path = write_json(tmp_path / "labels.json", [twins.video_row()])
    source = open_local([path])
    key = MaskKey(1, "video-1")
    changes = edit(source.load(source.rows()[0]), block(9, 9), only=key)
    theirs = twins.video_row()
    drop(theirs)
    write_json(path, [theirs], "by four")
    with pytest.raises(ConflictError) as refused:
        source.save([changes])
    source.save([changes], dict.fromkeys(refused.value.conflicts, Keep.MINE))
    found = json.loads(path.read_bytes())[0]
    wanted = twins.objects_of(twins.video_row())[0] | {"bitmask": twins.bitmask(block(9, 9))}
    assert twins.objects_of(found)[0] == wanted
    assert found["object_answers"]["video-1"] == twins.video_row()["object_answers"]["video-1"]
    assert found["object_actions"]["video-1"] == twins.video_row()["object_actions"]["video-1"]


def test_a_row_without_answers_gets_none_for_what_comes_back(tmp_path: Path) -> None:
    made = crowded()
    del made["object_answers"], made["object_actions"]
    path = write_json(tmp_path / "labels.json", [made])
    before = path.read_bytes()
    source = open_local([path])
    row = source.load(source.rows()[0])
    left = without(source, row, *masks_of(row))
    source.save([RowChanges(left, added=came_back(row, list(masks_of(row))))])
    assert path.read_bytes() == before


def test_it_comes_back_whole_into_a_file_of_another_name(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", [crowded()])
    before = path.read_bytes()
    source = open_local([path])
    key = MaskKey(0, "crowded-b")
    row = source.load(source.rows()[0])
    left = without(source, row, key)
    source.save_as(tmp_path / "copy.json", [RowChanges(left, added=came_back(row, [key]))])
    assert (tmp_path / "copy.json").read_bytes() == before
