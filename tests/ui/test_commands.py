"""Every action in menus and under its keys: from wherever the focus is, except where the keys mean text or a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from bitmask_studio.actions.base import EDIT
from bitmask_studio.actions.registry import MENUS, all_actions
from bitmask_studio.core.labels import MaskKey
from tests.ui.desk import Desk


def focus(desk: Desk, name: str) -> QWidget:
    """Give the focus to the canvas or to the list of a dock."""
    places = {"canvas": desk.canvas, "rows": desk.window.browser.list, "objects": desk.window.objects.list}
    places[name].setFocus()
    assert QApplication.focusWidget() is places[name]
    return places[name]


EVERYWHERE = pytest.mark.parametrize("place", ["canvas", "rows", "objects"])


async def test_every_action_is_in_its_menu_with_its_keys(desk: Desk) -> None:
    menus = {menu.title().replace("&", ""): menu for menu in desk.window.menuBar().findChildren(QMenu) if menu.title()}
    assert tuple(menus) == MENUS
    for row in all_actions():
        action = desk.window.commands.actions[row.id]
        assert action in menus[row.menu].actions()
        keys = [] if row.hold or row.context != EDIT else [QKeySequence(key) for key in row.keys]
        assert action.shortcuts() == keys
        assert desk.window.commands.row(row.id) is row


async def test_with_nothing_open_only_opening_leaving_settings_and_help_can_be_done(desk: Desk) -> None:
    enabled = {name for name, action in desk.window.commands.actions.items() if action.isEnabled()}
    assert {"open_files", "open_folder", "open_sample", "quit", "keys", "about", "theme_dark"} <= enabled
    assert not enabled & {
        "save",
        "save_as",
        "export",
        "undo",
        "redo",
        "delete",
        "new_object",
        "next_row",
        "fit",
        "peek",
    }


@EVERYWHERE
async def test_keys_choose_tools_wherever_the_focus_is(desk: Desk, project: Path, place: str) -> None:
    await desk.open(project)
    focus(desk, place)
    for keys, tool in (
        ("E", "eraser"),
        ("B", "brush"),
        ("S", "select"),
        ("F", "brush"),
        ("H", "eraser"),
        ("X", "brush"),
    ):
        await desk.keys(keys)
        assert desk.studio.view.tool == tool


@EVERYWHERE
async def test_keys_undo_and_redo_wherever_the_focus_is(desk: Desk, project: Path, place: str) -> None:
    await desk.open(project)
    before = desk.bits()
    desk.stroke((30, 30))
    after = desk.bits()
    focus(desk, place)
    for keys, bits in (("Ctrl+Z", before), ("Ctrl+Shift+Z", after), ("Ctrl+Z", before), ("Ctrl+Y", after)):
        await desk.keys(keys)
        assert (desk.bits() == bits).all()


@EVERYWHERE
async def test_keys_show_hide_lock_and_resize_wherever_the_focus_is(desk: Desk, project: Path, place: str) -> None:
    await desk.open(project)
    focus(desk, place)
    key = MaskKey(0, "objA")
    await desk.keys("Ctrl+H", "Ctrl+L", "Z", "Shift+V", "Alt+Up", "]", "Shift+]")
    view = desk.studio.view
    assert view.hidden == view.locked == frozenset({key})
    assert view.outline and view.only_chosen
    assert round(view.opacity * 100) == 50
    assert desk.studio.tool_options.size == 16
    await desk.keys("[", "Shift+[")
    assert desk.studio.tool_options.size == 5


@EVERYWHERE
async def test_digits_choose_the_class_of_a_new_object_wherever_the_focus_is(
    desk: Desk, project: Path, place: str
) -> None:
    await desk.open(project)
    focus(desk, place)
    await desk.keys("2")
    assert desk.chosen is None
    assert desk.studio.new_class is not None
    assert desk.studio.new_class.name == "Wall"


async def test_arrows_go_from_object_to_object_and_from_frame_to_frame(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png", frame=1)
    for place in ("canvas", "objects"):
        focus(desk, place)
        await desk.keys("Down")
        assert desk.chosen == "objD"
        await desk.keys("Up")
        assert desk.chosen == "objC"
        await desk.keys("Left")
        assert desk.studio.view.frame == 0
        await desk.keys("Right")
        assert desk.studio.view.frame == 1


async def test_page_keys_go_from_row_to_row(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.keys("PgDown")
    assert desk.row == "group.png"
    await desk.keys("PgUp")
    assert desk.row == "one.png"


async def test_page_keys_open_the_next_and_the_previous_row_from_the_list_too(desk: Desk, project: Path) -> None:
    await desk.open(project)
    focus(desk, "rows")
    before = desk.row
    await desk.keys("PgDown")
    there = desk.row
    assert there != before
    assert desk.window.browser.list.currentIndex().row() == 1
    await desk.keys("PgUp")
    assert desk.row == before


async def test_in_the_focused_list_of_rows_arrows_move_in_it(desk: Desk, project: Path) -> None:
    await desk.open(project)
    rows = desk.window.browser.list
    focus(desk, "rows")
    for keys, place in (("Down", 1), ("Up", 0), ("End", 2), ("Home", 0)):
        await desk.keys(keys)
        assert rows.currentIndex().row() == place
        assert (desk.row, desk.chosen) == ("one.png", "objA")


async def test_what_is_typed_into_the_filter_does_nothing_else(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.stroke((30, 30))
    before, view = desk.bits(), desk.studio.view
    await desk.keys("Ctrl+F")
    search = desk.window.browser.search
    assert QApplication.focusWidget() is search
    QTest.keyClicks(search, "ebsfhxzm12 [v")
    await desk.keys("Backspace", "Left", "Right", "Del", "Ctrl+A")
    assert search.text() == "ebsfhxzm12 ["
    assert desk.studio.view == view
    assert (desk.bits() == before).all()
    await desk.keys("Ctrl+Z")
    assert (desk.bits() == before).all()


async def test_undo_and_redo_name_the_step(desk: Desk, project: Path) -> None:
    await desk.open(project)
    actions = desk.window.commands.actions
    assert (actions["undo"].text(), actions["redo"].text()) == ("Undo", "Redo")
    desk.stroke((30, 30))
    assert (actions["undo"].text(), actions["undo"].isEnabled(), actions["redo"].isEnabled()) == (
        "Undo Brush",
        True,
        False,
    )
    await desk.keys("Ctrl+Z")
    assert (actions["redo"].text(), actions["redo"].isEnabled(), actions["undo"].isEnabled()) == (
        "Redo Brush",
        True,
        False,
    )


async def test_new_objects_are_offered_by_the_names_of_their_classes(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.studio.workspace.add_class("R&D " + "x" * 100)
    desk.window.commands.refresh()
    first, *_, last = desk.studio.workspace.ontology.bitmask_classes
    count = len(desk.studio.workspace.ontology.bitmask_classes)
    texts = [desk.window.commands.actions[f"class_{number}"].text() for number in (1, count, count + 1)]
    assert texts[0] == f"New Object of Class 1: {first.name}"
    assert texts[1].startswith(f"New Object of Class {count}: R&&D xxx") and len(texts[1]) < len(last.name)
    assert texts[2] == f"New Object of Class {count + 1}"


async def test_saving_is_on_offer_only_while_something_is_unsaved(desk: Desk, project: Path) -> None:
    await desk.open(project)
    save = desk.window.commands.actions["save"]
    assert not save.isEnabled()
    desk.stroke((30, 30))
    assert save.isEnabled()
    await desk.keys("Ctrl+S")
    assert not save.isEnabled()
    assert "Saved" in desk.told


async def test_a_stroke_that_is_not_over_can_be_saved(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.press((30, 30))
    assert desk.window.commands.actions["save"].isEnabled()
    await desk.keys("Ctrl+S")
    assert "Saved" in desk.told
    desk.release((30, 30))
    assert not desk.document.unsaved


async def test_a_stroke_that_changed_nothing_leaves_nothing_to_save(desk: Desk, project: Path) -> None:
    await desk.open(project)
    save = desk.window.commands.actions["save"]
    beside = (-20, -20)
    desk.press(beside)
    desk.release(beside)
    assert not save.isEnabled()
    desk.press((30, 30))
    assert save.isEnabled()
    await desk.keys("Esc")
    assert not save.isEnabled()


async def test_switches_are_checked_as_the_view_is(desk: Desk, project: Path) -> None:
    await desk.open(project)
    actions = desk.window.commands.actions
    assert actions["tool_brush"].isChecked() and not actions["tool_eraser"].isChecked()
    desk.studio.show(tool="eraser", outline=True, hidden=frozenset({MaskKey(0, "objA")}))
    checked = {name for name, action in actions.items() if action.isChecked()}
    assert checked >= {"tool_eraser", "outline", "hide"}
    assert not checked & {"tool_brush", "lock", "only_chosen", "peek"}


async def test_a_refused_switch_falls_back(desk: Desk, project: Path) -> None:
    """Qt checks a switch before anybody can say no: the tool that is chosen stays checked when it is chosen again."""
    await desk.open(project)
    action = desk.window.commands.actions["tool_brush"]
    action.trigger()
    assert action.isChecked()


async def test_an_action_that_cannot_be_done_does_nothing(desk: Desk) -> None:
    for name in ("undo", "save", "next_row", "delete"):
        desk.window.commands.run(name)
    await desk.settle()
    assert desk.told == []


async def test_while_labels_are_judged_their_keys_go_before_those_of_tools(desk: Desk) -> None:
    actions, reviewing = desk.window.commands.actions, desk.session.reviewing
    brush, reject = actions["tool_brush"], actions["reject_label"]
    assert QKeySequence("B") in brush.shortcuts() and reject.shortcuts() == []
    assert "(B)" in brush.toolTip()
    reviewing.active = True
    reviewing.changed.emit()
    assert QKeySequence("B") not in brush.shortcuts() and reject.shortcuts() == [QKeySequence("B")]
    assert "(B)" not in brush.toolTip() and "(B)" in reject.toolTip()
    reviewing.active = False
    reviewing.changed.emit()
    assert QKeySequence("B") in brush.shortcuts() and reject.shortcuts() == []
