"""What SQLite has written ahead of a journal, where it was damaged: the pages after the damage are used all the same.

SQLite takes the first page that is not as it was written for the end, without a word. Where pages of the same file
follow it, either it was damaged since, or they are left over of a commit that failed, say on a full disk, and was made
anew: then they hold nothing that the pages before them do not.

Source: SQLite's file format, section 4, "The Write-Ahead Log".
"""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.studio.journal.schema import PAGE

_HEAD, _FRAME = 32, 24
"""Bytes of what stands before all pages, and before each."""
_MOST = 1 << 28
"""Bytes that are looked at; a journal that works writes far fewer ahead."""
_MAGIC = 0x377F0682
"""The last bit tells whether sums are made of big-endian words."""
_VERSION = 3007000
_PAIRS = (8 + PAGE) // 8
"""Pairs of words that a page adds to the sums: the begin of what stands before it, and its own."""
Words = NDArray[np.uint32]


def mended(path: Path) -> bytes | None:
    """What was written ahead of the journal at `path` without the pages that are damaged, unless nothing follows them.

    Raises OSError where that cannot be read.
    """
    ahead = Path(f"{path}-wal")
    if not ahead.is_file() or ahead.stat().st_size > _MOST:
        return None
    content = ahead.read_bytes()
    count = (len(content) - _HEAD) // (_FRAME + PAGE)
    if count < 1:
        return None
    frames = np.frombuffer(content, np.uint8, count * (_FRAME + PAGE), _HEAD).reshape(count, -1)
    marks = np.ascontiguousarray(frames[:, :_FRAME]).view(">u4").astype(np.uint32)
    is_big = content[3] & 1
    added = _added(frames, ">u4" if is_big else "<u4")
    head = struct.unpack(">8I", content[:_HEAD])
    is_head_whole = head[:3] == (_MAGIC | is_big, _VERSION, PAGE) and _summed(content[:24], is_big) == head[6:]
    sums = marks[:, 4:]
    before = np.vstack((np.array([head[6:]], np.uint32), sums[:-1]))
    is_whole = (_carried(before) + added == sums).all(axis=1)
    salts = np.array(head[4:6], np.uint32) if is_head_whole else _salts(marks[is_whole])
    if salts is None:
        return None
    is_whole &= (marks[:, 2:4] == salts).all(axis=1)
    good = np.flatnonzero(is_whole)
    if not len(good) or (is_head_whole and good[-1] + 1 == len(good)):
        return None
    return _written(frames[good], marks[good], added[good], salts, is_big)


def _written(frames: NDArray[np.uint8], marks: Words, added: Words, salts: Words, is_big: int) -> bytes:
    """A file of these pages, the sums made anew."""
    begin = struct.pack(">6I", _MAGIC | is_big, _VERSION, PAGE, 0, *salts.tolist())
    sums = np.array(_summed(begin, is_big), np.uint32)
    parts = [begin, sums.astype(">u4").tobytes()]
    for frame, mark, each in zip(frames, marks, added, strict=True):
        sums = _carried(sums[None])[0] + each
        parts += [mark[:4].astype(">u4").tobytes(), sums.astype(">u4").tobytes(), frame[_FRAME:].tobytes()]
    return b"".join(parts)


def _salts(marks: Words) -> Words | None:
    """Those of most pages."""
    if not len(marks):
        return None
    found, counts = np.unique(marks[:, 2:4], axis=0, return_counts=True)
    return np.asarray(found[counts.argmax()], np.uint32)


def _summed(data: bytes, is_big: int) -> tuple[int, int]:
    first = second = 0
    for x, y in struct.iter_unpack(">II" if is_big else "<II", data):
        first = (first + x + second) & 0xFFFFFFFF
        second = (second + y + first) & 0xFFFFFFFF
    return first, second


def _added(frames: NDArray[np.uint8], word: str) -> Words:
    """What each page adds to the two sums, (n, 2)."""
    data = np.concatenate((frames[:, :8], frames[:, _FRAME:]), axis=1).view(word).astype(np.uint32, copy=False)
    _, weights = _powers()
    return np.stack([(data * each).sum(axis=1, dtype=np.uint32) for each in weights], axis=1)


def _carried(sums: Words) -> Words:
    """What becomes of the sums before a page, (n, 2), by it."""
    (a, b, d), _ = _powers()
    first, second = sums[:, 0], sums[:, 1]
    return np.stack((a * first + b * second, b * first + d * second), axis=1)


@lru_cache(maxsize=1)
def _powers() -> tuple[tuple[np.uint32, np.uint32, np.uint32], Words]:
    """The sums after a page are linear in those before it and in its words, modulo 2^32: by what each is multiplied.

    A pair (x, y) makes of (s, t) s + t + x and s + 2t + x + y: the matrix [[1, 1], [1, 2]], whose powers are [[a, b],
    [b, d]].
    """
    a, b, d = 1, 0, 1
    weights = np.empty((2, 2 * _PAIRS), np.uint32)
    for pair in reversed(range(_PAIRS)):
        weights[:, 2 * pair] = (a + b) & 0xFFFFFFFF, (b + d) & 0xFFFFFFFF
        weights[:, 2 * pair + 1] = b, d
        a, b, d = (a + b) & 0xFFFFFFFF, (b + d) & 0xFFFFFFFF, (b + 2 * d) & 0xFFFFFFFF
    return (np.uint32(a), np.uint32(b), np.uint32(d)), weights
