"""P2: a hundred bitmasks of an 8K picture to crops that can be edited, against full frames of others."""

from __future__ import annotations

import numpy as np
from encord.objects.bitmask import BitmaskCoordinates

from bitmask_studio.core.mask import Mask
from tests.benchmarks import scenes
from tests.benchmarks.base import Result, interleaved, peak_bytes
from tests.benchmarks.scenes import Bits
from tests.core.references import coco_array, sdk_string

COUNT = 100
SDK_COUNT = 2
"""The SDK takes minutes for all; it takes as long for each."""


def run() -> list[Result]:
    height, width = scenes.SIZES["8K"]
    strings = [sdk_string(bits) for bits in scenes.blobs(height, width, COUNT)]

    def crops() -> list[Bits]:
        return [Mask.from_rle(each, height, width).bits for each in strings]

    def sdk_frames() -> None:
        for each in strings[:SDK_COUNT]:
            fields = {"top": 0, "left": 0, "height": height, "width": width, "rleString": each}
            np.array(BitmaskCoordinates.from_dict(fields))

    def coco_frames() -> None:
        for each in strings:
            coco_array(each, height, width)

    what = f"decode {COUNT} bitmasks of an 8K picture"
    sdk = interleaved(crops, sdk_frames, share=SDK_COUNT / COUNT)
    coco = interleaved(crops, coco_frames)
    memory = peak_bytes(crops) / sum(bits.nbytes for bits in crops())
    return [
        Result("P2", f"{what}, SDK", sdk.speedup, 5000, at_least=True, note=sdk.note),
        Result("P2", f"{what}, pycocotools", coco.speedup, 50, at_least=True, note=coco.note),
        Result("P2", f"{what}, peak memory in crops", memory, 2, at_least=False),
    ]
