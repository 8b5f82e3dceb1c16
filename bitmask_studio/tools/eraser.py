"""The eraser: takes away what its ring covers; with Ctrl it paints."""

from bitmask_studio.core.text import tr
from bitmask_studio.tools.base import Gesture, PointerEvent, Stroke, Tool, follow_with_brush


def erase(stroke: Stroke, press: PointerEvent) -> Gesture:
    """Clear the pixels under the ring."""
    return follow_with_brush(stroke, press, press.alternate)


ERASER = Tool("eraser", tr("Eraser"), "eraser", "E, H", tr("Eraser"), erase, order=30, erases=True)
