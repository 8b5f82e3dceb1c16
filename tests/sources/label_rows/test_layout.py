"""Frames of every kind of row: how many, in which order, of which number and size."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import LabelRow
from bitmask_studio.sources.local import open_local
from tests.sources import twins
from tests.sources.twins import HEIGHT, WIDTH, write_json


def opened(folder: Path, row: twins.Json) -> LabelRow:
    source = open_local([write_json(folder / "labels.json", row)])
    return source.load(source.rows()[0])


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("image", [0]), ("keyed image", [0]), ("image group", [0, 1]), ("video", list(range(10))), ("dicom", [0, 1]),
        ("nifti", list(range(8))), ("data group", [0, 0]),
    ],
)  # fmt: skip
def test_frames_have_the_numbers_of_the_sdk(name: str, numbers: list[int], tmp_path: Path) -> None:
    row = opened(tmp_path, twins.ROWS[name]())
    assert [frame.number for frame in row.frames] == numbers
    assert {(frame.width, frame.height) for frame in row.frames} == {(WIDTH, HEIGHT)}


def test_image_groups_are_ordered_by_their_sequence(tmp_path: Path) -> None:
    row = opened(tmp_path, twins.group_row())
    assert [frame.title for frame in row.frames] == ["unit-group-a.png", "unit-group-b.png"]


def test_an_image_sequence_says_so(tmp_path: Path) -> None:
    assert opened(tmp_path, twins.group_row() | {"is_image_sequence": True}).info.data_type == "image_sequence"


def test_hours_of_video_are_as_many_frames_without_making_them(tmp_path: Path) -> None:
    row = opened(tmp_path, twins.video_row(seconds=36_000))
    assert len(row.frames) == 900_000
    assert row.frames[-1].number == 899_999
    assert [len(frame.objects) for frame in row.frames[:5]] == [0, 2, 0, 1, 0]
    with pytest.raises(IndexError):
        row.frames[900_000]


def test_a_slice_of_a_series_may_have_a_size_of_its_own(tmp_path: Path) -> None:
    made = twins.dicom_row()
    next(iter(made["data_units"].values()))["labels"]["1"]["metadata"] = {"width": 7, "height": 9}
    frames = opened(tmp_path, made).frames
    assert [(frame.width, frame.height) for frame in frames] == [(WIDTH, HEIGHT), (7, 9)]


def test_a_missing_size_is_that_of_the_masks(tmp_path: Path) -> None:
    made = twins.image_row()
    unit = next(iter(made["data_units"].values()))
    del unit["width"], unit["height"]
    assert opened(tmp_path, made).info.width == WIDTH
    unit["labels"]["objects"] = []
    row = opened(tmp_path, made)
    assert row.info.read_only
    assert "how large" in row.info.read_only


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [
        (20_000, 20_000, "20,000 x 20,000 px"),
        (10**30, 2, "very many x 2 px"),
        (-5, 40, "no whole numbers"),
        ("64", 40, "no whole numbers"),
        (None, 40, "no whole numbers"),
        (float("nan"), 40, "no whole numbers"),
        (None, None, "does not say how large"),
    ],
)
def test_a_size_that_is_none_is_said_as_it_is(width: object, height: object, words: str, tmp_path: Path) -> None:
    made = twins.image_row()
    unit = next(iter(made["data_units"].values()))
    unit.update(width=width, height=height)
    unit["labels"]["objects"] = []
    row = opened(tmp_path, made)
    assert words in (row.info.read_only or "") and not row.info.width


OUTLINES: dict[str, tuple[twins.Json, list[tuple[float, float]]]] = {
    "bounding_box": (
        {"boundingBox": {"x": 0.25, "y": 0.5, "w": 0.5, "h": 0.1}},
        [(10, 15), (30, 15), (30, 18), (10, 18)],
    ),
    "rotatable_bounding_box": (
        {"rotatableBoundingBox": {"x": 0.25, "y": 0.5, "w": 0.5, "h": 0.2, "theta": 90}},
        [(23, 8), (23, 28), (17, 28), (17, 8)],
    ),
    "polygon": ({"polygon": {"10": {"x": 0.5, "y": 0.5}, "9": {"x": 0, "y": 1}}}, [(0, 30), (20, 15)]),
    "polygon list": ({"polygon": [{"x": 0.5, "y": 0.5}, {"x": 1, "y": 1}]}, [(20, 15), (40, 30)]),
    "polygon parts": ({"polygons": [[[0, 0, 1, 0, 1, 1], [0.5, 0.5, 0.75, 0.5]]]}, [(0, 0), (40, 0), (40, 30)]),
    "polyline": ({"polyline": {"0": {"x": 0, "y": 0}, "1": {"x": 1, "y": 1}}}, [(0, 0), (40, 30)]),
    "point": ({"point": {"0": {"x": 0.5, "y": 0.5}}}, [(16, 15), (24, 15)]),
    "skeleton": ({"skeleton": {"0": {"x": 0.5, "y": 0.5, "name": "a"}}}, [(16, 15), (24, 15)]),
    "cuboid_2d": ({"cuboid_2d": {"front": [0, 0, 0.5, 0], "offset": {"x": 0.5, "y": 0.5}}}, [(0, 0), (20, 0)]),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTLINES)
def test_other_shapes_are_outlines_in_image_px(name: str, tmp_path: Path) -> None:
    geometry, expected = OUTLINES[name]
    made = twins.image_row()
    shape = name.split(maxsplit=1)[0]
    next(iter(made["data_units"].values()))["labels"]["objects"] = [twins.an_object("o", shape, **geometry)]
    (each,) = opened(tmp_path, made).frames[0].objects
    points = each.outlines[0].points
    assert [(round(x, 6), round(y, 6)) for x, y in points] == expected
    assert each.outlines[0].closed == (shape not in ("polyline", "point", "skeleton"))


@pytest.mark.parametrize(
    "geometry",
    [
        {"circle": {"x": 0.5, "y": 0.5, "r": 0.25}},
        {"ellipse": {"x": 0.5, "y": 0.5, "rx": 0.25, "ry": 1 / 3, "theta": 90}},
    ],
)
def test_curves_lie_around_their_centre(geometry: twins.Json, tmp_path: Path) -> None:
    made = twins.image_row()
    next(iter(made["data_units"].values()))["labels"]["objects"] = [twins.an_object("o", "curve", **geometry)]
    (each,) = opened(tmp_path, made).frames[0].objects
    distances = {round(((x - 20) ** 2 + (y - 15) ** 2) ** 0.5, 6) for x, y in each.outlines[0].points}
    assert distances == {10.0}
    assert Point(20, 15) not in each.outlines[0].points


def test_unknown_shapes_are_kept_without_an_outline(tmp_path: Path) -> None:
    made = twins.image_row()
    next(iter(made["data_units"].values()))["labels"]["objects"] = [twins.an_object("o", "hologram", hologram={"x": 1})]
    (each,) = opened(tmp_path, made).frames[0].objects
    assert (each.shape, each.outlines, each.damage) == ("hologram", (), None)
