"""A video through PyAV: an index of timestamps leads to the keyframe before any frame, exact at variable rates too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError

from bitmask_studio.sources.pictures.video_decoder import (
    LostPlaceError,
    Pixels,
    Stopped,
    StoppedError,
    UnreadableError,
    turned,
)
from bitmask_studio.sources.pictures.video_index import Packet, VideoIndex, index_of

_NEAR = 16
"""Frames ahead up to which going on is cheaper than looking for a keyframe."""


class AvDecoder:
    """Satisfies Decoder.

    Every decoded frame is held against the index. Where they do not agree, the index is never used again and frames
    are counted from the first.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path.absolute())
        self._index: VideoIndex | None = None
        self._is_indexed = False
        self._frames: Iterator[av.VideoFrame]
        self._rewind()
        self.frames = self._stream.frames
        first = next(self._frames, None)
        if first is None:
            raise UnreadableError
        self._frames = chain((first,), self._frames)
        self.quarter_turns = round(first.rotation / 90) % 4
        self.size = (first.height, first.width) if self.quarter_turns % 2 else (first.width, first.height)

    def seek(self, number: int, stopped: Stopped) -> int:
        if self._next <= number <= self._next + _NEAR:
            return self._next
        if not self._is_indexed:
            self._index = self._read_index(stopped)
            self._is_indexed = True
        if self._index is None:
            return self._next if self._next <= number else self._rewind()
        start, time = self._index.start(number)
        if start <= self._next <= number:
            return self._next
        return self._begin_at(start, time, self._index)

    def skip(self) -> bool:
        return self._pull() is not None

    def read(self) -> Pixels | None:
        frame = self._pull()
        if frame is None:
            return None
        try:
            return turned(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8), self.quarter_turns)
        except (FFmpegError, ValueError):
            return None

    def close(self) -> None:
        self._frames = iter(())
        self._container.close()

    def _pull(self) -> av.VideoFrame | None:
        """The next frame out of the decoder."""
        frame = next(self._frames, None)
        if frame is not None:
            if self._index and (self._next >= len(self._index.times) or frame.pts != self._index.times[self._next]):
                raise self._lost()
            self._next += 1
        return frame

    def _begin_at(self, start: int, time: int, index: VideoIndex) -> int:
        """Seek to a keyframe; what the decoder gives out before it is incomplete."""
        try:
            self._container.seek(time, stream=self._stream)
        except FFmpegError:
            raise self._lost() from None
        frames = self._decoded()
        for frame in frames:
            if frame.pts == index.times[start]:
                self._frames, self._next = chain((frame,), frames), start
                return start
            if frame.pts is None or frame.pts > index.times[start]:
                break
        raise self._lost()

    def _lost(self) -> LostPlaceError:
        self._index = None
        self._rewind()
        return LostPlaceError()

    def _rewind(self) -> int:
        """Open the file at its beginning."""
        try:
            self._container = av.open(self._path, metadata_errors="ignore", options={"protocol_whitelist": "file"})
            self._stream = self._container.streams.video[0]
        except (FFmpegError, IndexError, OSError, ValueError) as error:
            raise UnreadableError from error
        self._stream.thread_type = "AUTO"
        self._frames, self._next = self._decoded(), 0
        return 0

    def _decoded(self) -> Iterator[av.VideoFrame]:
        """Frames in the order in which they are shown; what is damaged is left out, as OpenCV does."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                frames = packet.decode()
            except FFmpegError as error:
                if isinstance(error, EOFError):
                    return
                continue
            yield from frames

    def _read_index(self, stopped: Stopped) -> VideoIndex | None:
        """Go through the packets of the whole file without decoding any."""
        try:
            with av.open(self._path, metadata_errors="ignore", options={"protocol_whitelist": "file"}) as container:
                return index_of(_packets(container.demux(container.streams.video[0]), stopped))
        except FFmpegError:
            return None


def _packets(packets: Iterator[av.Packet[av.VideoStream]], stopped: Stopped) -> Iterator[Packet]:
    for each in packets:
        if stopped():
            raise StoppedError
        if each.size and not each.is_discard:
            yield Packet(each.pts, each.dts, each.is_keyframe)
