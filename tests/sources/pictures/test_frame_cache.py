"""The frames that are kept: bounded by bytes, the longest unused going first."""

from __future__ import annotations

import numpy as np

from bitmask_studio.sources.pictures.frame_cache import FrameCache, Pixels


def frame(value: int, size: int = 10) -> Pixels:
    return np.full((1, size, 1), value, np.uint8)


def test_the_frame_that_was_not_asked_for_longest_goes() -> None:
    cache = FrameCache(30)
    for number in range(3):
        cache.put(number, frame(number))
    cache.get(0)
    cache.put(3, frame(3))
    assert [number in cache for number in range(4)] == [True, False, True, True]
    assert (cache.get(1), cache.nbytes) == (None, 30)


def test_one_frame_is_kept_however_large() -> None:
    cache = FrameCache(5)
    cache.put(0, frame(0))
    cache.put(1, frame(1))
    assert (0 in cache, 1 in cache, cache.nbytes) == (False, True, 10)


def test_a_frame_put_twice_counts_once() -> None:
    cache = FrameCache(100)
    cache.put(0, frame(1))
    cache.put(0, frame(2, 20))
    found = cache.get(0)
    assert found is not None
    assert (found[0, 0, 0], cache.nbytes) == (2, 20)
    cache.clear()
    assert (cache.get(0), cache.nbytes) == (None, 0)
