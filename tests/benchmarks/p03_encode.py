"""P3: a mask to its string, against the SDK's way from a full frame; what it costs follows the crop, not the frame."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from encord.objects.bitmask import BitmaskCoordinates

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask
from tests.benchmarks import scenes
from tests.benchmarks.base import Result, interleaved
from tests.benchmarks.scenes import Bits

WHOLE_FRAME_LIMIT = 5
"""An object as large as its frame has no crop to gain by: no target, but watched."""


def run() -> list[Result]:
    results = []
    for size in ("4K", "8K"):
        height, width = scenes.SIZES[size]
        results.append(_against_sdk(f"encode smooth, half of {size} wide", _inside(height, width, scenes.smooth), 20))
        results.append(_against_sdk(f"encode thin, half of {size} wide", _inside(height, width, scenes.thin), 10))
        results.append(
            _against_sdk(f"encode every other pixel, half of {size} wide", _inside(height, width, scenes.speckle), 10)
        )
        results.append(_against_sdk(f"encode smooth, all of {size}", scenes.smooth(height, width), WHOLE_FRAME_LIMIT))
        results.append(_against_sdk(f"encode thin, all of {size}", scenes.thin(height, width), WHOLE_FRAME_LIMIT))
    return [*results, _small_frame_against_large()]


def _inside(height: int, width: int, draw: Callable[[int, int], Bits]) -> Bits:
    """A frame with an object half as wide and high in its middle."""
    frame = np.zeros((height, width), np.bool_)
    frame[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4] = draw(height // 2, width // 2)
    return frame


def _against_sdk(what: str, bits: Bits, limit: float) -> Result:
    height, width = bits.shape
    mask = Mask.of(Box.of_size(width, height), bits)
    timing = interleaved(lambda: mask.to_rle(height, width), lambda: BitmaskCoordinates(bits))
    return Result("P3", what, timing.speedup, limit, at_least=True, note=timing.note)


def _small_frame_against_large() -> Result:
    """The same object of 1,000 x 1,000 px."""
    mask = Mask.of(Box(50, 50, 1050, 1050), scenes.smooth(1000, 1000))
    large, small = scenes.SIZES["8K"], scenes.SIZES["1080p"]
    timing = interleaved(lambda: mask.to_rle(*large), lambda: mask.to_rle(*small), runs=9)
    what = "encode the same object on 8K, in times of 1080p"
    return Result("P3", what, timing.slowdown, 1.2, at_least=False, note=timing.note)
