"""Memory that is free does not stay with the process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from bitmask_studio.app import memory_timer

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="the switches are glibc's")
BLOCKS = """
import numpy as np
from bitmask_studio.app import memory

MIB = 1 << 20
memory.give_back_large_blocks()
np.ones(24 * MIB, np.uint8)  # once freed, it would be the size below which room is kept
before = memory.held()
freed, kept = [], []
for _ in range({count}):
    freed.append(np.ones({size}, np.uint8))
    kept.append(np.ones(100, np.uint8))
del freed
{then}
print((memory.held() - before) / MIB)
"""
"""Blocks among small ones that stay; prints how many MiB more are held once they are gone."""


def held_after(count: int, size: int, then: str = "") -> float:
    program = BLOCKS.format(count=count, size=size, then=then)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout)


@LINUX_ONLY
def test_large_blocks_between_small_ones_are_given_back() -> None:
    assert held_after(10, 8 << 20) < 8


@LINUX_ONLY
def test_what_lies_free_between_small_blocks_is_given_back_when_that_is_asked_for() -> None:
    assert held_after(2000, 40_000) > 40
    assert held_after(2000, 40_000, "memory.give_back_free_memory()") < 20


def test_what_grew_after_a_picture_was_let_go_of_is_looked_at_too(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, given = iter([400, 400, 300, 320, 310]), list[int]()
    monkeypatch.setattr(memory_timer, "held", lambda: next(told) << 20)
    monkeypatch.setattr(memory_timer, "give_back_free_memory", lambda: given.append(1))
    monkeypatch.setattr(memory_timer, "Thread", AtOnce)
    timer = memory_timer.MemoryTimer(qapp)
    timer.timeout.emit()  # 400 MiB, the same after giving back
    timer.timeout.emit()  # a picture has gone
    assert len(given) == 1
    timer.timeout.emit()  # 20 MiB more than then
    assert len(given) == 2
    timer.deleteLater()


class AtOnce:
    """Satisfies `Thread`; does its work when it is started."""

    def __init__(self, target: Callable[[], None], **_: object) -> None:
        self.start = target


@LINUX_ONLY
def test_the_timer_gives_back_once_much_more_is_held() -> None:
    timer = """
from PySide6.QtCore import QCoreApplication
from bitmask_studio.app.memory_timer import MemoryTimer
app = QCoreApplication([])
timer = MemoryTimer(app)
timer.start(1)
timer.timeout.connect(lambda: timer._held and app.quit())
app.exec()
"""
    assert held_after(2000, 40_000, timer) < 30
