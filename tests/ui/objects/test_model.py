"""What the list of objects draws again when the view changes: only what it shows, and only where it differs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QFontMetrics

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.tone import Tone
from bitmask_studio.studio import preferences
from bitmask_studio.ui import theme
from bitmask_studio.ui.objects.model import AREA, EYE, LOCK, NAME, spaced
from tests.ui.desk import Desk
from tests.ui.label_files import write_image

COUNT = 40
Cells = list[tuple[int, int, int, int]]
"""First row and column, last row and column of each change."""


async def opened(desk: Desk, folder: Path) -> Cells:
    """Open a row of forty objects and listen to what is drawn again from then on."""
    masks = {}
    for number in range(COUNT):
        masks[f"obj{number:02}"] = np.zeros((32, 48), np.bool_)
        masks[f"obj{number:02}"][number % 30, : number + 1] = True
    await desk.open(write_image(folder, masks, None))
    cells: Cells = []

    def heard(first: QModelIndex, last: QModelIndex) -> None:
        cells.append((first.row(), first.column(), last.row(), last.column()))

    desk.window.objects.list.model().dataChanged.connect(heard)
    return cells


@pytest.mark.parametrize("change", [
    {"opacity": 0.2}, {"outline": True}, {"peek": True}, {"only_chosen": True}, {"tone": Tone(20)}, {"tool": "eraser"},
    {"object_hash": "obj07"},
], ids=str)  # fmt: skip
async def test_what_the_list_does_not_show_draws_nothing_again(
    desk: Desk, tmp_path: Path, change: dict[str, object]
) -> None:
    cells = await opened(desk, tmp_path)
    desk.studio.show(**change)
    assert cells == []


async def test_an_eye_and_a_lock_draw_their_own_row_and_no_area(desk: Desk, tmp_path: Path) -> None:
    cells = await opened(desk, tmp_path)
    desk.studio.show(hidden=frozenset([MaskKey(0, "obj07")]))
    desk.studio.show(locked=frozenset([MaskKey(0, "obj09")]))
    assert cells == [(7, NAME, 7, NAME), (7, EYE, 7, LOCK), (9, NAME, 9, NAME), (9, EYE, 9, LOCK)]


async def test_objects_of_other_frames_draw_nothing_here(desk: Desk, tmp_path: Path) -> None:
    cells = await opened(desk, tmp_path)
    desk.studio.show(hidden=frozenset([MaskKey(1, "obj07"), MaskKey(0, "elsewhere")]))
    assert cells == []


@pytest.mark.parametrize("change", [
    lambda: {"by_object": True},
    lambda: {"hidden": frozenset(MaskKey(0, f"obj{number:02}") for number in range(COUNT))},
])  # fmt: skip
async def test_what_concerns_every_object_is_one_change_and_not_forty(
    desk: Desk, tmp_path: Path, change: Callable[[], dict[str, object]]
) -> None:
    cells = await opened(desk, tmp_path)
    desk.studio.show(**change())
    assert cells == [(0, NAME, COUNT - 1, NAME), (0, EYE, COUNT - 1, LOCK)]


async def test_the_chosen_object_is_marked_although_nothing_is_drawn_again(desk: Desk, tmp_path: Path) -> None:
    await opened(desk, tmp_path)
    for number in (7, 39, 0):
        desk.studio.show(object_hash=f"obj{number:02}")
        assert desk.window.objects.list.currentIndex().row() == number
    desk.studio.show(object_hash=None)
    assert desk.window.objects.list.currentIndex().row() == -1


async def test_there_is_room_for_the_largest_area_that_fits_the_frame(desk: Desk, tmp_path: Path) -> None:
    full = np.ones((4000, 5000), np.bool_)
    await desk.open(write_image(tmp_path, {"all": full}, None))
    room = desk.window.objects.list.columnWidth(AREA)
    words = str(desk.window.objects.list.model().index(0, AREA).data())
    assert words == spaced(20_000_000)
    assert room >= QFontMetrics(theme.numbers_font()).horizontalAdvance(words) + theme.SPACE_S


async def test_thousands_of_rows_are_laid_out_without_a_question_to_the_program_for_each(
    desk: Desk, tmp_path: Path
) -> None:
    one = np.ones((4, 4), np.bool_)
    await desk.open(write_image(tmp_path, {f"obj{number:04}": one for number in range(2000)}, None))
    calls = list[str]()
    sys.setprofile(lambda frame, event, _: calls.append(frame.f_code.co_name) if event == "call" else None)
    try:
        desk.window.objects.list.doItemsLayout()
    finally:
        sys.setprofile(None)
    assert len(calls) < 100
    assert desk.window.objects.list.model().rowCount() == 2000


async def test_another_number_of_objects_keeps_nothing_of_those_before(desk: Desk, tmp_path: Path) -> None:
    await opened(desk, tmp_path)
    model, hashes = desk.window.objects.list.model(), [each.object_hash for each in desk.studio.objects]
    desk.studio.show(object_hash=hashes[-1])
    await desk.keys("Delete")
    assert [
        str(model.index(row, NAME).data(Qt.ItemDataRole.AccessibleTextRole)).split(", ")[1] for row in range(39)
    ] == hashes[:-1]
    assert model.rowCount() == 39
    await desk.keys("Ctrl+Z")
    assert model.rowCount() == COUNT
    assert desk.window.objects.list.currentIndex().row() == COUNT - 1


async def test_rows_are_drawn_in_the_colours_of_the_theme_in_force(desk: Desk, tmp_path: Path) -> None:
    await opened(desk, tmp_path)
    rows = desk.window.objects.list
    desk.studio.show(hidden=frozenset([MaskKey(0, "obj03")]))
    for name, palette, other in (("dark", theme.DARK, theme.LIGHT), ("light", theme.LIGHT, theme.DARK)):
        desk.studio.set(preferences.THEME, name)
        eye = rows.viewport().grab(rows.visualRect(rows.model().index(3, EYE))).toImage()
        shown = [eye.pixelColor(x, y) for x in range(eye.width()) for y in range(eye.height())]
        assert farness(palette.accent, shown) < farness(other.accent, shown)


def farness(name: str, shown: list[QColor]) -> int:
    """How far the nearest of some colours is from another."""
    color = QColor(name)
    return min(
        abs(each.red() - color.red()) + abs(each.green() - color.green()) + abs(each.blue() - color.blue())
        for each in shown
    )
