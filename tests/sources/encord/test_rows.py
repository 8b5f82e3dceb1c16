"""Label rows from a server open as they are there, whatever they hold, and nothing is written by looking at them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from encord import EncordUserClient
from encord.objects import LabelRowV2
from encord.objects.bitmask import BitmaskCoordinates

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.sandbox import Sandbox
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.source import EncordSource
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.rows import create, find, load
from bitmask_studio.sources.local import open_local
from tests.sources.encord.restored import me, sandbox, serving, signed_in, source
from tests.sources.twins import masks_of

__all__ = ["me", "sandbox", "source"]
Json = dict[str, Any]
Name = tuple[str, int, str]
"""Space ("" for none), frame number, object hash."""
MOST_PIXELS = 5_000_000


@pytest.fixture
def fresh_rows(sandbox: Sandbox) -> Mapping[str, LabelRowV2]:
    """Every row with labels as the SDK alone reads it, by data hash."""
    client = EncordUserClient.create_with_ssh_private_key(sandbox.key_path.read_text(), domain=sandbox.url)
    rows = client.get_project(sandbox.project_hash).list_label_rows_v2()
    labelled = {row.data_hash: row for row in rows if row.label_hash}
    for row in labelled.values():
        row.initialise_labels(include_archived=True)
    return labelled


def masks_by_the_sdk(row: LabelRowV2) -> dict[Name, BitmaskCoordinates]:
    """Every bitmask that the SDK finds."""
    spaces: dict[str, Any] = {space.space_id: space for space in row.get_spaces()}
    return {
        (name, annotation.frame, each.object_hash): annotation.coordinates
        for name, place in {"": row, **spaces}.items()
        for each in place.get_object_instances()
        for annotation in each.get_annotations()
        if isinstance(annotation.coordinates, BitmaskCoordinates)
    }


def named_by_place(row: LabelRow) -> dict[Name, Mask]:
    is_group = row.info.data_type == "group"
    return {
        (row.frames[key.frame].data_hash if is_group else "", row.frames[key.frame].number, key.object_hash): mask
        for key, mask in masks_of(row).items()
    }


def decoded_by_the_sdk(coordinates: BitmaskCoordinates) -> Mask:
    pixels = np.asarray(coordinates.to_numpy_array(), np.bool_)  # type: ignore[no-untyped-call]
    return Mask.of(Box(0, 0, pixels.shape[1], pixels.shape[0]), pixels)


def some(masks: Mapping[Name, BitmaskCoordinates]) -> list[Name]:
    """As many names, spread over all, as the SDK decodes in a second or less: it takes pixel by pixel."""
    pixels = sum(each.to_dict()["width"] * each.to_dict()["height"] for each in masks.values())
    return list(masks)[:: pixels // MOST_PIXELS + 1]


def test_masks_have_the_pixels_that_the_sdk_sees(source: EncordSource, fresh_rows: Mapping[str, LabelRowV2]) -> None:
    compared = 0
    for info in source.rows():
        if info.uninitialised:
            continue
        ours, theirs = named_by_place(source.load(info)), masks_by_the_sdk(fresh_rows[info.data_hash])
        assert set(ours) == set(theirs), info.title
        for name in some(theirs):
            assert ours[name].same_as(decoded_by_the_sdk(theirs[name])), (info.title, name)
            compared += 1
    assert compared > 30


def test_frames_are_numbered_and_titled_as_the_sdk_does(
    source: EncordSource, fresh_rows: Mapping[str, LabelRowV2]
) -> None:
    for info in source.rows():
        if info.uninitialised or info.data_type not in ("image", "img_group", "video"):
            continue
        views = fresh_rows[info.data_hash].get_frame_views()
        frames = source.load(info).frames
        assert [each.number for each in frames] == [each.frame for each in views]
        assert [(each.width, each.height) for each in frames] == [(each.width, each.height) for each in views]
        if info.data_type == "img_group":
            assert [each.title for each in frames] == [each.image_title for each in views]
            assert [each.data_hash for each in frames] == [each.image_hash for each in views]


def test_looking_at_everything_writes_nothing(sandbox: Sandbox, source: EncordSource) -> None:
    sandbox.clear_requests()
    source.refresh(lambda _: None)
    for info in source.rows():
        source.thumbnail(info)
        if not info.uninitialised:
            for frame in source.load(info).frames[:2]:
                if info.data_type != "dicom":
                    source.picture(info, frame)
    assert not [(each.method, each.what) for each in sandbox.requests if each.writes]
    methods = {(each.protocol, each.method) for each in sandbox.requests}
    assert methods == {("v1", "GET"), ("v2", "GET"), ("files", "GET")}


def test_every_space_of_a_data_group_is_a_set_of_frames(source: EncordSource) -> None:
    row = source.load(of_type(source, "group"))
    numbers: dict[str, list[int]] = {}
    for frame in row.frames:
        numbers.setdefault(frame.title, []).append(frame.number)
    assert numbers == {"pier.jpg": [0], "regatta.mp4": list(range(24))}


def test_a_dicom_row_shows_its_masks_and_cannot_be_edited(source: EncordSource) -> None:
    row = source.load(of_type(source, "dicom"))
    assert row.info.read_only and "DICOM" in row.info.read_only
    assert masks_of(row)


def test_no_signed_address_leaves_the_worker(sandbox: Sandbox, source: EncordSource) -> None:
    for info in source.rows():
        if info.label_hash:
            row = source.load(info)
            assert isinstance(row.origin, bytes)
            assert b"signature=" not in row.origin and sandbox.url.encode() not in row.origin


def test_what_is_sent_is_the_row_as_the_server_has_it(sandbox: Sandbox, source: EncordSource) -> None:
    for info in source.rows():
        if not info.label_hash:
            continue
        origin = source.load(info).origin
        assert isinstance(origin, bytes)
        stored, sent = sandbox.row(info.label_hash), json.loads(origin)
        for name in ("object_answers", "object_actions", "classification_answers"):
            assert sent[name] == stored[name]
        for name, unit in stored["data_units"].items():
            assert sent["data_units"][name]["labels"] == unit["labels"]


def test_loading_finds_what_the_list_does_not_say(sandbox: Sandbox, source: EncordSource) -> None:
    info = of_type(source, "image")
    assert info.objects is None
    sandbox.colleague.adds(str(info.label_hash))
    loaded = source.load(info).info
    assert loaded.objects and loaded.bitmasks
    assert loaded.last_edited and info.last_edited and loaded.last_edited > info.last_edited
    assert loaded in source.rows()
    assert (loaded.stage, loaded.assignee, loaded.key) == (info.stage, info.assignee, info.key)


def flat_to_keyed(row: Json) -> Json:
    for unit in row["data_units"].values():
        unit["labels"] = {"0": unit["labels"]}
    return row


def of_an_unknown_class(row: Json) -> Json:
    for unit in row["data_units"].values():
        unit["labels"]["objects"][0]["featureHash"] = "no-class"
    return row


def of_an_unknown_shape(row: Json) -> Json:
    for unit in row["data_units"].values():
        unit["labels"]["objects"][0] |= {"shape": "blob", "bitmask": None}
    return row


@pytest.mark.parametrize(
    ("change", "reason"),
    [(flat_to_keyed, "frame by frame"), (of_an_unknown_class, "no-class"), (of_an_unknown_shape, "SDK")],
)
def test_what_the_sdk_cannot_carry_is_shown_and_not_edited(
    sandbox: Sandbox, source: EncordSource, change: Callable[[Json], Json], reason: str
) -> None:
    info = of_type(source, "image")
    before = masks_of(source.load(info))
    sandbox.colleague.change(str(info.label_hash), change)
    row = source.load(info)
    assert row.info.read_only and reason in row.info.read_only
    assert len(masks_of(row)) >= len(before) - 1 > 0


def test_keyed_labels_without_anything_in_them_can_be_edited(sandbox: Sandbox, source: EncordSource) -> None:
    def emptied(row: Json) -> Json:
        for unit in row["data_units"].values():
            unit["labels"] = {"0": {"objects": [], "classifications": []}}
        return row | {"object_answers": {}, "object_actions": {}, "classification_answers": {}}

    info = of_type(source, "image")
    sandbox.colleague.change(str(info.label_hash), emptied)
    assert source.load(info).info.read_only is None


def test_an_image_without_its_size_takes_that_of_the_list(sandbox: Sandbox, source: EncordSource) -> None:
    def without_size(row: Json) -> Json:
        for unit in row["data_units"].values():
            unit |= {"width": None, "height": None}
            unit["labels"]["objects"] = []
        return row

    info = of_type(source, "image")
    sandbox.colleague.change(str(info.label_hash), without_size)
    (frame,) = source.load(info).frames
    assert (frame.width, frame.height) == (info.width, info.height)


def test_labels_that_are_not_there_yet_are_not_made_by_reading(sandbox: Sandbox, login: Login) -> None:
    here, row = Here(login), unlabelled(sandbox)
    sandbox.clear_requests()
    with pytest.raises(Exception, match="gone"):
        load(here, sandbox.project_hash, "no-such-label", row["data_hash"])
    assert find(here, sandbox.project_hash, row["data_hash"]) is None
    assert not any(each.writes for each in sandbox.requests)


def test_a_row_is_made_once(sandbox: Sandbox, login: Login) -> None:
    here, data_hash = Here(login), unlabelled(sandbox)["data_hash"]
    sandbox.clear_requests()
    made = create(here, sandbox.project_hash, data_hash)
    assert made == create(here, sandbox.project_hash, data_hash) == find(here, sandbox.project_hash, data_hash)
    assert [(each.method, each.what) for each in sandbox.requests if each.writes] == [("PUT", "labelrow")]


def test_a_row_that_somebody_else_made_meanwhile_is_taken(sandbox: Sandbox, login: Login, source: EncordSource) -> None:
    info = next(each for each in source.rows() if each.uninitialised)
    theirs = create(Here(login), sandbox.project_hash, info.data_hash)
    made = source.create(info)
    assert (made.label_hash, made.key, made.uninitialised) == (theirs, info.key, False)
    assert source.load(made).frames


@pytest.mark.parametrize(
    ("name", "masks"),
    [
        ("encord_export/LABELS_LIST.json", 9),
        ("nuclei/dsb2018_stardist_nuclei.labels.json", 125),
        ("coco_rle/coco_val2014_fakesegm100.labels.json", 734),
        ("lvis/lvis_val_100.labels.json", 977),
    ],
)
def test_real_rows_are_the_same_over_the_wire_as_in_their_file(
    real_data: Path, tmp_path: Path, name: str, masks: int
) -> None:
    in_file = open_local([real_data / name])
    expected = {info.label_hash: in_file.load(info) for info in in_file.rows()}
    compared = 0
    with serving(tmp_path, real_data / name) as sandbox, signed_in(sandbox) as account:
        source = account.project(sandbox.project_hash)
        for info in source.rows():
            ours, theirs = (named_by_place(each) for each in (source.load(info), expected[info.label_hash]))
            assert set(ours) == set(theirs)
            assert all(ours[each].same_as(theirs[each]) for each in ours)
            compared += len(ours)
    assert compared == masks


def of_type(source: EncordSource, data_type: str) -> RowInfo:
    return next(each for each in source.rows() if each.data_type == data_type and each.label_hash)


def unlabelled(sandbox: Sandbox) -> Json:
    return next(each for each in sandbox.rows() if each["label_hash"] is None)
