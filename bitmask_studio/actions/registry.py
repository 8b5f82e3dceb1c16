"""All actions, found by looking through this package."""

from __future__ import annotations

from bitmask_studio.actions.base import Action
from bitmask_studio.core.discovery import offered

MENUS = ("File", "Edit", "View", "Object", "Go", "Help")


def all_actions() -> tuple[Action, ...]:
    """Every action in the order of the menus. Raises ValueError when two share an id or a key, or a menu is unknown."""
    found = offered("bitmask_studio.actions", Action)
    if lost := {each.menu for each in found} - set(MENUS):
        raise ValueError(f"there is no menu {', '.join(sorted(lost))}")
    actions = sorted(found, key=lambda each: (MENUS.index(each.menu), each.order))
    _refuse_twins("id", [each.id for each in actions])
    _refuse_twins("key", [key for each in actions for key in each.shortcut.split(", ") if key])
    return tuple(actions)


def _refuse_twins(what: str, values: list[str]) -> None:
    twins = {value for value in values if values.count(value) > 1}
    if twins:
        raise ValueError(f"several actions share the {what} {', '.join(sorted(twins))}")
