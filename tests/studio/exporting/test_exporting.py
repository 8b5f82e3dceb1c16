"""Exports: every sound mask gets its file, nothing else is touched, and running again changes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from bitmask_studio.core import files
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import Bitmask, LabelRow
from bitmask_studio.core.ontology import ObjectClass, Ontology
from bitmask_studio.studio.exporting.exporting import ExportOrder, ExportReport, class_filter, export, formats
from tests.fakes.memory_source import CAR, TREE, MemorySource, a_frame, a_row, an_object, stored

BITS = np.zeros((4, 6), bool)
BITS[1:3, 2:5] = True
SOUND = stored(BITS)
BROKEN = Bitmask(4, 6, 0, 0, "111")


def run(rows: list[LabelRow], folder: Path, to: str = "png", **order: object) -> ExportReport:
    source = MemorySource(rows)
    return export(source, source.rows(), ExportOrder(formats()[to], folder, **order))  # type: ignore[arg-type]


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def pixels(path: Path) -> object:
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return picture.tolist()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there yet"


def test_each_mask_becomes_a_file_named_by_frame_and_object(folder: Path) -> None:
    row = a_row(
        "a", a_frame(an_object("one", SOUND), an_object("two", SOUND)), a_frame(an_object("one", SOUND), number=7)
    )
    report = run([row], folder)
    assert names(folder) == ["mask_00000_one.png", "mask_00000_two.png", "mask_00007_one.png"]
    assert (report.masks, report.written, report.rows, report.complete) == (3, 3, 1, True)
    assert pixels(folder / "mask_00007_one.png") == (BITS * 255).tolist()


def test_other_shapes_pass_by(folder: Path) -> None:
    report = run([a_row("a", a_frame(an_object("box", None, shape="bounding_box")))], folder)
    assert names(folder) == []
    assert (report.masks, report.complete, report.passed_by) == (0, True, {"bounding_box": 1})


def test_an_annotation_without_a_segmentation_is_counted_and_no_error(folder: Path) -> None:
    report = run([a_row("a", a_frame(an_object("one", None), an_object("two", SOUND)))], folder)
    assert (report.passed_by, report.masks, report.complete) == ({"bitmask": 1}, 1, True)


def test_a_second_run_finds_everything_there_and_writes_nothing(folder: Path) -> None:
    rows = [a_row("a", a_frame(an_object("a/b", SOUND), an_object("a_b", stored(~BITS))))]
    run(rows, folder)
    before = {each.name: each.stat().st_ino for each in folder.iterdir()}
    report = run(rows, folder)
    assert (report.same, report.written, report.masks, report.complete) == (2, 0, 2, True)
    assert {each.name: each.stat().st_ino for each in folder.iterdir()} == before


@pytest.mark.parametrize("to", ["png", "npy", "npz"])
def test_a_file_with_other_content_is_left_alone_and_listed(folder: Path, to: str) -> None:
    row = a_row("a", a_frame(an_object("one", SOUND)))
    run([row], folder, to)
    path = next(folder.iterdir())
    path.write_bytes(b"somebody's own")
    report = run([row], folder, to)
    assert path.read_bytes() == b"somebody's own"
    assert (report.refused, report.masks, report.complete) == ([path.name], 0, False)


@pytest.mark.parametrize("to", ["png", "npy", "npz"])
def test_force_replaces_it(folder: Path, to: str) -> None:
    row = a_row("a", a_frame(an_object("one", SOUND)))
    folder.mkdir(parents=True)
    name = f"label-a.{to}" if to == "npz" else f"mask_00000_one.{to}"
    (folder / name).write_bytes(b"somebody's own")
    assert run([row], folder, to, force=True).written == 1
    assert run([row], folder, to).same == 1


def test_force_replaces_a_link_and_not_what_it_leads_to(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("keep me")
    folder.mkdir(parents=True)
    link = folder / "mask_00000_one.png"
    link.symlink_to(other)
    row = a_row("a", a_frame(an_object("one", SOUND)))
    assert run([row], folder).refused == [link.name]
    assert link.is_symlink()
    assert run([row], folder, force=True).written == 1
    assert other.read_text() == "keep me"
    assert not link.is_symlink()


def test_a_link_to_the_same_pixels_is_the_same(folder: Path, tmp_path: Path) -> None:
    row = a_row("a", a_frame(an_object("one", SOUND)))
    run([row], tmp_path / "first")
    folder.mkdir(parents=True)
    (folder / "mask_00000_one.png").symlink_to(tmp_path / "first" / "mask_00000_one.png")
    assert run([row], folder).same == 1


@pytest.mark.parametrize("force", [False, True])
def test_a_dangling_link_a_folder_or_a_pipe_of_that_name_never_hangs(folder: Path, force: bool) -> None:
    folder.mkdir(parents=True)
    (folder / "mask_00000_link.png").symlink_to("nowhere")
    (folder / "mask_00000_folder.png").mkdir()
    os.mkfifo(folder / "mask_00000_pipe.png")
    objects = [an_object(each, SOUND) for each in ("link", "folder", "pipe")]
    report = run([a_row("a", a_frame(*objects))], folder, force=force)
    expected = ["mask_00000_folder.png"] if force else [f"mask_00000_{each.object_hash}.png" for each in objects]
    assert report.refused == expected
    assert (folder / "mask_00000_folder.png").is_dir()
    assert not (folder / "nowhere").exists()


def test_a_damaged_mask_is_listed_and_the_rest_exported(folder: Path) -> None:
    objects = (an_object("bad", BROKEN), an_object("good", SOUND), an_object("worse", SOUND, damage="its box is gone"))
    report = run([a_row("a", a_frame(*objects, number=3))], folder)
    assert names(folder) == ["mask_00003_good.png"]
    assert [(each.row, each.frame, each.object_hash) for each in report.damaged] == [
        ("a.png", 3, "bad"),
        ("a.png", 3, "worse"),
    ]
    assert "add up" in str(report.damaged[0]) and "its box is gone" in str(report.damaged[1])
    assert not report.complete


def test_a_mask_of_another_size_is_exported_at_its_own_with_a_remark(folder: Path) -> None:
    report = run([a_row("a", a_frame(an_object("one", stored(np.ones((9, 5), bool)))))], folder)
    assert pixels(folder / "mask_00000_one.png") == np.full((9, 5), 255).tolist()
    assert "5 x 9 px on a frame of 6 x 4 px" in str(report.remarks[0])
    assert report.complete


def test_a_mask_on_a_frame_without_a_size_is_exported_at_its_own_and_the_remark_says_why(folder: Path) -> None:
    frame = replace(a_frame(an_object("one", SOUND)), width=0, height=0)
    report = run([a_row("a", frame)], folder)
    assert (report.masks, report.complete) == (1, True)
    assert any("no size that can be used" in str(each) for each in report.remarks)
    assert not any("0 x 0" in str(each) for each in report.remarks)


def test_a_cropped_mask_is_placed_into_its_frame(folder: Path) -> None:
    report = run([a_row("a", a_frame(an_object("one", stored(np.ones((2, 3), bool), top=1, left=2))))], folder)
    assert pixels(folder / "mask_00000_one.png") == (BITS * 255).tolist()
    assert not report.remarks


def test_a_cropped_mask_that_reaches_out_is_cut_off_with_a_remark(folder: Path) -> None:
    report = run([a_row("a", a_frame(an_object("one", stored(np.ones((9, 9), bool), top=1, left=2))))], folder)
    whole = np.zeros((4, 6), int)
    whole[1:, 2:] = 255
    assert pixels(folder / "mask_00000_one.png") == whole.tolist()
    assert "reaches beyond" in str(report.remarks[0])


def test_a_cropped_mask_on_a_frame_of_impossible_size_is_damaged(folder: Path) -> None:
    frame = a_frame(an_object("one", stored(BITS, top=1)), width=1 << 20, height=1 << 20)
    report = run([a_row("a", frame)], folder)
    assert len(report.damaged) == 1 and names(folder) == []


def test_rows_without_labels_are_counted_and_never_loaded(folder: Path) -> None:
    source = MemorySource([a_row("a", a_frame(), label_hash=None), a_row("b", a_frame(an_object("one", SOUND)))])
    report = export(source, source.rows(), ExportOrder(formats()["png"], folder))
    assert source.loaded == ["b"]
    assert (report.rows, report.rows_without_labels, report.masks) == (2, 1, 1)


def test_a_row_that_cannot_be_read_is_listed_and_the_rest_exported(folder: Path) -> None:
    source = MemorySource(
        [a_row("a", a_frame(an_object("x", SOUND))), a_row("b", a_frame(an_object("y", SOUND)))], gone=frozenset("a")
    )
    report = export(source, source.rows(), ExportOrder(formats()["png"], folder))
    assert [str(each) for each in report.damaged] == ["a.png: the row is gone"]
    assert names(folder) == ["mask_00000_y.png"]


HOSTILE = ["../../x", "a/b", "a\\b", "a\0b", "x" * 300, "CON", "", ".", "..", "a_b", "A_B", "\ud800", "-rf"]


@pytest.mark.parametrize("to", ["png", "npy", "npz"])
def test_hostile_names_stay_in_the_folder_and_overwrite_nothing(tmp_path: Path, to: str) -> None:
    folder = tmp_path / "out"
    rows = []
    for number, name in enumerate(HOSTILE):
        row = a_row(str(number), a_frame(*[an_object(each, SOUND) for each in HOSTILE]), label_hash=name, title=name)
        rows.append(row)
    report = run(rows, folder, to)
    assert report.complete and report.masks == len(HOSTILE) ** 2
    assert len(names(folder)) == (len(HOSTILE) if to == "npz" else len(HOSTILE) ** 2)
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    assert all(len(each) <= 124 for each in names(folder))


def test_names_that_collide_are_numbered_in_file_order(folder: Path) -> None:
    objects = [an_object("a/b", SOUND), an_object("a_b", stored(~BITS)), an_object("A_B", SOUND)]
    run([a_row("a", a_frame(*objects))], folder)
    assert names(folder) == ["mask_00000_A_B_3.png", "mask_00000_a_b.png", "mask_00000_a_b_2.png"]
    assert pixels(folder / "mask_00000_a_b_2.png") == (~BITS * 255).tolist()


def test_a_name_does_not_depend_on_the_classes_wanted(folder: Path) -> None:
    rows = [a_row("a", a_frame(an_object("x", SOUND, CAR)), a_frame(an_object("x", stored(~BITS), TREE)))]
    run(rows, folder, classes=frozenset(["Tree"]))
    assert names(folder) == ["mask_00000_x_2.png"]
    run(rows, folder, classes=frozenset([CAR.feature_hash]))
    assert run(rows, folder).same == 2


def test_an_archive_holds_the_masks_of_a_row_under_their_stems(folder: Path) -> None:
    rows = [
        a_row("a", a_frame(an_object("x/", SOUND)), a_frame(an_object("y", stored(~BITS)), number=2)),
        a_row("b", a_frame(an_object("z", SOUND)), label_hash=None),
        a_row("c", a_frame(an_object("box", None, shape="polygon"))),
    ]
    report = run(rows, folder, "npz")
    assert names(folder) == ["data-b.npz", "label-a.npz"]
    with np.load(folder / "label-a.npz") as archive:
        assert archive.files == ["mask_00000_x_", "mask_00002_y"]
        assert archive["mask_00002_y"].tolist() == (~BITS).astype(int).tolist()
    assert (report.masks, report.rows) == (3, 3)


def test_classes_are_found_by_title_and_by_feature_hash() -> None:
    source = MemorySource([], Ontology((CAR, TREE, ObjectClass("hashOld1", "Car", "#000000", "bitmask"))))
    assert class_filter(source, ["Car"]) == {"Car", "hashCar1", "hashOld1"}
    assert class_filter(source, ["hashTree"]) == {"hashTree"}


def test_a_class_that_only_labels_name_is_found_too() -> None:
    source = MemorySource([a_row("a", a_frame(an_object("one", SOUND, TREE)))], Ontology((CAR,)))
    assert class_filter(source, ["Tree"]) == {"Tree", "hashTree"}


def test_rows_are_not_read_for_classes_that_the_ontology_has() -> None:
    source = MemorySource([a_row("a", a_frame(an_object("one", SOUND)))])
    class_filter(source, ["Car"])
    assert source.loaded == []


@pytest.mark.parametrize("name", ["car", "Ca", "", "Car "])
def test_an_unknown_class_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(InputError, match="Known classes: Car, Tree"):
        class_filter(MemorySource([]), ["Car", name])


def test_cancelling_stops_between_masks_and_a_second_run_finishes(folder: Path) -> None:
    source = MemorySource([a_row(key, a_frame(an_object(key, SOUND))) for key in "abc"])
    order = ExportOrder(formats()["png"], folder)
    report = export(source, source.rows(), order, cancelled=(folder / "mask_00000_b.png").exists)
    assert (report.stopped, report.masks, report.rows_done) == ("cancelled", 2, 1)
    assert names(folder) == ["mask_00000_a.png", "mask_00000_b.png"]
    again = export(source, source.rows(), order)
    assert (again.same, again.written, again.complete) == (2, 1, True)


def test_cancelling_an_archive_leaves_no_part_of_it(folder: Path) -> None:
    source = MemorySource([a_row("a", a_frame(*[an_object(each, SOUND) for each in "abc"]))])
    asked = iter([False, True])
    order = ExportOrder(formats()["npz"], folder)
    report = export(source, source.rows(), order, cancelled=lambda: next(asked))
    assert report.stopped and names(folder) == []


def test_progress_is_told_after_every_mask(folder: Path) -> None:
    source = MemorySource([a_row(key, a_frame(an_object(key, SOUND))) for key in "ab"])
    told: list[tuple[int, int]] = []
    order = ExportOrder(formats()["png"], folder)
    export(source, source.rows(), order, lambda report: told.append((report.rows_done, report.masks)))
    assert told == [(0, 1), (1, 1), (1, 2), (2, 2)]


def test_edits_that_the_source_does_not_hold_yet_are_exported(folder: Path) -> None:
    source = MemorySource([a_row("a", a_frame(an_object("one", SOUND)))])
    painted = a_row("a", a_frame(an_object("one", stored(~BITS))))
    export(source, source.rows(), ExportOrder(formats()["png"], folder), edited=lambda _: painted)
    assert pixels(folder / "mask_00000_one.png") == (~BITS * 255).tolist()


def test_a_row_whose_only_labels_are_unsaved_is_exported(folder: Path) -> None:
    source = MemorySource([a_row("a", a_frame(), label_hash=None), a_row("b", a_frame(), label_hash=None)])
    painted = {"a": a_row("a", a_frame(an_object("new", SOUND)), label_hash=None)}
    order = ExportOrder(formats()["png"], folder)
    report = export(source, source.rows(), order, edited=lambda info: painted.get(info.key))
    assert (names(folder), report.rows_without_labels, source.loaded) == (["mask_00000_new.png"], 1, [])


def test_a_file_in_place_of_the_folder_stops_the_export_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        report = run([a_row("a", a_frame(an_object("one", SOUND)))], folder)
        assert report.stopped and str(folder) in report.stopped
        assert "Errno" not in report.stopped
    assert (tmp_path / "file").read_text() == "mine"


def full_disk(after: int) -> Callable[..., None]:
    """A writing that fails for want of space after so many files."""
    left = [after]
    real = files._take_name

    def take_name(*arguments: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(*arguments)  # type: ignore[arg-type]

    return take_name


def test_a_full_disk_stops_the_export_with_whole_files_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [a_row(key, a_frame(an_object(key, SOUND))) for key in "abc"]
    monkeypatch.setattr(files, "_take_name", full_disk(after=2))
    report = run(rows, folder)
    assert report.stopped and "the disk is full" in report.stopped
    assert (report.masks, report.rows_done, names(folder)) == (2, 2, ["mask_00000_a.png", "mask_00000_b.png"])
    monkeypatch.undo()
    assert run(rows, folder).masks == 3


def test_what_a_killed_export_left_is_swept_away(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".bitmask-studio-0123456789abcdef.tmp").write_bytes(b"half a file")
    run([], folder)
    assert names(folder) == []
