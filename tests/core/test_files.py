"""The atomic writer: whole files under their final names, old files intact whatever goes wrong."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from bitmask_studio.core import files
from bitmask_studio.core.errors import SaveError
from bitmask_studio.core.files import Slice


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    return path


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_parts_are_written_one_after_another(tmp_path: Path) -> None:
    state = files.write(tmp_path / "a.bin", b"one", b"", b"two")
    assert (tmp_path / "a.bin").read_bytes() == b"onetwo"
    assert state.st_size == 6
    assert state.st_mtime_ns == (tmp_path / "a.bin").stat().st_mtime_ns
    assert not leftovers(tmp_path)


def test_slices_of_a_file_keep_their_place_among_bytes(tmp_path: Path) -> None:
    text = os.urandom(3 << 20)
    (tmp_path / "from").write_bytes(text)
    with (tmp_path / "from").open("rb") as source:
        source.read(7)
        parts: list[files.Part] = [
            b"<",
            Slice(source, 5, 2_000_000),
            b"|",
            Slice(source, 9, 9),
            Slice(source, 1, len(text)),
            b">",
        ]
        files.write(tmp_path / "to", *parts)
    assert (tmp_path / "to").read_bytes() == b"<" + text[5:2_000_000] + b"|" + text[1:] + b">"


def test_slices_of_many_steps_are_copied_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_STEP", 4096)
    test_slices_of_a_file_keep_their_place_among_bytes(tmp_path)


def test_slices_are_copied_where_the_system_does_not_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EXDEV, "no")

    monkeypatch.setattr(os, "copy_file_range", refuse, raising=False)
    test_slices_of_a_file_keep_their_place_among_bytes(tmp_path)


def test_a_slice_of_a_file_that_became_shorter_is_an_error(tmp_path: Path, old: Path) -> None:
    (tmp_path / "from").write_bytes(b"short")
    with (tmp_path / "from").open("rb") as source, pytest.raises(SaveError):
        files.write(old, Slice(source, 0, 50))
    assert old.read_bytes() == b"old"


def test_the_mode_of_a_replaced_file_is_kept(old: Path) -> None:
    old.chmod(0o640)
    files.write(old, b"new")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_links_are_followed(tmp_path: Path, old: Path) -> None:
    (tmp_path / "sub").mkdir()
    link = tmp_path / "sub" / "link"
    link.symlink_to(old)
    files.write(link, b"new")
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


def test_a_read_only_file_is_refused(old: Path) -> None:
    old.chmod(0o444)
    with pytest.raises(SaveError, match="read-only"):
        files.write(old, b"new")
    assert old.read_bytes() == b"old"
    assert not leftovers(old.parent)


def test_a_failing_check_leaves_the_old_file(old: Path) -> None:
    seen: list[bytes] = []

    def check(file: BinaryIO) -> None:
        seen.append(file.read())
        raise SaveError("no")

    with pytest.raises(SaveError, match="no"):
        files.write(old, b"new", check=check)
    assert seen == [b"new"]
    assert old.read_bytes() == b"old"
    assert not leftovers(old.parent)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "error"),
        (errno.EDQUOT, "share"),
        (999, "999"),
    ],
)
def test_a_disk_that_fails_is_said_in_words(code: int, words: str, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(code, f"error {code}")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SaveError, match=f"a.json could not be written: .*{words}"):
        files.write(old, b"new")
    assert old.read_bytes() == b"old"
    assert not leftovers(old.parent)


def test_a_file_size_limit_in_the_middle_of_a_write_leaves_the_old_file(old: Path) -> None:
    resource = pytest.importorskip("resource") if os.name == "nt" else __import__("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(SaveError, match="takes no file of this size"):
            files.write(old, bytes(1 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert old.read_bytes() == b"old"
    assert not leftovers(old.parent)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/a.json", "folder is gone"),
        ("a.json/b", "folder"),
        ("x" * 300, "name is too long"),
        ("a\0b", "system says"),
    ],
)
def test_names_that_cannot_be_written_are_said_in_words(name: str, words: str, old: Path) -> None:
    with pytest.raises(SaveError, match=words):
        files.write(old.parent / name, b"new")


@pytest.mark.parametrize("may_link", [True, False])
def test_a_fresh_file_takes_the_place_of_nothing(may_link: bool, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError("no second names here")

    if not may_link:
        monkeypatch.setattr(Path, "hardlink_to", refused)
    with pytest.raises(files.NameTakenError, match="another file has that name by now"):
        files.write(old, b"new", fresh=True)
    assert old.read_bytes() == b"old"
    new = old.with_name("new.json")
    state = files.write(new, b"new", fresh=True)
    assert new.read_bytes() == b"new"
    assert new.stat().st_ino == state.st_ino
    assert not leftovers(old.parent)


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="a folder has that name"):
        files.write(tmp_path, b"new")


def test_links_in_a_circle_are_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(SaveError):
        files.write(tmp_path / "a", b"new")


def test_a_sweep_takes_only_the_files_of_ended_writers(old: Path) -> None:
    dead = old.parent / ".bitmask-studio-0123456789abcdef.tmp"
    dead.write_bytes(b"half")
    found: list[int] = []

    def check(_: BinaryIO) -> None:
        found.append(files.sweep(old.parent))

    files.write(old, b"new", check=check)
    assert found == [1]
    assert old.read_bytes() == b"new"
    assert sorted(path.name for path in old.parent.iterdir()) == ["a.json"]
    assert files.sweep(old.parent / "missing") == 0


def test_temporary_names_are_like_no_file_of_the_user(old: Path) -> None:
    names: list[str] = []
    files.write(old, b"new", check=lambda file: names.extend(leftovers(old.parent)))
    assert len(names) == 1
    assert re.fullmatch(r"\.bitmask-studio-[0-9a-f]{16}\.tmp", names[0])
