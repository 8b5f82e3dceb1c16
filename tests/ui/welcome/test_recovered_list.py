"""Rows with edits that were not saved are offered on the welcome page, and lead there by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from bitmask_studio.studio.journal.kept import About
from bitmask_studio.studio.kept.kept_rows import Waiting
from bitmask_studio.ui.welcome.recovered_list import MOST_LINES, RecoveredList
from bitmask_studio.ui.welcome.welcome import WelcomePage
from tests.ui.welcome_page import shown_page

FIRST = Waiting("one.png of labels.json - 2 edits, 07:35", "one", About("labels.json", paths=("/a/labels.json",)))
SECOND = Waiting("<b>two</b>\nof <img src=x> - 1 edit, 07:30", "two", About("x", entry="encord:https://e|h|x"))


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    return shown_page(qtbot, 700)


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


def test_two_files_of_one_name_are_told_apart_by_their_folders(page: WelcomePage) -> None:
    page.set_waiting([FIRST, Waiting(FIRST.text, "one", About("labels.json", paths=("/b/labels.json",)))])
    pictures = [lines(page).viewport().grab(lines(page).visualItemRect(lines(page).item(at))) for at in (0, 1)]
    assert pictures[0].toImage() != pictures[1].toImage()


def test_a_file_that_is_gone_says_so_and_how_to_go_on(qtbot: QtBot, page: WelcomePage) -> None:
    page.set_waiting([FIRST])
    qtbot.waitUntil(lambda: "not there any more" in lines(page).item(0).toolTip(), timeout=5000)
    assert "Locate…" in lines(page).item(0).toolTip()


def menu_of(page: WelcomePage, row: int) -> QMenu:
    found = lines(page)
    place = found.visualItemRect(found.item(row)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, found.viewport().mapToGlobal(place))
    QApplication.sendEvent(found.viewport(), event)
    return next(menu for menu in found.findChildren(QMenu) if menu.isVisible())


def test_the_menu_of_a_line_opens_it_or_leads_to_where_its_file_is_now(qtbot: QtBot, page: WelcomePage) -> None:
    page.set_waiting([FIRST, SECOND])
    menu = menu_of(page, 0)
    assert [each.text() for each in menu.actions()] == ["&Open", "&Locate…"]
    with qtbot.waitSignal(page.locate_waiting, timeout=1000) as told:
        menu.actions()[1].trigger()
    assert told.args == [FIRST]
    with qtbot.waitSignal(page.open_waiting, timeout=1000) as told:
        menu.actions()[0].trigger()
    assert told.args == [FIRST]
    menu.close()


def test_a_row_on_a_server_has_no_file_to_look_for(page: WelcomePage) -> None:
    page.set_waiting([SECOND])
    menu = menu_of(page, 0)
    assert [each.text() for each in menu.actions()] == ["&Open"]
    menu.close()
