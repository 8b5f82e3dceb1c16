"""What a library that decodes videos has to be able to do here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Stopped = Callable[[], bool]
"""Whether nobody waits any more for what takes long."""


class UnreadableError(Exception):
    """The file holds no video that can be decoded."""


class LostPlaceError(Exception):
    """The number of the next frame is not known after all; from now on `seek` counts from the first frame."""


class StoppedError(Exception):
    """It was given up, because nobody waits for it any more."""


class Decoder(Protocol):
    """Goes through the frames of a video in order. Frame k is the k-th that comes out of the decoder."""

    frames: int
    """How many frames the file says it has; 0 when it does not say."""
    size: tuple[int, int]
    """Width and height in px as people see it."""
    quarter_turns: int
    """How many quarters of a turn, counter-clockwise, the stored pixels are turned for that."""

    def seek(self, number: int, stopped: Stopped) -> int:
        """Go near frame `number`; answers which frame comes next: that one or one before it.

        Raises StoppedError.
        """

    def skip(self) -> bool:
        """Pass the next frame; False when there is none. Raises LostPlaceError."""

    def read(self) -> Pixels | None:
        """The next frame as uint8 (H, W, 3) BGR, upright; None when there is none. Raises LostPlaceError."""

    def close(self) -> None:
        """Let go of the file."""


def turned(pixels: Pixels, quarter_turns: int) -> Pixels:
    """The pixels turned counter-clockwise."""
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns)) if quarter_turns % 4 else pixels
