"""A button of a tool bar is what its action is, and costs no layout when that changes."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QToolBar
from pytestqt.qtbot import QtBot

from bitmask_studio.ui.bars.action_button import ActionButton
from bitmask_studio.ui.icons import icon
from tests.ui.layouts import Layouts


@pytest.fixture
def bar(qtbot: QtBot) -> Generator[QToolBar]:
    window, bar = QMainWindow(), QToolBar()
    window.addToolBar(bar)
    qtbot.addWidget(window)
    window.show()
    yield bar


def put(bar: QToolBar, action: QAction) -> ActionButton:
    action.setParent(bar)
    button = ActionButton(action, bar)
    bar.addWidget(button)
    for _ in range(3):  # a layout may ask for the next one
        QApplication.processEvents()
    return button


def test_it_says_what_its_action_says(bar: QToolBar) -> None:
    action = QAction(icon("undo"), "&Undo Stroke", toolTip="Undo (Ctrl+Z)", statusTip="Take it back")
    button = put(bar, action)
    assert (button.accessibleName(), button.toolTip(), button.statusTip()) == (
        "Undo Stroke",
        "Undo (Ctrl+Z)",
        "Take it back",
    )
    action.setText("Undo Fill")
    action.setEnabled(False)
    assert (button.accessibleName(), button.isEnabled()) == ("Undo Fill", False)


def test_a_click_runs_the_action_unless_it_is_disabled(bar: QToolBar) -> None:
    action, done = QAction("Save"), list[str]()
    action.triggered.connect(lambda: done.append("run"))
    button = put(bar, action)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["run"]
    action.setEnabled(False)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["run"]


def test_a_slow_click_runs_it_once_as_a_quick_one_does(bar: QToolBar) -> None:
    action, done = QAction("Undo", autoRepeat=True), list[str]()
    action.triggered.connect(lambda: done.append("run"))
    button = put(bar, action)
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    QTest.qWait(button.autoRepeatDelay() + 3 * button.autoRepeatInterval())
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert done == ["run"]


def test_a_click_checks_button_and_action_alike(bar: QToolBar) -> None:
    action = QAction("Outlines", checkable=True)
    button = put(bar, action)
    for checked in (True, False):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert (action.isChecked(), button.isChecked()) == (checked, checked)


def test_it_is_checked_as_the_action_stays_whatever_the_click_did(bar: QToolBar) -> None:
    action = QAction("Brush", checkable=True, checked=True)
    action.triggered.connect(lambda: action.setChecked(True))
    button = put(bar, action)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert action.isChecked() and button.isChecked()


def test_a_change_of_the_action_lays_nothing_out(bar: QToolBar) -> None:
    action = QAction(icon("undo"), "Undo", checkable=True)
    put(bar, action)
    heard = Layouts(bar)
    for change in (action.setEnabled, action.setChecked):
        change(False)
        change(True)
    action.setText("Undo Stroke")
    QApplication.processEvents()
    assert heard.count == 0
