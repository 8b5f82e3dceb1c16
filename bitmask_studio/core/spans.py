"""The pixels of a decoded mask kept small: the spans of its rows, or bits where those take less.

Both are read without making more pixels than are asked for, by any number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core import rle
from bitmask_studio.core.geometry import Box

Bits = NDArray[np.bool_]
Ends = NDArray[np.int16] | NDArray[np.int32]

FEW = 1 << 12
"""So many pixels are kept as they are: nothing is saved by anything else."""

WIDE = 1 << 15
"""From this on a column takes more than 16 bits."""
NARROW = 32
"""Bits that a span of a narrower mask takes."""
_FAR = 1 << 29
"""A column that no mask has."""
_COMPARED = 1 << 15
"""Pixels times ends of a row up to which comparing each pixel with each end is quicker than repeating values."""


class Spans(Struct, frozen=True, eq=False):
    """Pixels (height, width) as the columns at which they change: (height, 2 * n), the first of a row to True.

    A row with fewer than `n` spans ends with empty ones at `width`.
    """

    ends: Ends
    width: int

    @classmethod
    def of(cls, runs: rle.Runs, box: Box) -> Spans | None:
        """The spans of some runs within `box`, their tight one; None where bits would take less."""
        most = box.width // (NARROW if box.width < WIDE else 2 * NARROW)
        if len(runs.starts) > most * box.height:
            return None
        rows, pairs = _by_rows(runs, box)
        counts = np.bincount(rows, minlength=box.height)
        several = int(counts.max())
        if several > most:
            return None
        if several == 1 and len(rows) == box.height:
            return cls(pairs, box.width)
        ends = np.full((box.height, several, 2), box.width, pairs.dtype)
        _as_one(ends)[np.arange(several) < counts[:, None]] = _as_one(pairs)
        return cls(ends.reshape(box.height, -1), box.width)

    @property
    def area(self) -> int:
        """Number of pixels set."""
        return int(self.ends[:, 1::2].sum(dtype=np.int64) - self.ends[:, 0::2].sum(dtype=np.int64))

    def holds(self, column: int, row: int) -> bool:
        """Whether a pixel is set."""
        return bool(np.count_nonzero(self.ends[row] <= column) & 1)

    def read(self, rows: slice, columns: slice) -> Bits:
        """A new array of some of the pixels: of every so many rows and columns, where the slices have steps.

        Slices without steps may reach outside, where no pixel is set.
        """
        ends = self._rows(rows)
        across = np.arange(columns.start, columns.stop, columns.step or 1, dtype=np.int32)
        if len(across) * ends.size > _COMPARED:
            widths = np.full(len(ends), len(across), np.int32)
            return _repeated(ends.astype(np.int32), np.int32(columns.start), columns.step or 1, widths).reshape(
                -1, len(across)
            )
        across = across.astype(ends.dtype) if columns.stop < WIDE else across
        bits: Bits = across >= ends[:, :1]
        for number in range(1, ends.shape[1]):
            bits ^= across >= ends[:, number : number + 1]
        return bits

    def _rows(self, rows: slice) -> Ends:
        """The ends of some rows."""
        if rows.start >= 0 and rows.stop <= len(self.ends):
            return self.ends[rows]
        first, last = max(rows.start, 0), min(rows.stop, len(self.ends))
        ends = np.full((rows.stop - rows.start, self.ends.shape[1]), self.width, self.ends.dtype)
        if first < last:
            ends[first - rows.start : last - rows.start] = self.ends[first:last]
        return ends

    def edges(self, box: Box, width: int) -> rle.Offsets:
        """Flat offsets at which the mask changes in a frame of `width` in which the pixels lie at `box`."""
        origins = np.arange(box.y0, box.y1, dtype=np.int32) * np.int32(width) + np.int32(box.x0)
        edges = (self.ends + origins[:, None]).reshape(-1, 2)[self.ends.reshape(-1, 2)[:, 0] < self.width].reshape(-1)
        return rle.without_empty_runs(edges) if box.width == width else edges


class Octets(Struct, frozen=True, eq=False):
    """Pixels as the bits of bytes, the first of eight the highest; a row begins with a new byte."""

    octets: NDArray[np.uint8]

    def read(self, rows: slice, columns: slice) -> Bits:
        """As `Spans.read`."""
        if columns.step and columns.step > 1:
            across = np.arange(columns.start, columns.stop, columns.step)
            found = self.octets[rows].take(across >> 3, axis=1) & (128 >> (across & 7)).astype(np.uint8)
            return np.asarray(found != 0)
        first = columns.start >> 3
        bits = np.unpackbits(self.octets[rows, first : (columns.stop + 7) >> 3], axis=1).view(np.bool_)
        return bits[:, columns.start - 8 * first : columns.stop - 8 * first]


def kept(runs: rle.Runs, box: Box) -> Bits | Spans | Octets:
    """The pixels of `box`, the tight one of the runs, in the form that takes least."""
    if box.area <= FEW:
        return rle.filled(runs, box)
    spans = Spans.of(runs, box)
    return spans if spans is not None else Octets(np.packbits(rle.filled(runs, box), axis=1))


SIMPLE = 8
"""Ends in a row of the spans that are read with many others."""


def read_many(tables: Sequence[Ends], first: NDArray[np.int64], counts: NDArray[np.int64], step: int) -> Iterator[Bits]:
    """As `Spans.read` of many, of each the rows with these ends, and `counts` columns from `first` on, `step` apart."""
    if not tables:
        return
    heights = np.array([len(table) for table in tables])
    ends = _joined(tables, heights)
    widths = np.repeat(counts.astype(np.int32), heights)
    bits = _repeated(ends, np.repeat(first.astype(np.int32), heights)[:, None], step, widths)
    stops = np.cumsum(heights * counts)
    for height, width, stop in zip(heights.tolist(), counts.tolist(), stops.tolist(), strict=True):
        yield bits[stop - height * width : stop].reshape(height, width)


def _joined(tables: Sequence[Ends], heights: NDArray[np.int64]) -> NDArray[np.int32]:
    """All rows in turn, those with fewer ends than others ending with empty spans."""
    numbers = np.array([table.shape[1] for table in tables])
    if (numbers == numbers[0]).all():
        return np.concatenate(tables, dtype=np.int32)
    ends = np.full((int(heights.sum()), int(numbers.max())), _FAR, np.int32)
    for number in set(numbers.tolist()):  # np.unique would import the masked arrays, which takes long
        rows = np.flatnonzero(np.repeat(numbers == number, heights))
        ends[rows, :number] = np.concatenate([table for table in tables if table.shape[1] == number])
    return ends


def _by_rows(runs: rle.Runs, box: Box) -> tuple[NDArray[np.int32], Ends]:
    """The row of each span, and its ends, (n, 2); a run that goes on in the next row is cut where the row ends."""
    width = np.int32(runs.width)
    edges = _cut(runs, width) if box.width == runs.width else runs.edges
    starts = np.ascontiguousarray(edges[0::2])
    rows = starts // width
    origins = rows * width + np.int32(box.x0)
    pairs = np.empty((len(rows), 2), np.int16 if box.width < WIDE else np.int32)
    pairs[:, 0], pairs[:, 1] = starts - origins, edges[1::2] - origins
    return rows - np.int32(box.y0), pairs


def _cut(runs: rle.Runs, width: np.int32) -> rle.Offsets:
    """The edges of the runs, with an end and a beginning where a row ends inside a run."""
    rows, lasts = np.ascontiguousarray(runs.starts) // width, (runs.ends - 1) // width
    across = np.flatnonzero(rows != lasts)
    if not len(across):
        return runs.edges
    times = (lasts - rows)[across]
    owners = np.repeat(across, times)
    nth = np.arange(1, len(owners) + 1) - np.repeat(np.cumsum(times) - times, times)
    return np.insert(runs.edges, np.repeat(2 * owners + 1, 2), np.repeat((rows[owners] + nth) * width, 2))


def _as_one(pairs: Ends) -> NDArray[np.unsignedinteger]:
    """The same memory without its last axis, of length 2: each pair as one number, to be moved as one."""
    whole: NDArray[np.unsignedinteger] = pairs.view(np.uint32 if pairs.dtype == np.int16 else np.uint64)
    return whole[..., 0]


def _repeated(
    ends: NDArray[np.int32], first: NDArray[np.int32] | np.int32, step: int, widths: NDArray[np.int32]
) -> Bits:
    """The pixels of rows, one after the other: of each so many at every `step`-th column from its first one on.

    `ends`, which is written to, tells by how many of these pixels lie before each end where they change.
    """
    ends -= first
    if step > 1:
        ends += step - 1
        ends //= step
    np.minimum(np.maximum(ends, 0, out=ends), widths[:, None], out=ends)
    after = np.cumsum(widths, dtype=np.int32)
    ends += (after - widths)[:, None]
    return rle.repeated(ends.reshape(-1), int(after[-1]) if len(after) else 0)
