"""The options in the tool bar: the brush's size, shape and pressure, the masks' opacity, the picture's tone."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QToolButton, QWidget

from bitmask_studio.core.brush_shape import MAX_SIZE, MIN_SIZE, BrushShape
from bitmask_studio.core.text import tr
from bitmask_studio.studio import preferences
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui import theme
from bitmask_studio.ui.bars.option_slider import OptionSlider
from bitmask_studio.ui.bars.tone_panel import ToneButton
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.widgets.plain_text import explain_refusals

_STEPS = 1000
_SLIDER, _SHORT_SLIDER = 110, 72
"""How long a slider is, logical px, and how long where there is less room."""
_KEY_STEP = 10
"""What an arrow key moves the slider of sizes by: 8 %."""


class ToolOptionsBar(QWidget):
    """Shows and sets the tool's options; the slider of the size runs in equal ratios."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.size_slider = OptionSlider(_STEPS, tr("Brush size"), tr("Brush size ([ and ], Alt+wheel)"))
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
        self.pressure = self._switch("pen-pressure", tr("Pen pressure"), tr("Pen pressure sets the brush's size"))
        self.pressure.clicked.connect(lambda on: studio.set(preferences.PEN_PRESSURE, on))
        explain_refusals(self.size_box.lineEdit(), tr("A whole number of px from 1 to 2,000."))
        self.opacity = OptionSlider(100, tr("Opacity of the masks"), tr("Opacity of the masks (Alt+Up, Alt+Down)"))
        self.opacity.valueChanged.connect(self._set_opacity)
        self.tone = ToneButton(studio)
        self._percent = QLabel()
        self._percent.setFixedWidth(44)
        self._captions = _caption(tr("Size"), self.size_box), _caption(tr("Opacity"), self.opacity)
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
        self.pressure.setChecked(self._studio.settings.get(preferences.PEN_PRESSURE))
        self.tone.refresh()
        paints = self._studio.tool.paints is not None
        for each in (self.size_slider, self.size_box, *self.shapes.values(), self.pressure):
            each.setEnabled(paints)

    def sizeHint(self) -> QSize:
        return QSize(self._width(0), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(len(self._spared) - 1), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what can be done without goes: first what says the same twice."""
        super().resizeEvent(event)
        levels = range(len(self._spared))
        level = next((each for each in levels if self._width(each) <= self.width()), levels[-1])
        for each in self._spared[-1]:
            each.setVisible(each not in self._spared[level])
        for slider in (self.size_slider, self.opacity):
            slider.setFixedWidth(_SLIDER if level == 0 else _SHORT_SLIDER)

    @property
    def _spared(self) -> tuple[tuple[QWidget, ...], ...]:
        """What is not shown, one step of saving room after the other."""
        return (), (), self._captions, (*self._captions, self.size_slider, self._percent)

    def _width(self, level: int) -> int:
        """How wide all of it is at one of these steps."""
        row, shown, sliders = self._row, 0, (self.size_slider, self.opacity)
        for item in filter(None, map(row.itemAt, range(row.count()))):
            widget, gap = item.widget(), item.spacerItem()
            if widget in sliders and widget not in self._spared[level]:
                shown += (_SHORT_SLIDER if level else _SLIDER) + row.spacing()
            elif widget is not None and widget not in self._spared[level]:
                shown += widget.minimumSizeHint().expandedTo(widget.minimumSize()).width() + row.spacing()
            elif gap is not None:
                shown += gap.sizeHint().width()
        return shown + row.contentsMargins().left() + row.contentsMargins().right()

    def _lay_out(self) -> None:
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_S, 0, theme.SPACE_S, 0)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(self._captions[0])
        row.addWidget(self.size_slider)
        row.addWidget(self.size_box)
        row.addSpacing(theme.SPACE_M)
        for button in self.shapes.values():
            row.addWidget(button)
        row.addWidget(self.pressure)
        row.addSpacing(theme.SPACE_L)
        row.addWidget(self._captions[1])
        row.addWidget(self.opacity)
        row.addWidget(self._percent)
        row.addWidget(self.tone)
        row.addStretch(1)

    def _shape_button(self, shape: BrushShape) -> QToolButton:
        title = tr("Round brush") if shape is BrushShape.ROUND else tr("Square brush")
        button = self._switch(f"{shape.value}-brush", title, title)
        button.clicked.connect(lambda: self._studio.set(preferences.BRUSH_SHAPE, shape.value))
        return button

    def _switch(self, image: str, name: str, tip: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setCheckable(True)
        button.setIcon(icon(image))
        button.setAccessibleName(name)
        button.setToolTip(tip)
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
