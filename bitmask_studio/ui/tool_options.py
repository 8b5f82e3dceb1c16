"""The options of the tool in the tool bar: size and shape of the brush, opacity of the masks."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QSpinBox, QToolButton, QWidget

from bitmask_studio.core.brush_shape import MAX_SIZE, MIN_SIZE, BrushShape
from bitmask_studio.core.text import tr
from bitmask_studio.studio import preferences
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import icon

_STEPS = 1000
_KEY_STEP = 10
"""What an arrow key moves the slider of sizes by: 8 %."""


class ToolOptionsBar(QWidget):
    """Shows and sets the tool's options; the slider of the size runs in equal ratios."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.size_slider = self._slider(_STEPS, tr("Brush size"), tr("Brush size ([ and ], Alt+wheel)"))
        self.size_slider.setSingleStep(_KEY_STEP)
        self.size_slider.valueChanged.connect(lambda step: self._set_size(_size_of(step)))
        self.size_box = QSpinBox(minimum=MIN_SIZE, maximum=MAX_SIZE, suffix=tr(" px"))
        self.size_box.setKeyboardTracking(False)
        self.size_box.setAccessibleName(tr("Brush size in pixels"))
        self.size_box.setToolTip(tr("Diameter of the brush in picture pixels ([ and ])"))
        self.size_box.lineEdit().setTextMargins(6, 0, 0, 0)
        self.size_box.setMinimumWidth(self.size_box.fontMetrics().horizontalAdvance("2000 px") + 6 * theme.SPACE_M)
        self.size_box.valueChanged.connect(self._set_size)
        self.size_box.lineEdit().returnPressed.connect(self.size_box.clearFocus)
        self.shapes = {shape: self._shape_button(shape) for shape in BrushShape}
        self.opacity = self._slider(100, tr("Opacity of the masks"), tr("Opacity of the masks (Alt+Up, Alt+Down)"))
        self.opacity.valueChanged.connect(self._set_opacity)
        self._percent = QLabel()
        self._percent.setFixedWidth(44)
        self._lay_out()
        studio.settings_changed.connect(self.refresh)
        studio.view_changed.connect(lambda old, new: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show the options as they are."""
        options, opacity = self._studio.tool_options, round(self._studio.view.opacity * 100)
        for widget in (self.size_slider, self.size_box, self.opacity):
            widget.blockSignals(True)
        if _size_of(self.size_slider.value()) != options.size:  # else a small step would be taken back at once
            self.size_slider.setValue(_step_of(options.size))
        self.size_box.setValue(options.size)
        self.opacity.setValue(opacity)
        for widget in (self.size_slider, self.size_box, self.opacity):
            widget.blockSignals(False)
        self._percent.setText(tr("{percent} %").format(percent=opacity))
        for shape, button in self.shapes.items():
            button.setChecked(shape is options.shape)
        paints = self._studio.tool.paints is not None
        for each in (self.size_slider, self.size_box, *self.shapes.values()):
            each.setEnabled(paints)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_S, 0, theme.SPACE_S, 0)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(_caption(tr("Size"), self.size_box))
        row.addWidget(self.size_slider)
        row.addWidget(self.size_box)
        row.addSpacing(theme.SPACE_M)
        for button in self.shapes.values():
            row.addWidget(button)
        row.addSpacing(theme.SPACE_L)
        row.addWidget(_caption(tr("Opacity"), self.opacity))
        row.addWidget(self.opacity)
        row.addWidget(self._percent)
        row.addStretch(1)

    def _slider(self, maximum: int, name: str, tip: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, maximum)
        slider.setFixedWidth(110)
        slider.setAccessibleName(name)
        slider.setToolTip(tip)
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return slider

    def _shape_button(self, shape: BrushShape) -> QToolButton:
        title = tr("Round brush") if shape is BrushShape.ROUND else tr("Square brush")
        button = QToolButton(autoRaise=True)
        button.setCheckable(True)
        button.setToolTip(title)
        button.setIcon(icon(f"{shape.value}-brush"))
        button.setAccessibleName(title)
        button.clicked.connect(lambda: self._studio.set(preferences.BRUSH_SHAPE, shape.value))
        return button

    def _set_size(self, size: int) -> None:
        self._studio.set(preferences.BRUSH_SIZE, size)

    def _set_opacity(self, percent: int) -> None:
        self._studio.set(preferences.OPACITY, percent)
        self._studio.show(opacity=percent / 100)


def _caption(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)
    label.setBuddy(buddy)
    return label


def _size_of(step: int) -> int:
    return round(float(MIN_SIZE * (MAX_SIZE / MIN_SIZE) ** (step / _STEPS)))


def _step_of(size: int) -> int:
    return round(math.log(size / MIN_SIZE) / math.log(MAX_SIZE / MIN_SIZE) * _STEPS)
