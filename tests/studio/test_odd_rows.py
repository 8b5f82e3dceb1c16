"""Pictures that are missing, broken or of another size, and masks that do not fit: told, and work goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import Mask
from tests.studio.keeping_desk import KeepingDesk, in_loop
from tests.studio.label_files import HEIGHT, WIDTH, Bits, block, objects_in, write_labels


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[KeepingDesk]:
    desk = KeepingDesk(tmp_path / "desk")
    yield desk
    desk.end()


def jpeg() -> bytes:
    noise = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    return cv2.imencode(".jpg", noise)[1].tobytes()


def png(width: int, height: int) -> bytes:
    return cv2.imencode(".png", np.zeros((height, width, 3), np.uint8))[1].tobytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No picture found"),
        (b"", "damaged, or no picture"),
        (b"no picture at all", "no picture"),
        (png(WIDTH, HEIGHT)[:60], "cut short|damaged"),
        (jpeg()[: len(jpeg()) // 2], "cut short"),
        (png(WIDTH + 1, HEIGHT), f"{WIDTH + 1} x {HEIGHT}.*{WIDTH} x {HEIGHT}"),
        (png(WIDTH // 2, HEIGHT // 2), f"{WIDTH // 2} x {HEIGHT // 2}.*{WIDTH} x {HEIGHT}"),
    ],
    ids=["missing", "empty", "text", "cut png", "cut jpeg", "wider", "half the size"],
)
@in_loop
async def test_over_a_picture_that_does_not_come_masks_are_edited_and_saved(
    content: bytes | None, words: str, tmp_path: Path, desk: KeepingDesk
) -> None:
    path = write_labels(tmp_path)
    picture = tmp_path / "one-0.png"
    picture.unlink()
    if content is not None:
        picture.write_bytes(content)
    await desk.open(path)
    assert desk.studio.picture is None or desk.studio.picture.warning
    note = " ".join([desk.studio.picture_note or "", *desk.told])
    assert re.search(words, note), note
    desk.dab(30, 30)
    assert await desk.session.save()
    assert objects_in(path, 0)["objA"][30, 30]


@in_loop
async def test_beside_a_mask_of_another_size_the_others_are_saved_and_it_stays_byte_for_byte(
    tmp_path: Path, desk: KeepingDesk
) -> None:
    path = write_labels(tmp_path)
    odd = mask_json(np.ones((7, 5), np.bool_), 7, 5)
    put(path, "objB", odd)
    await desk.open(path)
    refusal = desk.document.refusal(MaskKey(0, "objB"))
    assert refusal
    assert "5 x 7 px" in refusal
    assert f"{WIDTH} x {HEIGHT} px" in refusal
    desk.dab(30, 30)
    assert await desk.session.save()
    assert objects_in(path, 0)["objA"][30, 30]
    assert found(path, "objB")["bitmask"] == odd


@in_loop
async def test_a_placed_mask_is_where_its_box_says_and_is_painted_beyond_it(tmp_path: Path, desk: KeepingDesk) -> None:
    path = write_labels(tmp_path)
    put(path, "objA", mask_json(np.ones((4, 6), np.bool_), 4, 6, top=10, left=20))
    await desk.open(path)
    placed = block(20, 10, 26, 14)
    assert np.array_equal(desk.pixels("objA"), placed)
    desk.dab(2.5, 2.5)
    painted = desk.pixels("objA")
    assert await desk.session.save()
    stored = found(path, "objA")["bitmask"]
    after = Mask.from_rle(*(stored[each] for each in ("rleString", "height", "width", "top", "left")))
    assert np.array_equal(after.to_array(HEIGHT, WIDTH), painted)
    assert (painted & ~placed).any()


def mask_json(bits: Bits, height: int, width: int, top: int = 0, left: int = 0) -> dict[str, Any]:
    string = Mask.of(Box.of_size(width, height), bits).to_rle(height, width)
    return {"top": top, "left": left, "width": width, "height": height, "rleString": string}


def found(path: Path, object_hash: str) -> dict[str, Any]:
    (unit,) = json.loads(path.read_bytes())[0]["data_units"].values()
    objects: list[dict[str, Any]] = unit["labels"]["objects"]
    return next(each for each in objects if each["objectHash"] == object_hash)


def put(path: Path, object_hash: str, mask: dict[str, Any]) -> None:
    rows = json.loads(path.read_bytes())
    (unit,) = rows[0]["data_units"].values()
    next(each for each in unit["labels"]["objects"] if each["objectHash"] == object_hash)["bitmask"] = mask
    path.write_text(json.dumps(rows))
