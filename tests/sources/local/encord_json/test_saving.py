"""What a person is promised about saving: never torn, never over somebody else's work, never a false `saved`."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.labels import MaskKey, NewObject, RowChanges
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.sources.base import ConflictError, Keep, PartlySavedError
from bitmask_studio.sources.local import LocalSource, open_local
from bitmask_studio.sources.local.storing import MINE
from tests.sources import twins
from tests.sources.twins import block, edit, masks_of, write_json

LEAF = ObjectClass("f-leaf", "Leaf", "#00FF00", BITMASK)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_json(tmp_path / "labels.json", twins.all_rows())


@pytest.fixture
def source(path: Path) -> LocalSource:
    return open_local([path])


def changes_of(source: LocalSource, place: int = 0) -> RowChanges:
    return edit(source.load(source.rows()[place]), block(13, 13))


def test_saving_no_changes_does_not_touch_the_file(source: LocalSource, path: Path) -> None:
    before = path.stat()
    source.save([RowChanges(source.load(info)) for info in source.rows()])
    row = source.load(source.rows()[0])
    source.save([RowChanges(row, masks_of(row))])
    assert path.stat() == before


def test_unchanged_pixels_keep_their_string(source: LocalSource, path: Path) -> None:
    rows = twins.all_rows()
    string = "3" + "0" * 4 + rows[0]["data_units"]["unit-image"]["labels"]["objects"][0]["bitmask"]["rleString"]
    before = path.read_bytes()
    row = source.load(source.rows()[1])
    first, second = masks_of(row)
    source.save([RowChanges(row, {first: masks_of(row)[first], second: block(1, 1)})])
    kept = source.load(source.rows()[1]).bitmask(first)
    assert kept == row.bitmask(first)
    assert path.read_bytes() != before
    assert string.encode() not in path.read_bytes()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_leaves_the_file_and_a_later_save_works(
    code: int, source: LocalSource, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    changes = changes_of(source)

    def fail(_: int) -> None:
        raise OSError(code, "no")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(SaveError, match="could not be written"):
            source.save([changes])
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["labels.json"]
    (saved,) = source.save([changes])
    assert all(mask.same_as(block(13, 13)) for mask in masks_of(saved).values())


def test_a_read_only_file_is_refused(source: LocalSource, path: Path) -> None:
    changes = changes_of(source)
    path.chmod(0o444)
    before = path.read_bytes()
    with pytest.raises(SaveError, match="read-only"):
        source.save([changes])
    assert path.read_bytes() == before


Damage = Callable[[Path], object]


def become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


VANISHED: dict[str, Damage] = {
    "gone": Path.unlink,
    **({"a pipe": become_a_pipe} if hasattr(os, "mkfifo") else {}),
    "broken": lambda path: path.write_bytes(path.read_bytes()[:-40]),
    "another kind": lambda path: path.write_bytes(b'{"images": []}'),
    "without the row": lambda path: write_json(path, twins.all_rows()[1:]),
    "with a broken row": lambda path: path.write_bytes(path.read_bytes().replace(b'"data_units"', b'"data_units', 1)),
}


@pytest.mark.parametrize("name", VANISHED)
def test_a_file_that_cannot_be_read_any_more_is_left_alone_and_save_as_offered(
    name: str, source: LocalSource, path: Path
) -> None:
    changes = changes_of(source)
    VANISHED[name](path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(SaveError, match="Save As"):
        source.save([changes])
    assert (path.read_bytes() if path.is_file() else None) == before
    target = path.parent / "rescued.json"
    (saved,) = source.save_as(target, [changes])
    assert all(mask.same_as(block(13, 13)) for mask in masks_of(saved).values())
    assert (path.read_bytes() if path.is_file() else None) == before
    assert any(info.label_hash == "label-image" for info in open_local([target]).rows())


def test_what_another_program_wrote_elsewhere_in_the_file_is_kept(source: LocalSource, path: Path) -> None:
    changes = changes_of(source, 2)
    rows = [twins.video_row("new"), *twins.all_rows()[2:]]
    rows[1]["someone"] = "else"
    write_json(path, rows, "compact")
    (saved,) = source.save([changes])
    found = json.loads(path.read_bytes())
    assert [row["label_hash"] for row in found] == [row["label_hash"] for row in rows]
    assert found[1]["someone"] == "else"
    assert saved.info.key == changes.base.info.key
    assert found[0] == rows[0]


def test_a_change_that_keeps_size_and_time_is_seen(source: LocalSource, path: Path) -> None:
    changes = changes_of(source)
    before = path.stat()
    text = path.read_bytes().replace(b'"confidence": 1', b'"confidence": 0', 1)
    with path.open("r+b") as file:
        file.write(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    source.save([changes])
    assert b'"confidence": 0' in path.read_bytes()


def test_rows_that_moved_behind_an_unchanged_stamp_are_found_again(source: LocalSource, path: Path) -> None:
    changes = changes_of(source, 1)
    before = path.stat()
    rows = twins.all_rows()
    text = twins.STYLES["indented"]([rows[1], rows[0], *rows[2:]])
    assert len(text) == before.st_size
    with path.open("r+b") as file:
        file.write(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    (saved,) = source.save([changes])
    assert json.loads(path.read_bytes())[1] == rows[0]
    assert all(mask.same_as(block(13, 13)) for mask in masks_of(saved).values())


def test_a_program_that_writes_during_the_save_is_not_overwritten(
    source: LocalSource, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = changes_of(source)
    real, others = os.fsync, [b'"confidence": 0.25', b'"confidence": 0.5']

    def fsync(descriptor: int) -> None:
        real(descriptor)
        if others:
            path.write_bytes(path.read_bytes().replace(b'"confidence": 1', others.pop(), 1))

    monkeypatch.setattr(os, "fsync", fsync)
    source.save([changes])
    assert b"0.25" in path.read_bytes()
    assert b"0.5," in path.read_bytes()


def test_a_mask_that_somebody_deleted_is_asked_about_and_can_come_back(source: LocalSource, path: Path) -> None:
    rival = open_local([path])
    other = rival.load(rival.rows()[0])
    (key,) = masks_of(other)
    changes = changes_of(source)
    rival.save([RowChanges(other, removed=frozenset([key]))])
    with pytest.raises(ConflictError) as refused:
        source.save([changes])
    (saved,) = source.save([changes], dict.fromkeys(refused.value.conflicts, Keep.MINE))
    assert masks_of(saved)[key].same_as(block(13, 13))
    assert saved.frames[0].find(key.object_hash) is not None


def test_deleting_what_somebody_changed_is_asked_about(source: LocalSource, path: Path) -> None:
    rival = open_local([path])
    row = source.load(source.rows()[0])
    (key,) = masks_of(row)
    rival.save([edit(rival.load(rival.rows()[0]), block(0, 0))])
    removal = RowChanges(row, removed=frozenset([key]))
    with pytest.raises(ConflictError) as refused:
        source.save([removal])
    (saved,) = source.save([removal], dict.fromkeys(refused.value.conflicts, Keep.THEIRS))
    assert masks_of(saved)[key].same_as(block(0, 0))
    (saved,) = source.save([RowChanges(saved, removed=frozenset([key]))])
    assert key not in masks_of(saved)


def test_conflicts_in_one_file_keep_all_files_from_being_written(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_json(tmp_path / f"{name}.json", twins.image_row(name))
    source, rival = open_local([tmp_path]), open_local([tmp_path])
    changes = [edit(source.load(info), block(3, 3)) for info in source.rows()]
    rival.save([edit(rival.load(rival.rows()[1]), block(0, 0))])
    before = (tmp_path / "a.json").read_bytes()
    with pytest.raises(ConflictError):
        source.save(changes)
    assert (tmp_path / "a.json").read_bytes() == before


def test_an_object_on_several_frames_keeps_its_answers_until_the_last_is_deleted(tmp_path: Path) -> None:
    path = write_json(tmp_path / "labels.json", twins.video_row())
    source = open_local([path])
    row = source.load(source.rows()[0])
    (row,) = source.save([RowChanges(row, removed=frozenset([MaskKey(1, "video-1")]))])
    assert "video-1" in json.loads(path.read_bytes())["object_answers"]
    source.save([RowChanges(row, removed=frozenset([MaskKey(3, "video-1")]))])
    found = json.loads(path.read_bytes())
    assert list(found["object_answers"]) == ["video-2"]
    assert found["object_actions"] == {}


def test_read_only_masks_and_rows_are_refused(tmp_path: Path) -> None:
    row = twins.image_row()
    twins.objects_of(row)[0]["bitmask"] = twins.bitmask(block(1, 1), 50, 20)
    path = write_json(tmp_path / "labels.json", row)
    before = path.read_bytes()
    source = open_local([path])
    with pytest.raises(SaveError, match="50 x 20"):
        source.save([edit(source.load(source.rows()[0]), block(3, 3))])
    assert path.read_bytes() == before


def taken_out(rows: list[twins.Json]) -> None:
    del rows[0]


def of_another_size(rows: list[twins.Json]) -> None:
    (unit,) = rows[0]["data_units"].values()
    unit.update(width=60, height=40)
    twins.objects_of(rows[0])[0]["bitmask"] = twins.bitmask(block(3, 2), 60, 40)


def of_another_size_and_empty(rows: list[twins.Json]) -> None:
    (unit,) = rows[0]["data_units"].values()
    unit.update(width=60, height=40, labels=twins.frame_labels())


def without_the_frame(rows: list[twins.Json]) -> None:
    (unit,) = rows[0]["data_units"].values()
    unit["data_hash"] = "another"


def without_units(rows: list[twins.Json]) -> None:
    rows[0]["data_units"] = []


@pytest.mark.parametrize(
    "by_others", [taken_out, of_another_size, of_another_size_and_empty, without_the_frame, without_units]
)
def test_a_row_without_a_place_for_the_edits_is_named_the_others_are_saved_and_save_as_stores_all(
    by_others: Callable[[list[twins.Json]], None], tmp_path: Path
) -> None:
    path = write_json(tmp_path / "labels.json", [twins.image_row(), twins.group_row()])
    source = open_local([path])
    changes = [changes_of(source), changes_of(source, 1)]
    rows = [twins.image_row(), twins.group_row()]
    by_others(rows)
    write_json(path, rows)
    with pytest.raises(PartlySavedError, match=r"Saved: group title\. These rows are not: image title") as refused:
        source.save(changes, MINE)
    assert "edits are kept" in str(refused.value) and "Save As" in str(refused.value)
    ((_, stored),) = refused.value.saved.items()
    assert next(iter(masks_of(stored).values())).same_as(block(13, 13))
    now = json.loads(path.read_bytes())
    assert now[:-1] == rows[:-1] and now[-1] != rows[-1]
    saved = source.save_as(tmp_path / "copy.json", changes)
    assert [mask.same_as(block(13, 13)) for row in saved for mask in masks_of(row).values()] == [True, True]


def test_save_as_writes_a_whole_new_file_and_works_on_it(source: LocalSource, path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    target = tmp_path / "copy.json"
    (saved,) = source.save_as(target, [changes_of(source)])
    assert path.read_bytes() == before
    assert source.paths == (target,)
    assert source.title == "copy.json"
    assert len(source.rows()) == len(twins.ROWS)
    assert len(target.read_bytes().split(b"\n")) == len(before.split(b"\n"))
    source.save([edit(saved, block(2, 2))])
    assert path.read_bytes() == before


def test_save_as_without_changes_copies_every_byte(tmp_path: Path) -> None:
    for style in twins.STYLES:
        path = write_json(tmp_path / "labels.json", twins.all_rows(), style)
        open_local([path]).save_as(tmp_path / "copy.json", [])
        assert (tmp_path / "copy.json").read_bytes() == path.read_bytes()


def test_save_as_puts_all_rows_of_a_folder_into_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b"):
        write_json(folder / f"{name}.json", twins.image_row(name))
    source = open_local([folder])
    keys = [info.key for info in source.rows()]
    source.save_as(tmp_path / "all.json", [edit(source.load(source.rows()[1]), block(3, 3))])
    assert [info.key for info in source.rows()] == keys
    assert [row["data_title"] for row in json.loads((tmp_path / "all.json").read_bytes())] == ["a title", "b title"]


def test_save_as_into_a_folder_that_is_gone_changes_nothing(source: LocalSource, tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="folder is gone"):
        source.save_as(tmp_path / "gone" / "x.json", [changes_of(source)])
    assert source.title == "labels.json"


def test_a_class_that_was_added_is_in_the_file_with_its_first_object(source: LocalSource, path: Path) -> None:
    added = source.add_class("Ünï / code")
    assert added in source.ontology.bitmask_classes
    row = source.load(source.rows()[0])
    source.save([RowChanges(row, added=(NewObject(MaskKey(0, "n"), added, block(1, 1)),))])
    assert added in open_local([path]).ontology.classes


def test_a_row_that_is_gone_is_an_input_error_when_loaded(source: LocalSource, path: Path) -> None:
    info = source.rows()[0]
    write_json(path, twins.all_rows()[1:])
    with pytest.raises(InputError, match="not in"):
        source.load(info)
