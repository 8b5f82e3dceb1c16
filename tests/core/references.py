"""What masks and strings have to be, told by others: a slow decoder and encoder by the book, the SDK, pycocotools."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import groupby

import numpy as np
from encord.common.bitmask_operations import deserialise_bitmask, serialise_bitmask
from encord.objects.bitmask import BitmaskCoordinates
from numpy.typing import NDArray
from pycocotools import mask as coco

Bits = NDArray[np.bool_]

LARGEST = 2**28


class RefusedError(ValueError):
    """The string is not that of a mask of its size."""


def decoded(rle_string: str, height: int, width: int) -> bytes:
    """The pixels row by row, a byte each, 0 or 1; written from the description of the format, with Python's integers.

    Raises RefusedError. Costs what the string costs where it is refused, whatever size it claims.
    """
    if height < 1 or width < 1 or height * width > LARGEST:
        raise RefusedError("size")
    counts = counts_of(rle_string)
    if any(count < 0 for count in counts) or sum(counts) != height * width:
        raise RefusedError("runs")
    return b"".join(bytes([place % 2]) * count for place, count in enumerate(counts))


def counts_of(rle_string: str) -> list[int]:
    """The run lengths, the first of zeros."""
    counts: list[int] = []
    for place, number in enumerate(_numbers(rle_string)):
        counts.append(number + counts[place - 2] if place > 2 else number)
    if not counts:
        raise RefusedError("empty")
    return counts


def _numbers(rle_string: str) -> Iterator[int]:
    groups: list[int] = []
    for character in rle_string:
        code = ord(character) - 48
        if not 0 <= code < 64:
            raise RefusedError("character")
        groups.append(code % 32)
        if len(groups) > 7:
            raise RefusedError("too long")
        if code < 32:
            value = sum(group * 32**place for place, group in enumerate(groups))
            yield value - 32 ** len(groups) if code >= 16 else value
            groups = []
    if groups:
        raise RefusedError("unfinished")


def encoded(pixels: bytes) -> str:
    """The canonical string of pixels row by row, a byte each."""
    counts = [len(list(run)) for _, run in groupby(pixels)]
    return written([0, *counts] if pixels[0] else counts)


def written(counts: list[int]) -> str:
    """The canonical string of run lengths, which may be impossible ones."""
    differences = [count - counts[place - 2] if place > 2 else count for place, count in enumerate(counts)]
    return "".join(map(number_string, differences))


def number_string(value: int, digits: int = 1) -> str:
    """One number in as few characters as hold it, or in `digits` if that is more."""
    characters = ""
    while True:
        group, value = value % 32, value // 32
        digits -= 1
        if digits <= 0 and value == (-1 if group >= 16 else 0):
            return characters + chr(48 + group)
        characters += chr(48 + 32 + group)


def sdk_array(rle_string: str, height: int, width: int) -> Bits:
    """What the SDK decodes; only for strings known to be sound."""
    fields = {"top": 0, "left": 0, "height": height, "width": width, "rleString": rle_string}
    return np.array(BitmaskCoordinates.from_dict(fields))


def sdk_serialised(bits: Bits) -> tuple[str, bytes]:
    """What the SDK's functions for bytes make of an array, and what they make of that again."""
    rle_string = serialise_bitmask(bits.tobytes())
    return rle_string, deserialise_bitmask(rle_string, bits.size)


def sdk_string(bits: Bits) -> str:
    """What the SDK makes of an array."""
    return str(BitmaskCoordinates(np.ascontiguousarray(bits)).to_dict()["rleString"])


def coco_string(bits: Bits) -> str:
    """What pycocotools makes of the transposed array, whose column-major order is our row-major one."""
    return str(coco.encode(np.asfortranarray(bits.T.view(np.uint8)))["counts"].decode("ascii"))


def coco_array(rle_string: str, height: int, width: int) -> Bits:
    """What pycocotools decodes and we then transpose; only for strings known to be sound: others crash it."""
    with warnings.catch_warnings():
        # Its arrays do not know numpy 2's copy keyword.
        warnings.simplefilter("ignore", DeprecationWarning)
        pixels = coco.decode({"size": [width, height], "counts": rle_string.encode("ascii")})
    return np.ascontiguousarray(pixels.T).astype(np.bool_)
