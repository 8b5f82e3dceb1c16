"""A slider for what can be more or less than usual: zero is in its middle."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from bitmask_studio.ui import theme

_GROOVE = 4
_HANDLE = 14
"""As the style sheet has them for sliders that begin at one end, logical px."""


class ToneSlider(QSlider):
    """Goes from -`extreme` to `extreme`, filled from the middle; a double click brings it back to zero."""

    def __init__(self, extreme: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(-extreme, extreme)
        self.setPageStep(10)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.setValue(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, handle = theme.colors(), self._handle()
        groove = QRectF(_HANDLE / 2, self.height() / 2 - _GROOVE / 2, self.width() - _HANDLE, _GROOVE)
        middle, at = groove.center().x(), handle.center().x()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.line))
        painter.drawRoundedRect(groove, _GROOVE / 2, _GROOVE / 2)
        painter.drawRect(QRectF(middle - 0.5, groove.top() - _GROOVE, 1, 3 * _GROOVE))
        painter.setBrush(QColor(palette.accent))
        painter.drawRect(QRectF(QPointF(min(middle, at), groove.top()), QPointF(max(middle, at), groove.bottom())))
        lit = self.hasFocus() or self.underMouse() or self.isSliderDown()
        painter.setPen(QColor(palette.accent if lit else palette.muted))
        painter.setBrush(QColor(palette.base))
        painter.drawEllipse(handle)

    def _handle(self) -> QRectF:
        """Where the style has the handle, so that it is drawn where it can be taken."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_SliderHandle
        rect = self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
        center = QRectF(rect).center()
        return QRectF(center.x() - _HANDLE / 2 + 0.5, self.height() / 2 - _HANDLE / 2 + 0.5, _HANDLE - 1, _HANDLE - 1)
