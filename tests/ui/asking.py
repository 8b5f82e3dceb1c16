"""Asking a question of the window and answering it as a user would, on a loop of its own."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QPushButton, QWidget

T = TypeVar("T")
B = TypeVar("B", bound=QAbstractButton)
W = TypeVar("W", bound=QWidget)


def answered(question: Coroutine[Any, Any, T], act: Callable[[Any], object]) -> T:
    """Ask, let `act` (a function or a coroutine function) use the dialog, and answer what the question answers."""

    async def drive() -> T:
        task = asyncio.ensure_future(question)
        async with asyncio.timeout(10):
            while (dialog := QApplication.activeModalWidget()) is None:
                await asyncio.sleep(0.005)
            done = act(dialog)
            if inspect.isawaitable(done):
                await done
            return await task

    loop = qasync.QEventLoop(QApplication.instance())
    try:
        return loop.run_until_complete(drive())  # type: ignore[no-any-return] # qasync has no types
    finally:
        loop.close()


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


def press(text: str) -> Callable[[QDialog], None]:
    """Press the button of that text (mnemonics left out)."""
    return lambda dialog: button(dialog, text).click()


def button(dialog: QWidget, text: str) -> QPushButton:
    return choice(dialog, QPushButton, text)


def choice(dialog: QWidget, kind: type[B], text: str) -> B:
    """The button of a kind with that text (mnemonics left out)."""
    found = [each for each in dialog.findChildren(kind) if each.text().replace("&", "") == text]
    assert found, [each.text() for each in dialog.findChildren(kind)]
    return found[0]


def key(key: Qt.Key) -> Callable[[QDialog], None]:
    return lambda dialog: QTest.keyClick(dialog, key)


def texts(dialog: QWidget) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def only(dialog: QWidget, kind: type[T]) -> T:
    (found,) = dialog.findChildren(kind)  # type: ignore[type-var] # kinds of widget
    return found


def named(dialog: QWidget, kind: type[W], name: str) -> W:
    """The widget of a kind with that accessible name."""
    (found,) = [each for each in dialog.findChildren(kind) if each.accessibleName() == name]
    return found
