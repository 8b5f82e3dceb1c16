"""The bar of frames: there for rows of several, always where the studio is, and the way to any frame."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from bitmask_studio.studio.document.document import Document
from bitmask_studio.ui.bars.frames import FrameBar, time_code
from tests.fakes.film import Cinema, a_film
from tests.ui.desk import Desk


def bar(desk: Desk) -> FrameBar:
    found = desk.window.findChild(FrameBar)
    assert isinstance(found, FrameBar)
    return found


def words(desk: Desk) -> list[str]:
    """The number, the count and the title."""
    labels = {label.text() for label in bar(desk).findChildren(QLabel) if label.isVisible()}
    return [bar(desk).number.text(), *sorted(labels)]


async def show_film(desk: Desk, source: Cinema) -> Cinema:
    """Open the first film of a source."""
    desk.studio.workspace.use(source, source.rows())
    desk.studio.rows_changed.emit()
    await desk.session.open_row(source.label_rows[0].info.key)
    await desk.settle()
    return source


def buttons(desk: Desk) -> dict[str, QToolButton]:
    return {button.accessibleName() or button.text(): button for button in bar(desk).findChildren(QToolButton)}


async def test_a_row_of_one_frame_has_no_bar(desk: Desk, project: Path) -> None:
    await desk.open(project, row="one.png")
    assert not bar(desk).isVisible()
    await desk.keys("PgDown")
    assert bar(desk).isVisible()
    await desk.keys("PgDown")
    assert not bar(desk).isVisible()


async def test_the_bar_tells_number_count_and_title(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png", frame=1)
    assert words(desk) == ["2", "/ 3", "group-1.png"]
    assert (bar(desk).slider.minimum(), bar(desk).slider.value(), bar(desk).slider.maximum()) == (0, 1, 2)


async def test_the_slider_goes_to_a_frame_and_its_first_object(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png")
    bar(desk).slider.setValue(2)
    await desk.settle()
    assert (desk.studio.view.frame, desk.chosen, words(desk)[0]) == (2, "objE", "3")
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


async def test_while_it_is_dragged_the_number_follows_and_only_the_latest_frame_is_read(desk: Desk) -> None:
    source = await show_film(desk, Cinema([a_film(["a"] * 200)], seconds=0.05))
    source.read.clear()
    line = bar(desk).slider
    line.setSliderDown(True)
    for frame in range(1, 150):
        line.setSliderPosition(frame)
        assert bar(desk).number.text() == str(frame + 1)
        if frame % 10 == 0:
            await asyncio.sleep(0.005)
    line.setSliderDown(False)
    assert line.value() == 149
    await desk.settle()
    assert (desk.studio.view.frame, line.value(), bar(desk).number.text()) == (149, 149, "150")
    assert 149 in [each for each in source.read if each > 140][:2], "one may have been begun before"
    assert len(source.read) < 10
    assert desk.studio.picture is not None
    assert desk.studio.picture.pixels[0, 0, 0] == 149


async def test_an_older_frame_that_comes_late_does_not_pull_the_handle_back(desk: Desk) -> None:
    await show_film(desk, Cinema([a_film(["a"] * 50)], seconds=0.02))
    line, seen = bar(desk).slider, list[int]()
    line.setValue(10)
    await asyncio.sleep(0.005)
    line.setValue(40)
    desk.studio.view_changed.connect(lambda old, new: seen.append(line.value()))
    await desk.settle()
    assert set(seen) == {40}
    assert desk.studio.view.frame == 40


async def test_going_elsewhere_by_another_way_takes_the_bar_along(desk: Desk) -> None:
    await show_film(desk, Cinema([a_film(["a"] * 50)], seconds=0.02))
    bar(desk).slider.setValue(10)
    await asyncio.sleep(0.005)
    await desk.session.open_frame(30)
    await desk.settle()
    assert (desk.studio.view.frame, bar(desk).slider.value(), words(desk)[0]) == (30, 30, "31")


@pytest.mark.parametrize(("typed", "frame"), [("7", 6), ("1", 0), ("0", 0), ("999999999999", 19), ("x", 3), ("", 3)])
async def test_a_number_can_be_typed(desk: Desk, typed: str, frame: int) -> None:
    await show_film(desk, Cinema([a_film(["a"] * 20)]))
    await desk.session.open_frame(3)
    field = bar(desk).number
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed) if typed else field.clear()
    QTest.keyClick(field, Qt.Key.Key_Return)
    await desk.settle()
    assert (desk.studio.view.frame, field.text()) == (frame, str(frame + 1))
    assert not field.hasFocus()


async def test_frames_with_labels_are_marked_and_the_chosen_objects_too(desk: Desk) -> None:
    await show_film(desk, Cinema([a_film(["", "a", "ab", "", "b"])]))
    described = bar(desk).slider.accessibleDescription
    assert described() == "3 of 5 frames have labels, 0 of them the chosen object."
    await desk.session.open_frame(2)
    await desk.settle()
    assert described() == "3 of 5 frames have labels, 2 of them the chosen object."
    await desk.keys("Del")
    assert described() == "3 of 5 frames have labels, 2 of them the chosen object."  # b is chosen now
    await desk.keys("Del")
    assert described() == "2 of 5 frames have labels, 0 of them the chosen object."
    await desk.keys("Ctrl+Z")
    assert described() == "3 of 5 frames have labels, 2 of them the chosen object."


async def test_the_buttons_jump_to_frames_with_labels(desk: Desk) -> None:
    await show_film(desk, Cinema([a_film(["", "", "a", "", "b"])]))
    following, previous = buttons(desk)["Next Frame with Labels"], buttons(desk)["Previous Frame with Labels"]
    assert (previous.isEnabled(), following.isEnabled()) == (False, True)
    for button, frame in ((following, 2), (following, 4), (previous, 2)):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await desk.settle()
        assert desk.studio.view.frame == frame


async def test_play_becomes_pause_and_the_bar_follows(desk: Desk) -> None:
    await show_film(desk, Cinema([a_film(["a"] * 200, 30)]))
    QTest.mouseClick(buttons(desk)["Play"], Qt.MouseButton.LeftButton)
    await desk.until(lambda: desk.studio.view.frame > 3)
    assert bar(desk).slider.value() == desk.studio.view.frame
    QTest.mouseClick(buttons(desk)["Pause"], Qt.MouseButton.LeftButton)
    assert not desk.session.playing.is_on
    assert "Play" in buttons(desk)


async def test_dragging_stops_the_playing(desk: Desk) -> None:
    await show_film(desk, Cinema([a_film(["a"] * 200, 30)]))
    desk.session.playing.start()
    await desk.until(lambda: desk.studio.view.frame > 1)
    bar(desk).slider.setValue(150)
    assert not desk.session.playing.is_on
    await desk.settle()
    assert desk.studio.view.frame == 150


async def test_the_speed_is_chosen_from_a_menu(desk: Desk) -> None:
    await show_film(desk, Cinema([a_film(["a"] * 20, 30)]))
    button = buttons(desk)["Speed of playing"]
    assert [action.text() for action in button.menu().actions()] == ["0.25×", "0.5×", "1×", "2×", "4×"]
    button.menu().actions()[1].trigger()
    assert (desk.session.playing.speed, button.text()) == (0.5, "0.5×")


@pytest.mark.parametrize("width", [280, 330, 500, 1400])
async def test_a_narrow_bar_keeps_what_matters(desk: Desk, width: int) -> None:
    await show_film(desk, Cinema([a_film(["a"] * 10_000, 25)]))
    desk.window.resize(1900, 800)
    bar(desk).setFixedWidth(width)
    await desk.settle()
    shown = [each for each in (bar(desk).slider, bar(desk).number, *buttons(desk).values()) if each.isVisible()]
    assert len(shown) >= 5
    places = [each.geometry() for each in shown]
    assert all(place.right() < width for place in places)
    assert not any(one.intersects(other) for at, one in enumerate(places) for other in places[:at])
    assert bar(desk).slider.width() >= 50


def test_the_time_code_is_there_for_videos_alone() -> None:
    video = Document(a_film(["a"] * 4000, 25))
    assert [time_code(video, frame) for frame in (0, 1, 25, 3999)] == ["0:00.000", "0:00.040", "0:01.000", "2:39.960"]
    slow = Document(a_film(["a"] * 40, 0.01))
    assert time_code(slow, 39) == "1:05:00.000"
    assert time_code(Document(a_film(["a"] * 3)), 2) == ""


async def test_space_tapped_plays_and_stops_and_space_held_or_dragged_with_does_not(desk: Desk) -> None:
    await show_film(desk, Cinema([a_film(["a"] * 300, 30)]))
    desk.canvas.setFocus()
    playing, space = desk.session.playing, Qt.Key.Key_Space
    for is_on in (True, False):
        desk.hold(space)
        desk.let_go(space)
        assert playing.is_on is is_on
    desk.hold(space)
    desk.press((30, 30))
    desk.release((30, 30))
    desk.let_go(space)
    assert not playing.is_on
    desk.hold(space)
    await asyncio.sleep(0.3)
    desk.let_go(space)
    assert not playing.is_on
