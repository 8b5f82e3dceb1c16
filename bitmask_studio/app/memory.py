"""Has memory given back to the system when it is free."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_M_MMAP_THRESHOLD = -3
"""Of glibc's `malloc.h`."""
_LARGE = 4 << 20
"""Bytes: pictures and their reductions are larger, tiles and masks are smaller and are made anew all the time."""


def give_back_large_blocks() -> None:
    """Keep glibc from raising the size, up to 32 MiB, below which it puts blocks between others and keeps their room.

    It does so by itself as blocks are freed (mallopt(3)): a picture of 8K then leaves over 50 MiB behind that nobody
    uses. Other systems' allocators have no such switch, and are left alone.
    """
    _call_glibc("mallopt", _M_MMAP_THRESHOLD, _LARGE)


def give_back_free_memory() -> None:
    """Return what lies free between small blocks (malloc_trim(3)); takes milliseconds, and blocks who allocates."""
    _call_glibc("malloc_trim", 0)


def held() -> int:
    """Bytes of memory that the process holds; 0 where the system is not asked for them."""
    if sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _call_glibc(name: str, *numbers: int) -> None:
    if sys.platform == "linux":
        function = getattr(ctypes.CDLL(None), name, None)  # musl has neither
        if function:
            function(*numbers)
