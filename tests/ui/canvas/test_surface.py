"""What stands on the canvas while its tiles are drawn on other threads, and that it ends as if drawn at once."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.core import tiles
from bitmask_studio.core.tone import Tone
from bitmask_studio.ui.canvas import surface, tile_builder
from tests.ui.canvas_proof import wrong
from tests.ui.desk import Desk
from tests.ui.label_files import block, picture, write_image
from tests.ui.rendering import Pixels

SIZE = (1700, 1300)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """No tile is drawn on the window's thread."""
    monkeypatch.setattr(surface, "PAINT_BUDGET", 0.0)


async def opened(desk: Desk, folder: Path, objects: int = 12) -> Pixels:
    """A window over a picture of SIZE with some objects; answers the picture."""
    dice = random.Random(7)
    masks = {f"obj{n}": block(dice.randrange(1600), dice.randrange(1200), size=SIZE) for n in range(objects)}
    pixels = picture(*SIZE)
    await desk.open(write_image(folder, masks, pixels))
    return pixels


async def whole(desk: Desk) -> None:
    """Wait until everything that is seen is exact."""

    def is_whole() -> bool:
        desk.window.repaint()
        desk.canvas.repaint()
        return desk.canvas.is_whole

    await desk.until(is_whole)


@pytest.mark.parametrize("zoom", [64 / 173, 1.0, 9.5])
async def test_tiles_drawn_on_other_threads_show_what_they_have_to(
    desk: Desk, tmp_path: Path, slow: None, zoom: float
) -> None:
    pixels = await opened(desk, tmp_path)
    desk.look_at(zoom, -11, -7)
    await whole(desk)
    assert not wrong(desk, pixels).any()


async def test_no_tile_is_drawn_on_the_windows_thread_beyond_the_budget(
    desk: Desk, tmp_path: Path, slow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, draw = set(), tiles.draw

    def noted(*arguments: object) -> tiles.Drawing:
        threads.add(threading.current_thread())
        return draw(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(tiles, "draw", noted)
    await opened(desk, tmp_path)
    await whole(desk)
    assert threads and threading.main_thread() not in threads


CHANGES: dict[str, Callable[[Desk], object]] = {
    "opacity": lambda desk: desk.studio.show(opacity=0.9),
    "outlines": lambda desk: desk.studio.show(outline=True),
    "colours": lambda desk: desk.studio.show(by_object=True),
    "tone": lambda desk: desk.studio.show(tone=Tone(30, 20)),
    "another object": lambda desk: desk.studio.step_object(1),
    "a stroke": lambda desk: desk.stroke((300, 300), (420, 360)),
    "undo": lambda desk: desk.studio.undo(),
    "a deleted object": lambda desk: desk.studio.delete_chosen(),
}


async def test_whatever_changes_ends_as_if_it_had_been_drawn_at_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(desk, tmp_path)
    desk.look_at(0.5, 10, 10)
    for change in CHANGES.values():
        monkeypatch.setattr(surface, "PAINT_BUDGET", 0.0)
        monkeypatch.setattr(surface, "_LIGHT", 0)
        change(desk)
        desk.point_away()
        await whole(desk)
        shown = desk.pixels()
        monkeypatch.setattr(surface, "PAINT_BUDGET", 60.0)
        desk.studio.picture_changed.emit()
        assert (desk.pixels() == shown).all()


async def test_while_a_look_is_being_changed_the_old_one_stands(desk: Desk, tmp_path: Path, slow: None) -> None:
    await opened(desk, tmp_path)
    desk.look_at(1.0, 0, 0)
    await whole(desk)
    before = desk.pixels()
    desk.studio.show(opacity=0.95)
    assert (desk.pixels() == before).all()
    await whole(desk)
    assert (desk.pixels() != before).any()


async def test_at_another_zoom_the_picture_is_there_before_its_tiles_are(
    desk: Desk, tmp_path: Path, slow: None
) -> None:
    await opened(desk, tmp_path)
    desk.look_at(1.0, 0, 0)
    await whole(desk)
    for zoom in (2.0, 1.0, 0.5, 0.25):
        desk.look_at(zoom, 0, 0)
        at_first = desk.pixels().astype(int)
        assert not desk.canvas.is_whole
        await whole(desk)
        inside = desk.seen.inside(*SIZE)
        off = np.abs(desk.pixels().astype(int) - at_first).max(axis=2)[inside]
        assert (at_first[inside] != (128, 128, 128)).any(axis=1).mean() > 0.95
        assert (off <= 60).mean() > 0.5


async def test_a_frame_that_is_left_never_shows_on_the_next_one(desk: Desk, tmp_path: Path, slow: None) -> None:
    await opened(desk, tmp_path)
    await whole(desk)
    (tmp_path / "other").mkdir()
    flat = np.full((SIZE[1], SIZE[0], 3), 250, np.uint8)
    await desk.open(write_image(tmp_path / "other", {"objA": block(10, 10, size=SIZE)}, flat))
    at_first = desk.pixels()[desk.seen.inside(*SIZE)]
    assert (at_first >= 128).all(axis=1).mean() > 0.99


async def test_a_stroke_over_tiles_that_are_still_drawn_is_seen_in_the_end(
    desk: Desk, tmp_path: Path, slow: None
) -> None:
    pixels = await opened(desk, tmp_path)
    desk.look_at(1.0, 0, 0)
    desk.press((100, 100))
    for x in range(110, 500, 30):
        desk.move((x, 120))
        desk.canvas.repaint()
        await asyncio.sleep(0)
    desk.release((500, 100))
    await whole(desk)
    assert not wrong(desk, pixels).any()


async def test_the_tiles_keep_to_the_setting_whatever_is_looked_at(desk: Desk, tmp_path: Path) -> None:
    await opened(desk, tmp_path)
    for zoom, x in ((1.0, 0), (4.0, -3000), (8.0, -8000), (64.0, -50_000), (0.1, 0)):
        desk.look_at(zoom, x, -200)
        await whole(desk)
        seen = len(desk.canvas.store.seen) * 5 * tiles.SIDE**2 * 4
        assert desk.canvas.store.nbytes <= max(64 << 20, seen)


async def test_a_stroke_is_seen_at_once_where_the_tiles_are_not_there_yet(
    desk: Desk, tmp_path: Path, slow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = await opened(desk, tmp_path, objects=1)
    with monkeypatch.context() as patch:
        patch.setattr(tile_builder, "_WORKERS", -1)
        desk.look_at(0.5, 10, 10)
        before = desk.pixels()
        desk.press((900, 700))
        desk.move((1100, 720))
        line = desk.pixels()
        assert not desk.canvas.is_whole
        x, y = 10 + 500, 10 + 355
        assert (line[y - 20 : y + 20, x - 20 : x + 20] != before[y - 20 : y + 20, x - 20 : x + 20]).any()
        desk.release((1100, 720))
    desk.look_at(1.0, 0, 0)
    desk.look_at(0.5, 10, 10)
    await whole(desk)
    assert not wrong(desk, pixels).any()


async def test_what_was_painted_last_is_there_at_the_next_zoom(desk: Desk, tmp_path: Path, slow: None) -> None:
    pixels = await opened(desk, tmp_path)
    desk.look_at(1.0, 0, 0)
    await whole(desk)
    desk.stroke((200, 200), (400, 260))
    desk.look_at(0.5, 5, 5)
    await whole(desk)
    desk.studio.undo()
    desk.look_at(2.0, -100, -100)
    await whole(desk)
    assert not wrong(desk, pixels).any()
