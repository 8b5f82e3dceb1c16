"""The sample project is copied once, to where the user may paint on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitmask_studio.core import files
from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.resources import resource
from bitmask_studio.core.state import data_folder
from bitmask_studio.sources.local import open_local
from bitmask_studio.studio.sample import sample_copy


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_copy_is_complete_and_lies_in_the_users_data_folder() -> None:
    labels = sample_copy()
    assert labels.is_file()
    assert labels.is_relative_to(data_folder())
    assert names(labels.parent) >= names(resource("sample"))


def test_the_copy_opens_with_rows_classes_and_pictures(tmp_path: Path) -> None:
    source = open_local([sample_copy(tmp_path / "sample")])
    assert source.rows()
    assert source.ontology.bitmask_classes
    for info in source.rows():
        row = source.load(info)
        picture = source.picture(info, row.frames[0])
        assert picture.pixels.shape[:2] == (row.frames[0].height, row.frames[0].width)


def test_edits_in_the_copy_stay_when_the_sample_is_opened_again(tmp_path: Path) -> None:
    labels = sample_copy(tmp_path / "sample")
    labels.write_bytes(labels.read_bytes() + b"\n")
    edited = labels.read_bytes()
    assert sample_copy(tmp_path / "sample").read_bytes() == edited


def test_what_comes_with_the_program_is_never_touched(tmp_path: Path) -> None:
    sample_copy(tmp_path / "sample").write_bytes(b"{}")
    assert (resource("sample") / "labels.json").read_bytes() != b"{}"


def test_a_copy_that_was_broken_off_is_made_whole_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = iter([*names(resource("sample"))][1:])

    def limited(path: Path, *parts: files.Part) -> None:
        if next(room, None) is None:
            raise SaveError("the disk is full.")
        write(path, *parts)

    write = files.write
    monkeypatch.setattr(files, "write", limited)
    with pytest.raises(InputError, match=r"could not be copied to .*: the disk is full"):
        sample_copy(tmp_path / "sample")
    assert not (tmp_path / "sample" / "labels.json").exists()
    monkeypatch.undo()
    assert sample_copy(tmp_path / "sample").is_file()
    assert names(tmp_path / "sample") == names(resource("sample"))


def test_a_place_that_cannot_be_written_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="could not be copied"):
        sample_copy(tmp_path / "file" / "sample")
