"""The masks of many short strings, decoded in one go: a frame of a thousand objects costs a few dozen operations.

What is unusual about a string - it is damaged, long, empty, or its pixels reach from side to side - is left to
`Mask.from_rle`, which all of it agrees with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core import rle
from bitmask_studio.core.errors import RleError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Bitmask
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.spans import FEW, NARROW, WIDE, Spans, kept

_SHORT, _LONG = 8, 1 << 13
"""Letters of a string that surely has two numbers, and of one that gains nothing by being read with others."""
_LARGE = 1 << 16
"""Ends of the rows of a mask that is not read with others."""

Numbers = NDArray[np.int64]


def mask_of(each: Bitmask) -> Mask | RleError:
    """The mask of a string, or what is wrong with it."""
    try:
        return Mask.from_rle(each.rle_string, each.height, each.width, each.top, each.left)
    except RleError as error:
        return error


def masks_of(stored: Sequence[Bitmask], wanted: Callable[[], bool] = lambda: True) -> list[Mask | RleError]:
    """The mask of each, or what is wrong with it; of the first ones only, once they are not `wanted` any more."""
    found: list[Mask | RleError] = []
    for piece in _pieces(stored):
        if not wanted():
            break
        found += _together(piece) or map(mask_of, piece)
    return found


def _pieces(stored: Sequence[Bitmask]) -> Iterator[Sequence[Bitmask]]:
    """All of them in turn: those that can be read together, and one by one those between."""
    begin = letters = 0
    for at, each in enumerate(stored):
        length = _letters(each.rle_string)
        if not length or letters + length > rle.PIECE:
            if begin < at:
                yield stored[begin:at]
            begin, letters = at, 0
        letters += length
        if not length:
            yield stored[at : at + 1]
            begin = at + 1
    if begin < len(stored):
        yield stored[begin:]


def _letters(rle_string: object) -> int:
    """How many a string has that is to be read with others, else 0."""
    length = len(rle_string) if isinstance(rle_string, str) else 0
    return length if _SHORT <= length <= _LONG else 0


def _together(piece: Sequence[Bitmask]) -> list[Mask | RleError]:
    """The masks of a piece; nothing at all where there is anything to look into closely."""
    if len(piece) < 2:
        return []
    try:
        for each in piece:
            rle.check_size(each.height, each.width)
            rle.check_place(each.top, each.left)
        numbers = _Numbers.of([each.rle_string for each in piece])
    except RleError:
        return []
    heights, widths = (np.array(side) for side in zip(*((each.height, each.width) for each in piece), strict=True))
    runs = _Runs.of(numbers, heights * widths, widths) if numbers else None
    return list(_masks(piece, runs)) if runs else []


class _Numbers(Struct, frozen=True, eq=False):
    """The lengths of the runs of several strings, none of them empty but perhaps the first zeros of each."""

    zeros: Numbers
    """The first one of each string."""
    pairs: NDArray[np.int32]
    """Then ones and zeros in turn, (n, 2); the last zeros are 0 where a string ends with ones."""
    firsts: Numbers
    """Where the pairs of each string begin."""
    counts: Numbers
    """How many pairs each has, at least one."""

    @classmethod
    def of(cls, strings: Sequence[str]) -> _Numbers | None:
        """None where one of them is damaged or has empty runs. Raises RleError as `rle.parse`."""
        codes = rle.codes_of("".join(strings))
        stops = np.cumsum([len(each) for each in strings])
        lasts = codes < rle.ZERO_MORE
        if not lasts[stops - 1].all():
            return None
        numbers = rle.numbers_of(codes)
        ends = np.cumsum(lasts)[stops - 1]
        lengths = np.diff(ends, prepend=0)
        counts = lengths // 2
        firsts = np.cumsum(counts) - counts
        rest = np.ones(len(numbers), np.bool_)
        rest[ends - lengths] = False
        odd = lengths % 2 == 0
        deltas = np.insert(numbers[rest], np.cumsum(lengths - 1)[odd], 0) if odd.any() else numbers[rest]
        pairs = deltas.reshape(-1, 2)
        for chain in (pairs[:, 0], pairs[:, 1]):
            np.cumsum(chain, dtype=np.int32, out=chain)
        pairs = _since(pairs, firsts, counts)
        pairs[(firsts + counts - 1)[odd], 1] = 1
        zeros = numbers[ends - lengths]
        if pairs.min() < 1 or zeros.min() < 0:
            return None
        pairs[(firsts + counts - 1)[odd], 1] = 0
        return cls(zeros.astype(np.int64), pairs, firsts, counts)


def _since(sums: NDArray[np.int32], firsts: Numbers, counts: Numbers) -> NDArray[np.int32]:
    """Running sums that begin anew with each string; as in `rle`, what no longer fits 32 bits is found out by them."""
    before = np.zeros((len(firsts), *sums.shape[1:]), sums.dtype)
    before[1:] = sums[firsts[1:] - 1]
    found: NDArray[np.int32] = sums - np.repeat(before, counts, axis=0)
    return found


class _Runs(Struct, frozen=True, eq=False):
    """The runs of ones of several strings."""

    edges: NDArray[np.int32]
    """(n, 2): where each begins and ends in its frame, flat."""
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    """(n, 2): as the edges, within the row where the run begins."""
    firsts: Numbers
    counts: Numbers

    @classmethod
    def of(cls, numbers: _Numbers, sizes: Numbers, widths: Numbers) -> _Runs | None:
        """None where those of a string do not add up to its frame."""
        firsts, counts = numbers.firsts, numbers.counts
        sums = np.cumsum(numbers.pairs.reshape(-1), dtype=np.int64)
        before = np.zeros(len(firsts), np.int64)
        before[1:] = sums[2 * firsts[1:] - 1]
        offsets = numbers.zeros - before
        if (sums[2 * (firsts + counts) - 1] + offsets != sizes).any():
            return None
        ends = (sums[0::2] + np.repeat(offsets, counts)).astype(np.int32)
        starts = ends - numbers.pairs[:, 0]
        across = np.repeat(widths.astype(np.int32), counts)
        rows = starts // across
        edges = np.stack((starts, ends), axis=1)
        return cls(edges, rows, edges - (rows * across)[:, None], firsts, counts)

    def runs(self, number: int, height: int, width: int) -> rle.Runs:
        """Those of one string."""
        first, count = int(self.firsts[number]), int(self.counts[number])
        return rle.Runs(height, width, self.edges[first : first + count].reshape(-1))

    @property
    def boxes(self) -> Numbers:
        """(strings, 4): the tight box of each that has no run that goes on in the next row."""
        first, last = self.firsts, self.firsts + self.counts - 1
        left, right = np.minimum.reduceat(self.columns[:, 0], first), np.maximum.reduceat(self.columns[:, 1], first)
        return np.stack((left, self.rows[first], right, self.rows[last] + 1), axis=1).astype(np.int64)


def _masks(piece: Sequence[Bitmask], runs: _Runs) -> Iterator[Mask]:
    boxes = runs.boxes
    tables = _tables(runs, boxes, np.array([each.width for each in piece]))
    for number, (each, sides, ends) in enumerate(zip(piece, boxes.tolist(), tables, strict=True)):
        if ends is None:
            own = runs.runs(number, each.height, each.width)
            box, bits = own.box, kept(own, own.box)
        else:
            box = Box(*sides)
            bits = Spans(ends, box.width)
        yield Mask.of_kept(box.shifted(each.left, each.top), bits)


def _tables(runs: _Runs, boxes: Numbers, widths: Numbers) -> Iterator[NDArray[np.int16] | None]:
    """The ends of the rows of each as `Spans` have them; None for those that are kept otherwise."""
    firsts, counts, rows = runs.firsts, runs.counts, runs.rows
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    numbers = _numbers_in_row(rows, firsts)
    several = np.maximum.reduceat(numbers, firsts) + 1
    most = wide // NARROW
    usual = (boxes[:, 2] <= widths) & (wide * high > FEW) & (several <= most) & (counts <= most * high)
    sizes = np.where(usual & (wide < WIDE) & (several * high <= _LARGE // 2), 2 * several * high, 0)
    stops = np.cumsum(sizes)
    table = np.repeat(wide.astype(np.int16), sizes)
    spans = runs.columns - np.repeat(boxes[:, 0].astype(np.int32), counts)[:, None]
    origins = np.repeat((stops - sizes) // 2 - several * boxes[:, 1], counts)
    places = rows * np.repeat(several, counts) + (numbers + origins)
    own = np.repeat(sizes > 0, counts) if (sizes == 0).any() else slice(None)
    # Both ends of a span are put there as one number.
    table.view(np.int32)[places[own]] = spans.astype(np.int16).view(np.int32)[own, 0]
    for stop, size, height in zip(stops.tolist(), sizes.tolist(), high.tolist(), strict=True):
        yield table[stop - size : stop].reshape(height, -1).copy() if size else None


def _numbers_in_row(rows: NDArray[np.int32], firsts: Numbers) -> Numbers:
    """For each run how many others of its string begin before it in its row."""
    begins = np.empty(len(rows), np.bool_)
    np.not_equal(rows[1:], rows[:-1], out=begins[1:])
    begins[firsts] = True
    places = np.arange(len(rows))
    return places - np.maximum.accumulate(np.where(begins, places, 0))
