"""Keys that go where the focus is, and a window that is closed with work in it."""

from __future__ import annotations

import numpy as np

from tests.xvfb.conftest import HEIGHT, WIDTH, Start
from tests.xvfb.desk import Desk
from tests.xvfb.drawing import LabelFile, stroke

STROKE = (30, 90), (90, 120)


def test_closing_with_unsaved_edits_asks_and_esc_keeps_the_window(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.draw(*STROKE)
    desk.program.keys("alt+F4")
    desk.program.wait_for_title("Unsaved Edits")
    desk.program.keys("Escape")
    desk.wait_for_edits()
    desk.save()
    added = labels.mask("objA") & ~labels.mask_before("objA")
    assert np.array_equal(added, stroke(WIDTH, HEIGHT, *STROKE))


def test_discarding_closes_the_window_and_leaves_the_file(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.draw(*STROKE)
    desk.program.keys("alt+F4")
    desk.program.wait_for_title("Unsaved Edits")
    desk.program.keys("alt+d")
    desk.program.wait_for_end()
    assert labels.untouched


def test_return_saves_and_closes_the_window(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.draw(*STROKE)
    desk.program.keys("ctrl+q")
    desk.program.wait_for_title("Unsaved Edits")
    desk.program.keys("Return")
    desk.program.wait_for_end()
    added = labels.mask("objA") & ~labels.mask_before("objA")
    assert np.array_equal(added, stroke(WIDTH, HEIGHT, *STROKE))


def test_letters_typed_into_the_filter_are_no_shortcuts(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.program.keys("ctrl+f")
    desk.program.do("type", "--delay", 5, "sehxmzv 1[}]DHV")
    desk.draw(*STROKE)
    desk.save()
    added = labels.mask("objA") & ~labels.mask_before("objA")
    assert np.array_equal(added, stroke(WIDTH, HEIGHT, *STROKE))
    assert labels.only_changed("objA")


def test_the_filter_leads_to_a_row_by_the_keyboard_alone(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.program.keys("ctrl+f")
    desk.program.do("type", "--delay", 5, "second")
    desk.program.keys("Tab", "Down", "Return")
    desk.program.wait_for_title("second.png - Bitmask Studio")
