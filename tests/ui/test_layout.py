"""Nothing in the window is cut off in a small one, and everything in it has a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QToolButton,
    QWidget,
)

from bitmask_studio.studio import preferences
from bitmask_studio.ui.bars.status import StatusBar
from tests.ui.desk import Desk
from tests.ui.layouts import Layouts

SIZES = pytest.mark.parametrize("size", [(1280, 720), (760, 480)], ids=["1280x720", "760x480"])
PAGES = pytest.mark.parametrize("page", ["welcome", "one.png", "group.png"])


async def lay(desk: Desk, project: Path, page: str, size: tuple[int, int]) -> list[QWidget]:
    """Show a page in a window of that size; everything that can be seen."""
    desk.window.resize(*size)
    if page != "welcome":
        await desk.open(project, row=page)
    await desk.settle()
    assert (desk.window.width(), desk.window.height()) == size
    return [each for each in desk.window.findChildren(QWidget) if each.isVisible()]


def called(widget: QWidget) -> str:
    text = getattr(widget, "text", lambda: "")()
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName() or text}"


@SIZES
@PAGES
async def test_no_words_and_no_buttons_are_cut_off(desk: Desk, project: Path, page: str, size: tuple[int, int]) -> None:
    seen = await lay(desk, project, page, size)
    kinds = (QLabel, QPushButton, QToolButton, QLineEdit, QComboBox, QAbstractSpinBox)
    cut = [
        f"{called(each)}: {each.size().toTuple()} < {each.minimumSizeHint().toTuple()}"
        for each in seen
        if isinstance(each, kinds)
        and not isinstance(each.parentWidget(), QLineEdit)
        and (each.width() < each.minimumSizeHint().width() or each.height() < each.minimumSizeHint().height())
    ]
    assert cut == []


@SIZES
@PAGES
async def test_everything_lies_inside_its_parent(desk: Desk, project: Path, page: str, size: tuple[int, int]) -> None:
    seen = await lay(desk, project, page, size)
    kinds = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractSlider)
    outside = [
        f"{called(each)}: {each.geometry().getRect()} in {parent.size().toTuple()}"
        for each in seen
        if isinstance(each, kinds) and not _scrolls(each)
        for parent in [each.parentWidget()]
        if parent is not None and not parent.rect().contains(each.geometry())
    ]
    assert outside == []


def _scrolls(widget: QWidget) -> bool:
    """Whether it lies in something that can be scrolled."""
    parent = widget.parentWidget()
    while parent is not None:
        if parent.objectName() == "qt_scrollarea_viewport":
            return True
        parent = parent.parentWidget()
    return False


@PAGES
async def test_every_control_has_a_name_that_can_be_read_out(desk: Desk, project: Path, page: str) -> None:
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QAbstractItemView, QLineEdit)
    nameless = [
        each
        for each in await lay(desk, project, page, (1280, 720))
        if isinstance(each, kinds) and not isinstance(each, QScrollBar) and each.focusPolicy().value
        if not (each.accessibleName() or getattr(each, "text", lambda: "")())
        if not isinstance(each.parentWidget(), QAbstractSpinBox)
    ]
    assert [called(each) for each in nameless] == []


@PAGES
async def test_every_tool_button_says_what_it_does(desk: Desk, project: Path, page: str) -> None:
    silent = [
        called(each)
        for each in await lay(desk, project, page, (1280, 720))
        if isinstance(each, QToolButton) and not each.toolTip()
        if each.objectName() not in ("qt_toolbar_ext_button",) and not isinstance(each.parentWidget(), QLineEdit)
    ]
    assert silent == []


async def test_the_canvas_keeps_half_of_the_width_and_is_never_too_small_to_work_on(desk: Desk, project: Path) -> None:
    await lay(desk, project, "group.png", (1280, 720))
    assert desk.canvas.width() > 1280 / 2
    desk.window.resize(760, 480)
    await desk.settle()
    assert desk.canvas.width() >= 240
    assert desk.canvas.height() >= 180


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_what_the_tool_bar_has_no_room_for_is_behind_a_button_that_can_be_seen(
    desk: Desk, project: Path, theme: str
) -> None:
    desk.studio.set(preferences.THEME, theme)
    desk.window.top_bar.addWidget(QLabel("wide " * 200))
    seen = await lay(desk, project, "one.png", (760, 480))
    more = next(each for each in seen if each.objectName() == "qt_toolbar_ext_button")
    assert int(desk.pixels(more).max()) - int(desk.pixels(more).min()) > 60


async def test_painting_undoing_pointing_and_zooming_lay_nothing_out_anew(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.stroke((30, 20))
    await desk.keys("Ctrl+Z")
    layouts = Layouts(desk.window)
    desk.stroke((30, 3), (40, 5))
    await desk.keys("Ctrl+Z", "Ctrl+Y", "+", "-")
    (status,) = desk.window.findChildren(StatusBar)
    for x, y, name in ((13, 11, "Cell objA"), (38, 28, "Wall objB")):
        desk.move((x, y))
        status.tell()
        assert status.object_label.text() == name
    await desk.settle()
    desk.wheel((30, 20), 2)
    await desk.settle()
    assert layouts.count == 0
