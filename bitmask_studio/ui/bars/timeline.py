"""A slider over the frames of a row, with marks where there are labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget

from bitmask_studio.core.text import tr
from bitmask_studio.ui import theme
from bitmask_studio.ui.widgets.plain_text import plain_tip

HANDLE = 14
"""Diameter of the handle, logical px."""
_HEIGHT = 30
_GROOVE_Y, _GROOVE = 10.0, 4.0
_MARKS_Y, _MARK_HEIGHT, _CHOSEN_HEIGHT = 21.0, 4.0, 7.0
_MIN_MARK, _MAX_MARK = 2.0, 8.0
"""Widths of a mark: a third of a frame's room within these, logical px."""

Positions = NDArray[np.intp]


class Timeline(QSlider):
    """Values are positions of frames. Pressing anywhere goes there; marks say which frames have labels.

    `describe(position)` is what the tool tip says of a frame.
    """

    def __init__(self, describe: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._describe = describe
        self._labelled: Positions = np.empty(0, np.intp)
        self._chosen: Positions = np.empty(0, np.intp)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Frame"))
        self.setMinimumWidth(64)

    def set_count(self, count: int) -> None:
        """How many frames there are; the page keys go through them in about twenty steps."""
        self.setMaximum(count - 1)
        self.setPageStep(max(1, (count - 1) // 20))

    def set_marks(self, labelled: Sequence[int], chosen: Sequence[int]) -> None:
        """Which frames have labels, and on which of them the chosen object is; both ascending."""
        self._labelled, self._chosen = np.asarray(labelled, np.intp), np.asarray(chosen, np.intp)
        self.setAccessibleDescription(
            tr("{labelled} of {count} frames have labels, {chosen} of them the chosen object.").format(
                labelled=len(labelled), count=self.maximum() + 1, chosen=len(chosen)
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, _HEIGHT)

    def x_of(self, position: int) -> float:
        """Where a frame is, logical px."""
        return HANDLE / 2 + self._room * position / max(self.maximum(), 1)

    def position_at(self, x: float) -> int:
        """The frame nearest to a place."""
        position = round((x - HANDLE / 2) / self._room * self.maximum())
        return min(max(position, 0), self.maximum())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setSliderPosition(self.position_at(event.position().x()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self.position_at(event.position().x()))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self._describe(self.position_at(event.pos().x()))), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = theme.colors()
        self._paint_marks(painter, self._labelled, _MARK_HEIGHT, QColor(colors.muted))
        self._paint_marks(painter, self._chosen, _CHOSEN_HEIGHT, QColor(colors.accent))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_groove(painter, self.width() - HANDLE / 2, colors.line)
        at = self.x_of(self.sliderPosition())
        self._paint_groove(painter, at, colors.accent if self.isEnabled() else colors.line)
        lit = self.hasFocus() or self.isSliderDown() or self.underMouse()
        painter.setPen(QColor(colors.accent if lit else colors.muted))
        painter.setBrush(QColor(colors.base))
        side = HANDLE - 1
        painter.drawEllipse(QRectF(at - side / 2, _GROOVE_Y - side / 2, side, side))

    @property
    def _room(self) -> int:
        """How far the handle can go, logical px."""
        return max(self.width() - HANDLE, 1)

    def _paint_groove(self, painter: QPainter, end: float, color: str) -> None:
        painter.setBrush(QColor(color))
        start = HANDLE / 2 - _GROOVE / 2
        painter.drawRoundedRect(QRectF(start, _GROOVE_Y - _GROOVE / 2, end - start, _GROOVE), 2, 2)

    def _paint_marks(self, painter: QPainter, positions: Positions, height: float, color: QColor) -> None:
        """Bars below the groove; marks that touch are one bar, however many there are."""
        scale = self.devicePixelRatioF()
        room = self._room / max(self.maximum(), 1)
        width = max(1, round(min(max(room / 3, _MIN_MARK), _MAX_MARK) * scale))
        left = HANDLE / 2 * scale - width / 2
        columns = np.floor(left + positions * (room * scale) + 0.5).astype(np.intp)
        for start, end in runs(columns, width):
            painter.fillRect(QRectF(start / scale, _MARKS_Y, (end - start) / scale, height), color)


def runs(columns: Positions, width: int) -> Iterator[tuple[int, int]]:
    """Where marks of `width` px that begin at ascending columns lie, half-open; those that touch are joined."""
    if not columns.size:
        return
    breaks = np.flatnonzero(np.diff(columns) > width) + 1
    firsts, lasts = np.concatenate(([0], breaks)), np.concatenate((breaks, [columns.size])) - 1
    yield from zip(columns[firsts].tolist(), (columns[lasts] + width).tolist(), strict=True)
