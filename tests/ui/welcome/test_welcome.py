"""The welcome page offers five ways to begin and what was open before, to the mouse and to the keyboard."""

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from bitmask_studio.ui.welcome.recent_list import RecentList, short_folder
from bitmask_studio.ui.welcome.welcome import WelcomePage
from tests.ui.welcome_page import shown_page

WAYS = {
    "Connect to Encord": "connect_encord",
    "Try with a Sample Encord Project": "try_sandbox",
    "Open Files": "open_files",
    "Open Folder": "open_folder",
    "Open Sample Project": "open_sample",
}
PROJECT = "encord:https://api.encord.com|0a1b2c3d|Harbour | second pass"


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    return shown_page(qtbot, 560)


def tile(page: WelcomePage, name: str) -> QAbstractButton:
    return next(each for each in page.findChildren(QAbstractButton) if each.accessibleName() == name)


def recent(page: WelcomePage) -> RecentList:
    found = page.findChild(RecentList)
    assert found is not None
    return found


def place_in(page: QWidget, widget: QWidget) -> QRect:
    """Where `widget` lies in the page, logical px."""
    return QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())


def tooltip(page: WelcomePage, row: int) -> str:
    return recent(page).item(row).toolTip()


def looked_up(qtbot: QtBot, page: WelcomePage, row: int) -> None:
    qtbot.waitUntil(lambda: "not there any more" in tooltip(page, row))


@pytest.mark.parametrize(("name", "signal"), tuple(WAYS.items()))
def test_a_click_on_a_tile_asks_for_that_way_to_begin(qtbot: QtBot, page: WelcomePage, name: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(page, signal), timeout=1000):
        QTest.mouseClick(tile(page, name), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize(("name", "signal"), tuple(WAYS.items()))
def test_a_tile_is_pressed_by_enter_and_by_space(
    qtbot: QtBot, page: WelcomePage, name: str, signal: str, key: Qt.Key
) -> None:
    with qtbot.waitSignal(getattr(page, signal), timeout=1000):
        QTest.keyClick(tile(page, name), key)


def test_tab_goes_through_the_tiles_and_then_to_the_recent_files(page: WelcomePage) -> None:
    page.set_recent(["/a/b.json"])
    order: list[str] = []
    widget: QWidget | None = tile(page, "Connect to Encord")
    while widget is not None and len(order) < 6:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(page) and widget.accessibleName():
            order.append(widget.accessibleName())
        widget = widget.nextInFocusChain()
    assert order == [*WAYS, "Recent files and projects"]


def test_tiles_show_the_keys_of_the_actions_they_stand_for(page: WelcomePage) -> None:
    assert "Ctrl+O" in [label.text() for label in tile(page, "Open Files").findChildren(QLabel)]


def test_there_is_no_list_of_recent_files_without_any(page: WelcomePage) -> None:
    page.set_recent(["/a/b.json"])
    assert recent(page).isVisible()
    page.set_recent([])
    assert not recent(page).isVisible()


def test_enter_and_a_click_open_a_recent_file(qtbot: QtBot, page: WelcomePage) -> None:
    page.set_recent(["/a/one.json", "/a/two.json"])
    files = recent(page)
    files.setCurrentRow(1)
    with qtbot.waitSignal(page.open_recent, timeout=1000) as opened:
        QTest.keyClick(files, Qt.Key.Key_Return)
    assert opened.args == ["/a/two.json"]
    with qtbot.waitSignal(page.open_recent, timeout=1000) as opened:
        place = files.visualItemRect(files.item(0)).center()
        QTest.mouseClick(files.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == ["/a/one.json"]


def test_focus_comes_to_the_first_recent_file(page: WelcomePage) -> None:
    page.set_recent(["/a/one.json", "/a/two.json"])
    recent(page).setFocus()
    assert recent(page).currentRow() == 0


def test_only_missing_files_are_said_to_be_missing_and_can_be_tried_all_the_same(
    qtbot: QtBot, page: WelcomePage, tmp_path: Path
) -> None:
    there = tmp_path / "there.json"
    there.touch()
    page.set_recent([str(there), str(tmp_path / "gone.json")])
    looked_up(qtbot, page, 1)
    assert "not there" not in tooltip(page, 0)
    recent(page).setCurrentRow(1)
    with qtbot.waitSignal(page.open_recent, timeout=1000):
        QTest.keyClick(recent(page), Qt.Key.Key_Return)


def test_a_missing_file_is_paler_than_one_that_is_there(qtbot: QtBot, page: WelcomePage, tmp_path: Path) -> None:
    (tmp_path / "a.json").touch()
    page.set_recent([str(tmp_path / "a.json"), str(tmp_path / "b.json")])
    looked_up(qtbot, page, 1)
    there, gone = (_darkest(recent(page), row) for row in (0, 1))
    assert there < gone


def test_an_answer_about_earlier_files_does_not_mark_later_ones(qtbot: QtBot, page: WelcomePage) -> None:
    page.set_recent(["/nowhere/old.json"])
    page.set_recent(["/"])
    qtbot.wait(50)
    assert "not there" not in tooltip(page, 0)


@pytest.mark.parametrize("name", ["<b>bold</b>", "a&b", "\u0635\u0641", "x" * 300, "line\nbreak", "nul\0"])
def test_any_name_is_listed_letter_by_letter(page: WelcomePage, name: str) -> None:
    page.set_recent([f"/folder/{name}"])
    assert recent(page).item(0).text() == name.rsplit("/", maxsplit=1)[-1]
    assert "<b>" not in tooltip(page, 0)
    assert not page.grab().isNull()


def test_a_project_is_listed_by_its_title_and_passed_on_as_it_came(qtbot: QtBot, page: WelcomePage) -> None:
    page.set_recent(["/a/b.json", PROJECT])
    files = recent(page)
    assert files.item(1).text() == "Harbour | second pass"
    assert "https://api.encord.com" in tooltip(page, 1)
    files.setCurrentRow(1)
    with qtbot.waitSignal(page.open_recent, timeout=1000) as opened:
        QTest.keyClick(files, Qt.Key.Key_Return)
    assert opened.args == [PROJECT]


def test_a_project_is_never_looked_for_as_a_file(qtbot: QtBot, page: WelcomePage) -> None:
    page.set_recent([PROJECT, "/nowhere/gone.json"])
    looked_up(qtbot, page, 1)
    assert "not there" not in tooltip(page, 0)


@pytest.mark.parametrize("entry", ["encord:", "encord:https://x", "encord:x|y", "encord:[|y|<b>z</b>", "encord:|||"])
def test_an_entry_that_is_cut_short_is_listed_all_the_same(page: WelcomePage, entry: str) -> None:
    page.set_recent([entry])
    assert recent(page).item(0).text() or entry == "encord:|||"
    assert not page.grab().isNull()


def test_the_users_own_folder_is_shortened() -> None:
    assert short_folder(str(Path.home() / "work" / "labels.json")) == str(Path("~") / "work")
    assert short_folder("/data/labels.json") == str(Path("/data"))


@pytest.mark.parametrize("count", [0, 3, 10])
@pytest.mark.parametrize("size", [(900, 560), (1280, 800), (3840, 2160)])
def test_everything_is_in_view_and_in_the_middle(page: WelcomePage, size: tuple[int, int], count: int) -> None:
    page.set_recent([f"/folder/{'long ' * number}.json" for number in range(count)])
    page.resize(*size)
    _settle(page)
    labels = [label for label in page.findChildren(QLabel) if label.isVisible()]
    places = [place_in(page, each) for each in (*labels, *(tile(page, name) for name in WAYS))]
    assert all(page.rect().contains(place) for place in places)
    name = next(place_in(page, label) for label in labels if label.text() == "Bitmask Studio")
    assert abs(name.center().x() - page.width() / 2) <= 2


def test_in_a_small_window_tiles_keep_their_size_and_the_page_scrolls(page: WelcomePage) -> None:
    page.set_recent(["/a/b.json"])
    height = tile(page, "Open Files").height()
    page.resize(420, 300)
    _settle(page)
    assert tile(page, "Open Files").height() == height
    places = [place_in(page, tile(page, name)) for name in WAYS]
    assert all(not one.intersects(two) for one, two in pairwise(places))


def _settle(page: QWidget) -> None:
    QTest.qWait(20)
    page.grab()


def _darkest(files: RecentList, row: int) -> int:
    """Lightness (0 to 255) of the darkest pixel of a row."""
    image = files.viewport().grab(files.visualItemRect(files.item(row))).toImage()
    return min(image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height()))
