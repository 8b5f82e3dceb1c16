"""Reading values whose kind nobody promised: each function answers what was asked for, or says that it is not there."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from bitmask_studio.core.rle import MAX_PIXELS
from bitmask_studio.core.text import tr

MAX_FRAMES = 1_000_000
_FRAME_KEY = re.compile(r"0|[1-9][0-9]{0,8}")


def text(value: object) -> str:
    """The text, or the empty one."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """The whole number; a bool, a float or a text is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def finite(value: object) -> float | None:
    """The number as a float, unless it is NaN, infinite, larger than any float or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def table(value: object) -> Mapping[str, Any]:
    """The JSON object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> list[Any]:
    """The JSON list, or an empty one."""
    return value if isinstance(value, list) else []


def size(width: object, height: object) -> tuple[int, int] | None:
    """Width and height in px, when both make a picture that this program handles."""
    w, h = whole(width), whole(height)
    if w is None or h is None or w < 1 or h < 1 or w * h > MAX_PIXELS:
        return None
    return w, h


def size_flaw(width: object, height: object) -> str:
    """Why `size` takes these for none, in words for the user."""
    w, h = whole(width), whole(height)
    if w is not None and h is not None and w > 0 and h > 0:
        text = tr("Its picture would have {width} x {height} px; pictures of up to {most} px are handled.")
        return text.format(width=_number(w), height=_number(h), most=_number(MAX_PIXELS))
    if width is None and height is None:
        return tr("It does not say how large its picture is.")
    return tr("The width and height that it gives for its picture are no whole numbers of px.")


def frame_number(key: str) -> int | None:
    """The frame that a key of keyed labels stands for, None when it is no such key."""
    return int(key) if _FRAME_KEY.fullmatch(key) else None


def _number(value: int) -> str:
    """A number whose thousands are set apart, unless it is longer than anybody reads."""
    return f"{value:,}" if value < 10**15 else tr("very many")


def sequence(value: object) -> int | None:
    """`int(data_sequence)`: exports hold it as a number or as a text."""
    if isinstance(value, str):
        return frame_number(value)
    number = whole(value)
    return number if number is not None and number >= 0 else None


def frame_count(duration: object, fps: object) -> int:
    """Frames of a video of `duration` s, 0 when that cannot be told or is beyond belief."""
    seconds, rate = finite(duration), finite(fps)
    if seconds is None or rate is None or not 0 <= seconds * rate <= MAX_FRAMES:
        return 0
    return math.ceil(seconds * rate - 1e-6)
