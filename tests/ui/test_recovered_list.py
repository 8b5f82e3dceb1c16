"""Rows with edits that were not saved are offered on the welcome page, and lead there by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bitmask_studio.studio.journal.kept import About
from bitmask_studio.studio.recovering import Waiting
from bitmask_studio.ui.recovered_list import MOST_LINES, RecoveredList
from bitmask_studio.ui.welcome import WelcomePage

FIRST = Waiting("one.png of labels.json - 2 edits, 07:35", "one", About("labels.json", paths=("/a/labels.json",)))
SECOND = Waiting("<b>two</b>\nof <img src=x> - 1 edit, 07:30", "two", About("x", entry="encord:https://e|h|x"))


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    page = WelcomePage()
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    qtbot.waitExposed(page)
    return page


def lines(page: WelcomePage) -> RecoveredList:
    found = page.findChild(RecoveredList)
    assert found is not None
    return found


def test_where_nothing_waits_nothing_is_said_of_it(page: WelcomePage) -> None:
    assert not lines(page).isVisible()


def test_a_click_and_return_open_the_row(qtbot: QtBot, page: WelcomePage) -> None:
    page.set_waiting([FIRST, SECOND])
    found = lines(page)
    assert found.isVisible()
    place = found.visualItemRect(found.item(1)).center()
    with qtbot.waitSignal(page.open_waiting, timeout=1000) as told:
        QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [SECOND]
    found.setFocus()
    found.setCurrentRow(0)
    with qtbot.waitSignal(page.open_waiting, timeout=1000) as told:
        QTest.keyClick(found, Qt.Key.Key_Return)
    assert told.args == [FIRST]


def test_titles_are_plain_text_on_one_line(page: WelcomePage) -> None:
    page.set_waiting([SECOND])
    item = lines(page).item(0)
    assert item.text() == "<b>two</b> of <img src=x> - 1 edit, 07:30"
    assert "<b>" not in item.toolTip()


def test_many_rows_do_not_push_the_ways_to_begin_off_the_page(page: WelcomePage) -> None:
    page.set_waiting([FIRST] * 50)
    found = lines(page)
    assert found.count() == 50
    assert found.height() <= MOST_LINES * found.sizeHintForRow(0) + 2


def test_the_tool_tip_tells_which_file_it_is(page: WelcomePage) -> None:
    page.set_waiting([FIRST])
    assert "/a/labels.json" in lines(page).item(0).toolTip()
