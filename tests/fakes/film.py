"""A row of many frames with its pictures in memory, as a video is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace

from bitmask_studio.core.errors import PictureError, StudioError
from bitmask_studio.core.labels import Frame, LabelRow, RowInfo
from bitmask_studio.sources.base import Picture
from tests.fakes.memory_source import MemorySource, a_frame, a_row, an_object, stored

WIDTH, HEIGHT = 60, 40


class Reel(tuple[Frame, ...]):
    """Frames that know which of them have labels and how fast they run."""

    speed: float | None = None

    def rate(self, position: int) -> float | None:
        return self.speed

    @property
    def labelled(self) -> Sequence[int]:
        return [position for position, frame in enumerate(self) if frame.objects]


def a_film(objects: Sequence[str], rate: float | None = None, key: str = "film") -> LabelRow:
    """A frame for each text; each letter of it is an object's hash, bottom first."""
    bits = np.zeros((HEIGHT, WIDTH), np.bool_)
    bits[10:20, 10:20] = True
    mask = stored(bits)
    frames = (
        a_frame(*(an_object(name, mask) for name in names), number=n, width=WIDTH, height=HEIGHT)
        for n, names in enumerate(objects)
    )
    reel = Reel(replace(frame, position=frame.number, title="film.mp4") for frame in frames)
    reel.speed = rate
    row = a_row(key, *reel)
    return replace(row, frames=reel)


@dataclass
class Cinema(MemorySource):
    """Each picture's first pixel is its frame's number. `read` lists the frames asked for."""

    seconds: float = 0.0
    """How long each picture takes."""
    missing: frozenset[int] = frozenset()
    breaks_at: int | None = None
    """The frame whose picture fails in a way that nobody foresaw."""
    read: list[int] = field(default_factory=list)

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        self.read.append(frame.number)
        time.sleep(self.seconds)
        if frame.number == self.breaks_at:
            raise StudioError("the cinema burns")
        if frame.number in self.missing:
            raise PictureError(f"frame {frame.number} is missing")
        return Picture(np.full((frame.height, frame.width, 3), frame.number % 256, np.uint8))
