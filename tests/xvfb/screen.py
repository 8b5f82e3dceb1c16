"""What is to be seen on the X screen, and where a picture that tells its own coordinates lies on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QGuiApplication, QImage, QScreen

Colors = NDArray[np.uint8]

SIGN = 201
"""The blue of every pixel of a picture that tells its own coordinates: red is x, green is y."""


class Spot(NamedTuple):
    """A place on the screen, px; as a difference, a way across it."""

    x: int
    y: int

    def moved(self, dx: int, dy: int) -> Spot:
        return Spot(self.x + dx, self.y + dy)


def telling_picture(width: int, height: int) -> Colors:
    """A picture, (height, width, 3), blue green red as OpenCV writes it; at most 256 px wide and high."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([np.full_like(x, SIGN), y, x]).astype(np.uint8)


@dataclass(frozen=True)
class Screen:
    """The X screen. `until` waits for a condition."""

    until: Callable[[Callable[[], bool], str], None]

    def color(self, spot: Spot) -> tuple[int, int, int]:
        """Red, green, blue of one pixel."""
        color: QColor = _screen().grabWindow(0, *spot, 1, 1).toImage().pixelColor(0, 0)
        return color.red(), color.green(), color.blue()

    def wait_for_change(self, spot: Spot, before: tuple[int, int, int]) -> None:
        """Wait until a pixel has another colour than `before`."""
        self.until(lambda: self.color(spot) != before, f"nothing is drawn at {spot}")

    def wait_for_color(self, spot: Spot, color: tuple[int, int, int]) -> None:
        self.until(lambda: self.color(spot) == color, f"{color} does not come at {spot}")

    def corner_of_picture(self) -> Spot | None:
        """Where the corner of a telling picture lies that is shown 1:1, wholly or in part; None: nowhere to be seen."""
        colors = self.colors()
        ys, xs = np.nonzero(colors[..., 2] == SIGN)
        corners = np.stack([xs - colors[ys, xs, 0], ys - colors[ys, xs, 1]], axis=1)
        found, votes = np.unique(corners, axis=0, return_counts=True)
        best = int(votes.argmax()) if len(votes) else 0
        return Spot(int(found[best, 0]), int(found[best, 1])) if len(votes) and votes[best] > 5_000 else None

    def still_corner(self) -> Spot:
        """Where the corner of the telling picture comes to rest."""
        seen: list[Spot | None] = [None]

        def rests() -> bool:
            seen.append(self.corner_of_picture())
            return seen[-1] is not None and len(seen) > 5 and len(set(seen[-5:])) == 1

        self.until(rests, "the picture is not to be seen at 1:1")
        assert seen[-1] is not None
        return seen[-1]

    def colors(self) -> NDArray[np.int64]:
        """The whole screen, (height, width, 3): red, green, blue."""
        image = _screen().grabWindow(0).toImage().convertToFormat(QImage.Format.Format_RGB32)
        height, width = image.height(), image.width()
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)
        return pixels[:, :width, 2::-1].astype(np.int64)


def _screen() -> QScreen:
    return QGuiApplication.primaryScreen()
