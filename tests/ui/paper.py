"""A sheet to draw on, for what the canvas draws over its tiles."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from bitmask_studio.core.geometry import Box
from tests.ui.rendering import Bits

SIDE = 400


class Paper:
    """A gray sheet to draw on."""

    def __init__(self) -> None:
        self.image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
        self.image.fill(QColor(128, 128, 128))
        self.painter = QPainter(self.image)

    @property
    def drawn(self) -> Bits:
        """The pixels that are not as they were."""
        self.painter.end()
        rows = np.frombuffer(self.image.constBits(), np.uint8).reshape(SIDE, SIDE, 4)
        return np.asarray((rows[..., :3] != 128).any(axis=2))


def box_of(bits: Bits) -> Box:
    ys, xs = np.nonzero(bits)
    return Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
