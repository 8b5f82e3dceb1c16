"""What stands on both sides of the canvas is as wide as it was wished, wherever there is room for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.desk import LEFT, Desk


def widths(desk: Desk) -> tuple[int, int]:
    return desk.window.rows_dock.width(), desk.window.objects_dock.width()


async def resize(desk: Desk, width: int, height: int) -> None:
    desk.window.resize(width, height)
    await desk.settle()


async def test_panels_have_their_width_back_when_a_small_window_becomes_large(desk: Desk, project: Path) -> None:
    await resize(desk, 760, 480)
    await desk.open(project)
    assert sum(widths(desk)) < 480
    await resize(desk, 1280, 720)
    assert widths(desk) == (290, 280)


@pytest.mark.parametrize("width", [760, 800, 1024])
async def test_in_a_small_window_the_canvas_has_more_room_than_either_panel(
    desk: Desk, project: Path, width: int
) -> None:
    await desk.open(project)
    await resize(desk, width, 600)
    assert desk.canvas.width() > 1.3 * max(widths(desk))


async def test_a_width_that_somebody_dragged_is_kept(
    desk: Desk, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open(project)
    monkeypatch.setattr(QApplication, "mouseButtons", lambda: LEFT)
    desk.window.resizeDocks([desk.window.rows_dock], [350], Qt.Orientation.Horizontal)
    await desk.settle()
    monkeypatch.undo()
    await resize(desk, 760, 480)
    assert widths(desk)[0] < 350
    await resize(desk, 1400, 800)
    assert widths(desk) == (350, 280)
