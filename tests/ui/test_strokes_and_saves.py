"""Strokes made while a save brings in what others painted: the window shows what is there."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from bitmask_studio.core.mask import Mask
from tests.fakes.encord_json import bitmask
from tests.sources.twins import objects_of
from tests.studio.test_strokes_and_saves import SlowSource
from tests.ui.canvas_proof import wrong
from tests.ui.desk import Desk
from tests.ui.label_files import HEIGHT, WIDTH, picture
from tests.ui.rendering import Bits

THEIRS = slice(2, 22), slice(30, 50)


def others_add(path: Path, object_hash: str) -> None:
    """Paint a block as another program would."""
    rows = json.loads(path.read_bytes())
    for each in objects_of(rows[0]):
        if each["objectHash"] == object_hash:
            bits = _bits(each["bitmask"])
            bits[THEIRS] = True
            each["bitmask"] = bitmask(bits)
    path.write_text(json.dumps(rows))


def _bits(stored: dict[str, object]) -> Bits:
    return Mask.from_rle(str(stored["rleString"]), HEIGHT, WIDTH, 0, 0).to_array(HEIGHT, WIDTH)


def stored(path: Path, object_hash: str) -> Bits:
    objects = objects_of(json.loads(path.read_bytes())[0])
    return next(_bits(each["bitmask"]) for each in objects if each["objectHash"] == object_hash)


@pytest.mark.parametrize("seed", range(4))
async def test_the_canvas_shows_every_pixel_after_strokes_at_any_moment_of_a_save(
    desk: Desk, project: Path, seed: int
) -> None:
    await desk.open(project)
    draws = random.Random(seed)
    desk.look_at(*draws.choice(((8.0, 20, 30), (3.5, 61, 17), (2 / 3, 100, 13))))
    covered = desk.stroke((8, 30), (14, 38))
    others_add(project, "objA")
    slow = SlowSource(desk.studio)
    saving = asyncio.ensure_future(desk.session.save())
    await asyncio.sleep(0)
    begin, end = sorted(draws.choices(range(4), k=2))
    points = [(draws.uniform(2, 56), draws.uniform(2, 40)) for _ in range(6)]
    for moment in range(4):
        if moment == begin:
            desk.press(points[0])
        for at in points[1 + moment : 2 + moment]:
            desk.move(at)
        if moment == end:
            desk.release(points[5])
        desk.pixels()
        if moment == 0:
            slow.store.set()
            await desk.until(slow.stored.is_set)
        if moment == 1:
            slow.let_go()
            await asyncio.wait([saving], timeout=0.1)
    await saving
    await desk.settle()
    assert not wrong(desk, picture()).any()
    again = asyncio.ensure_future(desk.session.save())
    await desk.until(lambda: again.done() or QApplication.activeModalWidget())
    if not again.done():
        await desk.answer("Save")
    assert await again
    await desk.settle()
    assert not wrong(desk, picture()).any()
    assert (desk.bits("objA") == stored(project, "objA")).all()
    assert desk.bits("objA")[covered].all() and desk.bits("objA")[THEIRS].all()


async def test_a_question_of_a_save_ends_the_stroke_that_is_in_progress(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.stroke((32, 8), (40, 8))
    others_add(project, "objA")
    desk.choose(size=3)
    desk.press((10, 40))
    saving = asyncio.ensure_future(desk.session.save())
    await asyncio.sleep(0)
    desk.release((10, 40))
    desk.press((36, 14))
    desk.move((48, 20))
    await desk.until(QApplication.activeModalWidget)
    assert desk.studio.gestures.painter is None
    covered = desk.covered((36, 14), (48, 20))
    assert desk.bits()[covered].all()
    await desk.answer("Save")
    assert await saving
    desk.move((50, 30))
    desk.release((50, 30))
    assert desk.bits()[covered].all() and desk.bits()[THEIRS].all()
    assert (desk.bits() == stored(project, "objA")).all()
