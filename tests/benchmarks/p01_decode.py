"""P1: a bitmask's string to pixels, against the SDK's `to_numpy_array` and against filling fresh memory."""

from __future__ import annotations

import numpy as np
from encord.objects.bitmask import BitmaskCoordinates

from bitmask_studio.core.mask import Mask
from tests.benchmarks import scenes
from tests.benchmarks.base import Result, interleaved
from tests.benchmarks.scenes import Bits
from tests.core.references import sdk_string

HELD = 8
"""So many results are kept at a time: else the allocator hands out memory that is not fresh."""


def run() -> list[Result]:
    results = []
    for size, (height, width) in scenes.SIZES.items():
        results.append(_against_sdk(f"decode smooth {size}", scenes.smooth(height, width), 500))
        results.append(_against_sdk(f"decode thin {size}", scenes.thin(height, width), 200))
        results.append(_against_sdk(f"decode every other pixel {size}", scenes.speckle(height, width), 15))
    return [*results, _against_memset()]


def _against_sdk(what: str, bits: Bits, limit: float) -> Result:
    height, width = bits.shape
    rle_string = sdk_string(bits)
    fields = {"top": 0, "left": 0, "height": height, "width": width, "rleString": rle_string}
    coordinates = BitmaskCoordinates.from_dict(fields)
    timing = interleaved(lambda: Mask.from_rle(rle_string, height, width).bits, lambda: np.array(coordinates))
    return Result("P1", what, timing.speedup, limit, at_least=True, note=timing.note)


def _against_memset() -> Result:
    height, width = scenes.SIZES["4K"]
    rle_string = sdk_string(scenes.smooth(height, width))
    timing = interleaved(
        lambda: [Mask.from_rle(rle_string, height, width).bits for _ in range(HELD)],
        lambda: [np.full((height, width), 1, np.uint8) for _ in range(HELD)],
        runs=9,
    )
    what = "decode smooth 4K, in times of filling fresh memory"
    return Result("P1", what, timing.slowdown, 2.5, at_least=False, note=timing.note)
