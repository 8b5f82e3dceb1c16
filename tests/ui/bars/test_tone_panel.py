"""Brightness and contrast in the window: the button, the panel, the keys, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from bitmask_studio.core.tone import NEUTRAL, Tone
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui.bars.tone_panel import ToneButton, TonePanel
from tests.ui.desk import Desk


def button(desk: Desk) -> ToneButton:
    found = desk.window.findChild(ToneButton)
    assert isinstance(found, ToneButton)
    return found


def opened(desk: Desk) -> TonePanel:
    QTest.mouseClick(button(desk), Qt.MouseButton.LeftButton)
    assert button(desk).panel.isVisible()
    return button(desk).panel


def numbers(panel: TonePanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.text().strip("+\u2212").isdigit()]


async def test_the_sliders_change_the_view_at_once_and_show_numbers(desk: Desk, project: Path) -> None:
    await desk.open(project)
    panel, seen = opened(desk), []
    desk.studio.view_changed.connect(lambda old, new: seen.append(new.tone))
    for value in (10, 20):
        panel.brightness.setValue(value)
    panel.contrast.setValue(-35)
    assert seen == [Tone(10), Tone(20), Tone(20, -35)]
    assert numbers(panel) == ["+20", "\u221235"]


async def test_reset_and_double_clicks_bring_the_picture_back(desk: Desk, project: Path) -> None:
    await desk.open(project)
    panel = opened(desk)
    assert not panel.reset.isEnabled()
    desk.studio.show(tone=Tone(30, 40))
    QTest.mouseDClick(panel.brightness, Qt.MouseButton.LeftButton)
    assert desk.studio.view.tone == Tone(0, 40)
    QTest.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    assert desk.studio.view.tone == NEUTRAL
    assert numbers(panel) == ["0", "0"]
    assert not panel.reset.isEnabled()


async def test_everything_in_the_panel_is_done_by_keys(desk: Desk, project: Path) -> None:
    await desk.open(project)
    button(desk).setFocus()
    await desk.keys("Space")
    panel = button(desk).panel
    assert panel.isVisible()
    assert panel.brightness.hasFocus()
    await desk.keys("Right", "Right", "Tab", "PgDown", "Ctrl+Up", "Ctrl+Shift+Down")
    assert desk.studio.view.tone == Tone(12, -20)
    await desk.keys("Tab")
    assert panel.reset.hasFocus()
    await desk.keys("Space")
    assert desk.studio.view.tone == NEUTRAL
    assert panel.brightness.hasFocus()
    await desk.keys("Esc")
    assert not panel.isVisible()


async def test_the_button_is_lit_and_tells_the_numbers_while_there_is_a_tone(desk: Desk, project: Path) -> None:
    await desk.open(project)
    assert not button(desk).isChecked()
    assert button(desk).accessibleDescription() == ""
    await desk.keys("Ctrl+Up", "Ctrl+Shift+Down")
    assert button(desk).isChecked()
    assert "Brightness +10, contrast \u221210" in button(desk).toolTip()
    assert button(desk).accessibleDescription() == "Brightness +10, contrast \u221210"
    await desk.keys("Ctrl+Shift+B")
    assert not button(desk).isChecked()


async def test_clicking_the_button_leaves_it_as_lit_as_it_was(desk: Desk, project: Path) -> None:
    await desk.open(project)
    for tone in (NEUTRAL, Tone(5)):
        desk.studio.show(tone=tone)
        opened(desk).close()
        assert button(desk).isChecked() is (tone != NEUTRAL)


async def test_the_panel_shows_what_keys_have_set_before_it_was_opened(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.keys("Ctrl+Down", "Ctrl+Shift+Up")
    panel = opened(desk)
    assert (panel.brightness.value(), panel.contrast.value()) == (-10, 10)


async def test_the_tone_stays_from_row_to_row_and_is_forgotten_at_the_next_start(desk: Desk, project: Path) -> None:
    await desk.open(project, row="group.png")
    desk.studio.show(tone=Tone(20, 30))
    await desk.keys("Right", "PgUp", "PgDown")
    assert desk.studio.view.tone == Tone(20, 30)
    await desk.open(project, row="one.png")
    assert desk.studio.view.tone == Tone(20, 30)
    assert Studio(desk.studio.settings).view.tone == NEUTRAL


async def test_masks_and_edits_know_nothing_of_the_tone(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before, picture = desk.bits(), desk.studio.picture
    assert picture is not None
    values = picture.pixels.copy()
    desk.studio.show(tone=Tone(60, -40))
    assert (desk.bits() == before).all()
    assert desk.studio.picture is picture
    assert (picture.pixels == values).all()
    assert not desk.document.unsaved


@pytest.mark.parametrize("size", [(1280, 800), (760, 480)])
async def test_the_panel_lies_on_the_screen_with_nothing_cut_off(
    desk: Desk, project: Path, size: tuple[int, int]
) -> None:
    desk.window.resize(*size)
    await desk.open(project)
    panel = button(desk).panel
    panel.popup(button(desk))
    assert panel.screen().availableGeometry().contains(panel.geometry())
    for each in panel.findChildren(QLabel):
        assert each.width() >= each.minimumSizeHint().width()
        assert panel.rect().contains(each.geometry())
    names = [each.accessibleName() for each in (panel.brightness, panel.contrast)]
    assert names == ["Brightness of the picture", "Contrast of the picture"]
    assert all("Ctrl+" in each.toolTip() for each in (panel.brightness, panel.contrast, panel.reset))
