"""Signals: who hears what, in which order."""

from __future__ import annotations

from collections.abc import Callable

from bitmask_studio.core.signal import Signal


def test_every_listener_hears_every_argument_in_the_order_of_connecting() -> None:
    heard: list[tuple[str, int, str]] = []
    signal: Signal[int, str] = Signal()
    signal.connect(lambda number, text: heard.append(("first", number, text)))
    signal.connect(lambda number, text: heard.append(("second", number, text)))
    signal.emit(1, "a")
    assert heard == [("first", 1, "a"), ("second", 1, "a")]


def test_a_listener_that_was_taken_off_hears_nothing_more() -> None:
    heard: list[int] = []
    signal: Signal[int] = Signal()
    leave = signal.connect(heard.append)
    signal.emit(1)
    leave()
    leave()
    signal.emit(2)
    assert heard == [1]


def test_listeners_may_come_and_go_while_a_signal_is_being_told() -> None:
    heard: list[str] = []
    signal: Signal[()] = Signal()
    leaving: list[Callable[[], None]] = []

    def once() -> None:
        heard.append("once")
        leaving[0]()
        signal.connect(lambda: heard.append("new"))

    leaving.append(signal.connect(once))
    signal.connect(lambda: heard.append("other"))
    signal.emit()
    assert heard == ["once", "other"]
    signal.emit()
    assert heard == ["once", "other", "other", "new"]


def test_a_cleared_signal_is_heard_by_nobody_and_can_be_left_and_heard_again() -> None:
    heard: list[int] = []
    signal: Signal[int] = Signal()
    leave = signal.connect(heard.append)
    signal.clear()
    leave()
    signal.emit(1)
    signal.connect(heard.append)
    signal.emit(2)
    assert heard == [2]
