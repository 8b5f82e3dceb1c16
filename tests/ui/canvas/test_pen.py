"""A pen on the canvas: parts of a pixel, its other end, its pressure, and the mouse events that are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent
from PySide6.QtWidgets import QApplication

from bitmask_studio.studio import preferences
from tests.ui.desk import CTRL, LEFT, MIDDLE, NO_KEYS, Desk
from tests.ui.rendering import XY, Bits, brushed

NO_BUTTON = Qt.MouseButton.NoButton
PRESS, MOVE, RELEASE = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
MOUSE = {
    PRESS: QEvent.Type.MouseButtonPress,
    MOVE: QEvent.Type.MouseMove,
    RELEASE: QEvent.Type.MouseButtonRelease,
}


@dataclass
class Pen:
    """A pen in somebody's hand; `echo` sends a mouse event along with each of its own, as systems do."""

    desk: Desk
    end: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen
    echo: bool = False

    def __post_init__(self) -> None:
        kind, can = QInputDevice.DeviceType.Stylus, QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
        self.device = QPointingDevice("pen", 7, kind, self.end, can, 1, 3, "", QPointingDeviceUniqueId())

    def send(
        self,
        kind: QEvent.Type,
        point: XY,
        pressure: float = 1.0,
        button: Qt.MouseButton = NO_BUTTON,
        held: Qt.MouseButton = NO_BUTTON,
        keys: Qt.KeyboardModifier = NO_KEYS,
    ) -> bool:
        """Answers whether the canvas has taken the event, so that Qt makes no mouse event of it."""
        canvas, at = self.desk.canvas, self.desk.place(point)
        places = at, canvas.mapToGlobal(at)
        event = QTabletEvent(kind, self.device, *places, pressure, 0, 0, 0, 0, 0, keys, button, held)
        event.setAccepted(False)
        QApplication.sendEvent(canvas, event)
        if self.echo:
            here, there = (QPointF(place.toPoint()) for place in places)
            QApplication.sendEvent(canvas, QMouseEvent(MOUSE[kind], here, there, button, held, keys, self.device))
        return event.isAccepted()

    def stroke(self, *points: XY, pressures: tuple[float, ...] = (), keys: Qt.KeyboardModifier = NO_KEYS) -> bool:
        hard = pressures or (1.0,) * len(points)
        taken = [self.send(PRESS, points[0], hard[0], LEFT, LEFT, keys)]
        taken += [self.send(MOVE, *each, NO_BUTTON, LEFT, keys) for each in zip(points[1:], hard[1:], strict=True)]
        return all([*taken, self.send(RELEASE, points[-1], 0.0, LEFT, NO_BUTTON, keys)])


WAY = (20.3, 10.7), (31.15, 12.75), (33.55, 30.125)


@pytest.mark.parametrize("echo", [False, True])
async def test_a_pen_paints_at_parts_of_a_pixel_once_and_for_itself(desk: Desk, project: Path, echo: bool) -> None:
    await desk.open(project)
    for size in (1, 4, 9):
        desk.choose(size=size)
        before, covered = desk.bits(), desk.covered(*WAY)
        assert Pen(desk, echo=echo).stroke(*WAY)
        assert (desk.bits() == before | covered).all()
        assert desk.document.history.undo_title == "Brush"
        desk.studio.undo()
        assert (desk.bits() == before).all()


@pytest.mark.parametrize("tool", ["B", "E"])
async def test_the_other_end_of_the_pen_erases_whatever_the_tool(desk: Desk, project: Path, tool: str) -> None:
    await desk.open(project)
    await desk.keys(tool)
    before, covered = desk.bits(), desk.covered((6, 9), (12, 9))
    Pen(desk, QPointingDevice.PointerType.Eraser).stroke((6, 9), (12, 9))
    assert (desk.bits() == before & ~covered).all()
    assert desk.document.history.undo_title == "Eraser"
    assert desk.studio.tool.shortcut.startswith(tool)


async def test_the_other_end_erases_with_the_select_tool_too_and_ctrl_turns_it_round(desk: Desk, project: Path) -> None:
    await desk.open(project)
    await desk.keys("S")
    before, covered = desk.bits(), desk.covered((6, 9), (12, 9))
    pen = Pen(desk, QPointingDevice.PointerType.Eraser)
    pen.stroke((6, 9), (12, 9))
    assert (desk.bits() == before & ~covered).all()
    pen.stroke((6, 9), (12, 9), keys=CTRL)
    assert (desk.bits() == before | covered).all()


def pressed(desk: Desk, points: tuple[XY, ...], sizes: tuple[int, ...]) -> Bits:
    """What the brush's definition covers where each part of the way has a size of its own, the last twice."""
    frame = desk.studio.frame
    assert frame is not None
    ways = [(points[0], points[0]), *pairwise(points), (points[-1], points[-1])]
    bits = np.zeros((frame.height, frame.width), np.bool_)
    for way, size in zip(ways, (*sizes, 1), strict=True):
        bits |= brushed((frame.width, frame.height), way, size, False)
    return bits


async def test_pressure_makes_the_brush_smaller_down_to_a_pixel_where_it_is_wanted(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.choose(size=12)
    before = desk.bits()
    Pen(desk).stroke(*WAY, pressures=(0.5, 0.25, 0.01))
    assert (desk.bits() == before | desk.covered(*WAY)).all()
    desk.studio.undo()
    desk.studio.set(preferences.PEN_PRESSURE, True)
    Pen(desk).stroke(*WAY, pressures=(0.5, 0.25, 0.01))
    assert (desk.bits() == before | pressed(desk, WAY, (6, 3, 1))).all()
    desk.studio.undo()
    covered = desk.stroke(*WAY)
    assert (desk.bits() == before | covered).all()


async def test_a_pen_that_hovers_moves_the_ring_and_paints_nothing(desk: Desk, project: Path) -> None:
    await desk.open(project)
    assert Pen(desk).send(MOVE, (20.25, 20.5), 0.0)
    pointer = desk.canvas.pointer
    assert pointer is not None and (pointer.x, pointer.y) == pytest.approx((20.25, 20.5))
    assert not desk.document.unsaved


async def test_the_pens_button_pans(desk: Desk, project: Path) -> None:
    await desk.open(project)
    start, pen = desk.canvas.viewport, Pen(desk)
    pen.send(PRESS, (20, 20), 0.0, MIDDLE, MIDDLE)
    pen.send(MOVE, (24, 22), 0.0, NO_BUTTON, MIDDLE)
    pen.send(RELEASE, (24, 22), 0.0, MIDDLE, NO_BUTTON)
    assert (desk.canvas.viewport.x - start.x, desk.canvas.viewport.y - start.y) == (4 * start.zoom, 2 * start.zoom)
    assert not desk.document.unsaved


async def test_a_thousand_moves_that_come_while_the_window_is_busy_are_all_painted(desk: Desk, project: Path) -> None:
    await desk.open(project)
    assert not QCoreApplication.testAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents)
    random = np.random.default_rng(4)
    points = [(float(x), float(y)) for x, y in 30 + 25 * np.sin(random.normal(0, 0.3, (1001, 2)).cumsum(axis=0))]
    before, places = desk.bits(), [desk.place(point) for point in points]
    for kind, at, button in (
        (PRESS, places[0], LEFT),
        *((MOVE, each, NO_BUTTON) for each in places[1:]),
        (RELEASE, places[-1], LEFT),
    ):
        held = NO_BUTTON if kind is RELEASE else LEFT
        event = QMouseEvent(MOUSE[kind], at, desk.canvas.mapToGlobal(at), button, held, NO_KEYS)
        QCoreApplication.postEvent(desk.canvas, event)
    assert (desk.bits() == before).all()
    QCoreApplication.sendPostedEvents(desk.canvas)
    assert (desk.bits() == before | desk.covered(*points)).all()
    desk.studio.undo()
    assert (desk.bits() == before).all()
