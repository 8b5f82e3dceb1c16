"""The tool bar's sliders can be set from the keyboard, while the keys of the window stay what they are elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitmask_studio.ui.bars.option_slider import OptionSlider
from tests.ui.desk import Desk


def opacity(desk: Desk) -> OptionSlider:
    return next(
        each for each in desk.window.findChildren(OptionSlider) if each.accessibleName() == "Opacity of the masks"
    )


@pytest.mark.parametrize(("key", "value"), [("Right", 46), ("Left", 44), ("Up", 46), ("Down", 44), ("End", 100)])
async def test_arrows_move_the_slider_that_has_the_keyboard(desk: Desk, project: Path, key: str, value: int) -> None:
    await desk.open(project, row="group.png")
    before = (desk.studio.view.frame, desk.chosen)
    opacity(desk).setFocus()
    await desk.keys(key)
    assert opacity(desk).value() == value
    assert (desk.studio.view.frame, desk.chosen) == before


async def test_arrows_go_through_the_frames_from_the_canvas_and_other_keys_from_the_slider(
    desk: Desk, project: Path
) -> None:
    await desk.open(project, row="group.png")
    desk.canvas.setFocus()
    await desk.keys("Right")
    assert desk.studio.view.frame == 1
    opacity(desk).setFocus()
    await desk.keys("Alt+Up", "E")
    assert (opacity(desk).value(), desk.studio.view.tool) == (50, "eraser")
