"""Where pictures are looked for, and that nothing else is ever opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from bitmask_studio.core.errors import PictureError
from bitmask_studio.sources.local import open_local
from tests.sources import twins
from tests.sources.twins import HEIGHT, WIDTH, write_json, write_picture


def shown(folder: Path, row: twins.Json, images: Path | None = None, frame: int = 0) -> int:
    """The first blue value of what is under a frame."""
    source = open_local([write_json(folder / "labels.json", row)], images)
    info = source.rows()[0]
    return int(source.picture(info, source.load(info).frames[frame]).pixels[5, 0, 0])


@pytest.mark.parametrize("name", ["unit-image.png", "unit-image", "unit-image.jpg", "UNIT-IMAGE.tif"])
def test_a_picture_is_found_by_title_or_hash(name: str, tmp_path: Path) -> None:
    images = tmp_path / "images" / "deep" / "er"
    images.mkdir(parents=True)
    suffix = Path(name).suffix or ".png"
    shutil.move(write_picture(images / f"x{suffix}"), images / name) if suffix else None
    found = name != "unit-image"
    if not found:
        shutil.move(images / name, tmp_path / name)
    assert abs(shown(tmp_path, twins.image_row(), tmp_path / "images") - 40) < 12


def test_a_picture_beside_the_labels_is_found_by_the_end_of_its_address(tmp_path: Path) -> None:
    row = twins.image_row()
    next(iter(row["data_units"].values()))["data_link"] = "https://example.invalid/a/b/the%20one.png?X-Sig=../../x"
    write_picture(tmp_path / "the%20one.png")
    assert shown(tmp_path, row) == 40


def test_a_title_may_lead_into_folders_but_not_out(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    (inside / "sub").mkdir(parents=True)
    write_picture(inside / "sub" / "a.png")
    write_picture(tmp_path / "secret.png")
    row = twins.image_row()
    unit = next(iter(row["data_units"].values()))
    unit["data_title"] = "sub/a.png"
    assert shown(inside, row) == 40
    for title in ("../secret.png", str(tmp_path / "secret.png"), "..\\secret.png", "a\0.png", "x" * 5000):
        unit["data_title"] = title
        with pytest.raises(PictureError, match="No picture found"):
            shown(inside, row)


def test_a_missing_picture_says_where_was_looked(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=rf"unit-image\.png.*{tmp_path}"):
        shown(tmp_path, twins.image_row())


def test_medical_pictures_are_not_shown_yet(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="DICOM"):
        shown(tmp_path, twins.dicom_row())


def test_frames_of_a_video_are_exact_in_any_order(tmp_path: Path) -> None:
    writer = cv2.VideoWriter(str(tmp_path / "v.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for number in range(10):
        writer.write(np.full((48, 64, 3), number * 20, np.uint8))
    writer.release()
    row = twins.video_row()
    unit = next(iter(row["data_units"].values()))
    unit |= {"data_title": "v.avi", "width": 64, "height": 48}
    source = open_local([write_json(tmp_path / "labels.json", row)])
    info = source.rows()[0]
    frames = source.load(info).frames
    for number in (3, 4, 9, 0, 7):
        assert abs(int(source.picture(info, frames[number]).pixels[20, 20, 0]) - number * 20) <= 3
    source.close()
    with pytest.raises(PictureError, match="no frame 12"):
        unit["data_duration"] = 1.0
        source = open_local([write_json(tmp_path / "labels.json", row)])
        source.picture(source.rows()[0], source.load(source.rows()[0]).frames[12])
    assert (WIDTH, HEIGHT) != (64, 48)
