"""One gesture at a time: from the press of the pointer to the step it leaves in the document's history."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from bitmask_studio.core.geometry import EMPTY, Box, Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.painting import MaskPainter
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import MaskEdit
from bitmask_studio.tools.base import Gesture, Phase, PointerEvent, Stroke, Tool, ToolOptions

NO_KEY = ""
"""The object hash of a stroke whose object is made when it ends."""


class Target(Struct, frozen=True):
    """What a stroke paints on: an object of a frame, or, with `new_class`, one that does not exist yet."""

    document: Document
    key: MaskKey
    new_class: ObjectClass | None = None


class _Running(Struct):
    target: Target
    tool: Tool
    painter: MaskPainter
    at: Point
    touched: Box = EMPTY
    steps: Gesture | None = None


class Gestures(Struct):
    """Runs the tool's generator over pointer events.

    `made(key)` hears of an object that a stroke has made, `changed` of each stroke that has begun or is over.
    """

    made: Callable[[MaskKey], None]
    changed: Callable[[], None]
    _running: _Running | None = None
    _last: tuple[Target, Point] | None = None
    """Where the last stroke that was committed ended: a straight line begins there."""

    @property
    def painter(self) -> MaskPainter | None:
        """The scratch of the stroke in progress."""
        return self._running.painter if self._running else None

    @property
    def key(self) -> MaskKey | None:
        """Whose mask the stroke in progress changes."""
        return self._running.target.key if self._running else None

    @property
    def new_class(self) -> ObjectClass | None:
        """The class of the object that the stroke in progress makes."""
        return self._running.target.new_class if self._running else None

    def press(self, target: Target, tool: Tool, options: ToolOptions, event: PointerEvent) -> None:
        """Begin a stroke with a painting tool; one that is still running is dropped."""
        self.cancel()
        if tool.paints is None:
            return
        painter = target.document.begin(target.key)
        running = self._running = _Running(target, tool, painter, event.point)
        target.document.stroke.begin(self.finish)
        try:
            running.steps = tool.paints(Stroke(painter, options, self._last_end(target), self._painted), event)
            next(running.steps, None)
        except Exception:
            self.finish()
            raise
        self.changed()

    def move(self, event: PointerEvent) -> None:
        """Go on with the stroke; nothing happens without one."""
        if self._running and self._running.steps:
            self._running.at = event.point
            try:
                self._running.steps.send(event)
            except StopIteration:
                self.finish()
            except Exception:
                self.finish()
                raise

    def finish(self) -> None:
        """End the stroke and commit what it changed."""
        if running := self._stop():
            self._last = running.target, running.at
            target, painter, title = running.target, running.painter, running.tool.step
            before = EMPTY_MASK if target.new_class else target.document.mask(target.key)
            patch = painter.patch(before)
            mask = painter.painted(patch, before)
            if target.new_class is None:
                target.document.commit_patch(MaskEdit(title, target.key, patch), mask)
            elif not patch.empty:
                self.made(target.document.add(target.key.frame, target.new_class, mask, title))
            self.changed()

    def cancel(self) -> bool:
        """Drop the stroke as if it had never begun; answers whether there was one."""
        running = self._stop()
        if running:
            running.target.document.painted.emit(running.target.key.frame, running.touched)
            self.changed()
        return running is not None

    def handle(self, event: PointerEvent) -> None:
        """A move or a release of the pointer."""
        if event.phase is Phase.MOVE:
            self.move(event)
        elif event.phase is Phase.RELEASE:
            self.move(event)
            self.finish()

    def _stop(self) -> _Running | None:
        running, self._running = self._running, None
        if running:
            running.target.document.stroke.end()
        if running and running.steps:
            running.steps.close()
        return running

    def _painted(self, box: Box) -> None:
        if self._running and not box.empty:
            self._running.touched = self._running.touched.union(box)
            target = self._running.target
            target.document.painted.emit(target.key.frame, box)

    def _last_end(self, target: Target) -> Point | None:
        """Where the last stroke on this frame ended, if no other frame was painted on since."""
        if self._last is None:
            return None
        before, point = self._last
        return point if before.document is target.document and before.key.frame == target.key.frame else None
