"""What a tool is, and what it is told of the pointer."""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import Enum, auto

from msgspec import Struct

from bitmask_studio.core.brush_shape import MIN_SIZE, BrushShape
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.painting import MaskPainter


class Phase(Enum):
    """Where in a gesture an event stands."""

    PRESS = auto()
    MOVE = auto()
    RELEASE = auto()


class PointerEvent(Struct, frozen=True):
    """One position of the pointer, in image px, not rounded."""

    phase: Phase
    point: Point
    straight: bool = False
    """Shift: a line from where the last stroke ended."""
    alternate: bool = False
    """Ctrl: the opposite of what the tool does."""
    pick: bool = False
    """Choose the object under the pointer, whatever the tool."""
    eraser: bool = False
    """The pen's other end: erase, whatever the tool."""
    pressure: float = 1.0
    """How hard a pen is pressed, 0 to 1; 1 for what has no pressure."""


class ToolOptions(Struct, frozen=True):
    """What the tool options bar sets."""

    size: int
    shape: BrushShape
    by_pressure: bool = False
    """Whether `size` is that of the hardest press, and less hard ones are smaller."""

    def size_at(self, event: PointerEvent) -> float:
        """The brush's diameter at an event, px."""
        return max(float(MIN_SIZE), self.size * event.pressure) if self.by_pressure else self.size


class Stroke(Struct, frozen=True):
    """What a painting tool works with: the scratch, the options, and where the last stroke ended."""

    painter: MaskPainter
    options: ToolOptions
    last_end: Point | None
    painted: Callable[[Box], None]


Gesture = Generator[None, PointerEvent, None]


class Tool(Struct, frozen=True):
    """One tool. `paints` is its gesture; a tool without one chooses objects. `step` is what undo calls a stroke."""

    id: str
    title: str
    icon: str
    shortcut: str
    step: str = ""
    paints: Callable[[Stroke, PointerEvent], Gesture] | None = None
    order: int = 100
    erases: bool = False
    """Whether it is what the other end of a pen does."""


def follow_with_brush(stroke: Stroke, press: PointerEvent, value: bool) -> Gesture:
    """Draw along the pointer's path until the release; each event reaches from the point before to its own."""
    painter, options, painted = stroke.painter, stroke.options, stroke.painted
    last = stroke.last_end if press.straight and stroke.last_end else press.point
    event = press
    while True:
        painted(painter.draw_segment(last, event.point, options.size_at(event), options.shape, value))
        last = event.point
        event = yield
