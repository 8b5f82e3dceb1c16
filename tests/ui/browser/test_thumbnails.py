"""Small pictures are read for what is on screen, a few at a time, and never stand in anybody's way."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.ui.browser import thumbnails
from bitmask_studio.ui.browser import view as browser_view
from bitmask_studio.ui.browser.thumbnails import Thumbnails
from tests.fakes.memory_server import MemoryAccount, MemoryServer, server_row
from tests.ui.desk import Desk

SIDE = 48


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_view, "PAUSE_MS", 1)


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer([server_row(number) for number in range(500)])


async def connect(desk: Desk, server: MemoryServer) -> None:
    desk.studio.set_account(MemoryAccount(server))
    await desk.session.projects.open(server.project_hash)


def visible(desk: Desk) -> set[str]:
    view = desk.window.browser.list
    return {f"data-{number}" for number in view.on_screen}


async def test_what_is_on_screen_is_asked_for_and_nothing_else(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    before = desk.pixels(desk.window.browser.list)
    await desk.until(lambda: visible(desk) == set(server.seen))
    await desk.settle()
    assert (desk.pixels(desk.window.browser.list) != before).any()
    bar = desk.window.browser.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    await desk.until(lambda: visible(desk) <= set(server.seen))
    assert "data-499" in server.seen and "data-250" not in server.seen
    assert len(server.seen) == len(set(server.seen)) < 40
    assert server.most <= thumbnails.AT_ONCE


async def test_what_was_scrolled_away_before_its_turn_is_not_read(desk: Desk, server: MemoryServer) -> None:
    server.gate.clear()
    await connect(desk, server)
    await desk.until(lambda: server.running == thumbnails.AT_ONCE)
    bar = desk.window.browser.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    await desk.until(lambda: not desk.window.browser.list.is_moving)
    server.gate.set()
    await desk.until(lambda: visible(desk) <= set(server.seen))
    assert set(server.seen) - visible(desk) == {"data-0", "data-1"}


async def test_rows_of_files_are_not_asked_for_pictures(desk: Desk, server: MemoryServer) -> None:
    reader = Thumbnails(desk.studio, SIDE, desk.window)
    reader.want(server.infos[:5])
    await desk.settle()
    assert server.seen == [] and reader.image("data-0") is None


async def read(desk: Desk, reader: Thumbnails, *rows: RowInfo) -> list[QImage | None]:
    reader.want(rows)
    await desk.settle()
    return [reader.image(row.key) for row in rows]


async def a_reader(desk: Desk, server: MemoryServer) -> Thumbnails:
    """One beside the window's own, which is not told here that anything is on screen."""
    desk.window.browser.list.settled.disconnect()
    desk.studio.set_account(MemoryAccount(server))
    await desk.session.projects.open(server.project_hash)
    return Thumbnails(desk.studio, SIDE, desk.window)


async def test_a_picture_is_the_middle_of_the_rows_own_reduced(
    desk: Desk, server: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.zeros((90, 160, 3), np.uint8)
    pixels[:, 35:125] = (10, 20, 230)  # blue, green, red
    monkeypatch.setattr(server, "thumbnail", lambda info: Picture(pixels))
    (image,) = await read(desk, await a_reader(desk, server), server_row(0))
    assert image is not None and (image.width(), image.height()) == (SIDE, SIDE)
    assert {image.pixelColor(x, y).name() for x in (0, 24, 47) for y in (0, 47)} == {"#e6140a"}


@pytest.mark.parametrize("shape", [(1, 500), (500, 1), (7, 5), (48, 48)])
async def test_small_and_narrow_pictures_are_taken_as_they_are(
    desk: Desk, server: MemoryServer, monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
) -> None:
    monkeypatch.setattr(server, "thumbnail", lambda info: Picture(np.full((*shape, 3), 200, np.uint8)))
    (image,) = await read(desk, await a_reader(desk, server), server_row(0))
    assert image is not None and image.width() == image.height() == min(*shape, SIDE)
    assert image.pixelColor(0, 0).name() == "#c8c8c8"


async def test_what_fails_is_silent_and_asked_for_again_only_in_a_list_read_anew(
    desk: Desk, server: MemoryServer
) -> None:
    reader, row = await a_reader(desk, server), server_row(0)
    server.failure = ServerError("no picture", Kind.GONE)
    assert await read(desk, reader, row) == await read(desk, reader, row) == [None]
    assert len(server.seen) == 1 and desk.told == []
    reader.try_again()
    server.failure = None
    assert await read(desk, reader, row) != [None]


async def test_what_was_cancelled_with_something_else_is_asked_for_again(desk: Desk, server: MemoryServer) -> None:
    reader, row = await a_reader(desk, server), server_row(0)
    server.failure = ServerError("cancelled", Kind.CANCELLED)
    assert await read(desk, reader, row) == [None]
    server.failure = None
    assert await read(desk, reader, row) != [None]


async def test_a_row_without_a_picture_is_asked_once(
    desk: Desk, server: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(server, "thumbnail", lambda info: asked.append(info.key))
    reader = await a_reader(desk, server)
    await read(desk, reader, server_row(0))
    await read(desk, reader, server_row(0))
    assert asked == ["data-0"]


async def test_pictures_are_kept_up_to_a_number_of_bytes_those_drawn_last_longest(
    desk: Desk, server: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "MAX_BYTES", 3 * SIDE * SIDE * 3)
    reader = await a_reader(desk, server)
    await read(desk, reader, *(server_row(number) for number in range(3)))
    assert reader.image("data-0") is not None
    await read(desk, reader, server_row(3))
    assert [number for number in range(4) if reader.image(f"data-{number}")] == [0, 2, 3]


async def test_pictures_of_another_project_are_never_shown(desk: Desk, server: MemoryServer) -> None:
    reader = await a_reader(desk, server)
    await read(desk, reader, server_row(0))
    server.gate.clear()
    reader.want([server_row(1)])
    await desk.until(lambda: server.running)
    other = MemoryServer([], title="Other")
    desk.studio.set_account(MemoryAccount(other))
    await desk.session.projects.open(other.project_hash)
    reader.want([])
    server.gate.set()
    await desk.settle()
    assert reader.image("data-0") is None and reader.image("data-1") is None
