"""The real window over a studio of its own, on qasync's loop; a test that is a coroutine runs on that loop."""

from __future__ import annotations

import asyncio
import gc
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from bitmask_studio.app import build_window
from bitmask_studio.ui import main_window
from bitmask_studio.ui.bars import status
from bitmask_studio.ui.canvas import surface
from tests.ui.desk import Desk
from tests.ui.label_files import write_project


@pytest.fixture(scope="session", autouse=True)
def _small_heap() -> None:
    """What stands before the windows' tests is never looked through again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _garbage_of_this_thread(_small_heap: None) -> Iterator[None]:
    """Windows that are cyclic garbage must not go on a worker's thread: collect them here, as the program does."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def _no_button_held(qapp: QApplication) -> Iterator[None]:
    """Let go of what a test has pressed: a double click that closes its dialog is not released there, and Qt goes on
    taking every move for a drag."""
    yield
    if qapp.mouseButtons() != Qt.MouseButton.NoButton:
        elsewhere = QWidget()
        elsewhere.show()
        QTest.mouseRelease(elsewhere, Qt.MouseButton.LeftButton)
        elsewhere.close()
        assert qapp.mouseButtons() == Qt.MouseButton.NoButton


@pytest.fixture
def runner(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Runner]:
    """Qt's event loop as asyncio's. pytest-qt handles no events where it does not run: a timer may begin a task."""
    monkeypatch.setattr("pytestqt.plugin._process_events", lambda: None)
    qapp.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
        yield runner


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test on the loop of its `runner`, and whatever it has started to its end."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None

    async def test() -> None:
        await pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names})
        if isinstance(desk := pyfuncitem.funcargs.get("desk"), Desk):
            await desk.settle()

    runner = pyfuncitem.funcargs["runner"]
    assert isinstance(runner, asyncio.Runner)
    names = inspect.signature(pyfuncitem.obj).parameters
    runner.run(test())
    return True


@pytest.fixture
def desk(qapp: QApplication, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A window of 1280 x 800 with nothing open, whose canvas draws all it shows in one repaint."""
    monkeypatch.setattr(surface, "PAINT_BUDGET", 60.0)
    monkeypatch.setattr(status, "HOVER_MS", 0)
    monkeypatch.setattr(main_window, "_FLUSH_MS", 3_600_000)  # pytest-qt handles events where no loop runs
    desk = Desk(build_window(qapp))
    desk.window.resize(1280, 800)
    desk.window.show()
    desk.window.activateWindow()
    desk.choose(size=5)
    yield desk
    runner.run(desk.settle())
    desk.session.end()
    assert not [text for text in desk.told if "inside the program" in text]
    desk.window.hide()
    desk.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The labels file of `write_project`, with its pictures, in a folder of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    return write_project(folder)
