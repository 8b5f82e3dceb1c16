"""The brush: paints what its ring covers; with Ctrl it erases."""

from bitmask_studio.core.text import tr
from bitmask_studio.tools.base import Gesture, PointerEvent, Stroke, Tool, follow_with_brush


def paint(stroke: Stroke, press: PointerEvent) -> Gesture:
    """Set the pixels under the ring."""
    return follow_with_brush(stroke, press, not press.alternate)


BRUSH = Tool("brush", tr("Brush"), "brush", "B, F", tr("Brush"), paint, order=20)
