"""What others wrote is shown letter by letter wherever the window shows it: no markup, no picture that a name loads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QGroupBox,
    QLabel,
    QTextEdit,
    QWidget,
)

from bitmask_studio.studio.notices import Level
from bitmask_studio.ui.widgets.plain_text import plain_label
from tests.ui.desk import Desk
from tests.ui.label_files import write_project

EVIL = '<img src="file:///etc/hostname"><b>&amp;'
NAMED = ("data_title", "name", "title", "label", "createdBy", "lastEditedBy", "user_hash")


def hostile(value: Any) -> Any:  # noqa: ANN401 any JSON
    """The same JSON, with markup at the start of every name that a person could give."""
    if isinstance(value, dict):
        return {
            key: EVIL + each if key in NAMED and isinstance(each, str) else hostile(each) for key, each in value.items()
        }
    return [hostile(each) for each in value] if isinstance(value, list) else value


def attributes() -> list[dict[str, Any]]:
    """A text and a choice that every object of the class carries."""
    option = {"id": "1.1.1", "label": "Red", "value": "red", "featureNodeHash": "opt1"}
    base = {"required": True, "dynamic": False, "featureNodeHash": "att1"}
    return [
        base | {"id": "1.1", "name": "Hue", "type": "radio", "options": [option]},
        base | {"id": "1.2", "name": "Words", "type": "text", "featureNodeHash": "att2"},
    ]


@pytest.fixture
def hostile_project(tmp_path: Path) -> Path:
    folder = tmp_path / "<b>folder<img src=x>"
    folder.mkdir()
    labels = write_project(folder)
    labels.write_text(json.dumps(hostile(json.loads(labels.read_text()))))
    ontology = json.loads((folder / "ontology.json").read_text())
    for each in ontology["objects"]:
        each["attributes"] = attributes()
    (folder / "ontology.json").write_text(json.dumps(hostile(ontology)))
    return labels


def is_markup(text: str) -> bool:
    """Whether Qt, left to itself, would take a name in the text for markup."""
    return "<img" in text


def tips_of(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.statusTip(), widget.whatsThis())
    yield from (tip for action in widget.actions() for tip in (action.toolTip(), action.statusTip()))


def tips_in(model: QAbstractItemModel) -> Iterator[str]:
    """What a list says of each of its lines; each list here is one of lines."""
    tips = (model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(min(model.rowCount(), 50)))
    return (tip for tip in tips if isinstance(tip, str))


def shown_as_markup(root: QWidget) -> list[str]:
    """Every place below a widget where a name would be drawn as markup."""
    found = []
    for each in (root, *root.findChildren(QWidget)):
        where = f"{type(each).__name__} {each.objectName()}"
        if isinstance(each, QLabel) and each.textFormat() != Qt.TextFormat.PlainText and is_markup(each.text()):
            found.append(f"label {where}: {each.text()[:80]}")
        if isinstance(each, QTextEdit) and "<img" in each.toHtml():
            found.append(f"text {where}")
        found += [f"tip of {where}: {tip[:80]}" for tip in tips_of(each) if is_markup(tip)]
        if isinstance(each, QAbstractItemView) and each.model() is not None:
            found += [f"tip in {where}: {tip[:80]}" for tip in tips_in(each.model()) if is_markup(tip)]
    return found


def dialogs_of(desk: Desk) -> list[QDialog]:
    return [each for each in desk.window.findChildren(QDialog) if each.isVisible()]


def letters_below(root: QWidget) -> str:
    """All that labels, buttons and boxes below a widget say."""
    labels = [each.text() for each in root.findChildren(QLabel)]
    buttons = [each.text() for each in root.findChildren(QAbstractButton)]
    return "\n".join([*labels, *buttons, *(each.title() for each in root.findChildren(QGroupBox)), root.windowTitle()])


async def test_names_in_a_label_file_are_plain_text_everywhere(desk: Desk, hostile_project: Path) -> None:
    await desk.open(hostile_project)
    desk.stroke((40, 30), (44, 33))
    desk.studio.say(f"Somebody wrote {EVIL}", Level.ERROR)
    desk.studio.busy(f"Working on {EVIL}")
    for _ in range(2):
        await desk.keys("Tab", "PgDown")
        assert not shown_as_markup(desk.window)
        assert EVIL in letters_below(desk.window)
    assert EVIL in desk.window.windowTitle()
    desk.studio.busy()


@pytest.mark.parametrize("name", ["new_class", "export", "save_as", "delete_everywhere", "close"])
async def test_dialogs_show_names_as_they_are(name: str, desk: Desk, hostile_project: Path) -> None:
    await desk.open(hostile_project)
    desk.stroke((40, 30), (44, 33))
    deed = desk.window.close if name == "close" else desk.window.commands.actions[name].trigger
    deed()
    await desk.until(lambda: name == "delete_everywhere" or dialogs_of(desk))
    for each in dialogs_of(desk):
        assert not shown_as_markup(each)
        each.reject()
    await desk.settle()


async def test_the_list_of_what_was_open_shows_names_as_they_are(desk: Desk, hostile_project: Path) -> None:
    await desk.open(hostile_project)
    welcome = desk.window.welcome
    welcome.set_recent(desk.session.recent)
    assert not shown_as_markup(welcome)


def test_the_look_through_would_find_a_label_that_is_not_plain(qapp: QApplication) -> None:
    root = QWidget()
    QLabel(EVIL, root)
    plain_label(EVIL, root)
    QWidget(root).setToolTip(EVIL)
    assert len(shown_as_markup(root)) == 2


TURNED = "\u202egpj.exe\u202c\u2066x\u2069"


def turned(value: Any) -> Any:  # noqa: ANN401 any JSON
    """The same JSON, with names that ask to be read from the other end."""
    if isinstance(value, dict):
        return {
            key: TURNED + each if key in NAMED and isinstance(each, str) else turned(each)
            for key, each in value.items()
        }
    return [turned(each) for each in value] if isinstance(value, list) else value


def turns(text: str) -> bool:
    return any(each in text for each in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


async def test_no_name_turns_the_letters_round(desk: Desk, tmp_path: Path) -> None:
    labels = write_project(tmp_path)
    labels.write_text(json.dumps(turned(json.loads(labels.read_text()))))
    await desk.open(labels)
    desk.studio.say(f"Nothing found for {TURNED}", Level.ERROR)
    desk.studio.busy(f"Reading {TURNED}")
    await desk.settle()
    assert "gpj.exex" in desk.window.windowTitle() and not turns(desk.window.windowTitle())
    assert "gpj.exex" in letters_below(desk.window) and not turns(letters_below(desk.window))
    assert not any(turns(text) for each in desk.window.findChildren(QTextEdit) for text in [each.toPlainText()])
    lists = [each.model() for each in desk.window.findChildren(QAbstractItemView) if each.model() is not None]
    shown = [model.index(row, 0).data() for model in lists for row in range(min(model.rowCount(), 50))]
    assert any("gpj.exex" in str(text) for text in shown) and not any(turns(str(text)) for text in shown)
    assert not any(turns(tip) for model in lists for tip in tips_in(model))
    assert not any(turns(tip) for each in desk.window.findChildren(QWidget) for tip in tips_of(each))
    stored = labels.read_bytes()
    desk.stroke((40, 30), (44, 33))
    await desk.keys("Ctrl+S")
    assert json.dumps(TURNED).encode()[1:-1] in labels.read_bytes() != stored
    desk.studio.busy()
