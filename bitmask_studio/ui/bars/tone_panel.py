"""Brightness and contrast of the picture: a button that tells whether they are set, and the panel it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QToolButton, QWidget

from bitmask_studio.actions.view import TONE_ACTIONS
from bitmask_studio.core.text import tr
from bitmask_studio.core.tone import EXTREME, NEUTRAL, Tone
from bitmask_studio.studio.studio import Studio
from bitmask_studio.ui import theme
from bitmask_studio.ui.icons import icon
from bitmask_studio.ui.widgets.plain_text import plain_label

if TYPE_CHECKING:
    from bitmask_studio.ui.bars.tone_slider import ToneSlider

_SLIDER_WIDTH = 180


class TonePanel(QFrame):
    """Two sliders that act while they are dragged, and a way back; Esc or a click elsewhere closes it."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the click that closes it neither paints nor reopens
        self.setProperty("card", True)
        self.setAccessibleName(tr("Brightness and contrast"))
        self._studio = studio
        self.brightness, self._brightness = self._slider(tr("Brightness"), tr("Ctrl+Up, Ctrl+Down"))
        self.contrast, self._contrast = self._slider(tr("Contrast"), tr("Ctrl+Shift+Up, Ctrl+Shift+Down"))
        self.brightness.valueChanged.connect(lambda value: self._set(replace(studio.view.tone, brightness=value)))
        self.contrast.valueChanged.connect(lambda value: self._set(replace(studio.view.tone, contrast=value)))
        self.reset = QPushButton(tr("Reset"))
        self.reset.setToolTip(tr("The picture as it is (Ctrl+Shift+B)"))
        self.reset.clicked.connect(lambda: self._set(NEUTRAL))
        self._lay_out()
        studio.view_changed.connect(lambda old, new: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show the tone as it is."""
        tone = self._studio.view.tone
        self.brightness.setValue(tone.brightness)
        self.contrast.setValue(tone.contrast)
        self._brightness.setText(_signed(tone.brightness))
        self._contrast.setText(_signed(tone.contrast))
        if tone.neutral and self.reset.hasFocus():
            self.brightness.setFocus()  # else the keyboard would be left with nothing
        self.reset.setEnabled(not tone.neutral)

    def popup(self, below: QWidget) -> None:
        """Open below a button, or where the screen has room."""
        self._take_keys(below.window())
        for each in (self, *self.findChildren(QWidget)):
            each.ensurePolished()  # else the first time is measured without the style
        box = QRect(below.mapToGlobal(QPoint(0, below.height() + 2)), self.sizeHint())
        room = below.screen().availableGeometry()
        box.moveRight(min(box.right(), room.right()))
        box.moveBottom(min(box.bottom(), room.bottom()))
        self.setGeometry(box)
        self.show()
        self.brightness.setFocus()

    def _take_keys(self, window: QWidget) -> None:
        """Let the keys of the tone act here too: a window's keys rest while a panel is open over it."""
        keys = {key for row in TONE_ACTIONS for key in row.keys}
        self.addActions([each for each in window.actions() if each.shortcut().toString() in keys])

    def _slider(self, name: str, keys: str) -> tuple[ToneSlider, QLabel]:
        from bitmask_studio.ui.bars.tone_slider import ToneSlider  # brings all of QStyle: 9 ms, and no start needs it

        slider, number = ToneSlider(EXTREME), plain_label("")
        slider.setFixedWidth(_SLIDER_WIDTH)
        slider.setAccessibleName(tr("{name} of the picture").format(name=name))
        slider.setToolTip(tr("{name} of the picture ({keys}); double-click for 0").format(name=name, keys=keys))
        number.setFont(theme.numbers_font())
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setFixedWidth(number.fontMetrics().horizontalAdvance(_signed(-EXTREME)) + theme.SPACE_S)
        return slider, number

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_L)
        grid.setHorizontalSpacing(theme.SPACE_M)
        grid.setVerticalSpacing(theme.SPACE_M)
        rows = ((tr("Brightness"), self.brightness, self._brightness), (tr("Contrast"), self.contrast, self._contrast))
        for row, (name, slider, number) in enumerate(rows):
            grid.addWidget(plain_label(name), row, 0)
            grid.addWidget(slider, row, 1)
            grid.addWidget(number, row, 2)
        grid.setRowMinimumHeight(len(rows), theme.SPACE_S)
        grid.addWidget(plain_label(tr("Changes the screen only"), muted=True), 3, 0, 1, 2)
        grid.addWidget(self.reset, 3, 1, 1, 2, Qt.AlignmentFlag.AlignRight)

    def _set(self, tone: Tone) -> None:
        self._studio.show(tone=tone)


class ToneButton(QToolButton):
    """Opens the panel; it is lit, and says the numbers, while the picture is not shown as it is."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._panel: TonePanel | None = None
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setIcon(icon("tone"))
        self.setAccessibleName(tr("Brightness and contrast"))
        self.clicked.connect(lambda: self.panel.popup(self))

    @property
    def panel(self) -> TonePanel:
        """Made when it is first needed."""
        if self._panel is None:
            self._panel = TonePanel(self._studio, self)
        return self._panel

    def nextCheckState(self) -> None:
        """A click leaves the button as lit as it is: the tone alone decides."""

    def refresh(self) -> None:
        """Say what the tone is."""
        tone = self._studio.view.tone
        self.setChecked(not tone.neutral)
        words = tr("Brightness and contrast of the picture\n(Ctrl+Up, Ctrl+Down, Ctrl+Shift+Up, Ctrl+Shift+Down)")
        numbers = tr("Brightness {brightness}, contrast {contrast}").format(
            brightness=_signed(tone.brightness), contrast=_signed(tone.contrast)
        )
        self.setAccessibleDescription("" if tone.neutral else numbers)
        self.setToolTip(words if tone.neutral else f"{words}\n{numbers}")


def _signed(number: int) -> str:
    """With a real minus, which is as wide as the plus."""
    return f"{number:+d}".replace("-", "\u2212") if number else "0"
