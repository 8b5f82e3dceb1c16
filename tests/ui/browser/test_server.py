"""The dock with the rows of a project on a server: filters, order, growth, and what stays where it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.studio import preferences
from bitmask_studio.studio.rows.row_order import AS_LISTED, Order, SortBy
from bitmask_studio.ui.browser import row_delegate
from bitmask_studio.ui.browser import rows as browser_rows
from bitmask_studio.ui.browser.panel import FilterPanel
from tests.fakes.memory_server import MemoryAccount, MemoryServer, server_row
from tests.ui.desk import LEFT, Desk

ROLE = Qt.ItemDataRole


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer([server_row(number) for number in range(300)])


async def connect(desk: Desk, *servers: MemoryServer) -> None:
    """Sign in and open the first project."""
    desk.studio.set_account(MemoryAccount(*servers))
    await desk.session.projects.open(servers[0].project_hash)
    await desk.settle()


def shown(desk: Desk) -> list[str]:
    model = desk.window.browser.list.model()
    return [model.index(number, 0).data(ROLE.UserRole).key for number in range(model.rowCount())]


def marked(desk: Desk) -> str | None:
    index = desk.window.browser.list.currentIndex()
    return index.data(ROLE.UserRole).key if index.isValid() else None


def place(desk: Desk, key: str) -> int:
    """How far below the list's upper edge a row is drawn, px."""
    view = desk.window.browser.list
    return view.visualRect(view.model().index(shown(desk).index(key), 0)).top()


def count(desk: Desk) -> str:
    return desk.window.browser.rows.count.text()


def popup() -> QWidget:
    """The panel or menu that is open."""
    found = QApplication.activePopupWidget()
    assert found is not None
    return found


def boxes() -> dict[str, QCheckBox]:
    """The boxes of the open panel by their first word or words."""
    panel = popup()
    assert isinstance(panel, FilterPanel)
    return {box.text().split("  ")[0]: box for box in panel.findChildren(QCheckBox)}


async def test_a_project_is_listed_under_its_title(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    rows = desk.window.browser.rows
    assert shown(desk) == [info.key for info in server.infos]
    assert rows.project.isVisible() and rows.project.text() == "Cells"
    assert count(desk) == "300 rows"


async def test_stages_states_and_types_are_ticked_off_and_taken_back_with_one_click(
    desk: Desk, server: MemoryServer
) -> None:
    await connect(desk, server)
    rows = desk.window.browser.rows
    rows.filters.button.click()
    assert "Review 1  (100)" in [box.text() for box in boxes().values()]
    boxes()["Review 1"].click()
    assert shown(desk) == [info.key for info in server.infos if info.stage == "Review 1"]
    boxes()["Complete"].click()
    assert count(desk) == "200 of 300 rows"
    QTest.keyClick(popup(), Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert rows.filters.chip.isVisible() and rows.filters.chip.text() == "Complete · Review 1"
    rows.filters.button.click()
    assert boxes()["Review 1"].isChecked() and not boxes()["Annotate 1"].isChecked()
    boxes()["Review 1"].click()
    assert shown(desk) == [info.key for info in server.infos if info.stage == "Complete"]
    popup().close()
    rows.filters.chip.click()
    assert count(desk) == "300 rows" and not rows.filters.chip.isVisible() and not rows.filters.button.isChecked()


async def test_mine_are_the_rows_of_the_users_own_address(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    desk.window.browser.rows.filters.button.click()
    boxes()["Mine"].click()
    assert shown(desk) == [info.key for info in server.infos if info.assignee == "anna@example.com"]
    popup().close()


async def test_without_an_address_mine_cannot_be_ticked_and_says_why(desk: Desk, server: MemoryServer) -> None:
    server.email = ""
    await connect(desk, server)
    desk.window.browser.rows.filters.button.click()
    assert not boxes()["Mine"].isEnabled()
    assert "e-mail" in boxes()["Mine"].toolTip()
    popup().close()


async def test_filters_of_one_project_do_not_hide_rows_of_the_next(desk: Desk, server: MemoryServer) -> None:
    other = MemoryServer([server_row(number, stage="Elsewhere") for number in range(3)], title="Other")
    await connect(desk, server, other)
    rows = desk.window.browser.rows
    rows.filters.button.click()
    boxes()["Review 1"].click()
    popup().close()
    await desk.session.projects.open(other.project_hash)
    assert len(shown(desk)) == 3 and not rows.filters.chip.isVisible()


async def test_the_list_can_be_sorted_from_its_menu(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    button = desk.window.browser.rows.sort
    button.click()
    menu = popup()
    next(action for action in menu.actions() if action.text() == "Last Edited").trigger()
    menu.close()
    newest = sorted(server.infos, key=lambda info: info.last_edited or datetime.min.replace(tzinfo=UTC), reverse=True)
    assert shown(desk) == [info.key for info in newest]
    assert button.isChecked() and "descending" in button.toolTip()
    button.choose(AS_LISTED)
    assert shown(desk) == [info.key for info in server.infos] and not button.isChecked()


async def test_a_list_that_grows_stays_where_somebody_has_scrolled_to(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    await desk.session.open_row("data-3")
    view = desk.window.browser.list
    view.verticalScrollBar().setValue(2345)
    before = place(desk, "data-40")
    desk.studio.add_rows(server, [server_row(number) for number in range(300, 1300)])
    assert count(desk) == "1\u202f300 rows"
    assert (view.verticalScrollBar().value(), place(desk, "data-40"), marked(desk)) == (2345, before, "data-3")


async def test_a_list_that_is_read_anew_keeps_mark_and_place(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    await desk.session.open_row("data-120")
    before = place(desk, "data-120")
    server.infos = [server_row(number) for number in range(1000, 1020)] + [
        server_row(number, status="changed") for number in range(300) if number != 7
    ]
    await desk.session.projects.refresh()
    assert shown(desk)[:2] == ["data-1000", "data-1001"] and "data-7" not in shown(desk)
    assert (marked(desk), place(desk, "data-120")) == ("data-120", before)


async def test_a_row_marked_with_the_keys_stays_marked_when_the_list_is_read_anew(
    desk: Desk, server: MemoryServer
) -> None:
    await connect(desk, server)
    await desk.session.open_row("data-5")
    desk.window.browser.list.setFocus()
    await desk.keys("Down", "Down")
    server.infos = [server_row(number, status="changed") for number in range(300)]
    await desk.session.projects.refresh()
    assert (marked(desk), desk.studio.view.row) == ("data-7", "data-5")


async def test_a_list_too_long_to_be_read_in_one_go_is_read_aside(
    desk: Desk, server: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_rows, "MANY", 100)
    await connect(desk, server)
    assert len(shown(desk)) == 300
    desk.window.browser.rows.sort.choose(Order(SortBy.TITLE, descending=True))
    await desk.settle()
    assert shown(desk)[:2] == ["data-299", "data-298"]
    desk.studio.set_rows(server, [server_row(number) for number in range(150)])
    desk.studio.set_rows(server, [server_row(number) for number in range(200)])
    await desk.settle()
    assert len(shown(desk)) == 200 and shown(desk)[0] == "data-199"
    desk.studio.set_rows(server, [server_row(number) for number in range(150)])
    desk.studio.set_rows(server, [server_row(number) for number in range(50)])
    await desk.settle()
    assert len(shown(desk)) == 50


async def test_the_refresh_button_reads_the_rows_anew(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    server.infos = server.infos[:5]
    desk.window.browser.rows.refresh_button.click()
    await desk.settle()
    assert count(desk) == "5 rows"


async def test_an_empty_list_says_why_it_is_empty(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, MemoryServer([]))
    view = desk.window.browser.list
    assert view.nothing == "There are no rows."
    empty = desk.pixels(view)
    assert empty.std() > 0
    desk.studio.busy("Reading …")
    assert view.nothing == "Reading …"
    desk.studio.busy()
    desk.studio.add_rows(desk.studio.workspace.source, [server_row(0)])  # type: ignore[arg-type] # there is one
    desk.window.browser.search.setText("nowhere")
    assert view.nothing == "No row matches." and shown(desk) == []


async def test_home_and_end_go_to_the_ends_of_the_list_and_return_opens(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    desk.window.browser.list.setFocus()
    await desk.keys("End")
    assert marked(desk) == "data-299"
    await desk.keys("Home", "Down", "Return")
    assert desk.studio.view.row == "data-1"


async def test_there_are_no_objects_beside_a_project_of_which_no_row_is_open(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    assert desk.window.rows_dock.isVisible() and not desk.window.objects_dock.isVisible()
    await desk.keys("PgDown")
    assert desk.window.objects_dock.isVisible()
    assert (desk.window.rows_dock.width(), desk.window.objects_dock.width()) == (290, 280)


@pytest.mark.parametrize("key", ["PgDown", "PgUp"])
async def test_page_keys_open_the_first_row_where_none_is_open(desk: Desk, server: MemoryServer, key: str) -> None:
    await connect(desk, server)
    desk.window.browser.list.setFocus()
    before = desk.studio.view.row
    assert before is None
    await desk.keys(key)
    assert desk.studio.view.row == server.infos[0].key
    await desk.keys("PgDown")
    assert desk.studio.view.row == server.infos[1].key


async def test_a_click_opens_the_row_under_the_pointer(desk: Desk, server: MemoryServer) -> None:
    await connect(desk, server)
    view = desk.window.browser.list
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(100, place(desk, "data-2") + 5))
    await desk.settle()
    assert desk.studio.view.row == "data-2"


async def test_the_tip_of_a_row_tells_all_that_is_known(desk: Desk) -> None:
    reason = "This <b>type</b> cannot be edited."
    await connect(desk, MemoryServer([server_row(1, read_only=reason), server_row(2, uninitialised=True)]))
    model = desk.window.browser.list.model()
    tip = QTextDocument()
    tip.setHtml(model.index(0, 0).data(ROLE.ToolTipRole))
    for words in ("scan_1.png", "960 × 480", "12 frames", "Review 1", "anna@example.com", "2026-03-01", reason):
        assert words in tip.toPlainText()
    assert "no labels yet" in model.index(1, 0).data(ROLE.AccessibleTextRole)


def width(words: str) -> int:
    return len(words)


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (100, "Review 1 · in progress · anna@example.com"),
        (40, "Review 1 · in progress"),
        (12, "Review 1"),
        (2, "Review 1"),
    ],
)
def test_where_room_is_scarce_the_less_important_is_left_out(room: int, words: str) -> None:
    assert row_delegate.fitting(row_delegate.work_parts(server_row(1)), room, width) == words


def test_that_a_row_has_no_labels_yet_matters_more_than_its_stage() -> None:
    bare: RowInfo = server_row(1, uninitialised=True)
    assert row_delegate.fitting(row_delegate.work_parts(bare), 14, width) == "no labels yet"


@pytest.mark.parametrize("wide", [190, 400])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_rows_are_drawn_at_every_width_in_both_themes(desk: Desk, theme: str, wide: int) -> None:
    hostile = [server_row(n, title=t) for n, t in enumerate(("x" * 300, "<b>a</b>\nb", "\u202eabc", "", "ص"))]
    desk.studio.set(preferences.THEME, theme)
    await connect(desk, MemoryServer(hostile))
    desk.window.resizeDocks([desk.window.rows_dock], [wide], Qt.Orientation.Horizontal)
    await desk.settle()
    assert desk.window.rows_dock.width() == wide
    pixels = desk.pixels(desk.window.browser.list)
    assert (pixels.mean() > 128) == (theme == "light")
    assert pixels.std() > 0
