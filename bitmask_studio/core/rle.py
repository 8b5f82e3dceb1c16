"""Encord's rleString both ways: checked before anything is allocated, decoded to crops, encoded from crops.

The string holds the run lengths of the row-major mask, starting with a run of zeros, written like the compressed
counts of COCO (`rleToString` of the COCO API's maskApi): from the 4th count on the difference to the count two before,
as 5-bit groups, least significant first, the 6th bit set while more follow, the last group's top bit being the sign,
plus 48. A string of the COCO API itself describes the transposed mask.

Counts and offsets are kept in 32 bits: a frame has at most 2**28 pixels, a number of six characters at most 30 bits.
So the first count, or the first sum of counts, that is not within the frame has not wrapped around yet, and is found.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core.errors import RleError
from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.text import tr

MAX_PIXELS = 1 << 28
"""Largest height * width that is read or written."""

MAX_DIGITS = 7
"""Most characters that a number is read from; written are at most six."""

_ZERO = 48
_LAST = 111
_MORE = 32
ZERO_MORE = _ZERO + _MORE
"""A character from this on is not the last one of its number."""
_SIGN = 16
PIECE = 1 << 17
"""Work is cut into pieces of so many characters, numbers or edges: no array outgrows the caches."""
_WORDS = 1 << 15

Codes = NDArray[np.uint8]
Counts = NDArray[np.int32]
Offsets = NDArray[np.int32]


class Runs(Struct, frozen=True, eq=False):
    """The runs of ones of a (height, width) mask.

    `edges` are the flat row-major offsets at which the mask changes value, strictly ascending, even in number: each run
    is half-open from one with an even index to the next.
    """

    height: int
    width: int
    edges: Offsets

    @property
    def starts(self) -> Offsets:
        """The offset of the first pixel of each run."""
        return self.edges[0::2]

    @property
    def ends(self) -> Offsets:
        """The offset after the last pixel of each run."""
        return self.edges[1::2]

    @property
    def area(self) -> int:
        """Number of pixels set."""
        return int(self.ends.sum(dtype=np.int64) - self.starts.sum(dtype=np.int64))

    @property
    def box(self) -> Box:
        """The tight box of the pixels set; EMPTY without any."""
        if not len(self.edges):
            return EMPTY
        left, right = self.width, 0
        for begin in range(0, len(self.edges), PIECE):
            starts, ends = self.edges[begin : begin + PIECE].reshape(-1, 2).T
            row_starts = np.ascontiguousarray(starts) // self.width * self.width
            left = min(left, int((starts - row_starts).min()))
            right = max(right, int((ends - row_starts).max()))
        top, bottom = int(self.edges[0]) // self.width, -(-int(self.edges[-1]) // self.width)
        # A run that goes on in the next row touches both sides.
        return Box(left, top, right, bottom) if right <= self.width else Box(0, top, self.width, bottom)


def check_size(height: object, width: object) -> None:
    """Raise RleError unless both are whole numbers from 1 whose product is at most MAX_PIXELS."""
    # The type itself: True is no size, and what derives from int may answer anything.
    if type(height) is not int or type(width) is not int or height < 1 or width < 1:
        raise RleError(tr("its size is not made of whole numbers above zero"))
    if height > MAX_PIXELS or width > MAX_PIXELS or height * width > MAX_PIXELS:
        raise RleError(tr("its size is larger than any mask may be"))


def check_place(top: object, left: object) -> None:
    """Raise RleError unless both are whole numbers that a mask's place in a picture can have."""
    if type(top) is not int or type(left) is not int or max(abs(top), abs(left)) > MAX_PIXELS:
        raise RleError(tr("its place is not made of whole numbers"))


def parse(rle_string: str, height: int, width: int) -> Runs:
    """The runs of a string. Costs follow the length of the string, never the size it claims.

    Raises RleError when the characters, the numbers or their sum do not make a mask of (height, width).
    """
    check_size(height, width)
    counts = _counts(codes_of(rle_string))
    if counts.min() < 0:
        raise RleError(tr("a run in it has a length below zero"))
    padded = len(counts) > 1 and counts[1:].min() == 0
    edges = np.cumsum(counts, dtype=np.int32, out=counts)
    if edges.max() > height * width or edges[-1] != height * width:
        raise RleError(tr("its runs do not add up to {w} x {h} px").format(w=width, h=height))
    edges = edges[: len(edges) // 2 * 2]
    return Runs(height, width, without_empty_runs(edges) if padded else edges)


def decode(rle_string: str, height: int, width: int) -> tuple[Box, NDArray[np.bool_]]:
    """The tight box of a mask and its pixels, bool (box.height, box.width). Raises RleError as `parse` does."""
    runs = parse(rle_string, height, width)
    box = runs.box
    return box, filled(runs, box)


def encode(box: Box, bits: NDArray[np.bool_], height: int, width: int) -> str:
    """The string of a (height, width) mask whose pixels inside `box` are `bits`, bool (box.height, box.width).

    `box` lies within the frame; the pixels outside it are not set. Raises RleError for an unusable size.
    """
    return written(runs_of(box, bits, height, width))


def runs_of(box: Box, bits: NDArray[np.bool_], height: int, width: int) -> Runs:
    """The runs of such a mask. Raises RleError for an unusable size."""
    check_size(height, width)
    return Runs(height, width, _edges(box, bits, width))


def written(runs: Runs) -> str:
    """The string of some runs."""
    counts = _lengths(runs.edges, runs.height * runs.width)
    return _write(counts[:-1] if len(runs.edges) and runs.edges[-1] == runs.height * runs.width else counts)


def codes_of(rle_string: object) -> Codes:
    """The characters of a string that has none but those of numbers, and ends with a number."""
    if not isinstance(rle_string, str) or not rle_string:
        raise RleError(tr("its string is empty"))
    codes = np.frombuffer(rle_string.encode("ascii", "replace"), np.uint8)
    if not rle_string.isascii() or codes.min() < _ZERO or codes.max() > _LAST:
        raise RleError(tr("its string holds a character that no mask string has"))
    if codes[-1] >= ZERO_MORE:
        raise RleError(tr("its string ends in the middle of a number"))
    return codes


def _counts(codes: Codes) -> Counts:
    """All run lengths, zeros first; nothing is known of their sign or sum yet."""
    counts = np.empty(np.count_nonzero(codes < ZERO_MORE), np.int32)
    done = 0
    for piece in _pieces(codes):
        numbers = numbers_of(piece)
        counts[done : done + len(numbers)] = numbers
        done += len(numbers)
    for chain in (counts[1::2], counts[2::2]):
        chain[:] = np.cumsum(np.ascontiguousarray(chain), dtype=np.int32)  # quicker than where it stands, step by step
    return counts


def _pieces(codes: Codes) -> Iterator[Codes]:
    """The characters in pieces that end where a number does."""
    begin = 0
    while begin < len(codes):
        end = min(begin + PIECE, len(codes))
        ends = np.flatnonzero(codes[max(begin, end - MAX_DIGITS) : end] < ZERO_MORE)
        if not len(ends):
            raise RleError(tr("a number in its string is too long"))
        end -= min(MAX_DIGITS, end - begin) - 1 - int(ends[-1])
        yield codes[begin:end]
        begin = end


def numbers_of(codes: Codes) -> Counts:
    """The signed numbers of a piece: first their last characters, which hold the sign, then those before, if any."""
    more = codes >= ZERO_MORE
    lasts = codes[np.flatnonzero(~more)] - _ZERO
    numbers: Counts = ((lasts ^ _SIGN).view(np.int8) - _SIGN).astype(np.int32)
    places = np.flatnonzero(more)
    owners = places - np.arange(len(places))
    for digit in range(1, MAX_DIGITS):
        if not len(places):
            return numbers
        last = ~more[places + digit]
        at, owner = places[last], owners[last]
        if digit == MAX_DIGITS - 1 and np.abs(numbers[owner]).max(initial=0) > MAX_PIXELS >> 5:
            raise RleError(tr("a number in its string is too large"))
        numbers[owner] = (numbers[owner] << 5) | ((codes[at] - _ZERO) & 31)
        places, owners = places[~last], owners[~last]
    if len(places):
        raise RleError(tr("a number in its string is too long"))
    return numbers


def without_empty_runs(edges: Offsets) -> Offsets:
    """The offsets that occur an odd number of times: there, and only there, the value changes."""
    lasts = np.flatnonzero(np.diff(edges, append=-1))
    odd: NDArray[np.bool_] = np.diff(lasts, prepend=-1) % 2 == 1
    return edges[lasts[odd]]


def filled(runs: Runs, box: Box) -> NDArray[np.bool_]:
    """The pixels of `box`, the tight one of the runs, bool (box.height, box.width)."""
    if len(runs.edges) <= max(PIECE, box.area // 16):
        return repeated(_cropped(runs.edges, runs.width, box), box.area).reshape(box.height, box.width)
    bits, done = np.zeros(box.area, np.bool_), 0
    for begin in range(0, len(runs.edges), PIECE):
        edges = _cropped(runs.edges[begin : begin + PIECE], runs.width, box)
        end = int(edges[-1])
        bits[done:end] = repeated(edges - done, end - done)
        done = end
    return bits.reshape(box.height, box.width)


def _cropped(edges: Offsets, width: int, box: Box) -> Offsets:
    """The edges of whole runs in a frame of `width` as flat offsets within `box`, the tight one."""
    cropped = edges - (box.y0 * box.width + box.x0)
    if box.width < width:
        shifts = np.ascontiguousarray(edges[0::2]) // width * (width - box.width)
        cropped[0::2] -= shifts
        cropped[1::2] -= shifts
    return cropped


def repeated(edges: Offsets, size: int) -> NDArray[np.bool_]:
    """`size` pixels that change at the edges, which ascend, even in number; the first ones are zero."""
    values = np.zeros(len(edges) + 1, np.bool_)
    values[1::2] = True
    return np.repeat(values, _lengths(edges, size))


def _lengths(edges: Offsets, size: int) -> Counts:
    """The lengths of the runs between 0, the edges and `size`."""
    lengths = np.empty(len(edges) + 1, np.int32)
    lengths[:-1] = edges
    lengths[-1] = size
    lengths[1:] -= edges
    return lengths


def _edges(box: Box, bits: NDArray[np.bool_], width: int) -> Offsets:
    """Flat frame offsets at which the row-major mask changes value, ascending, its outside being zero."""
    if box.empty:
        return np.zeros(0, np.int32)
    words, per_row = _words(bits.reshape(1, -1) if box.width == width else bits)
    found = []
    for begin in range(0, len(words) - 1, _WORDS):
        at, places = _changes(words[begin : begin + _WORDS + 1])
        at += begin * 8
        origins = at * 8 + (at // (per_row * 8) * (width - per_row * 64) + box.y0 * width + box.x0)
        origins -= np.arange(0, 8 * len(at), 8)
        found.append((origins[places >> 3] + places).astype(np.int32))
    return np.concatenate(found)


def _words(rows: NDArray[np.bool_]) -> tuple[NDArray[np.uint64], int]:
    """A zero word, then each row as bits, least significant first, ending with a zero at least; and words in a row."""
    per_row = rows.shape[1] // 64 + 1
    packed = np.packbits(rows, axis=1, bitorder="little")
    words = np.zeros(1 + len(rows) * per_row, "<u8")
    words[1:].view(np.uint8).reshape(len(rows), -1)[:, : packed.shape[1]] = packed
    return words, per_row


def _changes(words: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where bits differ from the one before, the first word only being before: eights that hold such, bits in these."""
    changes = words[1:] ^ (words[1:] << np.uint64(1))
    changes ^= words[:-1] >> np.uint64(63)
    changed = np.flatnonzero(changes != 0)
    eights = changes[changed].view(np.uint8)
    at = np.flatnonzero(eights != 0)
    places = np.flatnonzero(np.unpackbits(eights[at], bitorder="little").view(np.bool_))
    return changed[at >> 3] * 8 + (at & 7), places


def _write(counts: Counts) -> str:
    deltas = counts.copy()
    deltas[3:] -= counts[1:-2]
    return "".join(_characters(deltas[begin : begin + PIECE]) for begin in range(0, len(deltas), PIECE))


def _characters(numbers: Counts) -> str:
    """Each number in as few 5-bit groups as keep its sign."""
    magnitudes = numbers ^ (numbers >> 31)
    groups = np.ones(len(numbers), np.int8)
    for bits in range(4, MAX_PIXELS.bit_length(), 5):
        groups += magnitudes >= 1 << bits
    places = np.cumsum(groups, dtype=np.intp)
    codes = np.empty(places[-1], np.uint8)
    places -= groups
    while len(numbers):
        more = groups > 1
        codes[places] = (numbers & 31).astype(np.uint8) + more.view(np.uint8) * np.uint8(_MORE) + np.uint8(_ZERO)
        longer = np.flatnonzero(more)
        numbers, places, groups = numbers[longer] >> 5, places[longer] + 1, groups[longer] - 1
    return codes.tobytes().decode("ascii")
