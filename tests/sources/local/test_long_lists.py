"""A list of rows that is only begun can be worked with; whoever needs all of it gets all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bitmask_studio.core.errors import GivenUpError, InputError, SaveError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.sources.jsontext import skeleton
from bitmask_studio.sources.local import LocalSource, Watch, open_local, opening
from tests.fakes.encord_json import bitmask, label_row, mask_object

ROWS = 300
CHUNK = 8192


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list is a long one."""
    monkeypatch.setattr(opening, "_LONG", 0)
    monkeypatch.setattr(skeleton, "_CHUNK", CHUNK)


def rows_of(count: int) -> list[dict[str, object]]:
    """Rows of one mask each, the last one of a class of its own."""
    pixels = np.zeros((30, 40), np.bool_)
    pixels[3:9, 4:8] = True
    found = [label_row(f"row {number}", (40, 30), [[mask_object("objA", bitmask(pixels))]]) for number in range(count)]
    units: Any = found[-1]["data_units"]
    (unit,) = units.values()
    unit["labels"]["objects"][0] |= {"featureHash": "late", "name": "Late"}
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(rows_of(ROWS)))
    return path


def begun(path: Path) -> LocalSource:
    source = open_local([path], at_once=True)
    assert 0 < len(source.listed()) < ROWS
    assert not source.is_whole
    return source


def edit(row: LabelRow) -> RowChanges:
    mask = Mask(Box(0, 0, 2, 2), np.ones((2, 2), np.bool_))
    return RowChanges(row, {MaskKey(0, "objA"): mask})


def never() -> bool:
    return False


def test_the_first_rows_are_there_before_the_others_are_read(path: Path) -> None:
    source, whole = begun(path), open_local([path])
    first = source.listed()
    assert first == whole.rows()[: len(first)]
    assert source.load(first[3]) == whole.load(first[3])


def test_reading_on_tells_of_every_row_once_and_in_order(path: Path) -> None:
    source = begun(path)
    told = list(source.listed())
    source.read_on(told.extend, never)
    assert source.is_whole
    assert told == source.rows() == open_local([path]).rows()


def test_classes_that_are_named_later_are_on_offer_then(path: Path) -> None:
    source = begun(path)
    assert "Late" not in [each.name for each in source.ontology.classes]
    source.read_on(lambda rows: None, never)
    assert source.ontology == open_local([path]).ontology


def test_who_gives_up_keeps_the_rows_that_are_there_and_may_go_on_later(path: Path) -> None:
    source = begun(path)
    told: list[RowInfo] = []
    source.read_on(told.extend, lambda: bool(source.listed()[60:]))
    assert not source.is_whole
    assert 60 < len(source.listed()) < ROWS
    source.read_on(told.extend, never)
    assert source.listed() == open_local([path]).rows()


def test_who_asks_for_all_rows_gets_all(path: Path) -> None:
    assert begun(path).rows() == open_local([path]).rows()


def test_a_save_in_the_middle_keeps_every_row_that_was_not_read_yet(path: Path) -> None:
    before = json.loads(path.read_text())
    source = begun(path)
    (saved,) = source.save([edit(source.load(source.listed()[2]))])
    after = json.loads(path.read_text())
    assert len(after) == ROWS
    assert [number for number in range(ROWS) if after[number] != before[number]] == [2]
    assert saved.bitmask(MaskKey(0, "objA")) == open_local([path]).load(source.rows()[2]).bitmask(MaskKey(0, "objA"))


def test_a_save_under_another_name_has_every_row(path: Path, tmp_path: Path) -> None:
    source = begun(path)
    source.save_as(tmp_path / "other.json", [edit(source.load(source.listed()[2]))])
    assert len(json.loads((tmp_path / "other.json").read_text())) == ROWS
    assert source.is_whole


def test_a_file_that_another_program_writes_meanwhile_is_read_anew(path: Path) -> None:
    source = begun(path)
    path.write_text(json.dumps(rows_of(ROWS + 5)))
    source.load(source.listed()[0])
    source.read_on(lambda rows: None, never)
    assert len(source.rows()) == ROWS + 5


def test_a_list_that_breaks_later_says_so_and_what_was_read_stays(path: Path, tmp_path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="cut short"):
        open_local([path])
    source = begun(path)
    told: list[RowInfo] = []
    with pytest.raises(InputError, match="cut short"):
        source.read_on(told.extend, never)
    assert len(source.listed()) == ROWS - 1
    assert source.listed()[-len(told) :] == told
    row = source.load(told[-1])
    broken = path.read_bytes()
    with pytest.raises(SaveError, match=r"cut short.*Save As"):
        source.save([edit(row)])
    assert path.read_bytes() == broken
    source.save_as(tmp_path / "rescued.json", [edit(row)])
    assert len(json.loads((tmp_path / "rescued.json").read_text())) == ROWS - 1


def test_a_folder_and_several_files_are_read_whole(path: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.json"
    second.write_text(json.dumps(rows_of(ROWS)))
    assert open_local([tmp_path], at_once=True).is_whole
    assert open_local([path, second], at_once=True).is_whole


def in_folder(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Something of each kind to be opened."""
    pixels = np.zeros((30, 40), np.bool_)
    images = [{"id": number, "file_name": f"{number}.png", "width": 40, "height": 30} for number in range(ROWS)]
    shape = {"size": [30, 40], "counts": "\\o0Q1"}
    annotations = [{"id": 9, "image_id": number, "category_id": 1, "segmentation": shape} for number in range(ROWS)]
    for name, value in (
        ("rows", rows_of(ROWS)),
        ("row", label_row("one", (40, 30), [[mask_object(f"o{each}", bitmask(pixels)) for each in range(ROWS)]])),
        ("coco", {"images": images, "annotations": annotations}),
        ("results", annotations),
    ):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "a.json"
        file.write_text(json.dumps(value))
        yield name, file
        yield f"folder of {name}", tmp_path / name
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.png").write_bytes(b"no picture")
    yield "pictures", folder


def test_how_far_it_is_goes_up_to_all_of_it_whatever_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bitmask_studio.sources.local.watch._INTERVAL", 0.0)
    for name, path in in_folder(tmp_path):
        shares: list[float] = []
        open_local([path], watch=Watch(shares.append))
        assert shares == sorted(shares), name
        assert (0.45 if name.endswith("row") else 0.75) < shares[-1] <= 1, name


def test_opening_ends_when_nobody_wants_it_any_more(tmp_path: Path) -> None:
    for _, path in in_folder(tmp_path):
        steps: list[None] = []

        def enough(steps: list[None] = steps) -> bool:
            steps.append(None)
            return len(steps) > 3

        with pytest.raises(GivenUpError, match="cancelled"):
            open_local([path], watch=Watch(given_up=enough))
