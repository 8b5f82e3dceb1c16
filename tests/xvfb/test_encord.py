"""Projects on a server, with a real pointer and real keys, from the dialog to what another client reads back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from tests.xvfb.conftest import HEIGHT, WIDTH, Start, block
from tests.xvfb.desk import Desk
from tests.xvfb.drawing import Bits, stroke
from tests.xvfb.hand import click_on, filter_and_open, open_next, step
from tests.xvfb.program import until
from tests.xvfb.server import CELL, LEAF, TITLE, Server
from tests.xvfb.words import find_words, wait_for_words
from tests.xvfb.workers import workers_with

PATH = (30, 90), (93, 127), (80, 171), (5, 150)
ACROSS = (5, 45), (45, 5)
"""A stroke that leaves objA and crosses what the colleague changes of it."""
STATE = "BITMASK_STUDIO_STATE"
PROMISE = 2.0
"""Seconds in which the window is gone, whatever hangs."""


@pytest.fixture(autouse=True)
def _no_worker_left() -> Iterator[None]:
    """Whatever becomes of a program, the process that it had for its server ends too."""
    state = os.environ[STATE]
    yield
    until(lambda: not workers_with(STATE, state), "a worker process is left behind")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Three rows; `first.png` holds objA and objB, `third.png` has no labels yet."""
    first = {"objA": block(10, 10, 60, 60), "objB": block(120, 20, 170, 70)}
    rows = {"first": first, "second": {"objC": block(20, 20, 50, 50)}, "third": None}
    found = Server.start(tmp_path, rows, (WIDTH, HEIGHT))
    yield found
    found.sandbox.stop()


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Server]:
    """The sample project, which has rows of all kinds."""
    found = Server(Sandbox.start(tmp_path / "server"))
    yield found
    found.sandbox.stop()


def test_from_the_dialog_to_a_stroke_that_another_client_reads_pixel_by_pixel(start: Start, server: Server) -> None:
    before, program = server.mask("second.png", "objC"), start()
    click_on(program, "Connect to Encord", bold=True)
    program.wait_for_title("Connect to Encord")
    program.do("type", "--delay", 2, server.sandbox.key_path)
    program.keys("alt+g", "End", "Tab")
    program.do("type", "--delay", 2, server.sandbox.url)
    program.keys("Return")
    wait_for_words(program.screen, server.title)
    program.keys("Down", "Return")
    for title in ("first.png", "second.png"):
        wait_for_words(program.screen, title)
    filter_and_open(program, "sec", hidden="first.png")
    desk = Desk.lay(program, "second.png")
    assert not server.writes
    desk.draw(*PATH)
    desk.save()
    wait_for_words(desk.screen, "Saved")
    assert np.array_equal(server.mask("second.png", "objC"), before | stroke(WIDTH, HEIGHT, *PATH))
    assert len(server.writes) == 1


def test_an_object_of_the_class_with_the_pressed_digit_is_made_and_can_be_taken_back(
    start: Start, server: Server
) -> None:
    desk = _lay(start, server)
    desk.program.keys("2")
    desk.draw(*PATH)
    desk.save()
    made = {key: of for key, of in server.classes("first.png").items() if key not in ("objA", "objB")}
    assert list(made.values()) == [LEAF]
    assert np.array_equal(server.mask("first.png", *made), stroke(WIDTH, HEIGHT, *PATH))
    desk.program.keys("ctrl+z")
    desk.wait_for_edits()
    desk.save()
    assert set(server.classes("first.png")) == {"objA", "objB"}


def test_a_deleted_object_is_gone_from_the_server_until_it_is_undone(start: Start, server: Server) -> None:
    desk, before = _lay(start, server), server.mask("first.png", "objB")
    desk.program.keys("s")
    desk.click((150, 40))
    desk.program.keys("Delete")
    desk.wait_for_edits()
    desk.save()
    assert set(server.classes("first.png")) == {"objA"}
    desk.program.keys("ctrl+z")
    desk.wait_for_edits()
    desk.save()
    assert np.array_equal(server.mask("first.png", "objB"), before)
    desk.program.keys("ctrl+shift+z")
    desk.wait_for_edits()
    desk.save()
    assert set(server.classes("first.png")) == {"objA"}


def test_what_a_colleague_did_to_another_object_meanwhile_is_kept(start: Start, server: Server) -> None:
    desk, before = _lay(start, server), server.mask("first.png", "objA")
    desk.draw(*PATH)
    theirs = _colleague_edits(server, "objB")
    desk.save()
    assert np.array_equal(server.mask("first.png", "objA"), before | stroke(WIDTH, HEIGHT, *PATH))
    assert np.array_equal(server.mask("first.png", "objB"), theirs)


@pytest.mark.parametrize("key", ["1", "2"])
def test_where_two_changed_one_place_a_key_says_whose_pixels_are_stored(start: Start, server: Server, key: str) -> None:
    desk, before = _lay(start, server), server.mask("first.png", "objA")
    desk.draw(*ACROSS)
    theirs = _colleague_edits(server, "objA")
    desk.program.keys("ctrl+s")
    desk.program.wait_for_title("Changed by Two")
    assert not server.writes
    desk.program.keys(key, "Return")
    desk.wait_for_none()
    wait_for_words(desk.screen, "Saved")
    wanted = {"1": before | stroke(WIDTH, HEIGHT, *ACROSS), "2": theirs}
    assert np.array_equal(server.mask("first.png", "objA"), wanted[key])


def test_browsing_by_keyboard_writes_nothing_and_a_row_without_labels_asks_first(start: Start, sample: Server) -> None:
    program = start(*sample.arguments, "--row", "Fruit on a conveyor")
    program.wait_for_title("Fruit on a conveyor - Bitmask Studio")
    step(program, "Right", "ctrl+Right")
    open_next(program, "meadow-4k.jpg")
    open_next(program, "regatta.mp4")
    step(program, "Right", "ctrl+End", "ctrl+Home")
    open_next(program, "Pier cameras")
    step(program, "Right")
    open_next(program, "Chest CT")
    program.keys("Down", "Return")
    program.wait_for_title("No Labels Yet")
    program.keys("Escape")
    program.wait_for_title("Chest CT - Bitmask Studio")
    assert not sample.writes
    assert sample.listed("regatta-morning.jpg")["label_hash"] is None


def test_a_row_without_labels_is_made_after_a_yes_and_can_be_painted_on(start: Start, server: Server) -> None:
    program = _lay(start, server).program
    filter_and_open(program, "third", hidden="first.png")
    program.wait_for_title("No Labels Yet")
    assert not server.writes
    program.keys("Return")
    desk = Desk.lay(program, "third.png")
    desk.draw(*PATH)
    desk.save()
    (made,) = server.classes("third.png")
    assert server.classes("third.png")[made] == CELL
    assert np.array_equal(server.mask("third.png", made), stroke(WIDTH, HEIGHT, *PATH))
    assert [each.method for each in server.writes] == ["PUT", "POST"]


def test_a_server_that_fails_leaves_the_edit_and_trying_again_stores_it(start: Start, server: Server) -> None:
    desk, before = _lay(start, server), server.mask("first.png", "objA")
    desk.draw(*PATH)
    server.sandbox.faults.add(Fault(FaultKind.UNAVAILABLE, "labelrow", "POST", times=3))
    desk.program.keys("ctrl+s")
    wait_for_words(desk.screen, "Try Again")
    desk.wait_for_edits()
    assert np.array_equal(server.mask("first.png", "objA"), before)
    click_on(desk.program, "Try Again")
    desk.wait_for_none()
    wait_for_words(desk.screen, "Saved")
    assert np.array_equal(server.mask("first.png", "objA"), before | stroke(WIDTH, HEIGHT, *PATH))


def test_a_save_that_works_takes_the_words_of_the_one_that_failed_away(start: Start, server: Server) -> None:
    desk = _lay(start, server)
    desk.draw(*PATH)
    server.sandbox.faults.add(Fault(FaultKind.FORBIDDEN, "labelrow", "POST"))
    desk.program.keys("ctrl+s")
    wait_for_words(desk.screen, "Not saved:")
    desk.save()
    wait_for_words(desk.screen, "Saved")
    assert not find_words(desk.screen, "Not saved:")


def test_a_list_that_never_comes_keeps_no_window_open(start: Start, server: Server) -> None:
    server.sandbox.faults.add(Fault(FaultKind.HANG, "labelrowmetadata", times=3))
    program = start(*server.arguments)
    wait_for_words(program.screen, "Reading the list of rows …")
    closed = time.monotonic()
    program.keys("alt+F4")
    program.wait_for_end()
    _assert_gone_since(closed)


def test_a_save_that_hangs_can_be_cancelled_and_keeps_no_window_open(start: Start, server: Server) -> None:
    desk = _lay(start, server)
    desk.draw(*PATH)
    server.sandbox.faults.add(Fault(FaultKind.HANG, "labelrow", "POST", times=2))
    desk.program.keys("ctrl+s")
    wait_for_words(desk.screen, "Sending first.png …")
    click_on(desk.program, "Cancel")
    cancelled = time.monotonic()
    until(lambda: not find_words(desk.screen, "Sending first.png …"), "it is still being saved")
    assert time.monotonic() - cancelled < PROMISE
    desk.wait_for_edits()
    desk.program.keys("ctrl+s")
    wait_for_words(desk.screen, "Sending first.png …")
    desk.program.keys("alt+F4")
    desk.program.wait_for_title("Unsaved Edits")
    assert _workers()
    discarded = time.monotonic()
    desk.program.keys("alt+d")
    desk.program.wait_for_end()
    _assert_gone_since(discarded)


def test_what_was_to_be_saved_while_the_server_was_away_is_saved_when_it_is_back(
    start: Start, server: Server, tmp_path: Path
) -> None:
    desk, before = _lay(start, server), server.mask("first.png", "objA")
    server.sandbox.stop()
    desk.draw(*PATH)
    desk.program.keys("ctrl+s")
    wait_for_words(desk.screen, "Offline since")
    wait_for_words(desk.screen, "cannot be reached.")
    export, port = tmp_path / "export" / f"{TITLE}.json", int(server.sandbox.url.rpartition(":")[2])
    back = Server(Sandbox.start(tmp_path / "server", labels=export, port=port))
    try:
        desk.wait_for_none()
        wait_for_words(desk.screen, "Saved")
        assert not find_words(desk.screen, "Offline since")
        assert np.array_equal(back.mask("first.png", "objA"), before | stroke(WIDTH, HEIGHT, *PATH))
        assert [each.method for each in back.writes] == ["POST"]
    finally:
        back.sandbox.stop()


def test_ctrl_enter_saves_and_submits_the_task(start: Start, server: Server) -> None:
    desk, before = _lay(start, server), server.mask("first.png", "objA")
    wait_for_words(desk.screen, "Submit")
    desk.draw(*PATH)
    desk.program.keys("ctrl+Return")
    wait_for_words(desk.screen, "Submitted. Now in Review 1.")
    desk.wait_for_none()
    assert server.listed("first.png")["workflow_graph_node"]["title"] == "Review 1"
    assert np.array_equal(server.mask("first.png", "objA"), before | stroke(WIDTH, HEIGHT, *PATH))


def test_the_sample_project_of_the_welcome_page_is_connected_to_by_the_same_dialog(start: Start) -> None:
    program = start()
    click_on(program, "Try with a Sample Encord Project", bold=True)
    program.wait_for_title("Connect to Encord")
    wait_for_words(program.screen, "Ed25519 key")
    program.keys("Return")
    wait_for_words(program.screen, "Bitmask Studio sample")
    program.keys("Down", "Return")
    wait_for_words(program.screen, "cells.jpg")
    filter_and_open(program, "harbour", hidden="cells.jpg")
    program.wait_for_title("harbour-at-dusk.jpg - Bitmask Studio")
    program.keys("ctrl+1")
    program.do("mousemove", 800, 500, "click", 1)
    program.wait_for_title("harbour-at-dusk.jpg* - Bitmask Studio")
    program.keys("ctrl+s")
    wait_for_words(program.screen, "Saved")
    program.keys("ctrl+q")
    program.wait_for_end()


def _lay(start: Start, server: Server) -> Desk:
    """The row `first.png`, objA being chosen."""
    return Desk.lay(start(*server.arguments, "--row", "first.png"), "first.png")


def _colleague_edits(server: Server, object_hash: str) -> Bits:
    """Let somebody else repaint an object; answers its pixels from then on."""
    server.sandbox.colleague.edits(server.label_hash("first.png"), object_hash)
    return server.mask("first.png", object_hash)


def _assert_gone_since(moment: float) -> None:
    """The program that has ended took its worker with it, all within the time promised."""
    until(lambda: not _workers(), "a worker process is left behind")
    assert time.monotonic() - moment < PROMISE


def _workers() -> list[psutil.Process]:
    return workers_with(STATE, os.environ[STATE])
