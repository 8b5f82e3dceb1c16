"""A video through OpenCV: every frame before the one wanted is decoded, because its seeking guesses."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from bitmask_studio.sources.pictures.eight_bit import to_bgr
from bitmask_studio.sources.pictures.video_decoder import Pixels, Stopped, UnreadableError, turned


class OpencvDecoder:
    """Satisfies Decoder. Going back is opening the file again."""

    def __init__(self, path: Path) -> None:
        self._path = str(path.absolute())
        self._video = cv2.VideoCapture()
        self._open()
        width, height = self._whole(cv2.CAP_PROP_FRAME_WIDTH), self._whole(cv2.CAP_PROP_FRAME_HEIGHT)
        self.quarter_turns = -self._whole(cv2.CAP_PROP_ORIENTATION_META) // 90 % 4
        self.size = (height, width) if self.quarter_turns % 2 else (width, height)
        self.frames = max(self._whole(cv2.CAP_PROP_FRAME_COUNT), 0)

    def seek(self, number: int, stopped: Stopped) -> int:
        if number < self._next:
            self._open()
        return self._next

    def skip(self) -> bool:
        try:
            found = self._video.grab()
        except cv2.error:
            return False
        self._next += found
        return found

    def read(self) -> Pixels | None:
        try:
            found, stored = self._video.read()
            pixels = to_bgr(np.asarray(stored)) if found and stored is not None else None
        except cv2.error:
            return None
        self._next += found
        return None if pixels is None else turned(pixels, self.quarter_turns)

    def close(self) -> None:
        self._video.release()

    def _open(self) -> None:
        self._next = 0
        if not self._video.open(self._path, cv2.CAP_FFMPEG):
            raise UnreadableError
        self._video.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)

    def _whole(self, what: int) -> int:
        """A property of the video, 0 when it has none or nonsense."""
        value = self._video.get(what)
        return int(value) if abs(value) < 1 << 31 else 0
