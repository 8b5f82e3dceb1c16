"""A mask: the pixels of one object, cropped to them, on a frame that may be far larger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core import rle
from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.spans import Octets, Spans, kept

Bits = NDArray[np.bool_]
Corner = tuple[int, int]
"""The first pixel (x, y) of a tile; both are multiples of TILE."""

TILE = 128
"""Side of the tiles in which pixels are replaced, px."""

_SMALL = 1 << 16
"""A mask whose box has no more pixels than this is copied whole when some of them are replaced."""


class _Layers(NamedTuple):
    """The pixels of `box` as they once were, and the tiles that have replaced some of them, in it or beyond."""

    box: Box
    pixels: Bits | Spans | Octets
    tiles: Mapping[Corner, Bits]

    def read(self, box: Box, step: int = 1) -> Bits:
        """What every `step`-th pixel of `box`, which lies in the layers' own, once was; a view where it can be."""
        rows, columns = box.within(self.box)
        if step > 1:
            rows, columns = slice(rows.start, rows.stop, step), slice(columns.start, columns.stop, step)
        return self.pixels[rows, columns] if isinstance(self.pixels, np.ndarray) else self.pixels.read(rows, columns)


class Mask:
    """`bits` is bool (box.height, box.width), True where the object is; outside `box` there is nothing.

    Never written to: an edit makes a new mask, which shares with the old one what did not change. The box is the tight
    one, so equal pixels mean equal fields.
    """

    __slots__ = ("_area", "_layers", "_written", "box", "small")

    def __init__(self, box: Box, bits: Bits) -> None:
        self.box = box
        self._layers = _Layers(box, bits, _NO_TILES)
        self._area: int | None = None if bits.size else 0
        self._written: tuple[str, Box] | None = None
        """The string made of all pixels last, and its window."""
        self.small: tuple[object, Bits] | None = None
        """Its pixels in a reduced frame, kept for `small_masks`, and which frame that is."""

    @classmethod
    def of(cls, box: Box, bits: Bits) -> Mask:
        """A mask of `bits` lying at `box`, cropped to its pixels. Keeps `bits` unless they are mostly empty margin."""
        rows, columns = np.flatnonzero(bits.any(axis=1)), np.flatnonzero(bits.any(axis=0))
        if not len(rows):
            return EMPTY_MASK
        top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
        tight = Box(box.x0 + left, box.y0 + top, box.x0 + right, box.y0 + bottom)
        cropped = bits[top:bottom, left:right]
        return cls(tight, cropped if 2 * tight.area > box.area else cropped.copy())

    @classmethod
    def from_rle(cls, rle_string: str, height: int, width: int, top: int = 0, left: int = 0) -> Mask:
        """Decode Encord's string for a mask of (height, width) px that lies at (top, left) of its frame.

        Raises RleError when the string does not describe such a mask, or the place is none.
        """
        rle.check_place(top, left)
        runs = rle.parse(rle_string, height, width)
        box = runs.box
        return EMPTY_MASK if box.empty else cls.of_kept(box.shifted(left, top), kept(runs, box))

    @classmethod
    def of_kept(cls, box: Box, pixels: Bits | Spans | Octets) -> Mask:
        """A mask of the pixels of its tight box, in whichever form they are kept."""
        mask = object.__new__(cls)
        mask.box, mask._area = box, None
        mask._written = mask.small = None
        mask._layers = _Layers(box, pixels, _NO_TILES)
        return mask

    def to_rle(self, height: int, width: int, top: int = 0, left: int = 0) -> str:
        """Encord's string of this mask as seen through the window of (height, width) px at (top, left).

        Where it is seen whole, tiles of edits give way to what takes less. Raises RleError when there cannot be such a
        window.
        """
        rle.check_size(height, width)
        rle.check_place(top, left)
        window = Box(left, top, left + width, top + height)
        seen = self.box.intersection(window)
        place, spans = seen.shifted(-left, -top), self.spans
        is_whole = seen == self.box and not seen.empty
        if spans is not None and is_whole:
            runs = rle.Runs(height, width, spans.edges(place, width))
        else:
            runs = rle.runs_of(place, self.crop(seen), height, width)
        rle_string = rle.written(runs)
        if is_whole:
            self._written = rle_string, window
            if self._layers.tiles:
                self._layers = _Layers(self.box, kept(runs, place), _NO_TILES)
        return rle_string

    def was_written_as(self, rle_string: str, height: int, width: int, top: int = 0, left: int = 0) -> bool:
        """Whether `to_rle` has made this very string of it, so that decoding the string would make the same mask."""
        return self._written == (rle_string, Box(left, top, left + width, top + height))

    @property
    def bits(self) -> Bits:
        """All pixels of the box; put together once where an edit has left them in parts, which costs their number."""
        layers = self._layers
        if layers.tiles or layers.box != self.box:
            self._layers = layers = _Layers(self.box, self._copied(self.box), _NO_TILES)
        return layers.pixels if isinstance(layers.pixels, np.ndarray) else layers.read(self.box)

    @property
    def spans(self) -> Spans | None:
        """All pixels of the box as the spans of its rows, where the mask has them as these."""
        layers = self._layers
        return layers.pixels if isinstance(layers.pixels, Spans) and not layers.tiles else None

    @property
    def area(self) -> int:
        """Number of pixels; counted once, then carried on from edit to edit."""
        if self._area is None and self.spans is not None:
            self._area = self.spans.area
        if self._area is None:
            self._area = sum(int(np.count_nonzero(self.crop(band))) for band in _bands(self.box))
        return self._area

    @property
    def empty(self) -> bool:
        return self.box.empty

    def holds(self, x: int, y: int) -> bool:
        """Whether the pixel (x, y) belongs to the object."""
        return self.box.holds(x, y) and bool(self.crop(Box(x, y, x + 1, y + 1))[0, 0])

    def crop(self, box: Box, step: int = 1) -> Bits:
        """The pixels of `box`, (box.height, box.width): a view where one array of the mask has them, else a new array.

        With a step, every so many of its rows and columns from the first on. Not to be written to.
        """
        layers = self._layers
        tiles = _touched(layers.tiles, box)
        if not tiles:
            whole = _covers(layers.box, box) or (step == 1 and isinstance(layers.pixels, Spans))
            return layers.read(box, step) if whole else _filled(layers, box, tiles, step)
        if len(tiles) == 1 and _covers(tile := _tile_box(tiles[0]), box):
            return layers.tiles[tiles[0]][box.within(tile)][::step, ::step]
        return _filled(layers, box, tiles, step)

    def tile(self, corner: Corner) -> Bits:
        """The pixels of a tile, (TILE, TILE), not to be written to; CLEAR itself where the mask was never near."""
        layers = self._layers
        found = layers.tiles.get(corner)
        if found is not None:
            return found
        (x, y), base = corner, layers.box
        if x >= base.x1 or y >= base.y1 or x + TILE <= base.x0 or y + TILE <= base.y0:
            return CLEAR
        if x >= base.x0 and y >= base.y0 and x + TILE <= base.x1 and y + TILE <= base.y1:
            return layers.read(_tile_box(corner))
        return _filled(layers, _tile_box(corner), [])

    def to_array(self, height: int, width: int) -> Bits:
        """The whole frame, bool (height, width)."""
        return self._copied(Box.of_size(width, height))

    def with_tiles(self, tiles: Mapping[Corner, Bits], box: Box, before: Mapping[Corner, Bits] | None = None) -> Mask:
        """This mask with other pixels in some tiles, all that differ being in `box`; costs what the tiles cost.

        The tiles are kept and must not be written to any more. `before` are this mask's tiles, where they are at hand.
        """
        area = None if self._area is None else self._area + self._gain(tiles, before or {})
        if area == 0:
            return EMPTY_MASK
        mask, layers = object.__new__(Mask), self._layers
        mask._layers, mask._area = layers._replace(tiles={**layers.tiles, **tiles}), area
        mask._written = mask.small = None
        mask.box = mask._tightened(self.box.union(box), box)
        if mask.box.empty:
            return EMPTY_MASK
        if mask.box.area <= _SMALL:
            mask._layers = _Layers(mask.box, mask._copied(mask.box), _NO_TILES)
        return mask

    def changed(self, box: Box, change: Callable[[Bits, Box], None]) -> Mask:
        """A new mask, after `change(bits, reach)` wrote into a copy of the pixels of `reach`, which holds `box`."""
        reach = self.box.union(box)
        bits = self._copied(reach)
        change(bits, reach)
        return Mask.of(reach, bits)

    def same_as(self, other: Mask) -> bool:
        """Whether both hold exactly the same pixels; costs their differing tiles where one was made from the other."""
        if self is other or self.box != other.box:
            return self is other
        mine, theirs = self._layers, other._layers
        if mine.pixels is theirs.pixels and mine.box == theirs.box:
            corners = mine.tiles.keys() | theirs.tiles.keys()
            return all(_same(self.tile(corner), other.tile(corner)) for corner in corners)
        return all(_same(self.crop(band), other.crop(band)) for band in _bands(self.box))

    def _copied(self, box: Box) -> Bits:
        """As `crop`, always a new array."""
        layers = self._layers
        return _filled(layers, box, _touched(layers.tiles, box))

    def _gain(self, tiles: Mapping[Corner, Bits], before: Mapping[Corner, Bits]) -> int:
        """How many pixels more the mask has with these tiles."""
        now = (_count(before[corner] if corner in before else self.tile(corner)) for corner in tiles)
        return sum(map(_count, tiles.values())) - sum(now)

    def _tightened(self, outer: Box, changed: Box) -> Box:
        """The tight box within `outer`, every side of which is tight already unless `changed` reaches it."""
        if outer.empty:
            return EMPTY
        x0, y0, x1, y1 = outer.x0, outer.y0, outer.x1, outer.y1
        if changed.y0 <= y0:
            y0 = self._first(outer, axis=1, backwards=False)
        if y0 == y1:
            return EMPTY
        if changed.y1 >= y1:
            y1 = self._first(Box(x0, y0, x1, y1), axis=1, backwards=True) + 1
        if changed.x0 <= x0:
            x0 = self._first(Box(x0, y0, x1, y1), axis=0, backwards=False)
        if changed.x1 >= x1:
            x1 = self._first(Box(x0, y0, x1, y1), axis=0, backwards=True) + 1
        return Box(x0, y0, x1, y1)

    def _first(self, box: Box, axis: int, backwards: bool) -> int:
        """The first row (`axis` 1) or column (0) of `box` with a pixel in it, or the last; its far end for none."""
        for strip in _strips(box, axis, backwards):
            bits = self.crop(strip)
            if bits.any():
                found = np.flatnonzero(bits.any(axis=axis))[-1 if backwards else 0]
                return int(found) + (strip.y0 if axis == 1 else strip.x0)
        return box.y1 if axis == 1 else box.x1


def tiles_of(box: Box) -> Iterator[Corner]:
    """The tiles that `box` touches, row by row."""
    if not box.empty:
        for y in range(box.y0 // TILE * TILE, box.y1, TILE):
            for x in range(box.x0 // TILE * TILE, box.x1, TILE):
                yield x, y


def _solid(value: bool) -> Bits:
    bits = np.full((TILE, TILE), value)
    bits.flags.writeable = False
    return bits


_NO_TILES: Mapping[Corner, Bits] = MappingProxyType({})
CLEAR, SOLID = _solid(False), _solid(True)
"""The tile without pixels and the one with all; not the only such tiles, but the usual ones."""


def _touched(tiles: Mapping[Corner, Bits], box: Box) -> list[Corner]:
    """Which of some tiles `box` touches."""
    if not tiles or box.empty:
        return []
    if len(tiles) < (box.width // TILE + 1) * (box.height // TILE + 1):
        x0, y0 = box.x0 - TILE, box.y0 - TILE
        return [(x, y) for x, y in tiles if x0 < x < box.x1 and y0 < y < box.y1]
    return [corner for corner in tiles_of(box) if corner in tiles]


def _filled(layers: _Layers, box: Box, tiles: list[Corner], step: int = 1) -> Bits:
    """A new array of every `step`-th pixel of `box`, some of them from tiles."""
    bits = np.zeros((-(-box.height // step), -(-box.width // step)), np.bool_)
    common = _from_step(layers.box.intersection(box), box, step)
    if not common.empty:
        read = layers.read(common, step)
        _place(bits, common, box, step)[...] = read
    for corner in tiles:
        tile = _tile_box(corner)
        part = _from_step(tile.intersection(box), box, step)
        if not part.empty:
            _place(bits, part, box, step)[...] = layers.tiles[corner][part.within(tile)][::step, ::step]
    return bits


def _from_step(part: Box, box: Box, step: int) -> Box:
    """The part of a part of `box` that begins with the first pixel which a step from the box's corner leads to."""
    if step == 1 or part.empty:
        return part
    x0, y0 = part.x0 + (box.x0 - part.x0) % step, part.y0 + (box.y0 - part.y0) % step
    return Box(x0, y0, part.x1, part.y1) if x0 < part.x1 and y0 < part.y1 else EMPTY


def _place(bits: Bits, part: Box, box: Box, step: int) -> Bits:
    """Where the pixels of such a part lie in the array for `box`."""
    y, x = (part.y0 - box.y0) // step, (part.x0 - box.x0) // step
    return bits[y : y - (-part.height // step), x : x - (-part.width // step)]


def _bands(box: Box) -> Iterator[Box]:
    """`box` from top to bottom in pieces that are copied quickly."""
    for top in range(box.y0, box.y1, TILE):
        yield Box(box.x0, top, box.x1, min(top + TILE, box.y1))


def _strips(box: Box, axis: int, backwards: bool) -> Iterator[Box]:
    """The first line of a box, then ever thicker strips of it: rows for `axis` 1, columns for 0."""
    begin, end, thickness = (box.y0, box.y1, 1) if axis == 1 else (box.x0, box.x1, 1)
    while begin < end:
        near, far = (max(begin, end - thickness), end) if backwards else (begin, min(end, begin + thickness))
        yield Box(box.x0, near, box.x1, far) if axis == 1 else Box(near, box.y0, far, box.y1)
        begin, end = (begin, near) if backwards else (far, end)
        thickness = min(2 * thickness, TILE)


def _tile_box(corner: Corner) -> Box:
    return Box(corner[0], corner[1], corner[0] + TILE, corner[1] + TILE)


def _covers(outer: Box, box: Box) -> bool:
    """As Box.covers, for a box that is not empty."""
    inside = outer.x0 <= box.x0 < box.x1 <= outer.x1
    return inside and outer.y0 <= box.y0 < box.y1 <= outer.y1


def _count(tile: Bits) -> int:
    if tile is SOLID or tile is CLEAR:
        return tile.size if tile is SOLID else 0
    return int(np.count_nonzero(np.ascontiguousarray(tile)))


def _same(one: Bits, other: Bits) -> bool:
    return one is other or bool(np.array_equal(one, other))


EMPTY_MASK = Mask(EMPTY, np.zeros((0, 0), np.bool_))
