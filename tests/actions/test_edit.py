"""Edit: undo, redo, cancel, and the brush."""

from __future__ import annotations

import pytest

from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.studio import preferences
from bitmask_studio.tools.base import Phase, PointerEvent
from tests.actions.conftest import Menu

KEY = MaskKey(0, "low")


def press(menu: Menu) -> None:
    menu.studio.point(PointerEvent(Phase.PRESS, Point(40, 30)))


def holds(menu: Menu) -> bool:
    assert menu.studio.document is not None
    return menu.studio.document.mask(KEY).holds(40, 30)


def test_undo_and_redo_are_on_offer_when_there_is_something_to_do(menu: Menu) -> None:
    assert not menu.enabled("undo")
    press(menu)
    menu.studio.gestures.finish()
    menu.run("undo")
    assert not holds(menu)
    assert not menu.enabled("undo")
    menu.run("redo")
    assert holds(menu)
    assert not menu.enabled("redo")


def test_escape_drops_the_stroke_first_and_the_choice_second(menu: Menu) -> None:
    press(menu)
    menu.run("cancel")
    assert not holds(menu)
    assert menu.studio.view.object_hash == "low"
    menu.run("cancel")
    assert menu.studio.view.object_hash is None


def test_swapping_goes_between_brush_and_eraser(menu: Menu) -> None:
    tools = []
    for _ in range(3):
        menu.run("swap")
        tools.append(menu.studio.view.tool)
    assert tools == ["eraser", "brush", "eraser"]


@pytest.mark.parametrize(("name", "size"), [
    ("brush_larger", 21), ("brush_smaller", 19), ("brush_much_larger", 30), ("brush_much_smaller", 10),
])  # fmt: skip
def test_the_brush_is_resized_in_small_and_large_steps(menu: Menu, name: str, size: int) -> None:
    menu.studio.set(preferences.BRUSH_SIZE, 20)
    menu.run(name)
    assert menu.studio.tool_options.size == size
