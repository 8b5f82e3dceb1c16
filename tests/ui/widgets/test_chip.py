"""The squares of colour beside objects and classes can be seen in both themes, whatever the colour."""

from __future__ import annotations

from collections.abc import Generator
from itertools import product

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from bitmask_studio.ui import theme
from bitmask_studio.ui.theme import Colors
from bitmask_studio.ui.widgets.chip import edge_of, paint_chip
from tests.ui.contrast import contrast

COLORS = [QColor(*parts) for parts in product(range(0, 256, 51), repeat=3)]


@pytest.fixture(params=["light", "dark"])
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> Generator[Colors]:
    theme.apply(qapp, request.param)
    yield theme.colors()
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


@pytest.mark.parametrize("ground", ["window", "base", "raised", "accent_soft"])
def test_the_edge_stands_out_from_every_ground(palette: Colors, ground: str) -> None:
    faint = [each.name() for each in COLORS if contrast(edge_of(each).name(), getattr(palette, ground)) < 2]
    assert not faint


@pytest.mark.parametrize("filled", [True, False])
def test_what_has_no_pixels_of_its_own_has_the_outline_alone(palette: Colors, filled: bool) -> None:
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.base))
    painter = QPainter(image)
    paint_chip(painter, QRectF(2.5, 2.5, 11, 11), QColor("#30d0a0"), filled=filled)
    painter.end()
    assert image.pixelColor(8, 8).name() == ("#30d0a0" if filled else palette.base)
    assert image.pixelColor(8, 2).name() == edge_of(QColor("#30d0a0")).name()
