"""Each tool has its entry and its keys."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Menu


@pytest.mark.parametrize("name", ["select", "brush", "eraser"])
def test_choosing_a_tool_checks_it_and_no_other(menu: Menu, name: str) -> None:
    menu.run(f"tool_{name}")
    assert menu.studio.view.tool == name
    checked = [each.id for each in menu.studio.tools if menu.checked(f"tool_{each.id}")]
    assert checked == [name]


def test_every_tool_has_an_action_with_its_title_and_keys(menu: Menu) -> None:
    for tool in menu.studio.tools:
        action = menu[f"tool_{tool.id}"]
        assert (action.title, action.shortcut, action.icon) == (tool.title, tool.shortcut, tool.icon)
