"""Disks that are full, read-only or gone: what was in a file stays, the edits too, and both are said."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitmask_studio.core import files
from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.labels import LabelRow, MaskKey, NewObject, RowChanges
from bitmask_studio.core.settings import Setting, SettingsStore
from bitmask_studio.sources.base import Source
from bitmask_studio.sources.local import open_local
from bitmask_studio.sources.local.source import LocalSource
from bitmask_studio.studio.account import list_cache
from tests.fakes.small_disk import FULL, SmallDisk, small_disk
from tests.sources.twins import block, edit, image_row, keyed_image_row, masks_of, write_json, write_picture

KEPT = "[Yy]our edits are kept.*Save As"
READ_ONLY = "read-only|its folder may not be written to"
SIZE = Setting("size", 1)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


def labels(folder: Path) -> Path:
    """A file of some size with two rows."""
    return write_json(folder / "labels.json", [image_row() | {"padding": "x" * 100_000}, keyed_image_row()])


def opened(path: Path) -> tuple[LocalSource, LabelRow]:
    source = open_local([path])
    return source, source.load(source.rows()[0])


def moved(row: LabelRow) -> RowChanges:
    return edit(row, block(20, 20))


def holds_the_edit(source: Source) -> bool:
    return all(mask.same_as(block(20, 20)) for mask in masks_of(source.load(source.rows()[0])).values())


def test_a_full_disk_keeps_the_old_file_and_takes_the_edits_once_there_is_room(disk: SmallDisk) -> None:
    path = labels(disk.folder)
    source, row = opened(path)
    before = path.read_bytes()
    disk.fill()
    with pytest.raises(SaveError, match=f"^Not saved: labels.json could not be written: ({FULL}).*{KEPT}"):
        source.save([moved(row)])
    disk.free()
    assert path.read_bytes() == before
    assert [each.name for each in disk.folder.iterdir()] == ["labels.json"]
    source.save([moved(row)])
    assert holds_the_edit(open_local([path]))


def test_save_as_leads_from_a_full_disk_to_another_one(disk: SmallDisk, tmp_path: Path) -> None:
    path = labels(disk.folder)
    source, row = opened(path)
    before = path.read_bytes()
    disk.fill()
    with pytest.raises(SaveError, match=FULL):
        source.save_as(disk.folder / "other.json", [moved(row)])
    assert source.paths == (path,)
    disk.free()
    source.save_as(tmp_path / "elsewhere.json", [moved(row)])
    assert holds_the_edit(source)
    assert source.paths == (tmp_path / "elsewhere.json",)
    assert path.read_bytes() == before


def test_a_disk_that_may_not_be_written_is_said_to_be_so(disk: SmallDisk) -> None:
    path = labels(disk.folder)
    source, row = opened(path)
    before = path.read_bytes()
    disk.forbid_writing()
    with pytest.raises(SaveError, match=f"^Not saved: labels.json .*({READ_ONLY}).*{KEPT}"):
        source.save([moved(row)])
    assert path.read_bytes() == before


def test_the_first_labels_of_a_folder_of_pictures_are_not_half_there(disk: SmallDisk) -> None:
    write_picture(disk.folder / "one.png")
    source = open_local([disk.folder])
    row = source.load(source.rows()[0])
    added = NewObject(MaskKey(0, "abcdefgh"), source.ontology.classes[0], block(1, 1))
    changes = RowChanges(row, added=(added,))
    disk.fill()
    with pytest.raises(SaveError, match=f"({FULL}).*{KEPT}"):
        source.save([changes])
    disk.free()
    assert [each.name for each in disk.folder.iterdir()] == ["one.png"]
    source.save([changes])
    assert (disk.folder / "labels.json").is_file()


def test_settings_and_lists_of_before_outlive_a_full_disk(disk: SmallDisk) -> None:
    path = disk.folder / "settings.json"
    settings = SettingsStore(path, files.write)
    settings.set(SIZE, 2)
    settings.flush()
    rows = opened(labels(disk.folder))[0].rows()
    kept = disk.folder / "one.rows"
    list_cache.store(kept, rows)
    disk.fill()
    settings.set(SIZE, 3)
    with pytest.raises(SaveError, match=FULL):
        settings.flush()
    list_cache.store(kept, [])
    assert SettingsStore(path, files.write).get(SIZE) == 2
    assert list_cache.load(kept) == tuple(rows)


def test_a_folder_that_is_gone_leaves_save_as(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    source, row = opened(labels(tmp_path / "labels"))
    (tmp_path / "labels").rename(tmp_path / "away")
    with pytest.raises(SaveError, match=r"^Not saved: .*No such file.*your edits are kept: use Save As"):
        source.save([moved(row)])
    source.save_as(tmp_path / "elsewhere.json", [moved(row)])
    assert holds_the_edit(open_local([tmp_path / "elsewhere.json"]))


def test_every_row_with_edits_of_a_file_that_is_gone_can_be_saved_elsewhere(tmp_path: Path) -> None:
    path = labels(tmp_path)
    source = open_local([path])
    changes = [moved(source.load(info)) for info in source.rows()]
    path.unlink()
    assert len(source.save_as(tmp_path / "elsewhere.json", changes)) == len(changes)
    assert holds_the_edit(open_local([tmp_path / "elsewhere.json"]))


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o555, 0o666), (0o777, 0o444), (0o755, 0o644)])
def test_without_permission_nothing_is_written(folder_mode: int, file_mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, row = opened(path := labels(folder))
        before = path.read_bytes()
        path.chmod(file_mode)
        folder.chmod(folder_mode)
        with as_nobody(), pytest.raises(SaveError, match=f"^Not saved: labels.json .*({READ_ONLY}).*{KEPT}"):
            source.save([moved(row)])
        folder.chmod(0o755)
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "words"), [("x" * 300, "its name is too long"), ("gone/x.json", "its folder is gone"), ("", "a folder")]
)
def test_a_name_that_cannot_be_is_refused_in_words_and_the_old_file_is_gone_on_with(
    name: str, words: str, tmp_path: Path
) -> None:
    source, row = opened(path := labels(tmp_path))
    before = path.read_bytes()
    with pytest.raises(SaveError, match=f"{words}.*{KEPT}"):
        source.save_as(tmp_path / name, [moved(row)])
    assert path.read_bytes() == before
    source.save([moved(row)])
    assert holds_the_edit(open_local([path]))


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Do without the rights of the one user who may do everything, where the tests run as that one."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
