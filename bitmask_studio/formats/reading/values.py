"""What readers of mask files have in common: how they refuse, and which values are mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr

Bits = NDArray[np.bool_]
Values = NDArray[Any]
CheckSize = Callable[[int, int], None]
"""Called with (width, height) px before anything of that size takes memory; raises InputError to refuse."""


def mask_of(values: Values) -> Bits:
    """bool (H, W): any value but 0, of (H, W) or (H, W, channels), the last of four channels being alpha.

    Alpha counts only when it alone varies. Raises InputError for values that are not numbers.
    """
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise not_numbers()
    if values.ndim == 2:
        return np.asarray(values != 0)
    colors, alpha = (values[..., :3], values[..., 3]) if values.shape[2] == 4 else (values, None)
    if alpha is not None and bool((alpha != alpha[0, 0]).any()) and not bool((colors != colors[0, 0]).any()):
        return np.asarray(alpha != 0)
    return np.asarray(colors.any(axis=2))


def not_numbers() -> InputError:
    return InputError(tr("it holds values that are not numbers (NaN)"))


def damaged() -> InputError:
    return InputError(tr("it is damaged or cut short"))


def decode(data: bytes | bytearray) -> Values:
    """The values as OpenCV decodes them, not turned. Raises InputError."""
    import cv2

    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        found = None
    if found is None:
        raise damaged()
    return np.asarray(found)
