"""What is no ordinary file is refused at once: nobody may ever answer there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bitmask_studio.core.reading import json_files, json_files_if_any, open_ordinary, read_ordinary

UNIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes and devices among its files")


def test_an_ordinary_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_bytes(b"[1]")
    assert read_ordinary(path) == b"[1]"
    with open_ordinary(path) as file:
        assert (file.read(1), file.read()) == (b"[", b"1]")
    with open_ordinary(path, buffering=0) as file:
        assert file.read() == b"[1]"


@UNIX_ONLY
def test_a_pipe_that_nobody_writes_to_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no ordinary file"):
        open_ordinary(tmp_path / "pipe")


@UNIX_ONLY
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/null"])
def test_a_device_is_refused(device: str) -> None:
    with pytest.raises(OSError):
        open_ordinary(Path(device))


def test_a_folder_and_nothing_are_refused_as_ever(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        open_ordinary(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_ordinary(tmp_path / "none.json")


def test_the_json_files_of_a_folder_are_found_by_name(tmp_path: Path) -> None:
    for name in ("b.json", "A.JSON", "picture.png"):
        (tmp_path / name).touch()
    (tmp_path / "folder.json").mkdir()
    assert [path.name for path in json_files(tmp_path)] == ["A.JSON", "b.json"]
    with pytest.raises(FileNotFoundError):
        json_files(tmp_path / "none")
    assert json_files_if_any(tmp_path) == json_files(tmp_path)
    assert json_files_if_any(tmp_path / "none") == json_files_if_any(tmp_path / "b.json") == []
