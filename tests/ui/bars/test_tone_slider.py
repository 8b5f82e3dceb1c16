"""A slider with zero in its middle: how it is set back, and what it shows."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bitmask_studio.ui import theme
from bitmask_studio.ui.bars.tone_slider import ToneSlider
from tests.ui.rendering import Pixels


@pytest.fixture
def slider(qtbot: QtBot) -> ToneSlider:
    """A slider of -100 to 100, 200 px wide, that can be seen."""
    slider = ToneSlider(100)
    qtbot.addWidget(slider)
    slider.setFixedSize(200, 20)
    slider.show()
    return slider


def accented(slider: ToneSlider) -> list[int]:
    """The columns in which the groove has the accent's colour."""
    image = slider.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels: Pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    accent = QColor(theme.colors().accent)
    is_accent = (pixels[10, :, :3] == (accent.blue(), accent.green(), accent.red())).all(axis=-1)
    return np.flatnonzero(is_accent).tolist()


def test_a_double_click_anywhere_brings_it_back_to_zero(slider: ToneSlider) -> None:
    for x in (3, 60, 197):
        slider.setValue(70)
        QTest.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
        assert slider.value() == 0
        assert not slider.isSliderDown()


def test_a_drag_of_the_handle_sets_it_all_the_way(slider: ToneSlider) -> None:
    values: list[int] = []
    slider.valueChanged.connect(values.append)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(100, 10))
    for x in (120, 150, 199):
        QTest.mouseMove(slider, QPoint(x, 10))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(199, 10))
    assert len(values) == 3
    assert values == sorted(values)
    assert slider.value() == 100


def test_it_is_filled_from_the_middle_to_the_handle(slider: ToneSlider) -> None:
    assert accented(slider) == []
    slider.setValue(80)
    right = accented(slider)
    slider.setValue(-80)
    left = accented(slider)
    assert len(right) > 40
    assert len(left) > 40
    assert min(right) in range(98, 103)
    assert max(left) in range(97, 102)
