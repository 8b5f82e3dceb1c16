"""Small videos in which each frame shows its own number."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
WIDTH, HEIGHT = 64, 48
HAS_PYAV = importlib.util.find_spec("av") is not None


def numbered(number: int) -> Pixels:
    """A picture of WIDTH x HEIGHT whose eight upper blocks are the number's binary digits, the lowest on the left."""
    pixels = np.full((HEIGHT, WIDTH, 3), 20, np.uint8)
    pixels[HEIGHT // 2 :] = (60, 110, 160)
    for bit in range(8):
        if number >> bit & 1:
            pixels[: HEIGHT // 2, bit * 8 : bit * 8 + 8] = 235
    return pixels


def number_in(pixels: Pixels) -> int:
    """Which frame a picture is."""
    return sum(1 << bit for bit in range(8) if pixels[6:18, bit * 8 + 2 : bit * 8 + 6].mean() > 128)


def write_video(path: Path, count: int, codec: str = "mp4v", rate: float = 25.0) -> Path:
    """Frames 0 to count - 1 at a constant rate, written by OpenCV."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*codec), rate, (WIDTH, HEIGHT))  # type: ignore[attr-defined]
    assert writer.isOpened()
    for number in range(count):
        writer.write(numbered(number))
    writer.release()
    return path


def write_irregular(path: Path, times: Sequence[int], codec: str = "libx264", **options: str) -> Path:
    """A frame at each of the times, in ms, ascending; written by PyAV, which has to be there."""
    from fractions import Fraction

    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(numbered(number), format="bgr24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def turn(path: Path) -> Path:
    """Say in an MP4 file that it is to be shown turned clockwise by a quarter."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40
    one, zero, whole = (1 << 16).to_bytes(4), bytes(4), (1 << 30).to_bytes(4)
    minus = (-1 << 16).to_bytes(4, signed=True)
    right = HEIGHT << 16
    data[matrix : matrix + 36] = b"".join((zero, one, zero, minus, zero, zero, right.to_bytes(4), zero, whole))
    path.write_bytes(data)
    return path
