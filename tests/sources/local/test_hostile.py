"""Whatever a file holds, it opens with its damage told, or one plain sentence says why it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError, StudioError
from bitmask_studio.core.labels import Bitmask, LabelRow, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.local import open_local
from tests.sources import twins
from tests.sources.twins import Json, a_mask_object, frame_labels

pytestmark = pytest.mark.timeout(10)
DEEP = 200_000


def changed(change: Callable[[Json], object], make: Callable[[], Json] = twins.image_row) -> bytes:
    row = make()
    change(row)
    return json.dumps([row]).encode()


def unit(row: Json) -> Json:
    return dict.__getitem__(row["data_units"], next(iter(row["data_units"])))


def first(row: Json) -> Json:
    return twins.objects_of(row)[0]


def in_object(key: str, value: object) -> bytes:
    return changed(lambda row: first(row).update({key: value}))


def in_bitmask(key: str, value: object) -> bytes:
    return changed(lambda row: first(row)["bitmask"].update({key: value}))


def in_unit(key: str, value: object) -> bytes:
    return changed(lambda row: unit(row).update({key: value}))


def in_row(key: str, value: object) -> bytes:
    return changed(lambda row: row.update({key: value}))


def raw(before: str, after: bytes, make: Callable[[], Json] = twins.image_row) -> bytes:
    text = json.dumps([make()]).encode()
    assert before.encode() in text
    return text.replace(before.encode(), after, 1)


GOOD = json.dumps([twins.image_row()]).encode()

REFUSED = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "a BOM alone": b"\xef\xbb\xbf",
    "a word": b"hello",
    "a number": b"12",
    "null": b"null",
    "a text": b'"data_units"',
    "binary": bytes(range(256)) * 20,
    "zeros": bytes(4000),
    "UTF-16": GOOD.decode().encode("utf-16"),
    "cut in a string": GOOD[: GOOD.index(b"rleString") + 20],
    "cut in a key": GOOD[: GOOD.index(b"rleString") + 4],
    "cut after half": GOOD[: len(GOOD) // 2],
    "cut by one byte": GOOD[:-1],
    "cut in an escape": b'[{"data_units": {}, "a": "\\',
    "an open quote": b'["',
    "something behind": GOOD + b" x",
    "two values": GOOD + GOOD,
    "a bracket too many": GOOD + b"]",
    "only opening brackets": b"[" * DEEP,
    "only opening braces": b'{"a":' * DEEP,
    "deep and closed": b"[" * DEEP + b"]" * DEEP,
    "a list of numbers": b"[1, 2, 3]",
    "a list of lists": b"[[], [[]]]",
    "an object of nothing": b"{}",
    "an unknown object": b'{"hello": "world"}',
    "an ontology": json.dumps(
        {"objects": [{"featureNodeHash": "a", "name": "b", "color": "c", "shape": "d"}]}
    ).encode(),
    "a key without a value": b'{"data_units"}',
    "a key that is a number": b'{1: {"data_units": {}}}',
}

DAMAGED = {
    "null rows": b"[null, 3, " + GOOD[1:],
    "rows that are lists": b'[[], ["data_units"], ' + GOOD[1:],
    "a row of garbage": b"[{a b c}, " + GOOD[1:],
    "a row without units": b'[{"label_hash": "x"}, ' + GOOD[1:],
    "data_units null": in_row("data_units", None),
    "data_units a list": in_row("data_units", [1]),
    "data_units a text": in_row("data_units", "x"),
    "data_units empty": in_row("data_units", {}),
    "a unit that is null": in_row("data_units", {"a": None}),
    "label_hash a number": in_row("label_hash", 7),
    "hashes null": changed(lambda row: row.update(label_hash=None, data_hash=None, data_title=None)),
    "data_type a list": in_row("data_type", ["image"]),
    "data_type unknown": in_row("data_type", "hologram"),
    "answers a list": in_row("object_answers", [1]),
    "spaces a text": in_row("spaces", "x"),
    "spaces of nothing": in_row("spaces", {"a": None, "b": {"space_type": "audio"}}),
    "labels null": in_unit("labels", None),
    "labels a list": in_unit("labels", []),
    "objects null": in_unit("labels", {"objects": None}),
    "objects a dict": in_unit("labels", {"objects": {"0": {}}}),
    "objects of anything": in_unit("labels", {"objects": [None, 1, "x", [], {}, True]}),
    "frames of anything": changed(lambda row: unit(row).update(labels={"0": None, "1": [], "x": {}}), twins.video_row),
    "a frame far away": changed(lambda row: unit(row)["labels"].update({"999999999": frame_labels()}), twins.video_row),
    "a video of all time": changed(lambda row: unit(row).update(data_duration=1e300, data_fps=1e300), twins.video_row),
    "a video of NaN": changed(lambda row: unit(row).update(data_duration=float("nan")), twins.video_row),
    "a sequence of nonsense": changed(lambda row: unit(row).update(data_sequence="first"), twins.group_row),
    "width missing": changed(lambda row: unit(row).pop("width")),
    "width NaN": in_unit("width", float("nan")),
    "width huge": in_unit("width", 10**400),
    "width a float": in_unit("width", 40.0),
    "width true": in_unit("width", True),
    "width negative": in_unit("width", -4),
    "width and height beyond measure": changed(lambda row: unit(row).update(width=1 << 20, height=1 << 20)),
    "a mask without a size": changed(lambda row: first(row)["bitmask"].pop("height")),
    "a mask of NaN": in_bitmask("height", float("nan")),
    "a mask of infinity": in_bitmask("width", float("inf")),
    "a mask of 30000": in_bitmask("width", 30000),
    "a mask with a text for a size": in_bitmask("width", "40"),
    "a mask of a number of 5000 digits": raw('"left": 0, "width": 40', b'"left": 0, "width": ' + b"9" * 5000),
    "a mask that is null": in_object("bitmask", None),
    "a mask that is a list": in_object("bitmask", [1]),
    "a string that is a number": in_bitmask("rleString", 5),
    "a string that is missing": changed(lambda row: first(row)["bitmask"].pop("rleString")),
    "a string of other characters": in_bitmask("rleString", "héllo\x00\ud800"),
    "a string of a million": in_bitmask("rleString", "1" * 1_000_000),
    "a mask outside its picture": in_bitmask("left", 39),
    "a negative place": in_bitmask("top", -1),
    "a place beyond belief": in_bitmask("top", 10**30),
    "an object without a hash": changed(lambda row: first(row).pop("objectHash")),
    "an object twice": in_unit("labels", frame_labels(a_mask_object("a"), a_mask_object("a", 9))),
    "an object nested too deeply": raw('"confidence": 1', b'"confidence": ' + b"[" * DEEP + b"]" * DEEP),
    "a mask nested too deeply": raw('"top": 0', b'"top": ' + b'{"a":' * DEEP + b"1" + b"}" * DEEP),
    "a row nested too deeply": raw('"label_status":', b'"x": ' + b"[" * DEEP + b"]" * DEEP + b', "label_status":'),
    "invalid UTF-8": raw("image title", b"\xff\xfe\xc3"),
    "a lone surrogate": raw("image title", b"\\ud83d broken"),
    "control characters": raw("image title", b"\x01\x02"),
    "a key twice": raw('"data_type": "image"', b'"data_type": "video", "data_type": "image"'),
    "a word that is no JSON": raw('"confidence": 1', b'"confidence": undefined'),
    "a number that is no JSON": raw('"confidence": 1', b'"confidence": 01'),
    "no comma in an object": raw('"confidence": 1,', b'"confidence": 1'),
    "an empty list": b"[]",
    "shapes of nonsense": in_unit(
        "labels",
        frame_labels(
            twins.an_object("p", "polygon", polygon={"x": {}, "0": None, "1": {"x": "a", "y": float("nan")}}),
            twins.an_object("q", "polygon", polygons=[[[1, 2, "x"], None], 5]),
            twins.an_object("b", "bounding_box", boundingBox={"x": 1e308, "y": 1e308, "w": 1e308, "h": 1e308}),
            twins.an_object("s", "skeleton", skeleton=[1, {"x": 1, "y": 10**400}]),
            twins.an_object("e", "ellipse", ellipse={"x": float("inf"), "y": 0, "rx": 1, "ry": 1, "theta": "x"}),
            twins.an_object("c", "cuboid_2d", cuboid_2d={"front": "abc", "offset": 3}),
            twins.an_object("u", ["polygon"]),  # type: ignore[arg-type]
        ),
    ),
    "COCO of nothing": b'{"images": null, "annotations": null}',
    "COCO of anything": b'{"images": [1, {}, {"id": []}], "categories": {}, "annotations": [null, {}, {"id": {}}]}',
    "COCO results of anything": b'[{"segmentation": 5}, {"segmentation": {"size": "x"}}, null]',
}  # fmt: skip


@pytest.fixture
def open_bytes(tmp_path: Path) -> Callable[[bytes], list[tuple[RowInfo, LabelRow | str]]]:
    """Open a file of these bytes, load and decode everything."""

    def opened(text: bytes) -> list[tuple[RowInfo, LabelRow | str]]:
        path = tmp_path / "labels.json"
        path.write_bytes(text)
        source = open_local([path])
        found: list[tuple[RowInfo, LabelRow | str]] = []
        for info in source.rows():
            try:
                row = source.load(info)
            except StudioError as error:
                found.append((info, str(error)))
                continue
            found.append((info, row))
            for frame in row.frames[:1000]:
                for each in frame.objects:
                    decode(each.bitmask if not each.damage else None)
                    assert source.file_stem(info, frame, each)
        return found

    return opened


def decode(stored: Bitmask | None) -> None:
    if stored is None:
        return
    try:
        Mask.from_rle(stored.rle_string, stored.height, stored.width, stored.top, stored.left)
    except StudioError:
        return


Opened = Callable[[bytes], list[tuple[RowInfo, LabelRow | str]]]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_label_file_is_refused_in_words(name: str, open_bytes: Opened, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"labels\.json.*\w+\)?\.") as refused:
        open_bytes(REFUSED[name])
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_label_file_opens_and_the_rest_of_it_is_there(name: str, open_bytes: Opened) -> None:
    found = open_bytes(DAMAGED[name])
    if DAMAGED[name].endswith(GOOD[1:]) and name != "an empty list":
        assert any(isinstance(row, LabelRow) and row.info.label_hash == "label-image" for _, row in found)


@pytest.mark.parametrize(
    "name",
    [
        "a mask without a size", "a mask of NaN", "a mask of infinity", "a mask with a text for a size",
        "a mask of a number of 5000 digits", "a mask that is null", "a mask that is a list",
        "a string that is a number", "a string that is missing",
        "a mask outside its picture", "a negative place", "a place beyond belief",
        "a mask nested too deeply",
    ],
)  # fmt: skip
def test_damage_of_one_object_is_told_and_the_other_one_is_sound(name: str, open_bytes: Opened) -> None:
    ((info, row),) = open_bytes(DAMAGED[name])
    assert isinstance(row, LabelRow) and info.read_only is None
    bad, good = row.frames[0].objects
    assert bad.damage and not good.damage
    assert good.outlines


@pytest.mark.parametrize(
    "name", ["null rows", "rows that are lists", "a row of garbage", "a row without units", "data_units null"]
)
def test_a_row_that_cannot_be_edited_says_why(name: str, open_bytes: Opened) -> None:
    info, _ = open_bytes(DAMAGED[name])[0]
    assert info.read_only


def test_the_second_of_two_equal_hashes_is_shown_and_exported_but_not_edited(open_bytes: Opened) -> None:
    ((_, row),) = open_bytes(DAMAGED["an object twice"])
    assert isinstance(row, LabelRow)
    first_one, second = row.frames[0].objects
    assert [bool(each.read_only) for each in (first_one, second)] == [False, True]
    assert first_one.object_hash != second.object_hash and first_one.file_hash == second.file_hash
    assert not first_one.damage and not second.damage


def test_a_mask_without_a_hash_is_shown_and_exported_but_not_edited(open_bytes: Opened) -> None:
    ((_, row),) = open_bytes(DAMAGED["an object without a hash"])
    assert isinstance(row, LabelRow)
    nameless = row.frames[0].objects[0]
    assert nameless.read_only and not nameless.damage and nameless.file_hash == ""


def test_a_mask_of_another_size_is_shown_but_not_edited(open_bytes: Opened) -> None:
    ((_, row),) = open_bytes(changed(lambda row: first(row).update(bitmask=twins.bitmask(twins.block(1, 1), 50, 20))))
    assert isinstance(row, LabelRow)
    each = row.frames[0].objects[0]
    assert each.read_only and not each.damage and each.bitmask


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", tmp_path / ("x" * 300), tmp_path / "a\0b"):
        with pytest.raises(InputError):
            open_local([path])
    with pytest.raises(InputError, match="no pictures"):
        open_local([tmp_path])
    with pytest.raises(InputError):
        open_local([])


def test_a_folder_passes_by_what_it_cannot_read(tmp_path: Path) -> None:
    twins.write_json(tmp_path / "a.json", twins.image_row())
    (tmp_path / "broken.json").write_bytes(REFUSED["cut after half"])
    (tmp_path / "other.json").write_bytes(b'{"hello": 1}')
    source = open_local([tmp_path])
    assert len(source.rows()) == 1
    assert [name for name in ("broken.json", "other.json") if any(name in each for each in source.warnings)] == [
        "broken.json", "other.json",
    ]  # fmt: skip
