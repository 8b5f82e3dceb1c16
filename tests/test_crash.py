"""Failures that nobody expected: noted and shown once with a report, the window goes on, nothing secret is told."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from bitmask_studio.app import last_run
from bitmask_studio.app.crash import Watch
from bitmask_studio.app.last_run import LastWords
from bitmask_studio.core.errors import InputError
from bitmask_studio.ui.dialogs.crash_report import CrashReport
from tests.planted import KEY, LINES, SIGNATURE, SIGNED
from tests.studio.label_files import write_labels

ROOT = Path(__file__).parents[1]
PLANTED = (SIGNATURE, *LINES, "open sesame")
TELLING = f"{SIGNED} {KEY} passphrase='open sesame'"


def state() -> Path:
    return Path(os.environ["BITMASK_STUDIO_STATE"])


def log() -> str:
    return (state() / "logs" / "bitmask-studio.log").read_text("utf-8")


def fail(text: str = "failed") -> None:
    raise KeyError(text)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QMainWindow]:
    window = QMainWindow()
    window.show()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def watch(window: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Watches in the place of pytest-qt, which would make a failure of each slot's."""
    monkeypatch.setattr(last_run, "faulthandler", Mock())  # pytest's own stays in force
    with Watch(window) as watch:
        yield watch


def shown(window: QMainWindow) -> list[CrashReport]:
    QApplication.processEvents()
    return [each for each in window.findChildren(CrashReport) if each.isVisible()]


def failing_slot(deed: object = fail) -> None:
    """Let Qt call what fails."""
    timer = QTimer(singleShot=True)
    timer.timeout.connect(deed)
    timer.start(0)
    while timer.isActive():
        QApplication.processEvents()


def test_a_slot_that_fails_is_told_with_a_report_to_copy(watch: Watch, window: QMainWindow) -> None:
    failing_slot()
    (report,) = shown(window)
    text = report.text.toPlainText()
    assert "KeyError in test_crash.py:" in text and "Traceback" in text and "in fail" in text
    report.copy.click()
    assert QApplication.clipboard().text() == text
    report.close()
    assert window.isVisible() and "KeyError in test_crash.py:" in log()


def test_a_thread_that_fails_is_told(watch: Watch, window: QMainWindow, qtbot: QtBot) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(shown(window)) == 1)
    assert "Exception in thread" not in shown(window)[0].text.toPlainText()


def test_a_callback_of_the_loop_that_fails_is_told(watch: Watch, window: QMainWindow) -> None:
    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(watch.hear_loop)
        asyncio.get_running_loop().call_soon(fail)
        await asyncio.sleep(0)

    asyncio.run(run())
    assert len(shown(window)) == 1


def test_a_loop_that_merely_complains_is_noted(watch: Watch, window: QMainWindow) -> None:
    watch.hear_loop(Mock(), {"message": "Task was destroyed but it is pending!"})
    assert not shown(window)
    assert "Task was destroyed" in log()


def test_what_fails_while_it_is_thrown_away_is_noted_alone(watch: Watch, window: QMainWindow) -> None:
    class Bad:
        def __del__(self) -> None:
            fail("thrown away")

    Bad()
    gc.collect()
    assert not shown(window)
    assert "thrown away" in log()


def test_a_failure_that_comes_back_is_shown_once_and_noted_three_times(
    watch: Watch, window: QMainWindow, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(50):
        failing_slot()
    assert len(shown(window)) == 1
    assert log().count("Traceback") == 3
    assert capfd.readouterr().err.count("\n") == 3


@pytest.mark.plants_secrets
def test_no_secret_is_told(watch: Watch, window: QMainWindow, capfd: pytest.CaptureFixture[str]) -> None:
    failing_slot(lambda: fail(TELLING))
    (report,) = shown(window)
    told = report.text.toPlainText() + log() + "".join(capfd.readouterr())
    assert "storage.example" in told
    assert not [secret for secret in PLANTED if secret in told]
    assert not [secret for secret in (*PLANTED, "Traceback") if secret in report.accessibleDescription()]


def test_an_interrupt_is_no_failure(watch: Watch, window: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    former = Mock()
    monkeypatch.setattr(watch, "_former", (former, *watch._former[1:]))
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert former.called and not shown(window)


def test_a_failure_where_nothing_can_be_written_is_shown_all_the_same(watch: Watch, window: QMainWindow) -> None:
    state().parent.mkdir(parents=True, exist_ok=True)
    if state().is_dir():
        for path in (*state().rglob("*.txt"), state() / "crashes", state()):
            path.unlink() if path.is_file() else path.rmdir()
    state().write_bytes(b"")
    failing_slot()
    assert len(shown(window)) == 1


def test_what_brings_the_window_down_is_noted(window: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_run, "faulthandler", Mock())
    with pytest.raises(KeyError), Watch(window):
        fail("the end")
    assert "the end" in log()


def test_a_row_that_is_not_there_is_no_failure(window: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_run, "faulthandler", Mock())
    with pytest.raises(InputError), Watch(window):
        raise InputError("No row is called nowhere.")
    assert not (state() / "logs").exists()


def test_the_hooks_are_given_back(window: QMainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_run, "faulthandler", Mock())
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    with Watch(window):
        assert sys.excepthook is not before[0]
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    assert not list((state() / "crashes").iterdir())


def test_what_a_dead_run_left_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("Fatal Python error: Segmentation fault")
    (tmp_path / "999999999.txt").write_text("")
    (tmp_path / f"{os.getppid()}.txt").write_text("")
    words = LastWords(tmp_path)
    assert words.take() == "Fatal Python error: Segmentation fault"
    assert words.take() is None
    assert [path.stem for path in tmp_path.iterdir()] == [str(os.getppid())]


def test_a_number_that_comes_again_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / f"{os.getpid()}.txt").write_text("Fatal Python error: Aborted")
    assert LastWords(tmp_path).take() == "Fatal Python error: Aborted"


DYING = """
import ctypes, sys
from bitmask_studio.app import crash
from bitmask_studio.__main__ import main

def settle(watch):
    whole(watch)
    from PySide6.QtCore import QTimer
    QTimer.singleShot(0, lambda: ctypes.string_at(0))

whole, crash.Watch.settle = crash.Watch.settle, settle
main(sys.argv[1:])
"""
LOOKING = """
import sys
from bitmask_studio.app import crash
from bitmask_studio.__main__ import main

def settle(watch):
    whole(watch)
    from PySide6.QtCore import QTimer
    from bitmask_studio.ui.dialogs.crash_report import CrashReport
    for report in watch._window.findChildren(CrashReport):
        print(report.accessibleDescription(), report.text.toPlainText())
    QTimer.singleShot(0, watch._window.close)

whole, crash.Watch.settle = crash.Watch.settle, settle
sys.exit(main(sys.argv[1:]))
"""


def run(code: str, labels: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", code, str(labels)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(os.name != "posix", reason="dies of a signal")
def test_a_run_that_dies_is_told_by_the_next_one_and_only_by_that(tmp_path: Path) -> None:
    labels = write_labels(tmp_path)
    assert run(DYING, labels).returncode < 0
    told = run(LOOKING, labels)
    assert told.returncode == 0 and "Traceback" not in told.stderr
    assert "ended unexpectedly last time" in told.stdout and "Segmentation fault" in told.stdout
    assert str(ROOT) not in told.stdout.replace("<string>", "")
    again = run(LOOKING, labels)
    assert (again.returncode, again.stdout) == (0, "")
    assert not list((state() / "crashes").iterdir())
