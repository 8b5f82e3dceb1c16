"""Strokes of a real mouse, from the window to the bytes of the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from tests.xvfb.conftest import HEIGHT, WIDTH, Start
from tests.xvfb.desk import Desk
from tests.xvfb.drawing import BRUSH, LabelFile, Place, stroke
from tests.xvfb.screen import SIGN, Spot


def test_a_stroke_arrives_in_the_file_pixel_by_pixel_and_no_other_byte_moves(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    path = (30, 90), (93, 127), (80, 171), (5, 150)
    desk.draw(*path)
    assert labels.untouched
    desk.save()
    expected = labels.mask_before("objA") | stroke(WIDTH, HEIGHT, *path)
    assert np.array_equal(labels.mask("objA"), expected)
    assert labels.only_changed("objA")


def test_a_stroke_on_an_enlarged_picture_is_not_rounded_to_whole_pixels(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    pointer = desk.spot((80, 120))
    desk.program.do("mousemove", *pointer, "click", 4)
    desk.screen.wait_for_color(pointer.moved(25, 50), (100, 160, SIGN))
    ways = (0, 0), (41, 23), (13, -51)
    desk.program.drag(*(pointer.moved(*way) for way in ways))
    desk.program.do("mouseup", 1)
    desk.wait_for_edits()
    desk.save()
    fifths = [(5 * 80 + 4 * dx, 5 * 120 + 4 * dy) for dx, dy in ways]  # a notch of the wheel enlarges by 5/4
    added = labels.mask("objA") & ~labels.mask_before("objA")
    assert np.array_equal(added, stroke(WIDTH, HEIGHT, *fifths, grain=5))


def test_a_stroke_on_the_grey_canvas_of_a_real_export_arrives_pixel_by_pixel(
    start: Start, real_data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "LABELS_LIST.json"
    shutil.copyfile(real_data / "encord_export" / path.name, path)
    labels, key = LabelFile.of(path), "S8y9TRAJ"
    program = start(path, "--row", "affa40cd-c95e-4262-a5ee-6bfaf3415d48")
    program.wait_for_title("image.png - Bitmask Studio")
    program.keys("ctrl+1")
    middle = Spot(800, 500)
    desk = Desk(program, middle, "image.png")

    at = _where_dabs_land(desk, labels, key)
    desk = Desk(program, middle.moved(-at[0], -at[1]), desk.name)
    drawn = (40, 40), (90, 40), (73, 95)
    desk.draw(*drawn)
    desk.save()
    height, width = labels.mask_before(key).shape
    assert np.array_equal(labels.mask(key), labels.mask_before(key) | stroke(width, height, *drawn))
    assert labels.only_changed(key)


def _where_dabs_land(desk: Desk, labels: LabelFile, key: str) -> Place:
    """The image place under the desk's corner: what is erased there and then painted is exactly one dab."""
    desk.click((0, 0), "ctrl")
    desk.click((0, 0))
    desk.wait_for_edits()
    desk.save()
    painted = labels.mask(key)
    desk.program.keys("ctrl+z")
    desk.wait_for_edits()
    desk.save()
    ys, xs = np.nonzero(painted & ~labels.mask(key))
    at = int(xs.min()) + BRUSH // 2, int(ys.min()) + BRUSH // 2
    assert np.array_equal(painted & ~labels.mask(key), stroke(*painted.shape[::-1], at))
    if not labels.untouched:  # the eraser did meet something
        desk.program.keys("ctrl+z")
        desk.wait_for_edits()
        desk.save()
    assert labels.untouched
    return at


def test_escape_before_the_release_leaves_nothing_to_save(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.press_and_draw((30, 90), (90, 120))
    desk.program.keys("Escape")
    desk.wait_for_picture((60, 105))
    desk.program.do("mouseup", 1)
    desk.program.keys("ctrl+q")
    desk.program.wait_for_end()
    assert labels.untouched


def test_a_stroke_can_be_undone_and_redone(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.draw((30, 90), (90, 120))
    desk.program.keys("ctrl+z")
    desk.wait_for_none()
    desk.wait_for_picture((60, 105))
    desk.program.keys("ctrl+shift+z")
    desk.wait_for_edits()
    desk.save()
    added = labels.mask("objA") & ~labels.mask_before("objA")
    assert np.array_equal(added, stroke(WIDTH, HEIGHT, (30, 90), (90, 120)))


def test_undo_after_a_save_brings_the_file_back_to_the_byte(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.draw((90, 120), (65, 55))
    desk.save()
    assert not labels.untouched
    desk.program.keys("ctrl+z")
    desk.wait_for_edits()
    desk.save()
    assert labels.untouched


def test_a_shift_click_draws_a_straight_line_from_the_last_end(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.click((30, 90))
    desk.wait_for_edits()
    desk.click((101, 173), "shift")
    desk.screen.wait_for_change(desk.spot((66, 132)), (66, 132, SIGN))
    desk.save()
    added = labels.mask("objA") & ~labels.mask_before("objA")
    assert np.array_equal(added, stroke(WIDTH, HEIGHT, (30, 90), (101, 173)))


def test_a_stroke_with_ctrl_held_erases(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.program.do("keydown", "ctrl")
    desk.draw((20, 20), (50, 35))
    desk.program.do("keyup", "ctrl")
    desk.save()
    expected = labels.mask_before("objA") & ~stroke(WIDTH, HEIGHT, (20, 20), (50, 35))
    assert np.array_equal(labels.mask("objA"), expected)
    assert labels.only_changed("objA")
