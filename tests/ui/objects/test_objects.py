"""The dock with the objects: what it tells of each, what clicks and keys do, and which class comes next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.text import one_line
from bitmask_studio.ui.objects.model import AREA, EYE, LOCK, NAME
from bitmask_studio.ui.objects.objects import ObjectPanel
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.ui.desk import LEFT, Desk
from tests.ui.label_files import HEIGHT, WIDTH, block, picture, write_image, write_rows

ROLE = Qt.ItemDataRole


def view(desk: Desk) -> QAbstractItemView:
    return desk.window.objects.list


def told(desk: Desk, row: int, column: int, role: ROLE = ROLE.DisplayRole) -> str:
    return str(view(desk).model().index(row, column).data(role))


def marked(desk: Desk) -> int:
    """The list's current row, -1 for none."""
    return view(desk).currentIndex().row()


def spot(desk: Desk, row: int, column: int) -> QPoint:
    return view(desk).visualRect(view(desk).model().index(row, column)).center()


def click(desk: Desk, row: int, column: int) -> None:
    QTest.mouseClick(view(desk).viewport(), LEFT, pos=spot(desk, row, column))


async def test_each_object_is_listed_with_class_and_area(desk: Desk, project: Path) -> None:
    await desk.open(project)
    area = int(block(4, 4).sum())
    assert [told(desk, row, NAME) for row in range(2)] == ["Cell", "Wall"]
    assert [told(desk, row, AREA) for row in range(2)] == [str(area), str(area)]
    assert (marked(desk), desk.chosen) == (0, "objA")


@pytest.mark.parametrize("news", ["document", "decoded"])
async def test_the_list_waits_with_painting_until_the_canvas_has(desk: Desk, project: Path, news: str) -> None:
    await desk.open(project)
    assert view(desk).updatesEnabled()
    document = desk.studio.document
    assert document is not None
    if news == "document":
        desk.studio.document_changed.emit()
    else:
        document.decoded.emit(0)
    assert not view(desk).updatesEnabled()
    assert told(desk, 0, NAME) == "Cell"
    await desk.until(view(desk).updatesEnabled)


async def test_areas_follow_strokes_and_undo(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before = told(desk, 0, AREA)
    desk.stroke((40, 8))
    assert told(desk, 0, AREA) == str(desk.bits().sum()) != before
    await desk.keys("Ctrl+Z")
    assert told(desk, 0, AREA) == before


async def test_a_panel_that_comes_after_the_row_hears_of_its_strokes(desk: Desk, project: Path) -> None:
    await desk.open(project)
    panel = ObjectPanel(desk.window.session, desk.window)
    panel.reload()
    told = list[tuple[int, int]]()
    panel.list.model().dataChanged.connect(lambda first, last: told.append((first.row(), first.column())))
    desk.stroke((40, 8))
    panel.refresh()
    assert (0, AREA) in told


async def test_a_stroke_among_two_thousand_objects_draws_one_area_again(desk: Desk, tmp_path: Path) -> None:
    shapes = {f"obj{number:04}": block(4, 4) for number in range(2000)}
    await desk.open(write_image(tmp_path, shapes, picture()))
    desk.studio.show(object_hash="obj1234")
    asked, told = list[MaskKey](), list[tuple[int, int, int]]()
    model, find = view(desk).model(), desk.document.mask
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row(), first.column())))

    def mask(key: MaskKey) -> Mask:
        asked.append(key)
        return find(key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.document, "mask", mask)
        desk.stroke((40, 8), (44, 9))
        desk.studio.undo()
        desk.studio.redo()
    assert told == [(1234, 1234, AREA)] * 3
    assert {key.object_hash for key in asked} == {"obj1234"}
    assert str(model.index(1234, AREA).data()) == str(desk.bits().sum())


async def test_thousands_are_parted(desk: Desk, tmp_path: Path) -> None:
    await desk.open(write_image(tmp_path, {"objA": np.ones((100, 123), np.bool_)}, picture(123, 100)))
    assert told(desk, 0, AREA) == "12\u202f300"


async def test_a_click_chooses_and_eye_and_lock_act_on_their_own_row(desk: Desk, project: Path) -> None:
    await desk.open(project)
    click(desk, 1, NAME)
    assert (desk.chosen, marked(desk)) == ("objB", 1)
    click(desk, 0, EYE)
    click(desk, 0, LOCK)
    key = MaskKey(0, "objA")
    assert (desk.studio.view.hidden, desk.studio.view.locked) == (frozenset([key]), frozenset([key]))
    assert (desk.chosen, marked(desk)) == ("objB", 1)
    assert (told(desk, 0, EYE, ROLE.AccessibleTextRole), told(desk, 1, EYE, ROLE.AccessibleTextRole)) == (
        "hidden",
        "visible",
    )
    click(desk, 0, EYE)
    click(desk, 0, LOCK)
    assert not desk.studio.view.hidden | desk.studio.view.locked


async def test_a_double_click_brings_the_object_into_the_middle(desk: Desk, project: Path) -> None:
    await desk.open(project)
    QTest.mouseClick(view(desk).viewport(), LEFT, pos=spot(desk, 1, NAME))
    QTest.mouseDClick(view(desk).viewport(), LEFT, pos=spot(desk, 1, NAME))
    at, middle = desk.place((36, 25)), desk.canvas.rect().center()
    assert abs(at.x() - middle.x()) <= 8 and abs(at.y() - middle.y()) <= 8


async def test_up_and_down_step_through_the_objects_also_with_the_focus_in_the_list(desk: Desk, project: Path) -> None:
    await desk.open(project)
    for focus in (desk.canvas, view(desk), desk.window.objects.classes):
        focus.setFocus()
        await desk.keys("Down")
        assert (desk.chosen, marked(desk)) == ("objB", 1)
        await desk.keys("Up")
        assert (desk.chosen, marked(desk)) == ("objA", 0)


async def test_neither_letters_nor_dragging_mark_what_is_not_chosen(desk: Desk, project: Path) -> None:
    await desk.open(project)
    view(desk).setFocus()
    await desk.keys("W", "N")
    assert (desk.chosen, marked(desk)) == ("objA", 0)
    QTest.mousePress(view(desk).viewport(), LEFT, pos=spot(desk, 0, NAME))
    QTest.mouseMove(view(desk).viewport(), spot(desk, 1, NAME))
    QTest.mouseRelease(view(desk).viewport(), LEFT, pos=spot(desk, 1, NAME))
    await desk.settle()
    assert ["objA", "objB"][marked(desk)] == desk.chosen


async def test_del_deletes_and_undo_brings_back_in_its_place(desk: Desk, project: Path) -> None:
    await desk.open(project)
    before = desk.bits()
    view(desk).setFocus()
    await desk.keys("Del")
    assert [told(desk, 0, NAME), view(desk).model().rowCount(), desk.chosen] == ["Wall", 1, "objB"]
    await desk.keys("Ctrl+Z")
    assert [told(desk, row, NAME) for row in range(2)] == ["Cell", "Wall"]
    assert desk.chosen == "objA" and (desk.bits() == before).all()


async def test_a_digit_chooses_the_class_of_the_next_object(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.keys("3")
    assert (desk.chosen, desk.window.objects.classes.currentText()) == (None, "Vein")
    covered = desk.stroke((30, 10), (40, 12))
    assert told(desk, 2, NAME) == "Vein"
    assert marked(desk) == 2 and (desk.bits() == covered).all()
    await desk.keys("M")
    assert desk.chosen is None
    await desk.keys("9")
    assert desk.window.objects.classes.currentText() == "Vein"


async def test_a_class_is_chosen_in_the_box_too(desk: Desk, project: Path) -> None:
    await desk.open(project)
    box = desk.window.objects.classes
    assert [box.itemText(n) for n in range(box.count())] == ["Cell", "Wall", "Vein"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    desk.stroke((50, 8))
    assert told(desk, 2, NAME) == "Wall"


async def test_other_shapes_and_damaged_masks_say_why_they_are_not_edited(desk: Desk, tmp_path: Path) -> None:
    sound = bitmask(block(4, 4))
    box = mask_object("box", {}) | {"shape": "bounding_box", "boundingBox": {"x": 0.1, "y": 0.1, "w": 0.2, "h": 0.3}}
    del box["bitmask"]
    torn = mask_object("torn", sound | {"rleString": str(sound["rleString"])[:-1] + "~~"})
    rows = [label_row("one", (WIDTH, HEIGHT), [[box, torn, mask_object("sound", sound)]])]
    await desk.open(write_rows(tmp_path, rows, {"one-0.png": picture()}))
    assert desk.chosen == "sound"
    assert "not editable here" in told(desk, 0, NAME, ROLE.ToolTipRole)
    assert "Damaged" in told(desk, 1, NAME, ROLE.ToolTipRole)
    assert [told(desk, row, AREA) for row in range(2)] == ["–", "–"]
    for row in range(2):
        click(desk, row, NAME)
        desk.stroke((30, 30))
        assert not desk.document.unsaved
    assert len(desk.told) == 2
    desk.pixels(desk.window)


HOSTILE = ["<b>bold</b><img src='x'>", "a & b", "two\nlines", "x" * 300, "word " * 60, "\u202eabc", "\u0635\u0641"]


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_of_all_kinds_are_shown_as_they_are_and_take_no_more_room(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    row = label_row("one", (WIDTH, HEIGHT), [[mask_object("objA", bitmask(block(4, 4)), name, "hashOwn")]])
    await desk.open(write_rows(tmp_path, [row], {"one-0.png": picture()}))
    desk.window.resize(760, 480)
    tip = QTextDocument()
    tip.setHtml(told(desk, 0, NAME, ROLE.ToolTipRole))
    assert one_line(name) in tip.toPlainText()
    desk.move((6, 12))
    await desk.settle()
    await desk.keys("Del")
    (desk.window.objects.list.setFocus(), desk.pixels(desk.window))
    await desk.keys("Esc")
    assert (desk.window.width(), desk.window.height()) == (760, 480)
    assert desk.window.minimumSizeHint().width() <= 760
    assert desk.canvas.width() >= 240
