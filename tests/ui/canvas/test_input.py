"""Mouse, wheel, touch pad and held keys on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from bitmask_studio.core.brush_shape import BrushShape
from tests.ui.desk import ALT, CTRL, MIDDLE, RIGHT, SHIFT, Desk


async def test_a_stroke_sets_exactly_the_pixels_that_the_ring_covers(desk: Desk, project: Path) -> None:
    await desk.open(project)
    for size in (1, 2, 5, 13):
        for shape in BrushShape:
            before = desk.bits()
            desk.choose(size=size, shape=shape)
            covered = desk.stroke((20.25 + size, 9.5), (31.0, 12.75), (33.5, 30.125))
            assert covered.any()
            assert (desk.bits() == before | covered).all()


async def test_with_ctrl_the_brush_erases_and_the_eraser_paints(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before = desk.bits()
    covered = desk.stroke((6, 9), (12, 9), keys=CTRL)
    assert (desk.bits() == before & ~covered).all()
    await desk.keys("E")
    more = desk.stroke((30, 30), keys=CTRL)
    assert (desk.bits() == before & ~covered | more).all()
    less = desk.stroke((10, 12))
    assert (desk.bits() == (before & ~covered | more) & ~less).all()


async def test_shift_click_draws_a_line_from_the_end_of_the_last_stroke(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before = desk.bits()
    dab = desk.stroke((20.5, 30.5))
    desk.press((50.5, 36.5), SHIFT)
    desk.release((50.5, 36.5), SHIFT)
    line = desk.covered((20.5, 30.5), (50.5, 36.5))
    assert (desk.bits() == before | dab | line).all()


async def test_esc_in_a_stroke_leaves_nothing(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before, shown = desk.bits(), desk.pixels()
    desk.press((20, 20))
    desk.move((30, 24))
    assert (desk.pixels() != shown).any()
    await desk.keys("Esc")
    desk.move((40, 24))
    desk.release((40, 24))
    desk.point_away()
    assert (desk.bits() == before).all()
    assert (desk.pixels() == shown).all()
    assert not desk.document.unsaved and desk.document.history.undo_title is None
    assert desk.chosen == "objA"


async def test_alt_shift_click_picks_what_lies_under_it_and_paints_nothing(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.press((38, 28), ALT | SHIFT)
    desk.release((38, 28), ALT | SHIFT)
    assert desk.chosen == "objB"
    assert not desk.document.unsaved


async def test_the_select_tool_picks_by_click_and_nothing_by_a_click_beside(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.keys("S")
    chosen = []
    for point in ((38, 28), (55, 3)):
        desk.stroke(point)
        chosen.append(desk.chosen)
    assert chosen == ["objB", None]
    assert not desk.document.unsaved


@pytest.mark.parametrize("notches", [1, -1, 7, -9, 0.25])
async def test_the_wheel_zooms_and_keeps_the_image_point_under_the_pointer(
    desk: Desk, project: Path, notches: float
) -> None:
    await desk.open(project)
    at = desk.place(point := (21.5, 17.25))
    zoom = desk.canvas.viewport.zoom
    desk.wheel(point, notches)
    after = desk.canvas.viewport
    assert (after.zoom > zoom) is (notches > 0)
    found = desk.canvas.image_point(at)
    assert max(abs(found.x - point[0]), abs(found.y - point[1])) * after.zoom <= 0.5 + 1e-9


async def test_shift_and_wheel_and_two_fingers_pan(desk: Desk, project: Path) -> None:
    await desk.open(project)
    start = desk.canvas.viewport
    desk.wheel((20, 20), 2, SHIFT)
    one = desk.canvas.viewport
    assert (one.zoom, one.x - start.x, one.y) == (start.zoom, 120, start.y)
    desk.two_fingers(-30, 17)
    two = desk.canvas.viewport
    assert (two.zoom, two.x - one.x, two.y - one.y) == (start.zoom, -30, 17)


async def test_a_wheel_turned_sideways_pans_sideways(desk: Desk, project: Path) -> None:
    await desk.open(project)
    start = desk.canvas.viewport
    desk.wheel((20, 20), 1, sideways=True)
    after = desk.canvas.viewport
    assert (after.zoom, after.x - start.x, after.y) == (start.zoom, 60, start.y)


@pytest.mark.parametrize("sideways", [False, True])
async def test_alt_and_wheel_size_the_brush_whichever_axis_qt_reports(
    desk: Desk, project: Path, sideways: bool
) -> None:
    await desk.open(project)
    desk.choose(size=40)
    viewport = desk.canvas.viewport
    desk.wheel((20, 20), 1, ALT, sideways=sideways)
    assert desk.studio.tool_options.size == 44
    desk.wheel((20, 20), -1, ALT, sideways=sideways)
    assert desk.studio.tool_options.size == 40
    assert desk.canvas.viewport == viewport


async def test_dragging_with_space_or_the_middle_button_pans_and_paints_nothing(desk: Desk, project: Path) -> None:
    await desk.open(project)
    start = desk.canvas.viewport
    desk.hold(Qt.Key.Key_Space)
    desk.drag_px((300, 300), (340, 280))
    desk.let_go(Qt.Key.Key_Space)
    assert (desk.canvas.viewport.x - start.x, desk.canvas.viewport.y - start.y) == (40, -20)
    desk.drag_px((300, 300), (260, 320), MIDDLE)
    assert desk.canvas.viewport == start
    assert not desk.document.unsaved
    covered, before = desk.covered((30, 30)), desk.bits()
    desk.stroke((30, 30))
    assert (desk.bits() == before | covered).all()


async def test_the_right_button_paints_nothing(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.press((20, 20), button=RIGHT)
    desk.move((30, 20))
    desk.release((30, 20), button=RIGHT)
    assert not desk.document.unsaved


async def test_other_buttons_do_not_disturb_a_stroke(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before, viewport = desk.bits(), desk.canvas.viewport
    desk.press((20, 20))
    desk.press((22, 20), button=MIDDLE)
    desk.move((26, 22))
    desk.release((26, 22), button=MIDDLE)
    desk.move((30, 20))
    desk.release((30, 20))
    desk.move((50, 40))
    assert desk.canvas.viewport == viewport
    assert (desk.bits() == before | desk.covered((20, 20), (26, 22), (30, 20))).all()


async def test_a_release_that_never_arrived_ends_the_stroke_at_the_next_move(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before = desk.bits()
    desk.press((20, 20))
    desk.move((24, 20))
    desk.lose_release()
    desk.move((50, 40))
    assert (desk.bits() == before | desk.covered((20, 20), (24, 20))).all()
    assert desk.document.history.undo_title == "Brush"


async def test_a_stroke_ends_where_the_canvas_hears_no_more_of_the_pointer(desk: Desk, project: Path) -> None:
    await desk.open(project)
    menu = desk.window.menuBar().actions()[2].menu()
    assert isinstance(menu, QMenu)
    place = desk.window.mapToGlobal(desk.window.rect().center())
    ways: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "menu": (lambda: menu.popup(place), menu.close),
        "menu, the focus being in the list": (lambda: _popup_over_the_list(desk, menu), menu.close),
        "sheet": (lambda: desk.window.commands.run("keys"), _close_sheet),
        "other window": (
            lambda: QApplication.sendEvent(desk.window, QEvent(QEvent.Type.WindowDeactivate)),
            lambda: QApplication.sendEvent(desk.window, QEvent(QEvent.Type.WindowActivate)),
        ),
        "page hidden": (desk.window.canvas_page.hide, desk.window.canvas_page.show),
    }
    for number, (way, (begin, end)) in enumerate(ways.items()):
        before, y = desk.bits(), 4 + 6 * number
        desk.press((20, y))
        desk.move((26, y))
        begin()
        await desk.settle()
        covered = desk.covered((20, y), (26, y))
        assert desk.studio.gestures.painter is None, way
        assert (desk.bits() == before | covered).all() and covered.any(), way
        assert desk.document.history.undo_title == "Brush"
        end()
        desk.move((40, y))
        desk.release((50, y))
        assert (desk.bits() == before | covered).all(), way


def _popup_over_the_list(desk: Desk, menu: QMenu) -> None:
    desk.window.objects.list.setFocus()
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))


def _close_sheet() -> None:
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    sheet.close()


async def test_a_release_that_never_arrived_ends_the_stroke_at_the_next_turn_of_the_wheel(
    desk: Desk, project: Path
) -> None:
    await desk.open(project)
    desk.press((20, 20))
    desk.lose_release()
    desk.wheel((20, 20), 1)
    assert desk.studio.gestures.painter is None
    assert desk.document.history.undo_title == "Brush"


async def test_v_hides_the_masks_while_it_is_held(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.point_away()
    masks = desk.pixels()
    desk.hold(Qt.Key.Key_V)
    bare = desk.pixels()
    assert (bare != masks).any()
    desk.let_go(Qt.Key.Key_V)
    assert (desk.pixels() == masks).all()


@pytest.mark.parametrize("key", [Qt.Key.Key_V, Qt.Key.Key_Space])
async def test_a_held_key_is_let_go_of_whatever_happened_meanwhile(desk: Desk, project: Path, key: Qt.Key) -> None:
    await desk.open(project)
    for go_to in (desk.canvas, desk.window.browser.search, desk.window.objects.list):
        desk.canvas.setFocus()
        desk.hold(key)
        go_to.setFocus()
        assert desk.studio.view.peek or pans(desk)
        desk.let_go(key, SHIFT)
        assert not (desk.studio.view.peek or pans(desk))
    desk.canvas.setFocus()
    desk.hold(key)
    QApplication.sendEvent(desk.window, QEvent(QEvent.Type.WindowDeactivate))
    assert not (desk.studio.view.peek or pans(desk))


def pans(desk: Desk) -> bool:
    """Whether dragging with the left button would pan."""
    return desk.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor


async def test_held_keys_act_wherever_the_focus_is_and_where_nothing_has_it(desk: Desk, project: Path) -> None:
    await desk.open(project)
    for place in (desk.window.objects.list, desk.canvas, None):
        if place is not None:
            place.setFocus()
        elif focus := QApplication.focusWidget():
            focus.clearFocus()
        assert QApplication.focusWidget() is place
        desk.hold(Qt.Key.Key_V)
        assert desk.studio.view.peek
        desk.let_go(Qt.Key.Key_V)
        assert not desk.studio.view.peek


async def test_space_presses_the_button_that_has_the_focus(desk: Desk, project: Path) -> None:
    await desk.open(project)
    button = desk.window.objects.new_button
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert desk.chosen is None
    assert not pans(desk)


async def test_a_menu_keeps_its_letters(desk: Desk, project: Path) -> None:
    await desk.open(project)
    menu = desk.window.menuBar().actions()[2].menu()
    assert isinstance(menu, QMenu)
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    QTest.keyPress(menu, Qt.Key.Key_V)
    assert not desk.studio.view.peek
    menu.close()


async def test_a_menu_that_opens_lets_go_of_a_held_key(desk: Desk, project: Path) -> None:
    await desk.open(project)
    menu = desk.window.menuBar().actions()[2].menu()
    assert isinstance(menu, QMenu)
    for place in (desk.canvas, desk.window.objects.list):
        place.setFocus()
        desk.hold(Qt.Key.Key_V)
        before = desk.studio.view
        menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
        assert (before.peek, desk.studio.view.peek) == (True, False)
        menu.close()


async def test_held_keys_are_letters_where_text_is_typed(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.window.find_row()
    for key in "v ":
        QTest.keyClicks(desk.window.browser.search, key)
    assert desk.window.browser.search.text() == "v "
    assert not desk.studio.view.peek


async def test_a_double_click_paints_a_dab(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before = desk.bits()
    desk.double_click((20.0, 20.0))
    await desk.keys("Ctrl+Z")
    assert (desk.bits() == before).all()


async def test_the_ring_stays_under_the_pointer_when_keys_move_the_picture(desk: Desk, project: Path) -> None:
    await desk.open(project)
    at = desk.place((20.0, 20.0))
    desk.move((20.0, 20.0))
    for key in ("Ctrl++", "Down", "Ctrl+1", "Ctrl+0", "PgDown", "Right"):
        await desk.keys(key)
        assert desk.canvas.pointer == desk.canvas.image_point(at)
