"""Single frames of a video file, exact: frame k is the k-th that its decoder gives out, none is guessed by seeking."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from bitmask_studio.core.errors import PictureError
from bitmask_studio.core.text import tr
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.pictures.decode import size_words
from bitmask_studio.sources.pictures.frame_cache import FrameCache, Pixels
from bitmask_studio.sources.pictures.video_decoder import (
    Decoder,
    LostPlaceError,
    StoppedError,
    UnreadableError,
    turned,
)
from bitmask_studio.sources.reasons import reason_of

MAX_CACHE_BYTES = 256 << 20
_KEPT_AHEAD, _KEPT_BACK = 8, 64
"""Frames kept before the one that is asked for, when going ahead and when going back."""
_FAR = 250
"""Frames to go from which on a closed video is given up."""


class VideoReader:
    """Keeps the place in one video and the frames around it. May be used from several threads at once."""

    def __init__(self, path: Path, max_cache_bytes: int = MAX_CACHE_BYTES) -> None:
        self.path = path
        self._cache = FrameCache(max_cache_bytes)
        self._decoder: Decoder | None = None
        self._quarter_turns = 0
        self._last = 0
        self._ends: int | None = None
        """The number of frames, once the last has been passed."""
        self._lock = Lock()
        self._closing = False

    def cached(self, number: int) -> bool:
        """Whether a frame is at hand, so that asking for it does not wait for the decoder."""
        return number in self._cache

    def frame(self, number: int, width: int, height: int) -> Picture:
        """Frame `number`, counted from 0. Raises PictureError when there is none of (width, height) px."""
        pixels = self._cache.get(number)
        if pixels is None:
            with self._lock:
                self._closing = False
                try:
                    pixels = self._cache.get(number)
                    pixels = self._decode(number, (width, height)) if pixels is None else pixels
                except UnreadableError as error:
                    self._closing = True
                    text = tr("{name} is damaged, or no video of a kind that can be shown.")
                    raise PictureError(text.format(name=self.path.name)) from error
                finally:
                    if self._closing:
                        self._release()
        return Picture(self._fitting(pixels, (width, height)))

    def close(self) -> None:
        """Let go of the file, at once or when the frame that is being decoded is there; never waits.

        Another `frame` opens the video again.
        """
        self._closing = True
        if self._lock.acquire(blocking=False):
            try:
                self._release()
            finally:
                self._lock.release()

    def _decode(self, number: int, size: tuple[int, int]) -> Pixels:
        decoder = self._decoder = self._decoder or self._open()
        self._quarter_turns = decoder.quarter_turns
        if size not in (decoder.size, decoder.size[::-1]):
            raise PictureError(size_words(self.path.name, decoder.size, size))
        if number < 0 or (self._ends is not None and number >= self._ends):
            raise self._missing(number, decoder)
        try:
            found = self._walk(decoder, number)
        except LostPlaceError:
            self._cache.clear()
            found = self._walk(decoder, number)
        except StoppedError:
            found = False
        self._last = number
        pixels = self._cache.get(number) if found else None
        if pixels is None:
            raise self._missing(number, decoder)
        return pixels

    def _walk(self, decoder: Decoder, number: int) -> bool:
        """Decode up to a frame and keep what is likely to be asked for next; False when there is no such frame."""
        behind = self._kept_behind(decoder.size, _KEPT_BACK if number < self._last else _KEPT_AHEAD)
        for each in range(decoder.seek(number, lambda: self._closing), number + 1):
            if self._closing and number - each > _FAR:
                return False
            if each < number - behind or (each < number and each in self._cache):
                found = decoder.skip()
            else:
                pixels = decoder.read()
                found = pixels is not None
                if pixels is not None:
                    self._cache.put(each, pixels)
            if not found:
                self._ends = each
                return False
        return True

    def _kept_behind(self, size: tuple[int, int], most: int) -> int:
        """At most half of what there is room for."""
        return min(self._cache.max_bytes // 2 // (size[0] * size[1] * 3 or 1), most)

    def _open(self) -> Decoder:
        try:
            with self.path.open("rb"):
                return open_decoder(self.path)
        except OSError as error:
            text = tr("{name} cannot be read: {reason}.")
            raise PictureError(text.format(name=self.path.name, reason=reason_of(error))) from error

    def _missing(self, number: int, decoder: Decoder) -> PictureError:
        """Why there is no such frame, in words for the user."""
        if self._closing:
            text = tr("{name} was closed before frame {number} was read.")
        elif 0 <= number < decoder.frames:
            text = tr("{name} is damaged or cut short: it has no frame {number}.")
        else:
            text = tr("{name} has no frame {number}.")
        return PictureError(text.format(name=self.path.name, number=number))

    def _fitting(self, pixels: Pixels, size: tuple[int, int]) -> Pixels:
        """The pixels upright, or as they are stored where the label row counts them so."""
        height, width = pixels.shape[:2]
        if (width, height) != size and (height, width) == size and self._quarter_turns % 2:
            pixels, width, height = turned(pixels, -self._quarter_turns), height, width
        if (width, height) != size:
            raise PictureError(size_words(self.path.name, (width, height), size))
        return pixels

    def _release(self) -> None:
        decoder, self._decoder = self._decoder, None
        if decoder:
            decoder.close()
        self._cache.clear()
        self._ends = None


def open_decoder(path: Path) -> Decoder:
    """PyAV where it is installed and takes the file, else OpenCV. Raises UnreadableError."""
    from bitmask_studio.sources.pictures.video_opencv import OpencvDecoder

    try:
        from bitmask_studio.sources.pictures.video_av import AvDecoder

        return AvDecoder(path)
    except (ImportError, UnreadableError):
        return OpencvDecoder(path)
