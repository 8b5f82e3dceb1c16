"""Garbage is collected on the window's thread."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bitmask_studio.ui.garbage import GarbageTimer, collect_what_is_due


class Cycle:
    """A widget that only the collector can free, and the thread that it went on."""

    def __init__(self, ends: list[threading.Thread]) -> None:
        self.widget, self.itself = QWidget(), self
        weakref.finalize(self, lambda: ends.append(threading.current_thread()))


class Row:
    """Something of which there are many."""

    def __init__(self) -> None:
        self.parts: list[object] = []


def make_garbage() -> None:
    for _ in range(5000):
        loop: list[object] = []
        loop.append(loop)


def test_a_worker_that_allocates_does_not_destroy_widgets(qapp: QApplication, qtbot: QtBot) -> None:
    timer, ends = GarbageTimer(qapp), list[threading.Thread]()
    Cycle(ends)
    worker = threading.Thread(target=make_garbage)
    worker.start()
    worker.join()
    assert not ends
    gc.collect(0)
    collect_what_is_due()
    gc.collect()
    assert ends == [threading.main_thread()]
    timer.stop()
    timer.deleteLater()


def test_what_is_due_is_collected(qapp: QApplication) -> None:
    gc.disable()
    gc.collect()
    make_garbage()
    assert gc.get_count()[0] > gc.get_threshold()[0]
    collect_what_is_due()
    assert gc.get_count()[0] < gc.get_threshold()[0]


def test_a_long_list_is_not_gone_through_again_and_is_freed_when_it_is_let_go(qapp: QApplication) -> None:
    gc.disable()
    gc.collect()
    rows = [Row() for _ in range(20_000)]
    last = weakref.ref(rows[-1])
    try:
        collect_what_is_due()
        assert gc.get_freeze_count() > len(rows)
        assert len(gc.get_objects()) < len(rows)
        rows.clear()
        assert last() is None
    finally:
        gc.unfreeze()
