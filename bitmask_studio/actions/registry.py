"""All actions, found by looking through this package."""

from __future__ import annotations

from bitmask_studio.actions.base import EDIT, REVIEW, Action
from bitmask_studio.core.discovery import offered

MENUS = ("File", "Edit", "View", "Object", "Review", "Go", "Sandbox", "Help")
HIDDEN = ("Sandbox",)
"""Menus that are there only while something in them can be done."""


def all_actions() -> tuple[Action, ...]:
    """Every action in the order of the menus. Raises ValueError when two share an id, or a key in
    one context, or a menu is unknown."""
    found = offered("bitmask_studio.actions", Action)
    if lost := {each.menu for each in found} - set(MENUS):
        raise ValueError(f"there is no menu {', '.join(sorted(lost))}")
    actions = sorted(found, key=lambda each: (MENUS.index(each.menu), each.order))
    _refuse_twins("id", [each.id for each in actions])
    for context in (EDIT, REVIEW):
        _refuse_twins("key", [key for each in actions if each.context == context for key in each.keys])
    return tuple(actions)


def _refuse_twins(what: str, values: list[str]) -> None:
    twins = {value for value in values if values.count(value) > 1}
    if twins:
        raise ValueError(f"several actions share the {what} {', '.join(sorted(twins))}")
