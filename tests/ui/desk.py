"""Hands and eyes of somebody in front of the real window."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.viewport import WHEEL_STEP
from bitmask_studio.studio import preferences
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.notices import Notice
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.ui.main_window import MainWindow
from tests.ui.rendering import XY, Bits, Pixels, Window, brushed

NO_KEYS, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
PATIENCE = 10.0
"""Seconds that anything may take before a test gives up."""


class Desk:
    """A window, and what a person does with it. Points are in image px unless a name says otherwise."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.studio, self.session, self.canvas = window.studio, window.session, window.canvas
        self.notices: list[Notice] = []
        self._held = Qt.MouseButton.NoButton
        self.studio.noticed.connect(self.notices.append)

    @property
    def told(self) -> list[str]:
        return [notice.text for notice in self.notices]

    @property
    def document(self) -> Document:
        assert self.studio.document is not None
        return self.studio.document

    @property
    def row(self) -> str:
        """The title of the row that is shown."""
        return self.document.row.info.title

    @property
    def chosen(self) -> str | None:
        """The hash of the chosen object."""
        return self.studio.view.object_hash

    @property
    def seen(self) -> Window:
        """Where the image lies on the canvas."""
        box, at = self.canvas.view_box, self.canvas.viewport
        return Window(box.width, box.height, at.zoom, at.x, at.y)

    async def open(self, *paths: Path, row: str | None = None, frame: int = 0) -> None:
        await self.session.open(OpenWish(paths, row=row, frame=frame))
        await self.settle()

    async def settle(self) -> None:
        """Let everything come to its end that is under way."""
        await asyncio.sleep(0)
        await self.studio.jobs.settle()
        await asyncio.sleep(0.005)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.005)

    async def keys(self, *names: str) -> None:
        """Press keys, each with whatever else it names, wherever the focus is, and wait for what they do."""
        for name in names:
            keys = QKeySequence(name)[0]  # type: ignore[index] # its stub forgets that it has items
            QTest.keyClick(QApplication.focusWidget() or self.window, keys.key(), keys.keyboardModifiers())
            await self.settle()

    def hold(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyPress(QApplication.focusWidget() or self.window, key, modifiers)

    def let_go(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyRelease(QApplication.focusWidget() or self.window, key, modifiers)

    def place(self, point: XY) -> QPointF:
        """Where an image point lies on the canvas, logical px."""
        x, y = self.canvas.viewport.to_device(Point(*point))
        return QPointF(x, y) / self.canvas.devicePixelRatioF()

    def press(self, point: XY, keys: Qt.KeyboardModifier = NO_KEYS, button: Qt.MouseButton = LEFT) -> None:
        self._held |= button
        self._mouse(QEvent.Type.MouseButtonPress, self.place(point), button, keys)

    def move(self, point: XY, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        self._mouse(QEvent.Type.MouseMove, self.place(point), Qt.MouseButton.NoButton, keys)

    def release(self, point: XY, keys: Qt.KeyboardModifier = NO_KEYS, button: Qt.MouseButton = LEFT) -> None:
        self._held &= ~button
        self._mouse(QEvent.Type.MouseButtonRelease, self.place(point), button, keys)

    def lose_release(self) -> None:
        """Let go of every button where the window does not hear of it."""
        self._held = Qt.MouseButton.NoButton

    def drag_px(self, start: XY, end: XY, button: Qt.MouseButton = LEFT) -> None:
        """Drag from one place of the canvas to another, logical px."""
        self._held |= button
        self._mouse(QEvent.Type.MouseButtonPress, QPointF(*start), button, NO_KEYS)
        self._mouse(QEvent.Type.MouseMove, QPointF(*end), Qt.MouseButton.NoButton, NO_KEYS)
        self._held &= ~button
        self._mouse(QEvent.Type.MouseButtonRelease, QPointF(*end), button, NO_KEYS)

    def double_click(self, point: XY) -> None:
        """Press twice in quick succession, as Qt tells of it."""
        self.stroke(point)
        self._held |= LEFT
        self._mouse(QEvent.Type.MouseButtonDblClick, self.place(point), LEFT, NO_KEYS)
        self.release(point)

    def stroke(self, *points: XY, keys: Qt.KeyboardModifier = NO_KEYS) -> Bits:
        """Press, move through the points, let go; answers what the brush's definition covers on the way."""
        self.press(points[0], keys)
        for point in points[1:]:
            self.move(point, keys)
        self.release(points[-1], keys)
        return self.covered(*points)

    def covered(self, *points: XY) -> Bits:
        """What the brush's definition covers on the way through the points."""
        frame, options = self.studio.frame, self.studio.tool_options
        assert frame is not None
        return brushed((frame.width, frame.height), points, options.size, options.shape is BrushShape.SQUARE)

    def wheel(self, point: XY, notches: float, keys: Qt.KeyboardModifier = NO_KEYS, sideways: bool = False) -> None:
        """Turn the wheel over an image point."""
        turn = round(notches * 120)
        delta = QPoint(turn, 0) if sideways else QPoint(0, turn)
        self._send_wheel(self.place(point), QPoint(), delta, keys, Qt.ScrollPhase.NoScrollPhase)

    def two_fingers(self, dx: int, dy: int, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Scroll by logical px on a touch pad."""
        middle = QPointF(self.canvas.rect().center())
        self._send_wheel(middle, QPoint(dx, dy), QPoint(dx, dy) * 8, keys, Qt.ScrollPhase.ScrollUpdate)

    def look_at(self, zoom: float, x: int, y: int) -> None:
        """Zoom, and bring the image's corner to device px (x, y) of the canvas, or as near as it may go."""
        scale = self.canvas.devicePixelRatioF()
        self.canvas.actual_size()
        self.canvas.zoom_by(math.log(zoom, WHEEL_STEP))
        self.canvas.pan((x - self.canvas.viewport.x) / scale, (y - self.canvas.viewport.y) / scale)

    def point_away(self) -> None:
        """Take the pointer off the canvas, so that no ring is drawn."""
        QApplication.sendEvent(self.canvas, QEvent(QEvent.Type.Leave))

    def choose(self, size: int | None = None, shape: BrushShape | None = None) -> None:
        """Set the brush."""
        if size:
            self.studio.set(preferences.BRUSH_SIZE, size)
        if shape:
            self.studio.set(preferences.BRUSH_SHAPE, shape.value)

    def bits(self, object_hash: str | None = None, frame: int | None = None) -> Bits:
        """The mask of an object (else the chosen one) over its whole frame."""
        frame = self.studio.view.frame if frame is None else frame
        name, size = object_hash or self.chosen, self.document.frames[frame]
        assert name is not None
        return self.document.mask(MaskKey(frame, name)).to_array(size.height, size.width)

    def pixels(self, widget: QWidget | None = None) -> Pixels:
        """What a widget (else the canvas) shows: (H, W, 3) device px, blue, green, red."""
        image = (widget or self.canvas).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
        return rows[:, : image.width(), :3].copy()

    def drop(self, *paths: Path) -> bool:
        """Drop files from a file manager; answers whether the window was willing to take them."""
        mime, place, copy = QMimeData(), QPoint(50, 50), Qt.DropAction.CopyAction
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        entering = QDragEnterEvent(place, copy, mime, LEFT, NO_KEYS)
        QApplication.sendEvent(self.window, entering)
        if entering.isAccepted():
            QApplication.sendEvent(self.window, QDropEvent(QPointF(place), copy, mime, LEFT, NO_KEYS))
        return entering.isAccepted()

    async def answer(self, button: str) -> str:
        """Press a button of the dialog that has opened, and wait for what follows; answers the dialog's words."""
        await self.until(QApplication.activeModalWidget)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        words = f"{dialog.windowTitle()}\n{dialog.accessibleDescription()}"
        buttons = dialog.findChildren(QPushButton)
        next(each for each in buttons if each.text().replace("&", "") == button).click()
        await self.settle()
        return words

    def _mouse(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        event = QMouseEvent(kind, at, self.canvas.mapToGlobal(at), button, self._held, keys)
        QApplication.sendEvent(self.canvas, event)

    def _send_wheel(
        self, at: QPointF, pixels: QPoint, angle: QPoint, keys: Qt.KeyboardModifier, phase: Qt.ScrollPhase
    ) -> None:
        event = QWheelEvent(at, self.canvas.mapToGlobal(at), pixels, angle, self._held, keys, phase, False)
        QApplication.sendEvent(self.canvas, event)
