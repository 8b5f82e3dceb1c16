"""A save changes what was edited and not one byte more: checked against a model that knows nothing of splicing."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.sources.local import LocalSource, open_local
from tests.sources import twins
from tests.sources.twins import HEIGHT, WIDTH, Json, block, edit, masks_of, write_json

LEAF = ObjectClass("f-leaf", 'Leaf "é" \\', "#00FF00", BITMASK)
OBJECT_KEYS = [
    "featureHash", "objectHash", "name", "value", "color", "shape", "confidence", "createdBy", "createdAt", "bitmask",
    "manualAnnotation",
]  # fmt: skip


def read(path: Path) -> Any:  # noqa: ANN401
    return json.loads(path.read_bytes().decode("utf-8-sig"))


def labels_at(row: Json, source_row: LabelRow, frame: int, *, make: bool = False) -> Json:
    """The model's own way to the labels of a frame."""
    labels: Json
    found = source_row.frames[frame]
    if row["data_type"] == "group":
        labels = row["spaces"][f"space-{frame + 1}"]["labels"]["0"]
        return labels
    unit = next(each for each in row["data_units"].values() if each["data_hash"] == found.data_hash)
    labels = unit["labels"]
    if "objects" in labels:
        return labels
    if make:
        labels.setdefault(str(found.number), {"objects": [], "classifications": []})
    labels = labels[str(found.number)]
    return labels


def carry_out(row: Json, changes: RowChanges) -> Json:
    """The row as it is to be, the new strings and times apart."""
    after = copy.deepcopy(row)
    for key in changes.removed:
        objects = labels_at(after, changes.base, key.frame)["objects"]
        objects[:] = [each for each in objects if each["objectHash"] != key.object_hash]
    for each in changes.added:
        objects = labels_at(after, changes.base, each.key.frame, make=True)["objects"]
        objects.append({"objectHash": each.key.object_hash})
        after["object_answers"][each.key.object_hash] = {"objectHash": each.key.object_hash, "classifications": []}
    left = {each["objectHash"] for each in twins.objects_of(after)}
    for gone in {key.object_hash for key in changes.removed} - left:
        after["object_answers"].pop(gone, None)
        after["object_actions"].pop(gone, None)
    return after


def compare(found: Json, wanted: Json, changes: RowChanges) -> None:
    """Equal but for the strings of edited masks, which decode to what was painted, and the fields of new objects."""
    masks = {key.object_hash: mask for key, mask in changes.edited.items()}
    new = {each.key.object_hash: each for each in changes.added}
    for mine, theirs in zip(pairs(found), pairs(wanted), strict=True):
        if mine["objectHash"] in new and set(theirs) == {"objectHash"}:
            assert list(mine) == OBJECT_KEYS
            assert (mine["name"], mine["featureHash"], mine["shape"]) == (LEAF.name, LEAF.feature_hash, BITMASK)
            assert decoded(mine["bitmask"]).same_as(new[mine["objectHash"]].mask)
            mine.clear()
            mine["objectHash"] = theirs["objectHash"]
        elif mine["objectHash"] in masks and "bitmask" in mine and mine["bitmask"] != theirs["bitmask"]:
            assert decoded(mine["bitmask"]).same_as(masks[mine["objectHash"]])
            mine["bitmask"]["rleString"] = theirs["bitmask"]["rleString"]
    assert found == wanted


def pairs(row: Json) -> list[Json]:
    return twins.objects_of(row)


def decoded(bitmask: Json) -> Mask:
    return Mask.from_rle(bitmask["rleString"], bitmask["height"], bitmask["width"], bitmask["top"], bitmask["left"])


@st.composite
def some_changes(draw: st.DrawFn, row: LabelRow) -> RowChanges:
    """Random edits, additions and deletions of one row; an object is edited alike on all its frames."""
    keys = list(masks_of(row))
    removed = draw(st.sets(st.sampled_from(keys))) if keys else set()
    rest = [key for key in keys if key not in removed]
    hashes = {key.object_hash: block(draw(st.integers(0, 30)), draw(st.integers(0, 20))) for key in rest}
    edited = {key: hashes[key.object_hash] for key in rest if draw(st.booleans())}
    frames = sorted(draw(st.lists(st.integers(0, len(row.frames) - 1), max_size=4)))
    added = tuple(
        NewObject(MaskKey(frame, f'new{number}"\\/'), LEAF, block(number, frame)) for number, frame in enumerate(frames)
    )
    return RowChanges(row, edited, added, frozenset(removed))


@given(data=st.data(), style=st.sampled_from(list(twins.STYLES)), name=st.sampled_from(list(twins.ROWS)))
def test_random_changes_agree_with_the_model(
    data: st.DataObject, style: str, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("splice") / "labels.json"
    rows = [twins.image_row("before"), twins.ROWS[name](), twins.image_row("after")]
    write_json(path, rows, style)
    source = open_local([path])
    changes = data.draw(some_changes(source.load(source.rows()[1])))
    before = path.read_bytes()
    (saved,) = source.save([changes])
    found = read(path)
    assert found[0] == rows[0]
    assert found[2] == rows[2]
    compare(found[1], carry_out(rows[1], changes), changes)
    assert saved == open_local([path]).load(saved.info)
    if changes.empty:
        assert path.read_bytes() == before


@pytest.mark.parametrize("style", twins.STYLES)
def test_edited_strings_are_the_only_bytes_that_change(style: str, tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", twins.all_rows(), style)
    before = path.read_bytes()
    source = open_local([path])
    rows = [source.load(info) for info in source.rows()]
    places = random.Random(1)
    changes = [
        RowChanges(row, {key: block(places.randrange(30), places.randrange(20)) for key in masks_of(row)})
        for row in rows
    ]
    source.save(changes)
    assert without_strings(path.read_bytes()) == without_strings(before)
    assert path.read_bytes() != before


def without_strings(text: bytes) -> list[bytes]:
    """The text with the rleStrings cut out of it, by a way of its own."""
    parts = text.split(b'"rleString"')
    return [parts[0], *(part[part.index(b'"') :].split(b'"', 2)[2] for part in parts[1:])]


@pytest.mark.parametrize("style", twins.STYLES)
@pytest.mark.parametrize("name", ["image", "keyed image", "image group", "dicom", "data group"])
def test_an_object_that_comes_and_goes_leaves_every_byte_as_it_was(name: str, style: str, tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", [twins.ROWS[name]()], style)
    before = path.read_bytes()
    source = open_local([path])
    row = source.load(source.rows()[0])
    keys = [MaskKey(frame.position, f"new-{frame.position}") for frame in row.frames]
    (added,) = source.save([RowChanges(row, added=tuple(NewObject(key, LEAF, block(1, 1)) for key in keys))])
    assert path.read_bytes() != before
    source.save([RowChanges(added, removed=frozenset(keys))])
    assert path.read_bytes() == before


def test_a_new_object_is_laid_out_like_its_neighbours(tmp_path: Path) -> None:
    for style in ("indented", "by four", "tabs", "on one line", "compact"):
        path = write_json(tmp_path / "labels.json", [twins.image_row()], style)
        source = open_local([path])
        row = source.load(source.rows()[0])
        source.save([RowChanges(row, added=(NewObject(MaskKey(0, "new"), LEAF, block(1, 1)),))])
        assert path.read_bytes() == twins.STYLES[style](read(path))


def test_times_are_written_as_the_file_writes_them(tmp_path: Path) -> None:
    for stamp, ending in (("Fri, 01 Dec 2023 10:45:50 UTC", " UTC"), ("2023-12-01T10:45:50+00:00", "+00:00")):
        row = twins.image_row()
        for each in twins.objects_of(row):
            each["createdAt"] = stamp
        path = write_json(tmp_path / "labels.json", row)
        source = open_local([path])
        loaded = source.load(source.rows()[0])
        source.save([RowChanges(loaded, added=(NewObject(MaskKey(0, "new"), LEAF, block(1, 1)),))])
        assert twins.objects_of(read(path))[-1]["createdAt"].endswith(ending)


def cropped(mask: Mask, box: Box) -> Json:
    return twins.bitmask(mask, box.width, box.height, box.y0, box.x0)


@pytest.mark.parametrize(
    ("painted", "expected"),
    [
        (block(12, 10, 2, 2), Box(10, 8, 20, 16)),
        (block(12, 10, 14, 2), Box(10, 8, 26, 16)),
        (block(5, 0, 2, 2), Box(5, 0, 20, 16)),
        (block(0, 0, 2, 2), Box(0, 0, WIDTH, HEIGHT)),
        (EMPTY_MASK, Box(10, 8, 20, 16)),
    ],
)
def test_a_cropped_mask_keeps_its_box_unless_painted_beyond(painted: Mask, expected: Box, tmp_path: Path) -> None:
    row = twins.image_row()
    twins.objects_of(row)[0]["bitmask"] = cropped(block(11, 9, 3, 3), Box(10, 8, 20, 16))
    path = write_json(tmp_path / "labels.json", row)
    source = open_local([path])
    (saved,) = source.save([edit(source.load(source.rows()[0]), painted)])
    stored = twins.objects_of(read(path))[0]["bitmask"]
    assert (stored["left"], stored["top"], stored["width"], stored["height"]) == (
        expected.x0, expected.y0, expected.width, expected.height,
    )  # fmt: skip
    (mask,) = masks_of(saved).values()
    assert mask.same_as(painted)


def test_a_box_field_that_was_left_out_is_added_when_needed(tmp_path: Path) -> None:
    row = twins.image_row()
    stored = cropped(block(0, 9, 3, 3), Box(0, 8, 20, 16))
    del stored["left"]
    twins.objects_of(row)[0]["bitmask"] = stored
    path = write_json(tmp_path / "labels.json", row)
    source = open_local([path])
    (saved,) = source.save([edit(source.load(source.rows()[0]), block(30, 20, 3, 3))])
    (mask,) = masks_of(saved).values()
    assert mask.same_as(block(30, 20, 3, 3))


def test_a_row_without_answers_or_labels_gets_them_with_its_first_object(tmp_path: Path) -> None:
    row = twins.image_row()
    del row["object_answers"]
    next(iter(row["data_units"].values())).pop("labels")
    path = write_json(tmp_path / "labels.json", row)
    source = open_local([path])
    loaded = source.load(source.rows()[0])
    (saved,) = source.save([RowChanges(loaded, added=(NewObject(MaskKey(0, "new"), LEAF, block(1, 1)),))])
    assert list(masks_of(saved)) == [MaskKey(0, "new")]
    assert list(read(path)["object_answers"]) == ["new"]


def test_a_mask_that_would_lose_pixels_is_not_written(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", twins.image_row())
    before = path.read_bytes()
    source = open_local([path])
    with pytest.raises(SaveError, match="did not come back"):
        source.save([edit(source.load(source.rows()[0]), block(WIDTH - 2, 3))])
    assert path.read_bytes() == before


@pytest.fixture
def real_rows(real_data: Path, tmp_path: Path) -> Iterator[tuple[LocalSource, Path]]:
    path = tmp_path / "labels.json"
    path.write_bytes((real_data / "encord_export" / "LABELS_LIST.json").read_bytes())
    yield open_local([path]), path


def real_edits(source: LocalSource) -> list[tuple[LabelRow, MaskKey, Mask]]:
    """One more pixel, or one less, for each of the nine masks."""
    found = []
    for info in source.rows():
        row = source.load(info)
        for key, mask in masks_of(row).items():
            found.append((row, key, mask.changed(Box(0, 0, 1, 1), flip_corner)))
    assert len(found) == 9
    return found


def flip_corner(bits: NDArray[np.bool_], reach: Box) -> None:
    """Other pixels in the corner of the frame."""
    bits[Box(0, 0, 1, 1).within(reach)] ^= True


def test_each_of_the_nine_real_masks_is_edited_alone(real_rows: tuple[LocalSource, Path]) -> None:
    source, path = real_rows
    for row, key, new in real_edits(source):
        before = path.read_bytes()
        old = row.bitmask(key)
        current = source.load(row.info)
        (saved,) = source.save([RowChanges(current, {key: new})])
        now = saved.bitmask(key)
        assert old and now
        assert path.read_bytes() == before.replace(
            json.dumps(old.rle_string).encode(), json.dumps(now.rle_string).encode()
        )
        assert masks_of(saved)[key].same_as(new)


def test_the_nine_real_masks_are_edited_together(real_rows: tuple[LocalSource, Path]) -> None:
    source, path = real_rows
    before = path.read_bytes()
    by_row: dict[str, RowChanges] = {}
    for row, key, new in real_edits(source):
        changes = by_row.setdefault(row.info.key, RowChanges(row, {}))
        by_row[row.info.key] = RowChanges(row, {**changes.edited, key: new})
    saved = source.save(list(by_row.values()))
    assert without_strings(path.read_bytes()) == without_strings(before)
    for changes, row in zip(by_row.values(), saved, strict=True):
        assert all(masks_of(row)[key].same_as(mask) for key, mask in changes.edited.items())


def test_every_real_file_opens_and_ontologies_alone_do_not(real_data: Path) -> None:
    from bitmask_studio.core.errors import InputError

    for path in sorted(real_data.rglob("*.json")):
        if "ontology" in path.name.lower() or path.name.startswith("MULTIPOLYGON"):
            with pytest.raises(InputError, match=path.name):
                open_local([path])
        else:
            source = open_local([path])
            assert all(source.load(info).frames for info in source.rows())
