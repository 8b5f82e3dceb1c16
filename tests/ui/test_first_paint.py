"""A window is on screen before its program goes on; one that never gets there holds nothing up."""

import builtins

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bitmask_studio.ui import first_paint
from bitmask_studio.ui.first_paint import show_painted
from bitmask_studio.ui.plain_import import restore_import


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        self.paints += 1


def test_it_is_painted_when_one_comes_back(qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    show_painted(window)
    assert window.paints


def test_one_that_is_closed_at_once_is_not_waited_for(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_paint, "_PATIENCE_MS", 60_000)
    window = QWidget()
    qtbot.addWidget(window)
    QTimer.singleShot(0, window.close)
    show_painted(window)
    assert not window.isVisible()


def test_one_that_is_never_painted_is_waited_for_a_while_only(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_paint, "_PATIENCE_MS", 1)
    window = QWidget()
    qtbot.addWidget(window)
    window.setUpdatesEnabled(False)
    show_painted(window)
    assert window.isVisible()


def test_pythons_own_import_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    hooked = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", hooked)  # to be put back
    restore_import()
    assert builtins.__import__ is getattr(builtins, "__orig_import__", None)
    assert builtins.__import__ is not hooked


def test_where_pyside_has_put_no_other_import_in_its_place_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = builtins.__import__
    monkeypatch.delattr(builtins, "__orig_import__", raising=False)
    restore_import()
    assert builtins.__import__ is before
