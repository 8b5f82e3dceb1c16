"""The timeline: every frame has a place, marks are where they belong at any width, and a press goes there."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from bitmask_studio.ui import theme
from bitmask_studio.ui.bars.timeline import HANDLE, Timeline, runs

MARKS_ROW = 22


def timeline(qtbot: QtBot, count: int, width: int = 400) -> Timeline:
    line = Timeline(lambda position: f"frame <{position}>")
    qtbot.addWidget(line)
    line.set_count(count)
    line.resize(width, line.sizeHint().height())
    line.show()
    return line


def marks(line: Timeline, color: str, row: int = MARKS_ROW) -> list[int]:
    """The columns of a row of pixels that have a colour."""
    image = line.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return [x for x in range(image.width()) if image.pixelColor(x, row) == QColor(color)]


def mouse(line: Timeline, kind: QEvent.Type, x: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    at = QPointF(x, 10)
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(line, QMouseEvent(kind, at, line.mapToGlobal(at), button, button, keys))


@pytest.mark.parametrize("count", [2, 5, 10_000])
@pytest.mark.parametrize("width", [64, 500, 1400])
def test_every_frame_that_has_a_pixel_is_found_where_it_is(qtbot: QtBot, count: int, width: int) -> None:
    line = timeline(qtbot, count, width)
    if count <= width:
        assert [line.position_at(line.x_of(position)) for position in range(count)] == list(range(count))
    assert (line.position_at(-50), line.position_at(width + 50)) == (0, count - 1)
    assert (line.x_of(0), line.x_of(count - 1)) == (HANDLE / 2, width - HANDLE / 2)


def test_marks_stand_below_their_frames_and_the_chosen_objects_are_stronger(qtbot: QtBot) -> None:
    line = timeline(qtbot, 5)
    line.set_marks([1, 3], [3])
    colors = theme.colors()
    labelled, chosen = marks(line, colors.muted), marks(line, colors.accent)
    assert abs(np.mean(labelled) + 0.5 - line.x_of(1)) <= 1
    assert abs(np.mean(chosen) + 0.5 - line.x_of(3)) <= 1
    lower = marks(line, colors.accent, MARKS_ROW + 4)
    assert lower == chosen
    assert not marks(line, colors.muted, MARKS_ROW + 4)


@pytest.mark.parametrize("width", [64, 401, 1400])
def test_thousands_of_marks_become_bars_with_no_gap_and_nothing_beyond(qtbot: QtBot, width: int) -> None:
    line = timeline(qtbot, 100_000, width)
    line.set_marks(range(25_000, 50_000), ())
    found = marks(line, theme.colors().muted)
    assert found == list(range(found[0], found[-1] + 1))
    assert abs(found[0] - line.x_of(25_000)) <= 2
    assert abs(found[-1] - line.x_of(50_000)) <= 2


def test_marks_that_touch_are_joined() -> None:
    columns = np.array([0, 2, 3, 9, 9, 12, 20], np.intp)
    assert list(runs(columns, 2)) == [(0, 5), (9, 11), (12, 14), (20, 22)]
    assert list(runs(np.empty(0, np.intp), 2)) == []


def test_a_press_goes_there_and_dragging_follows(qtbot: QtBot) -> None:
    line = timeline(qtbot, 10)
    seen: list[int] = []
    line.valueChanged.connect(seen.append)
    mouse(line, QEvent.Type.MouseButtonPress, line.x_of(4))
    assert (line.value(), line.isSliderDown()) == (4, True)
    mouse(line, QEvent.Type.MouseMove, line.x_of(7))
    mouse(line, QEvent.Type.MouseButtonRelease, line.x_of(7))
    assert (seen, line.isSliderDown()) == ([4, 7], False)
    mouse(line, QEvent.Type.MouseMove, line.x_of(2))
    mouse(line, QEvent.Type.MouseButtonPress, line.x_of(2), Qt.MouseButton.RightButton)
    assert line.value() == 7


def test_keys_go_through_it(qtbot: QtBot) -> None:
    line = timeline(qtbot, 1000)
    for key, value in ((Qt.Key.Key_End, 999), (Qt.Key.Key_Left, 998), (Qt.Key.Key_Home, 0), (Qt.Key.Key_PageUp, 49)):
        QTest.keyClick(line, key)
        assert line.value() == value


def test_it_tells_in_words_what_it_shows(qtbot: QtBot) -> None:
    line = timeline(qtbot, 9)
    line.set_marks([1, 2, 5], [2])
    assert line.accessibleName() == "Frame"
    assert line.accessibleDescription() == "3 of 9 frames have labels, 1 of them the chosen object."


def test_the_tool_tip_speaks_of_the_frame_under_the_pointer(qtbot: QtBot) -> None:
    line = timeline(qtbot, 10)
    at = QPoint(round(line.x_of(6)), 10)
    QApplication.sendEvent(line, QHelpEvent(QEvent.Type.ToolTip, at, line.mapToGlobal(at)))
    assert QToolTip.text() == "<qt>frame &lt;6&gt;</qt>"
    QToolTip.hideText()
