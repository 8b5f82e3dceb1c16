"""The details of the chosen object: what they tell, how attributes are answered, what keys and clicks mean there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QToolTip, QWidget

from bitmask_studio.core.text import one_line
from bitmask_studio.studio.workspace import Workspace
from bitmask_studio.ui.bars.action_button import ActionButton
from bitmask_studio.ui.objects.answer_fields import ButtonsField, Field, ListField, TextField
from bitmask_studio.ui.objects.attribute_block import Block
from bitmask_studio.ui.objects.attributes import AttributePanel
from tests.fakes.encord_json import bitmask, label_row, mask_object
from tests.ui.desk import LEFT, Desk
from tests.ui.label_files import HEIGHT, WIDTH, block, picture, write_rows

Json = dict[str, Any]
LONG = "An attribute of which the title is long " * 4


def option(key: str, title: str, *nested: Json, **more: object) -> Json:
    return {"featureNodeHash": key, "label": title, "value": title, "options": list(nested), **more}


def attribute(key: str, title: str, kind: str, *options: Json, **more: object) -> Json:
    return {"featureNodeHash": key, "name": title, "type": kind, "options": list(options), **more}


STAIN = attribute("stain", "Stain", "text")
COUNT = attribute("count", "Count", "numeric", required=True)
ATTRIBUTES = [
    attribute("kind", "Kind", "radio", option("k1", "Red", COUNT, STAIN), option("k2", "Blue & white"), required=True),
    attribute(
        "marks", "Marks", "checklist", option("m1", "Old"), option("m2", "Wet"), option("m3", "No", archived=True)
    ),
    attribute("note", "Note", "text"),
    attribute("grade", "Grade", "radio", *(option(f"g{n}", f"Grade {n}") for n in range(6))),
    attribute("phase", "Phase", "radio", option("p1", "Early"), option("p2", "Late"), dynamic=True),
    attribute("gone", "Gone", "text", archived=True),
]


def answer(key: str, answers: object, **more: object) -> Json:
    return {"name": "x", "value": "x", "featureHash": key, "answers": answers, "manualAnnotation": True, **more}


def chosen(*keys: str) -> list[Json]:
    return [{"name": "x", "value": "x", "featureHash": key} for key in keys]


def write(folder: Path, attributes: list[Json], answers: list[Json], actions: list[Json] | None = None) -> Path:
    """Row `one` of two frames: `objA` on both, `objB` of the same class and a box on the first."""
    edited = {"lastEditedAt": "Wed, 08 Nov 2023 10:00:00 UTC", "lastEditedBy": "b@example.com", "confidence": 0.25}
    box = mask_object("boxC", {}) | {"shape": "bounding_box", "boundingBox": {"x": 0.1, "y": 0.1, "w": 0.2, "h": 0.3}}
    del box["bitmask"]
    first = [mask_object("objA", bitmask(block(4, 4))) | edited, mask_object("objB", bitmask(block(30, 20))), box]
    row: Json = label_row("one", (WIDTH, HEIGHT), [first, [mask_object("objA", bitmask(block(8, 8)))]])
    row["object_answers"]["objA"]["classifications"] = answers
    row["object_actions"] = {"objA": {"objectHash": "objA", "actions": actions or []}}
    path = write_rows(folder, [row], {"one-0.png": picture(), "one-1.png": picture(seed=1)})
    ontology = folder / "ontology.json"
    structure = json.loads(ontology.read_text())
    structure["objects"][0]["attributes"] = attributes
    ontology.write_text(json.dumps(structure))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path, ATTRIBUTES, [answer("note", "old")])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is open stores answers, as a project on a server does."""
    monkeypatch.setattr(Workspace, "edits_answers", property(lambda workspace: True))


def panel(desk: Desk) -> AttributePanel:
    return desk.window.objects.details


def titles(desk: Desk) -> list[str]:
    return [each.attribute.name for each in panel(desk).blocks]


def block_of(desk: Desk, title: str) -> Block:
    return next(each for shown, each in panel(desk).blocks.items() if shown.attribute.name == title)


def field(desk: Desk, title: str) -> Field:
    found = block_of(desk, title).field
    assert found is not None
    return found


def button(desk: Desk, title: str, option: str) -> QAbstractButton:
    shown = field(desk, title)
    assert isinstance(shown, ButtonsField)
    return next(each for each in shown.buttons.values() if each.accessibleName() == f"{title}: {option}")


def line(desk: Desk, title: str) -> QLineEdit:
    shown = field(desk, title)
    assert isinstance(shown, TextField)
    return shown.line


def box(desk: Desk, title: str) -> QComboBox:
    shown = field(desk, title)
    assert isinstance(shown, ListField)
    return shown.box


def answers(desk: Desk, name: str = "objA") -> dict[str, object]:
    return dict(desk.document.answers(name))


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT, pos=QPoint(8, widget.height() // 2))


async def open_wide(desk: Desk, path: Path) -> None:
    """Open with room for the whole form, so that every control can be clicked."""
    desk.window.resize(1280, 1400)
    await desk.open(path)
    await desk.settle()


async def test_facts_of_the_chosen_object_are_told_whatever_its_shape(desk: Desk, path: Path) -> None:
    await open_wide(desk, path)
    head = panel(desk).head
    assert (head.title.text(), head.hash.text()) == ("Cell", "objA")
    assert [each.accessibleName() for each in head.lines] == [
        "Created 2023-11-07 · somebody@example.com",
        "Edited 2023-11-08 · b@example.com",
        "Confidence 25 % · by hand",
    ]
    assert "2023-11-07 " in head.lines[0].toolTip() and "somebody@example.com" in head.lines[0].toolTip()
    desk.studio.show(object_hash="boxC")
    assert (panel(desk).isVisible(), head.hash.text()) == (True, "boxC")
    assert not head.lines[1].isVisible()
    desk.studio.show(object_hash=None)
    assert not panel(desk).isVisible()


async def test_the_hash_can_be_copied(desk: Desk, path: Path) -> None:
    await open_wide(desk, path)
    click(panel(desk).head.copy)
    assert QApplication.clipboard().text() == "objA"


async def test_a_new_object_has_no_facts_and_says_so(desk: Desk, path: Path) -> None:
    await open_wide(desk, path)
    await desk.keys("M")
    desk.stroke((50, 8))
    assert panel(desk).head.lines[0].text() == "New, not saved yet"


async def test_attributes_of_local_files_are_shown_and_say_why_they_are_not_edited(desk: Desk, path: Path) -> None:
    await open_wide(desk, path)
    assert panel(desk).reason.text() == "Attributes of local files are shown, not edited, for now."
    assert [each.field for each in panel(desk).blocks.values()] == [None] * len(titles(desk))
    assert (block_of(desk, "Note").text.text(), block_of(desk, "Kind").text.text()) == ("old", "–")


async def test_an_object_without_attributes_gives_no_reasons(desk: Desk, tmp_path: Path) -> None:
    await open_wide(desk, write(tmp_path, [], []))
    assert not panel(desk).blocks
    assert not panel(desk).reason.isVisible() and not panel(desk).rest.isVisible()


async def test_a_click_answers_in_one_step_that_undo_takes_back(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    click(button(desk, "Kind", "Red"))
    assert answers(desk) == {"note": "old", "kind": ("k1",)}
    assert desk.document.history.undo_title == "Answer Kind"
    await desk.keys("Ctrl+Z")
    assert answers(desk) == {"note": "old"}
    assert not button(desk, "Kind", "Red").isChecked()
    await desk.keys("Ctrl+Shift+Z")
    assert button(desk, "Kind", "Red").isChecked()


async def test_nested_attributes_come_and_go_with_their_option(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    top = titles(desk)
    click(button(desk, "Kind", "Red"))
    assert titles(desk) == ["Kind", "Count", "Stain", *top[1:]]
    await desk.settle()
    assert block_of(desk, "Count").title.mapTo(desk.window, QPoint()).x() > (
        block_of(desk, "Kind").title.mapTo(desk.window, QPoint()).x()
    )
    QTest.keyClicks(line(desk, "Stain"), "blue")
    QTest.keyClick(line(desk, "Stain"), Qt.Key.Key_Return)
    assert answers(desk)["stain"] == "blue"
    click(button(desk, "Kind", "Blue & white"))
    assert titles(desk) == top
    assert answers(desk) == {"note": "old", "kind": ("k2",)}
    await desk.keys("Ctrl+Z")
    assert line(desk, "Stain").text() == "blue"


async def test_a_required_answer_that_is_missing_is_marked(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    kind = block_of(desk, "Kind")
    assert kind.missing.isVisible() and kind.accessibleDescription()
    assert not block_of(desk, "Note").missing.isVisible()
    click(button(desk, "Kind", "Red"))
    assert not kind.missing.isVisible() and not kind.accessibleDescription()
    assert block_of(desk, "Count").missing.isVisible()


async def test_an_answer_is_taken_away_by_its_own_button(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    assert not block_of(desk, "Kind").clear.isVisible()
    click(button(desk, "Kind", "Red"))
    await desk.settle()
    click(block_of(desk, "Kind").clear)
    assert "kind" not in answers(desk)
    assert not button(desk, "Kind", "Red").isChecked()


async def test_a_checklist_takes_any_number_of_options(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    for option_, expected in (("Wet", ("m2",)), ("Old", ("m1", "m2")), ("Wet", ("m1",)), ("Old", None)):
        click(button(desk, "Marks", option_))
        assert answers(desk).get("marks") == expected


async def test_what_is_archived_is_offered_only_to_objects_that_have_it(
    desk: Desk, tmp_path: Path, server: None
) -> None:
    path = write(tmp_path, ATTRIBUTES, [answer("marks", chosen("m3")), answer("gone", "kept")])
    await open_wide(desk, path)
    assert button(desk, "Marks", "No").isVisible() and button(desk, "Marks", "No").isChecked()
    assert (block_of(desk, "Gone").field, block_of(desk, "Gone").text.text()) == (None, "kept")
    desk.studio.show(object_hash="objB")
    assert not button(desk, "Marks", "No").isVisible()
    assert "Gone" not in titles(desk)


async def test_many_options_are_a_list_that_keys_and_no_passing_wheel_move(
    desk: Desk, path: Path, server: None
) -> None:
    await open_wide(desk, path)
    grade = box(desk, "Grade")
    assert [grade.itemText(at) for at in range(grade.count())] == ["–", *(f"Grade {n}" for n in range(6))]
    grade.setFocus()
    await desk.keys("Down", "Down")
    assert (answers(desk)["grade"], desk.chosen) == (("g1",), "objA")
    await desk.keys("Home")
    assert "grade" not in answers(desk)
    await desk.keys("Return")
    assert grade.view().isVisible()
    grade.hidePopup()


async def test_arrow_keys_move_among_radio_buttons_and_not_among_objects(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    click(button(desk, "Kind", "Red"))
    button(desk, "Kind", "Red").setFocus()
    await desk.keys("Down")
    assert (answers(desk)["kind"], desk.chosen) == (("k2",), "objA")


async def test_letters_typed_into_a_text_are_no_keys_of_the_canvas(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    tool, note = desk.studio.view.tool, line(desk, "Note")
    note.setFocus()
    note.clear()
    await desk.keys("S", "V", "[", "Space", "M", "1", "Del")
    assert (note.text(), desk.studio.view.tool, desk.chosen) == ("sv[ m1", tool, "objA")
    assert answers(desk) == {"note": "old"}
    await desk.keys("Shift+A", "Return")
    assert answers(desk)["note"] == "sv[ m1a" or answers(desk)["note"] == "sv[ m1A"
    assert not note.hasFocus()
    await desk.keys("Ctrl+Z")
    assert (answers(desk), note.text()) == ({"note": "old"}, "old")


async def test_escape_takes_back_what_was_typed(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    note = line(desk, "Note")
    note.setFocus()
    await desk.keys("X", "Esc")
    assert (note.text(), note.hasFocus(), desk.chosen) == ("old", False, "objA")
    assert not desk.document.unsaved


async def test_an_emptied_text_is_no_answer(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    line(desk, "Note").setFocus()
    line(desk, "Note").clear()
    await desk.keys("Tab")
    assert answers(desk) == {}


@pytest.mark.parametrize("way", ["key", "list", "tool bar", "canvas", "save"])
async def test_what_is_being_typed_is_the_answer_of_its_object_before_anything_else_happens(
    desk: Desk, path: Path, server: None, way: str
) -> None:
    await open_wide(desk, path)
    note = line(desk, "Note")
    note.setFocus()
    note.clear()
    QTest.keyClicks(note, "new")
    if way == "key":
        await desk.keys("Down")
        assert desk.chosen == "objB"
    elif way == "list":
        view = desk.window.objects.list
        QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(1, 0)).center())
        assert desk.chosen == "objB"
    elif way == "tool bar":
        (button,) = desk.window.tool_bar.findChildren(ActionButton, "tool_select")
        QTest.mouseClick(button, LEFT)
        assert desk.studio.view.tool == "select"
    elif way == "canvas":
        desk.stroke((50, 8))
    else:
        heard: list[object] = []
        desk.document.answers_changed.connect(heard.append)
        await desk.keys("Ctrl+S")
        assert heard[:1] == ["objA"]
        return
    assert (answers(desk)["note"], answers(desk, "objB")) == ("new", {})
    assert line(desk, "Note").text() == ("" if way in ("key", "list") else "new")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("3", 3.0), ("-2,5", -2.5), ("1e3", 1000.0), (".5", 0.5), ("-", None), ("1e999", None), ("1x2", 12.0), ("", None)],
)
async def test_a_number_is_taken_and_anything_else_is_not(
    desk: Desk, path: Path, server: None, typed: str, expected: float | None
) -> None:
    await open_wide(desk, path)
    click(button(desk, "Kind", "Red"))
    count = line(desk, "Count")
    count.setFocus()
    QToolTip.hideText()
    QTest.keyClicks(count, typed)
    await desk.settle()
    assert ("number" in QToolTip.text()) is ("x" in typed)
    await desk.keys("Return")
    assert answers(desk).get("count") == expected
    assert bool(count.text()) is (expected is not None)
    assert expected is not None or not typed or "number" in QToolTip.text()


async def test_answers_of_some_frames_are_shown_with_them(desk: Desk, tmp_path: Path, server: None) -> None:
    actions = [
        answer("phase", chosen("p1"), dynamic=True, range=[[0, 3], [5, 5]]),
        answer("phase", chosen("p2"), dynamic=True, range=[[4, 4]]),
    ]
    await open_wide(desk, write(tmp_path, ATTRIBUTES, [], actions))
    assert block_of(desk, "Phase").field is None
    assert block_of(desk, "Phase").text.text() == "Early: frames 1–4, 6\nLate: frame 5"


async def test_answers_to_nothing_in_the_ontology_are_counted_and_kept(
    desk: Desk, tmp_path: Path, server: None
) -> None:
    await open_wide(desk, write(tmp_path, ATTRIBUTES, [answer("other", "x"), answer("kind", chosen("k9"))]))
    assert "1 more answer" in panel(desk).rest.text()
    assert block_of(desk, "Kind").text.text() == "k9"
    click(button(desk, "Marks", "Old"))
    assert answers(desk) == {"other": "x", "kind": ("k9",), "marks": ("m1",)}


async def test_a_locked_object_is_not_answered(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    await desk.keys("Ctrl+L")
    assert "locked" in panel(desk).reason.text()
    assert not [each for each in panel(desk).blocks.values() if each.field]
    await desk.keys("Ctrl+L")
    assert block_of(desk, "Note").field


async def test_undo_goes_to_the_frame_where_an_answer_was_given(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    await desk.session.open_frame(1)
    click(button(desk, "Kind", "Red"))
    await desk.session.open_frame(0)
    assert button(desk, "Kind", "Red").isChecked()
    await desk.keys("Ctrl+Z")
    assert (desk.studio.view.frame, desk.chosen) == (1, "objA")
    assert not button(desk, "Kind", "Red").isChecked()


async def test_the_details_fold_away_and_stay_so(desk: Desk, path: Path) -> None:
    await open_wide(desk, path)
    assert panel(desk).content.isVisible()
    panel(desk).fold.setFocus()
    await desk.keys("Space")
    assert not panel(desk).content.isVisible() and panel(desk).height() < 60
    desk.studio.show(object_hash="objB")
    assert not panel(desk).content.isVisible()
    click(panel(desk).fold)
    assert panel(desk).head.hash.text() == "objB"


async def test_every_control_is_reached_by_tab_in_order_and_has_a_name(desk: Desk, path: Path, server: None) -> None:
    await open_wide(desk, path)
    click(button(desk, "Kind", "Red"))
    panel(desk).head.copy.setFocus()
    names = []
    for _ in range(9):
        await desk.keys("Tab")
        focus = QApplication.focusWidget()
        assert focus is not None
        names.append(focus.accessibleName())
    assert names == [
        "Kind: Red",
        "Take the answer to Kind away",
        "Count",
        "Stain",
        "Marks: Old",
        "Marks: Wet",
        "Note",
        "Grade",
        *names[8:],
    ]


HOSTILE = ["<b>bold</b><img src='x'>", "a & b", "two\nlines", "x" * 300, LONG, "\u202eabc", ""]


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("edited", [True, False])
async def test_titles_of_all_kinds_are_shown_as_they_are_and_take_no_more_room(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str, edited: bool
) -> None:
    monkeypatch.setattr(Workspace, "edits_answers", property(lambda workspace: edited))
    kinds = [
        attribute("r", title, "radio", option("r1", title), option("r2", title)),
        attribute("c", title, "checklist", option("c1", title)),
        attribute("l", title, "radio", *(option(f"l{n}", title) for n in range(9))),
        attribute("t", title, "text", required=True),
    ]
    given = [answer("r", chosen("r1")), answer("c", chosen("c1")), answer("l", chosen("l3")), answer("t", title)]
    await desk.open(write(tmp_path, kinds, given))
    desk.window.resize(760, 480)
    desk.window.resizeDocks([desk.window.objects_dock], [190], Qt.Orientation.Horizontal)
    await desk.settle()
    assert panel(desk).content.width() <= desk.window.objects.width() <= 200
    assert panel(desk).body.horizontalScrollBar().maximum() == 0
    for each in panel(desk).findChildren(QAbstractButton):
        tip = QTextDocument()
        tip.setHtml(each.toolTip())
        if each.accessibleName().endswith(f": {title}") and title.strip():
            assert one_line(title) in tip.toPlainText()
    desk.pixels(desk.window)
    assert not desk.document.unsaved
