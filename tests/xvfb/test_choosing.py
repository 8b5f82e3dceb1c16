"""Which object a click chooses, proved by the next stroke landing in that object alone."""

from __future__ import annotations

import numpy as np

from tests.xvfb.conftest import HEIGHT, WIDTH, Start
from tests.xvfb.desk import Desk
from tests.xvfb.drawing import LabelFile, Place, stroke

OVERLAP = 155, 55
"""Where objC lies over objB."""
FREE: Place = (60, 150)


def test_with_the_select_tool_a_click_chooses_the_topmost_object(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.program.keys("s")
    desk.click(OVERLAP)
    desk.program.keys("b")
    desk.click(FREE)
    desk.wait_for_edits()
    desk.save()
    _assert_one_dab(labels, "objC")


def test_with_the_brush_alt_and_shift_make_a_click_choose_the_topmost_object(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.click(OVERLAP, "alt", "shift")
    desk.click(FREE)
    desk.wait_for_edits()
    desk.save()
    _assert_one_dab(labels, "objC")


def test_with_the_brush_a_plain_click_paints_on_the_chosen_object(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.click(OVERLAP)
    desk.wait_for_edits()
    desk.save()
    added = labels.mask("objA") & ~labels.mask_before("objA")
    assert np.array_equal(added, stroke(WIDTH, HEIGHT, OVERLAP))
    assert labels.only_changed("objA")


def _assert_one_dab(labels: LabelFile, object_hash: str) -> None:
    added = labels.mask(object_hash) & ~labels.mask_before(object_hash)
    assert np.array_equal(added, stroke(WIDTH, HEIGHT, FREE))
    assert labels.only_changed(object_hash)
