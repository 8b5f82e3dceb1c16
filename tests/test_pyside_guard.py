"""Keeps watch on PySide6: 6.12.0 loses a reference of None at each call of a void method, until Python 3.11 dies."""

import sys

from PySide6.QtCore import QObject, QTimer


def test_void_methods_of_qt_do_not_use_up_the_references_of_none() -> None:
    timer = QTimer()
    before = sys.getrefcount(None)
    for _ in range(500):
        timer.stop()
    assert sys.getrefcount(None) > before - 100


def test_void_methods_with_arguments_do_not_use_up_the_references_of_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(500):
        thing.setObjectName("name")
    assert sys.getrefcount(None) > before - 100
