"""The bar of frames: there for rows of several, always where the studio is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from bitmask_studio.ui.frames import FrameBar
from tests.ui.desk import Desk


def bar(desk: Desk) -> FrameBar:
    found = desk.window.findChild(FrameBar)
    assert isinstance(found, FrameBar)
    return found


def words(desk: Desk) -> list[str]:
    return [label.text() for label in bar(desk).findChildren(QLabel)]


def buttons(desk: Desk) -> dict[str, QToolButton]:
    return {button.text(): button for button in bar(desk).findChildren(QToolButton)}


async def test_a_row_of_one_frame_has_no_bar(desk: Desk, project: Path) -> None:
    await desk.open(project, row="one.png")
    assert not bar(desk).isVisible()
    await desk.keys("PgDown")
    assert bar(desk).isVisible()
    await desk.keys("PgDown")
    assert not bar(desk).isVisible()


async def test_the_bar_tells_number_count_and_title(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png", frame=1)
    assert words(desk) == ["2 / 3", "group-1.png"]
    assert (bar(desk).slider.minimum(), bar(desk).slider.value(), bar(desk).slider.maximum()) == (0, 1, 2)


async def test_the_slider_goes_to_a_frame_and_its_first_object(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png")
    bar(desk).slider.setValue(2)
    await desk.settle()
    assert (desk.studio.view.frame, desk.chosen, words(desk)[0]) == (2, "objE", "3 / 3")
    assert desk.studio.picture is not None
    assert desk.studio.picture.pixels.shape == (20, 30, 3)


async def test_the_slider_follows_keys_and_undo(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png")
    desk.stroke((30, 30))
    for keys, frame in (("Right", 1), ("Right", 2), ("Left", 1), ("Ctrl+Z", 0)):
        await desk.keys(keys)
        assert (desk.studio.view.frame, bar(desk).slider.value()) == (frame, frame)


async def test_the_buttons_step_and_end_with_the_row(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png")
    following, previous = buttons(desk)["Next Frame"], buttons(desk)["Previous Frame"]
    assert (previous.isEnabled(), following.isEnabled()) == (False, True)
    for frame in (1, 2):
        QTest.mouseClick(following, Qt.MouseButton.LeftButton)
        await desk.settle()
        assert desk.studio.view.frame == frame
    assert (previous.isEnabled(), following.isEnabled()) == (True, False)


async def test_of_many_frames_asked_for_at_once_the_last_is_shown(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png")
    for frame in (1, 2, 1, 0, 2, 1):
        bar(desk).slider.setValue(frame)
    await desk.settle()
    assert (desk.studio.view.frame, bar(desk).slider.value(), desk.chosen) == (1, 1, "objC")
