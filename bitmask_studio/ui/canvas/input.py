"""Mouse, pen, wheel, touch pad and the Space key on the canvas, turned into pans, zooms and pointer events."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import (
    QCursor,
    QInputDevice,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from bitmask_studio.studio.studio import Studio
from bitmask_studio.tools.base import Phase, PointerEvent
from bitmask_studio.ui.canvas.canvas import Canvas

_NOTCH = 120
_TAP = 0.2
"""Seconds for which a key is down at most when it is tapped."""
_PAN_PER_NOTCH = 60
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_NO_KEYS = Qt.KeyboardModifier.NoModifier
_ALT = Qt.KeyboardModifier.AltModifier
_LEFT = Qt.MouseButton.LeftButton
_STYLUS = QInputDevice.DeviceType.Stylus
_DEAF = QEvent.Type.WindowBlocked, QEvent.Type.WindowDeactivate, QEvent.Type.Hide, QEvent.Type.EnabledChange
"""What may come between the canvas and the release of a button."""


class CanvasInput(QObject):
    """What a canvas tells of the pointer. While Space is held, or with the middle button, dragging pans.

    What a pen does is heard from its own events, which know parts of a pixel, alone: Qt and the system make mouse
    events of them too. As the event filter of the widget that the canvas is in it hears of gestures and of the window.
    """

    def __init__(self, studio: Studio, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._studio = studio
        self.canvas = self._canvas = canvas
        self.hear: Callable[[QEvent], bool] = lambda event: False
        """Hears the canvas's keys, and that they go elsewhere from now on; answers whether that is dealt with."""
        self._space = False
        self._space_since = 0.0
        self._pan_from: QPointF | None = None
        self._pans_with = Qt.MouseButton.NoButton
        self._painting = False
        self._knows_pen = False
        """A pen was here: mouse events may be made of what it does."""
        # X would tell of the last place only of those the pointer was at since the window looked: a stroke needs all.
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
        canvas.receiver = self
        studio.view_changed.connect(lambda old, new: self._set_cursor())
        studio.document_changed.connect(self._set_cursor)

    def hold_space(self, held: bool) -> bool:
        """The Space key went down or up; answers whether that ends a tap: held shortly, and nothing dragged with it."""
        tapped = not held and time.monotonic() - self._space_since < _TAP
        self._space, self._space_since = held, time.monotonic() if held else 0.0
        self._set_cursor()
        return tapped

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            return self._gesture(event)
        kind = event.type()
        if kind in _DEAF:
            self.let_go()
        return kind is QEvent.Type.WindowDeactivate and self.hear(event)

    def press(self, event: QMouseEvent) -> None:
        if event.deviceType() is not _STYLUS:
            self._press(event)

    def release(self, event: QMouseEvent) -> None:
        if event.deviceType() is not _STYLUS:
            self._release(event)

    def pen(self, event: QTabletEvent) -> None:
        """All that a pen does; accepted, else Qt makes a mouse event of it."""
        event.accept()
        kind, self._knows_pen = event.type(), True
        if kind is QEvent.Type.TabletMove:
            self._move(event, event.pressure(), _is_eraser(event))
        elif kind is QEvent.Type.TabletPress:
            self._press(event)
        elif kind is QEvent.Type.TabletRelease:
            self._release(event)

    def move(self, event: QMouseEvent) -> None:
        if not (self._knows_pen and event.deviceType() is _STYLUS):
            self._move(event)

    def leave(self) -> None:
        """The pointer is elsewhere."""
        if not self._painting:
            self._canvas.point_at(None)

    def let_go(self) -> None:
        """End what a button does as its release would: from now on others may hear of that."""
        if self._painting:
            self._painting = False
            self._studio.gestures.finish()
        if self._pan_from is not None:
            self._pan_from = None
            self._set_cursor()

    def _press(self, event: QMouseEvent | QTabletEvent) -> None:
        self._notice_lost_release(event)
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._painting or self._pan_from is not None:
            return
        left = event.button() == Qt.MouseButton.LeftButton
        self._space_since = 0.0  # a press makes a hold of it
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._pan_from, self._pans_with = event.position(), event.button()
            self._set_cursor()
        elif left:
            self._painting = True
            self._studio.point(self._event(Phase.PRESS, event))

    def _move(self, event: QMouseEvent | QTabletEvent, pressure: float = 1.0, eraser: bool = False) -> None:
        self._notice_lost_release(event)
        position = event.position()
        if self._pan_from is not None:
            step = position - self._pan_from
            self._pan_from = position
            self._canvas.pan(step.x(), step.y())
        self._canvas.point_at(position)
        if self._painting:
            point = self._canvas.image_point(position)
            self._studio.gestures.move(PointerEvent(Phase.MOVE, point, eraser=eraser, pressure=pressure))

    def _release(self, event: QMouseEvent | QTabletEvent) -> None:
        if self._pan_from is not None and event.button() == self._pans_with:
            self._pan_from = None
            self._set_cursor()
        elif self._painting and event.button() == Qt.MouseButton.LeftButton:
            self._painting = False
            self._studio.point(self._event(Phase.RELEASE, event))
            self._canvas.point_at(event.position())

    def _notice_lost_release(self, event: QMouseEvent | QTabletEvent | QWheelEvent) -> None:
        """End what the button did if another window got its release."""
        held = event.buttons()
        if held is _LEFT:  # as always in a stroke, and quicker to find out
            return
        if (self._painting and not held & _LEFT) or (self._pan_from is not None and not held & self._pans_with):
            self.let_go()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; pan with Shift or two fingers; Alt turns the axis, so either delta counts."""
        self._notice_lost_release(event)
        delta, keys = event.angleDelta(), event.modifiers()
        turned = delta.y() or delta.x()
        fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if keys & _ALT:
            self._studio.resize_brush(_brush_step(self._studio.tool_options.size, turned))
            self._canvas.point_at(event.position())
        elif fingers and not keys & _CTRL:
            self._canvas.pan(event.pixelDelta().x(), event.pixelDelta().y())
        elif keys & _SHIFT or not delta.y():
            self._canvas.pan(turned / _NOTCH * _PAN_PER_NOTCH, 0)
        else:
            self._canvas.zoom_by(turned / _NOTCH, event.position())
            self._canvas.point_at(event.position())

    def _gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._canvas.zoom_by(event.value() * 4, event.position())
        return True

    def _event(self, phase: Phase, event: QMouseEvent | QTabletEvent) -> PointerEvent:
        point, keys = self._canvas.image_point(event.position()), event.modifiers()
        eraser, pressure = False, 1.0
        if isinstance(event, QTabletEvent):
            eraser, pressure = _is_eraser(event), event.pressure()
        if keys is _NO_KEYS:
            return PointerEvent(phase, point, eraser=eraser, pressure=pressure)
        shift, alt, alternate = bool(keys & _SHIFT), bool(keys & _ALT), bool(keys & _CTRL)
        return PointerEvent(phase, point, shift and not alt, alternate, shift and alt, eraser, pressure)

    def _set_cursor(self) -> None:
        if self._pan_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._studio.document is None or self._studio.tool.paints is None:
            shape = Qt.CursorShape.ArrowCursor
        else:
            shape = Qt.CursorShape.CrossCursor
        self._canvas.setCursor(QCursor(shape))


def _is_eraser(event: QTabletEvent) -> bool:
    return event.pointerType() is QPointingDevice.PointerType.Eraser


def _brush_step(size: int, turned: int) -> int:
    """A tenth of the size a notch, at least 1 px."""
    step = max(1, round(size / 10))
    return step if turned > 0 else -step if turned < 0 else 0


def types_text() -> bool:
    """Whether the keyboard is in a field that takes text, where held keys mean letters."""
    focus = QApplication.focusWidget()
    return focus is not None and bool(focus.inputMethodQuery(Qt.InputMethodQuery.ImEnabled))
