"""The options of the brush and of the masks: what is set shows, and what shows is set."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton, QToolTip

from bitmask_studio.core.brush_shape import MAX_SIZE, MIN_SIZE, BrushShape
from bitmask_studio.studio import preferences
from bitmask_studio.ui.bars.tool_options import ToolOptionsBar
from tests.ui.desk import Desk


def bar(desk: Desk) -> ToolOptionsBar:
    found = desk.window.findChild(ToolOptionsBar)
    assert isinstance(found, ToolOptionsBar)
    return found


async def test_the_size_box_sets_the_brush_and_shows_its_size(desk: Desk, project: Path) -> None:
    await desk.open(project)
    bar(desk).size_box.setValue(37)
    assert desk.studio.tool_options.size == 37
    await desk.keys("]", "Shift+]")
    assert bar(desk).size_box.value() == 48


async def test_digits_typed_into_the_size_box_are_a_size_and_no_class(desk: Desk, project: Path) -> None:
    await desk.open(project)
    box = bar(desk).size_box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "12")
    await desk.keys("Return")
    assert (desk.studio.tool_options.size, desk.chosen) == (12, "objA")


@pytest.mark.parametrize("size", [MIN_SIZE, 2, 5, 20, 100, 777, MAX_SIZE])
async def test_showing_a_size_never_changes_it(desk: Desk, project: Path, size: int) -> None:
    await desk.open(project)
    desk.choose(size=size)
    assert desk.studio.tool_options.size == size
    assert bar(desk).size_box.value() == size


async def test_the_slider_of_sizes_goes_from_one_end_to_the_other_in_equal_ratios(desk: Desk, project: Path) -> None:
    await desk.open(project)
    slider, sizes = bar(desk).size_slider, []
    for part in range(5):
        slider.setValue(slider.maximum() * part // 4)
        sizes.append(desk.studio.tool_options.size)
    assert sizes == [1, 7, 45, 299, 2000]


@pytest.mark.parametrize("size", [1, 2, 5, 20, 300])
async def test_arrow_keys_on_the_slider_make_the_brush_larger_and_smaller(desk: Desk, project: Path, size: int) -> None:
    await desk.open(project)
    desk.choose(size=size)
    slider = bar(desk).size_slider
    for _ in range(10):
        slider.triggerAction(slider.SliderAction.SliderSingleStepAdd)
    larger = desk.studio.tool_options.size
    assert larger > size
    for _ in range(10):
        slider.triggerAction(slider.SliderAction.SliderSingleStepSub)
    assert desk.studio.tool_options.size == pytest.approx(size, rel=0.01)


async def test_the_shapes_exclude_each_other(desk: Desk, project: Path) -> None:
    await desk.open(project)
    shapes = bar(desk).shapes
    for shape in (BrushShape.SQUARE, BrushShape.SQUARE, BrushShape.ROUND):
        QTest.mouseClick(shapes[shape], Qt.MouseButton.LeftButton)
        assert desk.studio.tool_options.shape is shape
        assert [each for each, button in shapes.items() if button.isChecked()] == [shape]


async def test_pen_pressure_is_a_switch_that_is_remembered(desk: Desk, project: Path) -> None:
    await desk.open(project)
    assert not bar(desk).pressure.isChecked()
    for on in (True, False):
        QTest.mouseClick(bar(desk).pressure, Qt.MouseButton.LeftButton)
        assert desk.studio.settings.get(preferences.PEN_PRESSURE) is on
        assert bar(desk).pressure.isChecked() is on
    desk.studio.set(preferences.PEN_PRESSURE, True)
    assert bar(desk).pressure.isChecked()


@pytest.mark.parametrize("size", [(1280, 720), (800, 600), (760, 480)])
async def test_size_shape_and_opacity_can_be_set_in_any_window(
    desk: Desk, project: Path, size: tuple[int, int]
) -> None:
    await desk.open(project)
    desk.window.resize(*size)
    await desk.settle()
    more = desk.window.top_bar.findChild(QToolButton, "qt_toolbar_ext_button")
    assert more is None or not more.isVisible()
    for each in (bar(desk).size_box, *bar(desk).shapes.values(), bar(desk).opacity, bar(desk).tone):
        assert each.isVisible() and each.visibleRegion().boundingRect() == each.rect()


async def test_what_was_spared_comes_back_with_the_room(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.window.resize(760, 480)
    await desk.settle()
    desk.window.resize(1280, 720)
    await desk.settle()
    assert all(each.isVisible() for each in bar(desk).findChildren(QLabel))
    assert bar(desk).size_slider.isVisible() and bar(desk).size_slider.width() > 100


async def test_a_letter_in_the_size_says_what_a_size_is(desk: Desk, project: Path) -> None:
    await desk.open(project)
    bar(desk).size_box.setFocus()
    QToolTip.hideText()
    QTest.keyClicks(bar(desk).size_box, "x")
    await desk.settle()
    assert "whole number" in QToolTip.text()


async def test_the_options_have_room_in_a_window_of_1280(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.window.resize(1280, 720)
    await desk.settle()
    assert bar(desk).isVisible()
    assert bar(desk).width() >= bar(desk).minimumSizeHint().width()


async def test_the_opacity_is_set_shown_and_remembered(desk: Desk, project: Path) -> None:
    await desk.open(project)
    for percent in (0, 5, 29, 57, 58, 100):
        bar(desk).opacity.setValue(percent)
        assert round(desk.studio.view.opacity * 100) == percent
        assert desk.studio.settings.get(preferences.OPACITY) == percent
        assert f"{percent} %" in [label.text() for label in bar(desk).findChildren(QLabel)]
    await desk.keys("Alt+Down")
    assert bar(desk).opacity.value() == 95


async def test_the_select_tool_has_no_brush(desk: Desk, project: Path) -> None:
    await desk.open(project)
    brush = (bar(desk).size_box, bar(desk).size_slider, *bar(desk).shapes.values(), bar(desk).pressure)
    await desk.keys("S")
    assert not any(each.isEnabled() for each in brush)
    assert bar(desk).opacity.isEnabled()
    assert bar(desk).tone.isEnabled()
    await desk.keys("B")
    assert all(each.isEnabled() for each in brush)
