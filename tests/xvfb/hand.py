"""What a hand does in a window on a project: read, click, look for a row, go on to the next, see other frames."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from tests.xvfb.program import Program
from tests.xvfb.words import find_words, wait_for_words

_OTHER = 5_000
"""Pixels of the screen that differ at least when another frame is shown."""


def click_on(program: Program, words: str, *, bold: bool = False) -> None:
    """Click on words as soon as they are to be read."""
    program.click(wait_for_words(program.screen, words, bold=bold))


def filter_and_open(program: Program, words: str, hidden: str) -> None:
    """Type into the filter until a row is hidden, and open the first that is left."""
    program.keys("ctrl+f")
    program.do("type", "--delay", 2, words)
    program.screen.until(lambda: not find_words(program.screen, hidden), f"{hidden} is still listed")
    program.keys("Return")


def open_next(program: Program, title: str) -> None:
    """Go on in the list of rows by the keyboard."""
    program.keys("ctrl+f", "Down", "Down", "Return")
    program.wait_for_title(f"{title} - Bitmask Studio")


def step(program: Program, *keys: str) -> None:
    """Press keys that lead to other frames, and wait for each to be shown."""
    for key in keys:
        before = program.screen.colors()
        program.keys(key)
        program.screen.until(partial(_is_another, program, before), f"{key} leads to no other frame")


def _is_another(program: Program, before: NDArray[np.int64]) -> bool:
    return int(np.count_nonzero((program.screen.colors() != before).any(axis=2))) > _OTHER
