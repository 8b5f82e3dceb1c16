"""Brightness and contrast of the picture on screen."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

EXTREME = 100
"""The most that brightness or contrast can be; the least is its negative."""
_MIDDLE = 127.5
_STEEPEST = 8.0
"""How many times the differences of neighbouring values grow at the highest contrast."""


class Tone(Struct, frozen=True):
    """Brightness and contrast, each -100 to 100; zero leaves the picture as it is.

    Brightness shifts the values by up to half their range, so that black or white comes to the middle; contrast then
    spreads them around the middle, 127.5, from an eighth to eight times as far in equal ratios. So both together bring
    any narrow range of values to the whole width of the screen's. Raises ValueError for what is out of range.
    """

    brightness: int = 0
    contrast: int = 0

    def __post_init__(self) -> None:
        if max(abs(self.brightness), abs(self.contrast)) > EXTREME:
            raise ValueError(f"brightness and contrast are -{EXTREME} to {EXTREME}")

    @property
    def neutral(self) -> bool:
        """The picture is as it is."""
        return self.brightness == 0 and self.contrast == 0

    def changed(self, brightness: int = 0, contrast: int = 0) -> Tone:
        """This tone with more or less of both, as far as they go."""
        return Tone(_within(self.brightness + brightness), _within(self.contrast + contrast))

    def table(self) -> NDArray[np.uint8]:
        """What each value of a channel becomes: shape (256,), never falling; 0 to 255 for a neutral tone."""
        values = np.arange(256, dtype=np.float64)
        shift = self.brightness / EXTREME * _MIDDLE
        slope = _STEEPEST ** (self.contrast / EXTREME)
        toned: NDArray[np.float64] = (values + shift - _MIDDLE) * slope + _MIDDLE
        return np.clip(np.rint(toned), 0, 2 * _MIDDLE).astype(np.uint8)


def _within(value: int) -> int:
    return min(max(value, -EXTREME), EXTREME)


NEUTRAL = Tone()
