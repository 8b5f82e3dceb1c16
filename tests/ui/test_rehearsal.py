"""The rehearsal proves the whole job on a copy, says why when it cannot, and notices when a part of it is broken."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from unittest.mock import Mock

import cv2
import numpy as np
import pytest

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.tiles import TileStore
from bitmask_studio.sources.local import LocalSource
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.ui.canvas import surface
from bitmask_studio.ui.rehearsal import rehearse
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.ui.desk import Desk
from tests.ui.label_files import picture, write_picture, write_rows

PARTS = 6
"""What is proved of one stroke: painted, undone, redone, stored, exported, shown."""


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a rehearsal leaves with the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """An empty folder beside all others."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def lines(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str], list[Path]]:
    """What was printed: what holds, what failed, and paths."""
    printed = capsys.readouterr().out.splitlines()
    good, bad = ([line for line in printed if line.startswith(word)] for word in ("ok", "FAILED"))
    return good, bad, [Path(line) for line in printed if line.startswith("/")]


def speck(size: tuple[int, int], *boxes: tuple[int, int, int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    bits = np.zeros((size[1], size[0]), np.bool_)
    for x0, y0, x1, y1 in boxes:
        bits[y0:y1, x0:x1] = True
    return bits


async def test_a_label_file_is_proved_and_left_untouched(
    desk: Desk, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project.parent)
    assert await rehearse(desk.window, OpenWish((project,))) == 0
    good, bad, paths = lines(capsys)
    assert (len(good), bad) == (PARTS, [])
    assert contents(project.parent) == before
    assert {"before.png", "after.png", "window.png", "labels.json"} <= {path.name for path in paths}
    assert all(path.exists() for path in paths)
    copy = next(path for path in paths if path.name == "labels.json")
    assert copy.read_bytes() != project.read_bytes()


@pytest.mark.parametrize("frame", [0, 1, 2])
async def test_any_row_and_frame_can_be_rehearsed(
    desk: Desk, project: Path, capsys: pytest.CaptureFixture[str], frame: int
) -> None:
    assert await rehearse(desk.window, OpenWish((project,), row="group.png", frame=frame)) == 0
    assert desk.studio.view.frame == frame
    assert len(lines(capsys)[0]) == PARTS


async def test_a_row_without_objects_gets_one(desk: Desk, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await rehearse(desk.window, OpenWish((project,), row="bare.png")) == 0
    assert len(lines(capsys)[0]) == PARTS


SIZE = (300, 200)
MASKS = {
    "at the right rim": speck(SIZE, (250, 50, 300, 90)),
    "all of the frame": speck(SIZE, (0, 0, 300, 200)),
    "a single pixel": speck(SIZE, (150, 100, 151, 101)),
    "the last pixel": speck(SIZE, (299, 199, 300, 200)),
    "empty": speck(SIZE),
    "two parts": speck(SIZE, (10, 10, 40, 40), (200, 150, 220, 170)),
    "a hole": speck(SIZE, (10, 10, 290, 190)) ^ speck(SIZE, (100, 60, 200, 120)),
}


@pytest.mark.parametrize("name", MASKS)
async def test_every_kind_of_mask_leaves_room_for_a_stroke(
    desk: Desk, scratch: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    row = label_row("one", SIZE, [[mask_object("objA", bitmask(MASKS[name]))]])
    path = write_rows(scratch, [row], {"one-0.png": picture(*SIZE)})
    assert await rehearse(desk.window, OpenWish((path,))) == 0, capsys.readouterr().out
    assert len(lines(capsys)[0]) == PARTS


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (4000, 3000), (9000, 20)])
async def test_frames_of_any_size_can_be_rehearsed(
    desk: Desk, scratch: Path, capsys: pytest.CaptureFixture[str], size: tuple[int, int]
) -> None:
    path = write_rows(scratch, [label_row("one", size, [[]])])
    assert await rehearse(desk.window, OpenWish((path,))) == 0, capsys.readouterr().out
    assert len(lines(capsys)[0]) == PARTS


async def test_a_slow_machine_is_waited_for(
    desk: Desk, scratch: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repaint that has time for a tile only must not be taken for the whole picture."""
    size = (1500, 1200)
    row = label_row("one", size, [[mask_object("objA", bitmask(speck(size, (500, 400, 700, 600))))]])
    path = write_rows(scratch, [row], {"one-0.png": picture(*size)})
    monkeypatch.setattr(surface, "PAINT_BUDGET", 1e-4)
    assert await rehearse(desk.window, OpenWish((path,))) == 0, capsys.readouterr().out
    before = next(path for path in lines(capsys)[2] if path.name == "before.png")
    shown = cv2.imread(str(before))
    assert shown is not None
    gray = (shown == 128).all(axis=2)
    assert gray.mean() < 0.01


async def test_a_folder_of_pictures_is_proved(desk: Desk, scratch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_picture(scratch, "a.png", picture())
    before = contents(scratch)
    assert await rehearse(desk.window, OpenWish((scratch,))) == 0
    assert len(lines(capsys)[0]) == PARTS
    assert contents(scratch) == before


async def test_where_nothing_can_be_painted_it_says_why(
    desk: Desk, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scratch / "coco.json"
    coco = {
        "images": [{"id": 1, "file_name": "a.png", "width": 60, "height": 44}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[2, 2, 20, 2, 20, 20]], "bbox": [2, 2, 18, 18]}
        ],
        "categories": [{"id": 1, "name": "cell"}],
    }
    path.write_text(json.dumps(coco))
    assert await rehearse(desk.window, OpenWish((path,))) == 0
    printed = capsys.readouterr().out
    assert "nothing was painted: " in printed
    assert "ok" not in printed.split()


async def test_what_holds_no_row_is_refused(desk: Desk, scratch: Path) -> None:
    with pytest.raises(StudioError):
        await rehearse(desk.window, OpenWish(()))
    with pytest.raises(StudioError):
        await rehearse(desk.window, OpenWish((scratch / "missing.json",)))


async def test_a_save_that_does_nothing_is_noticed(
    desk: Desk, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalSource, "save", Mock(return_value=[]))
    assert await rehearse(desk.window, OpenWish((project,))) == 1
    bad = lines(capsys)[1]
    assert any("saved file" in line for line in bad)
    assert any("exported" in line for line in bad)


async def test_an_undo_that_does_nothing_is_noticed(
    desk: Desk, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Document, "undo", Mock(return_value=None))
    assert await rehearse(desk.window, OpenWish((project,))) == 1
    assert any("undo" in line for line in lines(capsys)[1])


async def test_a_canvas_that_does_not_follow_is_noticed(
    desk: Desk, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TileStore, "mend", Mock(side_effect=lambda scene, box, **rest: box))
    assert await rehearse(desk.window, OpenWish((project,))) == 1
    assert [line.split(maxsplit=1)[1] for line in lines(capsys)[1]] == ["the canvas differs by exactly it"]
