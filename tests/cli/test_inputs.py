"""What is named as INPUT, FILE or DIR and cannot be one is called by its name."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from bitmask_studio.cli.encord_login import add_login_options
from bitmask_studio.cli.inputs import opened
from bitmask_studio.cli.parser import Parser
from bitmask_studio.core.errors import InputError
from bitmask_studio.sources.local import open_local
from tests.cli.conftest import Run
from tests.cli.test_export import save
from tests.fakes.encord_json import bitmask, label_row, mask_object


def refusal(path: Path) -> str:
    """The words for a path, which the window and the command line share."""
    with pytest.raises(InputError) as told:
        open_local([path])
    given = Parser("info")
    given.add_argument("inputs", nargs="+")
    add_login_options(given)
    with pytest.raises(InputError) as listed, opened(given.parse_args([str(path)])):
        pass
    assert str(told.value) == str(listed.value)
    assert str(path) in str(told.value)
    return str(told.value)


@pytest.mark.parametrize("name", ["a.png", "A.JPG", "a.bmp", "a.tif", "a.webp"])
def test_a_picture_is_called_one_and_its_folder_named(tmp_path: Path, name: str) -> None:
    cv2.imwrite(str(tmp_path / name), np.zeros((9, 9, 3), np.uint8))
    told = refusal(tmp_path / name)
    assert "is a picture" in told and f"Open its folder {tmp_path}" in told


@pytest.mark.parametrize("held", [b"", b"hello, garbage " * 20, b"\0" * 64], ids=["nothing", "text", "zeros"])
@pytest.mark.parametrize("name", ["a.png", "A.JPEG"])
def test_a_damaged_picture_is_not_called_broken_labels(tmp_path: Path, name: str, held: bytes) -> None:
    (tmp_path / name).write_bytes(held)
    told = refusal(tmp_path / name)
    assert "named like a picture" in told and "damaged" in told
    assert "JSON: it breaks" not in told


def test_labels_are_labels_whatever_their_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text('\ufeff {"not": "labels"}', "utf-8")
    assert "holds neither Encord label rows nor COCO" in refusal(tmp_path / "a.png")


def test_a_picture_is_known_by_its_content(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((9, 9, 3), np.uint8))
    (tmp_path / "a.png").rename(tmp_path / "labels.json")
    assert "is a picture" in refusal(tmp_path / "labels.json")


@pytest.mark.parametrize(("name", "head"), [("a.mp4", b"\0\0\0\x20ftypisom"), ("labels.json", b"\x1a\x45\xdf\xa3")])
def test_a_video_is_called_one(tmp_path: Path, name: str, head: bytes) -> None:
    (tmp_path / name).write_bytes(head)
    assert "is a video" in refusal(tmp_path / name)


def test_labels_are_opened_whatever_they_are_called(tmp_path: Path) -> None:
    for text in ("[]", "\n []", "\ufeff[]"):
        (tmp_path / "a.png").write_text(text, encoding="utf-8")
        assert open_local([tmp_path / "a.png"]).rows() == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_and_a_device_are_no_ordinary_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        assert "is no ordinary file" in refusal(path)


def test_what_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        open_local([tmp_path / "missing"])


@pytest.mark.parametrize(
    ("name", "words"), [("file", "is a file"), ("/dev/full", "is a file"), ("dangling", "link"), ("file/below", "file")]
)
def test_an_out_that_is_no_folder_is_not_promised_to_be_finished(
    run: Run, tmp_path: Path, name: str, words: str
) -> None:
    dot = bitmask(np.eye(4, 6, dtype=np.bool_))
    save(tmp_path / "l.json", label_row("r", (6, 4), [[mask_object("one", dot)]]))
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("missing/place")
    done = run("export", "l.json", "--to", "png", "--out", name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "finishes it" not in done.stderr and words in done.stderr and name in done.stderr
    assert (tmp_path / "file").read_text() == "mine"


def test_the_help_says_what_becomes_of_polygons_and_where_settings_lie(run: Run) -> None:
    told = " ".join(run("export", "--help").stdout.split())
    assert "Polygons of COCO files are exported" in told and "polygons of COCO files do too" not in told
    told = " ".join(run("--help").stdout.split())
    assert "journal" not in told and "logs" not in told
    assert "settings and the copy of the sample" in told
