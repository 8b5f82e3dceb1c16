"""The select tool chooses and never paints."""

from bitmask_studio.core.discovery import offered
from bitmask_studio.tools.base import Tool
from bitmask_studio.tools.select import SELECT


def test_the_select_tool_has_no_gesture_and_leaves_no_step() -> None:
    assert SELECT.paints is None
    assert SELECT.step == ""


def test_it_is_the_only_tool_that_chooses_and_stands_first() -> None:
    tools = sorted(offered("bitmask_studio.tools", Tool), key=lambda tool: tool.order)
    assert [tool.id for tool in tools if tool.paints is None] == ["select"]
    assert tools[0] is SELECT
