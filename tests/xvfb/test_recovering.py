"""A program that is killed, and two windows on one file, as a person sees them."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from bitmask_studio.studio.journal.names import journals_folder
from bitmask_studio.studio.journal.waiting import waiting_workspaces
from tests.xvfb.conftest import HEIGHT, WIDTH, Start
from tests.xvfb.desk import Desk
from tests.xvfb.drawing import LabelFile, stroke
from tests.xvfb.hand import click_on
from tests.xvfb.program import Program, until
from tests.xvfb.words import find_words, wait_for_words

SHUT = "This is open in another window"
FIRST, SECOND = ((30, 90), (90, 120)), ((30, 150), (90, 170))


def kill(program: Program, edits: int) -> None:
    """End it without a word, once so many edits are on the disk."""
    until(lambda: kept() == edits, f"{edits} edits are not kept")
    program.process.kill()
    program.process.wait()


def kept() -> int:
    """How many edits would come back if the program that has the journal were killed now."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(journals_folder(), copy, dirs_exist_ok=True)
        return sum(row.edits for place in waiting_workspaces(Path(copy)) for row in place.rows)


def added(labels: LabelFile, *strokes: tuple[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether the file has these strokes and nothing else on top of what it had."""
    wanted = np.zeros((HEIGHT, WIDTH), np.bool_)
    for each in strokes:
        wanted |= stroke(WIDTH, HEIGHT, *each)
    return np.array_equal(labels.mask("objA") & ~labels.mask_before("objA"), wanted)


def test_strokes_of_a_killed_program_are_there_again_with_undo(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.draw(*FIRST)
    desk.draw(*SECOND)
    kill(desk.program, 2)
    program = start(labels.path)
    program.wait_for_title("first.png* - Bitmask Studio")
    wait_for_words(program.screen, "Recovered 2 edits of first.png")
    program.keys("ctrl+z", "ctrl+s")
    program.wait_for_title("first.png - Bitmask Studio")
    assert added(labels, FIRST)
    program.keys("ctrl+y", "ctrl+s")
    until(lambda: added(labels, FIRST, SECOND), "the second stroke is not saved")


@pytest.mark.parametrize("key", ["F1", "alt+e"])
def test_a_stroke_is_kept_although_a_sheet_or_menu_that_opens_has_its_release(
    start: Start, labels: LabelFile, key: str
) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.press_and_draw(*FIRST)
    desk.program.keys(key)
    desk.program.do("mousemove_relative", 60, 20, "mouseup", 1)
    kill(desk.program, 1)
    program = start(labels.path)
    program.wait_for_title("first.png* - Bitmask Studio")
    program.keys("ctrl+s")
    until(lambda: added(labels, FIRST), "the stroke is not saved")


def test_a_journal_that_is_cut_to_nothing_while_somebody_paints_costs_no_stroke(
    start: Start, labels: LabelFile
) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.draw(*FIRST)
    until(lambda: kept() == 1, "the first edit is not kept")
    time.sleep(0.02)  # a file that is written to has another time then
    for each in journals_folder().iterdir():
        os.truncate(each, 0)
    wait_for_words(desk.program.screen, "Something else changed the journal")
    desk.draw(*SECOND)
    kill(desk.program, 2)
    program = start(labels.path)
    wait_for_words(program.screen, "Recovered 2 edits of first.png")
    program.keys("ctrl+s")
    until(lambda: added(labels, FIRST, SECOND), "the strokes are not saved")


def test_a_bare_start_leads_to_the_row_and_discard_takes_its_edits_back(start: Start, labels: LabelFile) -> None:
    desk = Desk.lay(start(labels.path), "first.png")
    desk.draw(*FIRST)
    kill(desk.program, 1)
    program = start()
    click_on(program, "first.png of labels.json - 1 edit")
    program.wait_for_title("first.png* - Bitmask Studio")
    wait_for_words(program.screen, "Recovered 1 edit of first.png")
    program.keys("alt+e")
    click_on(program, "Discard Edits of This Row")
    program.wait_for_title("first.png - Bitmask Studio")
    assert labels.untouched
    until(lambda: kept() == 0, "the edits come back again")


def test_a_second_window_is_for_looking_until_the_first_is_gone(start: Start, labels: LabelFile) -> None:
    first = Desk.lay(start(labels.path), "first.png")
    second = start(labels.path)
    wait_for_words(second.screen, SHUT)
    first.program.process.kill()
    first.program.process.wait()
    click_on(second, "Try Again")
    second.screen.until(lambda: not find_words(second.screen, SHUT), "it is still for looking")
    desk = Desk.lay(second, "first.png")
    desk.draw(*FIRST)
    desk.save()
    assert added(labels, FIRST)
