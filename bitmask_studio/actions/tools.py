"""One action for each tool, so that a new tool has its menu entry and its key at once."""

from __future__ import annotations

from bitmask_studio.actions.base import Action, Deed, Test
from bitmask_studio.core.discovery import offered
from bitmask_studio.tools.base import Tool


def _choose(tool: Tool) -> Deed:
    return lambda session: session.studio.show(tool=tool.id)


def _is_chosen(tool: Tool) -> Test:
    return lambda session: session.studio.view.tool == tool.id


ACTIONS = tuple(
    Action(
        f"tool_{tool.id}",
        tool.title,
        "Edit",
        40 + tool.order // 10,
        _choose(tool),
        tool.shortcut,
        checked=_is_chosen(tool),
        icon=tool.icon,
        group=1,
    )
    for tool in offered("bitmask_studio.tools", Tool)
)
