"""The dock with the rows: filter, keys, marks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.text import letters, one_line
from bitmask_studio.studio.rows.row_order import AS_LISTED, Order, SortBy
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.ui.widgets.plain_text import plain_tip
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.fakes.screen import FakeAsk
from tests.ui.desk import LEFT, Desk
from tests.ui.label_files import write_rows

ROLE = Qt.ItemDataRole


def listed(desk: Desk) -> list[str]:
    """The titles in the list, top to bottom."""
    model = desk.window.browser.list.model()
    return [str(model.index(n, 0).data()) for n in range(model.rowCount())]


def marked(desk: Desk) -> str | None:
    """The title of the list's current row."""
    index = desk.window.browser.list.currentIndex()
    return str(index.data()) if index.isValid() else None


async def test_all_rows_are_listed_and_the_open_one_is_marked(desk: Desk, project: Path) -> None:
    await desk.open(project)
    assert listed(desk) == ["one.png", "group.png", "bare.png"]
    assert marked(desk) == desk.row == "one.png"


async def test_the_file_of_the_open_row_is_named_below_the_list(desk: Desk, project: Path, tmp_path: Path) -> None:
    await desk.open(project)
    file = desk.window.browser.rows.file
    assert (file.text(), file.toolTip()) == (project.name, plain_tip(str(project)))
    desk.studio.ask = FakeAsk(new_file=tmp_path / "elsewhere.json")
    desk.stroke((30, 30))
    assert await desk.session.save_as()
    await desk.settle()
    assert (file.text(), file.toolTip()) == ("elsewhere.json", plain_tip(str(tmp_path / "elsewhere.json")))


async def test_a_click_opens_a_row(desk: Desk, project: Path) -> None:
    await desk.open(project)
    view = desk.window.browser.list
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(1, 0)).center())
    await desk.settle()
    assert (desk.row, marked(desk)) == ("group.png", "group.png")


async def test_arrows_and_page_keys_move_in_the_list_that_has_the_focus_and_return_opens(
    desk: Desk, project: Path
) -> None:
    await desk.open(project)
    desk.window.browser.list.setFocus()
    await desk.keys("Down")
    assert (marked(desk), desk.row, desk.chosen) == ("group.png", "one.png", "objA")
    await desk.keys("End")
    assert marked(desk) == "bare.png"
    await desk.keys("Up", "Return")
    assert desk.row == "group.png"


async def test_other_keys_work_while_the_list_has_the_focus(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.window.browser.list.setFocus()
    await desk.keys("E")
    assert desk.studio.view.tool == "eraser"
    await desk.keys("Down", "Return", "Right")
    assert desk.studio.view.frame == 1


async def test_ctrl_f_goes_to_the_filter_where_letters_and_digits_are_text(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.keys("Ctrl+F")
    view = desk.studio.view
    QTest.keyClicks(desk.window.browser.search, "group 12[]bex ")
    await desk.settle()
    assert desk.window.browser.search.text() == "group 12[]bex "
    assert desk.studio.view == view
    assert listed(desk) == []
    desk.window.browser.search.setText("GROUP")
    assert listed(desk) == ["group.png"]
    assert desk.row == "one.png"


@pytest.mark.parametrize(("typed", "found"), [("e", 2), ("img_group", 1), ("bare-data", 1), ("one image", 1)])
async def test_every_word_is_looked_for_in_title_type_and_hashes(
    desk: Desk, project: Path, typed: str, found: int
) -> None:
    await desk.open(project)
    desk.window.browser.search.setText(typed)
    assert len(listed(desk)) == found


async def test_a_filter_that_hides_the_open_row_leaves_it_open_and_marks_it_again(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.window.browser.search.setText("bare")
    assert (marked(desk), desk.row) == (None, "one.png")
    desk.window.browser.search.clear()
    assert marked(desk) == "one.png"


async def test_files_have_neither_stages_nor_people_to_filter_by_but_can_be_sorted(desk: Desk, project: Path) -> None:
    await desk.open(project)
    rows = desk.window.browser.rows
    assert not rows.filters.isVisible() and not rows.project.isVisible() and not rows.refresh_button.isVisible()
    rows.sort.choose(Order(SortBy.TITLE))
    assert listed(desk) == ["bare.png", "group.png", "one.png"]
    assert marked(desk) == desk.row == "one.png"
    rows.sort.choose(Order(SortBy.FRAMES, descending=True))
    assert listed(desk) == ["group.png", "one.png", "bare.png"]
    rows.sort.choose(AS_LISTED)
    assert listed(desk) == ["one.png", "group.png", "bare.png"]


async def test_rows_with_unsaved_edits_look_different(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before = desk.pixels(desk.window.browser.list)
    desk.stroke((40, 8))
    assert (desk.pixels(desk.window.browser.list) != before).any()
    await desk.keys("Ctrl+Z")
    assert (desk.pixels(desk.window.browser.list) == before).all()


@pytest.mark.parametrize("title", ["<b>bold</b><img src='x'>", "a & b", "two\nlines", "x" * 300, "\u202eabc", "\u0635"])
async def test_titles_of_all_kinds_are_listed_as_they_are(desk: Desk, tmp_path: Path, title: str) -> None:
    row = label_row("one", (60, 40), [[]])
    row["data_title"] = title
    await desk.open(write_rows(tmp_path, [row]))
    index = desk.window.browser.list.model().index(0, 0, QModelIndex())
    tip = QTextDocument()
    tip.setHtml(index.data(ROLE.ToolTipRole))
    assert one_line(title) in tip.toPlainText()
    assert letters(title) in index.data(ROLE.AccessibleTextRole)
    desk.pixels(desk.window)


async def test_next_row_is_the_next_of_those_that_are_shown(desk: Desk, project: Path) -> None:
    await desk.open(project, row="one.png")
    desk.window.browser.search.setText("group")
    await desk.settle()
    await desk.keys("PgDown")
    info = desk.studio.workspace.row(desk.studio.view.row)
    assert info is not None and info.title == "group.png"
    await desk.keys("PgDown")
    assert desk.studio.view.row == info.key


async def test_tab_leads_from_the_filter_to_what_it_found(desk: Desk, project: Path) -> None:
    await desk.open(project, row="one.png")
    browser = desk.window.browser
    browser.search.setFocus()
    await desk.keys("Tab")
    assert browser.list.hasFocus()


@pytest.mark.parametrize("damage", ["no size", "no data units"])
async def test_page_down_leads_on_from_a_first_row_that_cannot_be_shown(
    desk: Desk, tmp_path: Path, damage: str
) -> None:
    bits = np.zeros((36, 48), np.bool_)
    bits[4:9, 4:9] = True
    rows = [label_row(name, (48, 36), [[mask_object("objA", bitmask(bits))]]) for name in ("one", "two")]
    units = rows[0]["data_units"]
    assert isinstance(units, dict)
    rows[0]["data_units"] = {key: {**units[key], "width": float("nan")} for key in units if damage == "no size"}
    path = write_rows(tmp_path, rows, {})
    with pytest.raises(StudioError):
        await desk.window.session.open(OpenWish((path,)))
    await desk.keys("PgDown")
    await desk.until(lambda: desk.studio.view.row is not None)
    assert desk.studio.document
    assert desk.studio.document.row.info.name == "two.png"
