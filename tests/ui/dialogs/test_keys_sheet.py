"""The sheet of keys shows every shortcut once, by menu, and finds them by name and by key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from bitmask_studio.actions.base import Action
from bitmask_studio.actions.registry import all_actions
from bitmask_studio.ui.dialogs.key_caps import TO, KeyCaps, chords_of
from bitmask_studio.ui.dialogs.keys_sheet import KeyRow, KeysSheet, even_columns, key_groups, matches


@pytest.fixture
def sheet(qtbot: QtBot) -> KeysSheet:
    sheet = KeysSheet()
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    sheet.show()
    return sheet


def shown(sheet: KeysSheet) -> list[str]:
    return [label.text() for label in sheet.findChildren(QLabel) if label.isVisibleTo(sheet) and label.text()]


def search(sheet: KeysSheet, words: str) -> None:
    field = sheet.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText(words)


def action(number: int, shortcut: str) -> Action:
    return Action(f"a{number}", f"Class {number}", "Object", number, lambda session: None, shortcut)


@pytest.mark.parametrize(
    ("shortcut", "chords"),
    [
        ("B, F", (("B",), ("F",))),
        ("Ctrl+Shift+Z", (("Ctrl", "Shift", "Z"),)),
        ("Ctrl++, Ctrl+=", (("Ctrl", "+"), ("Ctrl", "="))),
        ("Ctrl+-", (("Ctrl", "-"),)),
        ("+", (("+",),)),
        ("Shift+], }", (("Shift", "]"), ("}",))),
        ("", ()),
    ],
)
def test_a_shortcut_is_parted_into_the_keys_to_press(shortcut: str, chords: tuple[tuple[str, ...], ...]) -> None:
    assert chords_of(shortcut) == chords


def test_every_shortcut_of_every_action_is_on_the_sheet() -> None:
    chords = [chord for group in key_groups(all_actions()) for row in group.rows for chord in row.chords]
    digits = {(str(digit),) for digit in range(1, 10)}
    wanted = {chord for each in all_actions() for chord in chords_of(each.shortcut)}
    assert wanted - digits <= set(chords)
    assert digits <= wanted
    assert ("1", TO, "9") in chords


def test_actions_that_differ_by_their_digit_share_a_row() -> None:
    (group, _) = key_groups([action(number, str(number)) for number in (1, 2, 3)])
    assert group.rows == (KeyRow("Class 1 … 3", (("1", TO, "3"),)),)


def test_a_digit_alone_keeps_its_row() -> None:
    (group, _) = key_groups([action(1, "1"), action(2, "Ctrl+2")])
    assert [row.title for row in group.rows] == ["Class 1", "Class 2"]


def test_actions_without_a_key_are_left_out() -> None:
    assert [group.title for group in key_groups([action(1, "")])] == ["Mouse, and keys to hold"]


@pytest.mark.parametrize(("words", "found"), [("undo", True), ("ctrl+z", True), ("CTRL und", True), ("redo", False)])
def test_a_row_is_found_by_every_word_in_name_or_keys(words: str, found: bool) -> None:
    assert matches(KeyRow("Undo", (("Ctrl", "Z"),)), words) is found


def test_searching_leaves_only_what_matches(sheet: KeysSheet) -> None:
    search(sheet, "undo")
    assert "Undo" in shown(sheet)
    assert "Save" not in shown(sheet)
    search(sheet, "")
    assert {"Undo", "Save", "Zoom at the pointer"} <= set(shown(sheet))


def test_a_search_without_result_says_so(sheet: KeysSheet) -> None:
    search(sheet, "xyzzy")
    assert [text for text in shown(sheet) if "No key" in text]
    search(sheet, "save")
    assert not [text for text in shown(sheet) if "No key" in text]


def test_the_mouse_and_the_keys_to_hold_are_named(sheet: KeysSheet) -> None:
    words = " ".join(shown(sheet))
    assert all(key in words for key in ("Wheel", "Space", "Middle button", "Click"))


def test_escape_closes_the_sheet(sheet: KeysSheet) -> None:
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


@pytest.mark.parametrize("width", [400, 700, 1100])
def test_no_caps_are_cut_off_at_any_width(sheet: KeysSheet, width: int) -> None:
    sheet.resize(width, 600)
    QTest.qWait(1)
    for caps in sheet.findChildren(KeyCaps):
        line = caps.parentWidget()
        assert line is not None
        assert line.rect().contains(caps.geometry())
        assert caps.width() >= caps.sizeHint().width()


def test_columns_are_filled_in_order_and_evenly() -> None:
    assert even_columns([3, 3, 3], 3) == [0, 1, 2]
    assert even_columns([6, 3, 3], 2) == [0, 1, 1]
    assert even_columns([1, 1, 10], 2) == [0, 0, 1]
    assert even_columns([5, 5], 1) == [0, 0]
    assert even_columns([], 3) == []


def test_screen_readers_hear_the_keys(qtbot: QtBot) -> None:
    caps = KeyCaps(chords_of("Ctrl+Z, F1"))
    qtbot.addWidget(caps)
    assert caps.accessibleName() == "Ctrl+Z or F1"
