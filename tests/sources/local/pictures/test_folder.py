"""A folder of pictures: rows without labels until the first save, which later openings go on with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, RowChanges
from bitmask_studio.sources.local import LocalSource, open_local
from tests.sources import twins
from tests.sources.twins import HEIGHT, WIDTH, block, edit, masks_of, write_json, write_picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b10.png", "b9.png", "a.jpg"):
        write_picture(tmp_path / name)
    (tmp_path / "notes.txt").write_text("x")
    return tmp_path


def first_object(source: LocalSource, row: LabelRow) -> RowChanges:
    object_class = source.ontology.bitmask_classes[0]
    return RowChanges(row, added=(NewObject(MaskKey(0, f"o-{row.info.title}"), object_class, block(3, 4)),))


def test_each_picture_is_a_row_without_labels(folder: Path) -> None:
    source = open_local([folder])
    assert [info.title for info in source.rows()] == ["a.jpg", "b9.png", "b10.png"]
    assert {(info.label_hash, info.width, info.height, info.objects) for info in source.rows()} == {
        (None, WIDTH, HEIGHT, 0)
    }
    assert [each.name for each in source.ontology.classes] == ["Mask"]
    info = source.rows()[0]
    assert source.picture(info, source.load(info).frames[0]).pixels.shape == (HEIGHT, WIDTH, 3)
    assert {path.name for path in folder.iterdir()} == {"a.jpg", "b9.png", "b10.png", "notes.txt"}


def test_the_first_save_makes_a_label_file_and_the_next_extends_it(folder: Path) -> None:
    source = open_local([folder])
    keys = [info.key for info in source.rows()]
    for number, info in enumerate(source.rows()[:2], start=1):
        (saved,) = source.save([first_object(source, source.load(info))])
        assert saved.info.key == info.key
        assert saved.info.label_hash
        rows = json.loads((folder / "labels.json").read_bytes())
        assert [row["data_title"] for row in rows] == ["a.jpg", "b9.png"][:number]
        assert twins.objects_of(rows[-1])[0]["name"] == "Mask"
        assert list(rows[-1]["object_answers"]) == [f"o-{info.title}"]
    again = open_local([folder])
    assert sorted(info.key for info in again.rows()) == sorted(keys)
    assert {info.title: info.objects for info in again.rows()} == {"a.jpg": 1, "b9.png": 1, "b10.png": 0}
    row = again.load(next(info for info in again.rows() if info.title == "a.jpg"))
    (saved,) = again.save([edit(row, block(8, 8))])
    assert all(mask.same_as(block(8, 8)) for mask in masks_of(saved).values())
    assert again.picture(saved.info, saved.frames[0]).pixels.shape == (HEIGHT, WIDTH, 3)


def test_labelled_and_unlabelled_rows_are_saved_together(folder: Path) -> None:
    source = open_local([folder])
    infos = source.rows()
    (first,) = source.save([first_object(source, source.load(infos[0]))])
    saved = source.save(
        [first_object(source, source.load(infos[2])), edit(first, block(1, 1)), RowChanges(source.load(infos[1]))]
    )
    assert [row.info.title for row in saved] == ["b10.png", "a.jpg", "b9.png"]
    assert [len(masks_of(row)) for row in saved] == [1, 1, 0]


def test_saving_nothing_makes_no_file(folder: Path) -> None:
    source = open_local([folder])
    source.save([RowChanges(source.load(info)) for info in source.rows()])
    assert not (folder / "labels.json").exists()


@pytest.mark.parametrize("foreign", ["export", "other"])
def test_a_foreign_label_file_is_left_alone(foreign: str, folder: Path) -> None:
    value = [twins.image_row()] if foreign == "export" else {"hello": 1}
    before = write_json(folder / "labels.json", value).read_bytes()
    source = open_local([folder])
    info = next(each for each in source.rows() if each.title == "a.jpg")
    source.save([first_object(source, source.load(info))])
    assert (folder / "labels.json").read_bytes() == before
    assert json.loads((folder / "labels_2.json").read_bytes())[0]["data_title"] == "a.jpg"


def test_a_label_file_that_appears_meanwhile_is_not_overwritten(folder: Path) -> None:
    source = open_local([folder])
    changes = first_object(source, source.load(source.rows()[0]))
    before = write_json(folder / "labels.json", {"hello": 1}).read_bytes()
    source.save([changes])
    assert (folder / "labels.json").read_bytes() == before
    assert (folder / "labels_2.json").exists()


def test_the_label_file_may_go_while_the_folder_is_open(folder: Path) -> None:
    source = open_local([folder])
    source.save([first_object(source, source.load(source.rows()[0]))])
    (folder / "labels.json").unlink()
    info = next(each for each in source.rows() if each.title == "b9.png")
    (saved,) = source.save([first_object(source, source.load(info))])
    assert saved.info.title == "b9.png"


def test_pictures_that_rows_speak_of_are_no_rows_of_their_own(folder: Path) -> None:
    row = twins.image_row()
    next(iter(row["data_units"].values()))["data_title"] = "b9.png"
    write_json(folder / "export.json", row)
    assert [info.title for info in open_local([folder]).rows()] == ["image title", "a.jpg", "b10.png"]
    assert len(open_local([folder / "export.json"]).rows()) == 1


def test_a_damaged_picture_is_a_row_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"not a picture")
    (info,) = open_local([tmp_path]).rows()
    assert info.read_only
    assert "damaged" in info.read_only


def test_save_as_takes_labelled_pictures_along(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = open_local([folder])
    target = tmp_path_factory.mktemp("else") / "mine.json"
    (saved,) = source.save_as(target, [first_object(source, source.load(source.rows()[0]))])
    assert len(masks_of(saved)) == 1
    assert [row["data_title"] for row in json.loads(target.read_bytes())] == ["a.jpg"]
    assert sorted(info.title for info in source.rows()) == ["a.jpg", "b10.png", "b9.png"]
