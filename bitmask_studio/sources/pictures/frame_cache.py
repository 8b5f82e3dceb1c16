"""The decoded frames of a video that are kept, because somebody who goes through it often comes back."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class FrameCache:
    """Frames by number, those not asked for longest going first; safe to use from several threads.

    Holds at most `max_bytes`, but always the frame that came last.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._frames: OrderedDict[int, Pixels] = OrderedDict()
        self._nbytes = 0
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        return self._nbytes

    def get(self, number: int) -> Pixels | None:
        """The pixels of a frame, None when they are not kept."""
        with self._lock:
            if number in self._frames:
                self._frames.move_to_end(number)
            return self._frames.get(number)

    def put(self, number: int, pixels: Pixels) -> None:
        """Keep a frame; others may have to go for it."""
        with self._lock:
            if number in self._frames:
                self._nbytes -= self._frames.pop(number).nbytes
            self._frames[number] = pixels
            self._nbytes += pixels.nbytes
            while self._nbytes > self.max_bytes and len(self._frames) > 1:
                self._nbytes -= self._frames.popitem(last=False)[1].nbytes

    def __contains__(self, number: int) -> bool:
        return number in self._frames

    def clear(self) -> None:
        with self._lock:
            self._frames.clear()
            self._nbytes = 0
