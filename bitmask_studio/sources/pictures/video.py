"""Single frames of a video file, exact: the decoder passes every frame before, none is guessed by seeking."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

import numpy as np

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.pictures.decode import size_words, to_bgr


class VideoReader:
    """Keeps the place in one video, so that the next frame costs one frame."""

    def __init__(self, path: Path) -> None:
        import cv2

        self.path = path
        self._video = cv2.VideoCapture(str(path))
        self._next = 0
        self._lock = Lock()

    def frame(self, number: int, width: int, height: int) -> Picture:
        """Frame `number`, counted from 0. Raises PictureError when there is none of (width, height) px."""
        with self._lock:
            if number < self._next:
                self._video.open(str(self.path))
                self._next = 0
            while self._next < number and self._video.grab():
                self._next += 1
            found, stored = self._video.read() if self._next == number else (False, None)
            self._next += found
        if not found or stored is None:
            raise PictureError(tr("{name} has no frame {number}.").format(name=self.path.name, number=number))
        pixels = to_bgr(np.asarray(stored))
        if pixels.shape[:2] != (height, width):
            raise PictureError(size_words(self.path.name, (pixels.shape[1], pixels.shape[0]), (width, height)))
        return Picture(pixels)

    def close(self) -> None:
        with self._lock:
            self._video.release()
