"""Words that are to be read on the X screen, found by what they look like in the program's own font."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.xvfb.screen import Screen, Spot

_ALIKE = 0.93
"""The least correlation of words with what is on the screen; other words of the same length stay below 0.8."""


def find_words(screen: Screen, words: str, *, bold: bool = False) -> Spot | None:
    """Where the middle of these words is on the screen, on one line and in any colours; None: nowhere."""
    drawn = _drawn(words, bold)
    found = np.abs(cv2.matchTemplate(_gray(screen.colors()), drawn, cv2.TM_CCOEFF_NORMED))
    y, x = np.unravel_index(int(found.argmax()), found.shape)
    middle = Spot(int(x) + drawn.shape[1] // 2, int(y) + drawn.shape[0] // 2)
    return middle if found.max() > _ALIKE else None


def wait_for_words(screen: Screen, words: str, *, bold: bool = False) -> Spot:
    """Wait until the words are to be read, and answer where."""
    seen: list[Spot] = []

    def reads() -> bool:
        seen.extend(spot for spot in [find_words(screen, words, bold=bold)] if spot)
        return bool(seen)

    screen.until(reads, f"{words!r} is not to be read")
    return seen[0]


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
    gray: NDArray[np.uint8] = colors.mean(axis=2).astype(np.uint8)
    return gray
