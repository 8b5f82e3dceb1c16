"""The status bar tells place, value, object, zoom and work under way, in plain text."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from bitmask_studio.ui.bars import status
from bitmask_studio.ui.bars.status import StatusBar
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.ui.desk import Desk
from tests.ui.label_files import block, write_rows


def bar(desk: Desk) -> StatusBar:
    """The bar, not waiting for the pointer to rest."""
    found = desk.window.statusBar()
    assert isinstance(found, StatusBar)
    found.tell()
    return found


def work(desk: Desk) -> str:
    return next(label.text() for label in bar(desk).findChildren(QLabel) if label.accessibleName() == "Work under way")


def cancel(desk: Desk) -> QPushButton:
    found = bar(desk).findChild(QPushButton)
    assert isinstance(found, QPushButton)
    return found


async def test_place_value_and_object_under_the_pointer_are_told(desk: Desk, project: Path) -> None:
    await desk.open(project)
    picture = cv2.imread(str(project.parent / "one-0.png"))
    assert picture is not None
    for x, y, name in ((13, 11, "Cell objA"), (38, 28, "Wall objB"), (0, 0, ""), (59, 43, "")):
        desk.move((x + 0.9, y + 0.1))
        blue, green, red = picture[y, x].tolist()
        assert bar(desk).position_label.text() == f"{x}, {y}   {red} {green} {blue}"
        assert bar(desk).object_label.text() == name


async def test_beside_the_picture_and_off_the_canvas_nothing_is_told(desk: Desk, project: Path) -> None:
    await desk.open(project)
    for beside in ((-0.01, 5.0), (60.01, 5.0), (5.0, -0.01), None):
        desk.move((13, 11))
        assert bar(desk).position_label.text()
        desk.move(beside) if beside else desk.point_away()
        assert (bar(desk).position_label.text(), bar(desk).object_label.text()) == ("", "")


async def test_without_a_picture_there_is_a_place_but_no_value(desk: Desk, project: Path) -> None:
    (project.parent / "one-0.png").unlink()
    await desk.open(project)
    desk.move((13.5, 11.5))
    assert bar(desk).position_label.text() == "13, 11"


async def test_hidden_objects_are_not_told(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.keys("Ctrl+H")
    desk.move((13, 11))
    assert bar(desk).object_label.text() == ""


async def test_names_are_shown_letter_by_letter_in_one_line(desk: Desk, tmp_path: Path) -> None:
    row = label_row("one", (60, 44), [[mask_object("obj<i>A</i>", bitmask(block(4, 4)), "<b>two\nlines</b>")]])
    await desk.open(write_rows(tmp_path, [row]))
    desk.move((13, 11))
    assert bar(desk).object_label.text().endswith("obj<i>A</i>")
    assert "\n" not in bar(desk).object_label.text()
    assert bar(desk).object_label.textFormat().name == "PlainText"


async def test_the_zoom_is_told_in_percent(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.keys("Ctrl+1")
    assert bar(desk).zoom_label.text() == "100 %"
    await desk.keys("Ctrl++")
    assert bar(desk).zoom_label.text() == "125 %"
    desk.canvas.zoom_by(-40)
    assert bar(desk).zoom_label.text() == "27 %"


async def test_work_is_told_after_a_moment_and_only_until_it_ends(
    desk: Desk, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open(project)
    stop = Mock()
    desk.studio.busy("Saving …", stop)
    assert work(desk) == ""
    await desk.until(lambda: work(desk) == "Saving …")
    assert cancel(desk).isVisible()
    cancel(desk).click()
    stop.assert_called_once_with()
    desk.studio.busy("Reading …")
    assert (work(desk), cancel(desk).isVisible()) == ("Reading …", False)
    desk.studio.busy()
    assert (work(desk), cancel(desk).isVisible()) == ("", False)


async def test_wide_words_leave_room_for_the_rest(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.window.resize(760, 480)
    desk.studio.busy(f"Reading {'W' * 60}", Mock())
    await desk.until(lambda: work(desk))
    await desk.settle()
    assert desk.window.width() == 760
    assert bar(desk).minimumSizeHint().width() <= 760
    for label in (bar(desk).position_label, bar(desk).zoom_label):
        assert bar(desk).rect().contains(label.geometry())


async def test_a_click_on_cancel_leaves_the_keys_with_the_canvas(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.window.canvas.setFocus()
    desk.studio.busy("Reading …", desk.studio.busy)
    await desk.until(lambda: cancel(desk).isVisible())
    QTest.mouseClick(cancel(desk), Qt.MouseButton.LeftButton)
    assert not cancel(desk).isVisible()
    assert desk.window.focusWidget() is desk.window.canvas


async def test_short_work_is_not_worth_a_word(desk: Desk, project: Path) -> None:
    await desk.open(project)
    told: list[str] = []
    desk.studio.busy("Saving …")
    desk.studio.busy()
    desk.studio.noticed.connect(lambda notice: told.append(notice.text))
    for _ in range(20):
        await desk.settle()
        assert work(desk) == ""
    assert status.BUSY_AFTER_MS == 300
