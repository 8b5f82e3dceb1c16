"""The export of the window: what was asked for, with the edits as they stand."""

from __future__ import annotations

import asyncio
from pathlib import Path

import cv2
import numpy as np
import pytest

from bitmask_studio.core.geometry import Point
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import ExportWish
from bitmask_studio.studio.exporting.window_export import export_masks
from bitmask_studio.studio.notices import Level
from bitmask_studio.studio.session import OpenWish, Session
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.fakes.screen import FakeStudio
from tests.studio.label_files import write_labels


def exported(folder: Path, opened: Path, wish: ExportWish | None, paint: bool = False) -> FakeStudio:
    """A studio after an export of what lies at `opened`."""
    studios: list[FakeStudio] = []

    async def main() -> None:
        studio = FakeStudio(folder)
        studios.append(studio)
        session = Session(studio)
        await session.open(OpenWish((opened,)))
        if paint:
            for phase in (Phase.PRESS, Phase.RELEASE):
                studio.point(PointerEvent(phase, Point(40, 30)))
        studio.ask.wish = wish
        await export_masks(session)
        await studio.jobs.settle()

    asyncio.run(main())
    return studios[0]


@pytest.mark.parametrize(("all_rows", "count"), [(True, 4), (False, 2)])
def test_all_rows_or_the_open_one_are_exported(tmp_path: Path, all_rows: bool, count: int) -> None:
    out = tmp_path / "masks"
    studio = exported(tmp_path, write_labels(tmp_path), ExportWish("png", out, all_rows, False))
    assert len(list(out.iterdir())) == count
    assert f"Exported {count} masks" in studio.told[-1]
    assert studio.notices[-1].level is Level.INFO
    assert studio.settings.get(preferences.EXPORT_FOLDER) == str(out)


def test_edits_that_are_not_saved_are_exported(tmp_path: Path) -> None:
    out = tmp_path / "masks"
    exported(tmp_path, write_labels(tmp_path), ExportWish("png", out, False, False), paint=True)
    pixels = cv2.imread(str(out / "mask_00000_objA.png"), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    assert pixels[30, 40] == 255


def test_a_first_mask_on_a_plain_picture_is_exported_before_it_is_saved(tmp_path: Path) -> None:
    pictures, out = tmp_path / "pictures", tmp_path / "masks"
    pictures.mkdir()
    cv2.imwrite(str(pictures / "plain.png"), np.full((40, 60, 3), 90, np.uint8))
    exported(tmp_path, pictures, ExportWish("png", out, False, False), paint=True)
    assert len(list(out.iterdir())) == 1


def test_files_with_other_pixels_are_left_alone_and_named(tmp_path: Path) -> None:
    out = tmp_path / "masks"
    out.mkdir()
    (out / "mask_00000_objA.png").write_bytes(b"mine")
    studio = exported(tmp_path, write_labels(tmp_path), ExportWish("png", out, True, False))
    assert (out / "mask_00000_objA.png").read_bytes() == b"mine"
    assert studio.notices[-1].level is Level.WARNING
    assert "mask_00000_objA.png" in studio.told[-1]


def test_thinking_better_of_it_writes_nothing(tmp_path: Path) -> None:
    assert exported(tmp_path, write_labels(tmp_path), None).told == []
