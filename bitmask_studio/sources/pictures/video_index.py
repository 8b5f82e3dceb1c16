"""Where the frames of a video lie in time: from a frame's number to its timestamp and the keyframe to begin at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct


class Packet(Struct, frozen=True):
    """One compressed frame. Times in units of the stream's time base: when it is shown (pts) and decoded (dts)."""

    pts: int | None
    dts: int | None
    is_keyframe: bool


class VideoIndex(Struct, frozen=True):
    """The frames in the order in which they are shown, and those at which decoding can begin."""

    times: Sequence[int]
    """The pts of each frame, ascending."""
    starts: Sequence[int]
    """The numbers of the keyframes, ascending."""
    seek_times: Sequence[int]
    """For each keyframe the time to seek to, so that a container that seeks by dts does not land behind it."""

    def start(self, number: int) -> tuple[int, int]:
        """The last keyframe up to frame `number` and the time to seek to for it.

        Whatever is shown from a keyframe on needs nothing that was decoded before it.
        """
        at = max(bisect_right(self.starts, number) - 1, 0)
        return self.starts[at], self.seek_times[at]


def index_of(packets: Iterable[Packet]) -> VideoIndex | None:
    """The index of a stream's packets; None when their timestamps do not tell the frames apart."""
    found = list(packets)
    times = sorted(each.pts for each in found if each.pts is not None)
    keys = {each.pts: each.dts for each in found if each.is_keyframe and each.pts is not None}
    if not times or len(times) < len(found) or len(set(times)) < len(times) or times[0] not in keys:
        return None
    numbers = {time: number for number, time in enumerate(times)}
    starts = sorted(keys.items())
    seek_times = [pts if dts is None else min(pts, dts) for pts, dts in starts]
    return VideoIndex(times, [numbers[pts] for pts, _ in starts], seek_times)
