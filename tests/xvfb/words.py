"""Words that are to be read on the X screen, found by what they look like in the program's own font."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.xvfb.screen import Screen

_ALIKE = 0.93
"""The least correlation of words with what is on the screen; other words of the same length stay below 0.8."""


def can_read(screen: Screen, words: str, *, bold: bool = False) -> bool:
    """Whether the words are on the screen, on one line, in any colours."""
    found = cv2.matchTemplate(_gray(screen.colors()), _drawn(words, bold), cv2.TM_CCOEFF_NORMED)
    return bool(np.abs(found).max() > _ALIKE)


def wait_for_words(screen: Screen, words: str, *, bold: bool = False) -> None:
    screen.until(lambda: can_read(screen, words, bold=bold), f"{words!r} is not to be read")


def _drawn(words: str, bold: bool) -> NDArray[np.uint8]:
    font = QFont(QApplication.font())
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetrics(font)
    image = QImage(metrics.horizontalAdvance(words), metrics.ascent(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(font)
    painter.drawText(0, metrics.ascent(), words)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return _gray(pixels[:, : image.width(), 2::-1].astype(np.int64))


def _gray(colors: NDArray[np.int64]) -> NDArray[np.uint8]:
    return colors.mean(axis=2).astype(np.uint8)
