"""Masks of any pixels, for properties that hold of all of them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.mask import Mask

FRAME = Box.of_size(300, 200)


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    """Random pixels in a random box of the frame; sometimes nothing."""
    x, y = draw(st.integers(0, 280)), draw(st.integers(0, 180))
    width, height = draw(st.integers(1, 300 - x)), draw(st.integers(1, 200 - y))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    return Mask.of(
        Box(x, y, x + width, y + height), random.random((height, width)) < draw(st.sampled_from([0, 0.1, 0.9]))
    )
