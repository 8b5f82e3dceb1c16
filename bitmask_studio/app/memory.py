"""Has large blocks of memory given back to the system as soon as they are free."""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
"""Of glibc's `malloc.h`."""
_LARGE = 4 << 20
"""Bytes: pictures and their reductions are larger, tiles and masks are smaller and are made anew all the time."""


def give_back_large_blocks() -> None:
    """Keep glibc from raising the size, up to 32 MiB, below which it puts blocks between others and keeps their room.

    It does so by itself as blocks are freed (mallopt(3)): a picture of 8K then leaves over 50 MiB behind that nobody
    uses. Other systems' allocators have no such switch, and are left alone.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt:
            mallopt(_M_MMAP_THRESHOLD, _LARGE)
