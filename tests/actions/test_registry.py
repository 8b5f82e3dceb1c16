"""The registry: everything is found, nothing clashes, and a clash is refused."""

from __future__ import annotations

import pytest

from bitmask_studio.actions import registry
from bitmask_studio.actions.base import EDIT, REVIEW, Action
from bitmask_studio.actions.registry import MENUS, all_actions
from bitmask_studio.core.resources import resource


def test_every_menu_has_entries_in_their_order() -> None:
    actions = all_actions()
    assert list(dict.fromkeys(each.menu for each in actions)) == list(MENUS)
    for menu in MENUS:
        orders = [each.order for each in actions if each.menu == menu]
        assert orders == sorted(orders)
        groups = [each.group for each in actions if each.menu == menu]
        assert groups == sorted(groups)


@pytest.mark.parametrize(("name", "key"), [("save", ""), ("twin", "Ctrl+S"), ("twin", "Alt+F9, Ctrl+Y")])
def test_two_actions_with_one_id_or_key_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, key: str) -> None:
    twin = Action(name, "Twin", "Edit", 999, lambda session: None, key)
    actions = (*all_actions(), twin)
    monkeypatch.setattr(registry, "offered", lambda package, kind: actions)
    with pytest.raises(ValueError, match="share the"):
        all_actions()


def test_an_unknown_menu_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Action("lost", "Lost", "Nowhere", 1, lambda session: None)
    monkeypatch.setattr(registry, "offered", lambda package, kind: (lost,))
    with pytest.raises(ValueError, match="Nowhere"):
        all_actions()


def test_every_action_has_a_title_and_its_icon_exists() -> None:
    for each in all_actions():
        assert each.title
        assert not each.icon or (resource("icons") / f"{each.icon}.svg").is_file(), each.id


def test_keys_that_are_digits_choose_classes_and_plain_keys_are_no_zoom() -> None:
    keys = {key: each.id for each in all_actions() for key in each.shortcut.split(", ") if key}
    assert [keys[str(number)] for number in range(1, 10)] == [f"class_{number}" for number in range(1, 10)]
    assert (keys["Ctrl+0"], keys["Ctrl+1"]) == ("fit", "actual_size")


@pytest.mark.parametrize(("key", "name"), [
    ("B", "tool_brush"), ("F", "tool_brush"), ("E", "tool_eraser"), ("H", "tool_eraser"), ("S", "tool_select"),
    ("X", "swap"), ("]", "brush_larger"), ("[", "brush_smaller"), ("Ctrl+Z", "undo"), ("Ctrl+Shift+Z", "redo"),
    ("Ctrl+Y", "redo"), ("Down", "next_object"), ("Up", "previous_object"), ("Right", "next_frame"),
    ("Left", "previous_frame"), ("PgDown", "next_row"), ("PgUp", "previous_row"), ("M", "new_object"),
    ("Esc", "cancel"), ("Del", "delete"), ("Ctrl+F", "find_row"), ("Ctrl+L", "lock"), ("V", "peek"), ("Z", "outline"),
    ("Shift+V", "only_chosen"), ("Ctrl+S", "save"), ("Ctrl+Return", "submit"), ("F1", "keys"),
])  # fmt: skip
def test_the_default_keys_are_those_of_the_product(key: str, name: str) -> None:
    keys = {key: each.id for each in all_actions() if each.context == EDIT for key in each.keys}
    assert keys[key] == name


def test_while_labels_are_judged_other_keys_count() -> None:
    keys = {key: each.id for each in all_actions() if each.context == REVIEW for key in each.keys}
    assert keys == {"N": "approve_label", "B": "reject_label"}
