"""Painting on a mask: a scratch that copies only the tiles it changes."""

from __future__ import annotations

import numpy as np

from bitmask_studio.core.brush_shape import BrushShape, Edges, before, cover
from bitmask_studio.core.brush_stamp import Stamp, stamp
from bitmask_studio.core.geometry import EMPTY, Box, Point
from bitmask_studio.core.mask import CLEAR, SOLID, TILE, Bits, Corner, Mask, tiles_of
from bitmask_studio.core.mask_patch import Extent, MaskPatch, extent_of, flipped
from bitmask_studio.core.stroke_sheet import Sheet

_FEW = 64
"""Tiles that are read one by one."""
_BEFORE = before(TILE)


class MaskPainter:
    """The stroke in progress over one mask; the mask itself stays as it is until the stroke is committed."""

    def __init__(self, mask: Mask, frame: Box) -> None:
        self._mask = mask
        self._frame = frame
        self._tiles: dict[Corner, Bits] = {}
        self._before: dict[Corner, Bits] = {}
        """The mask's tiles that the brush was near to, none copied: where all pixels are alike, SOLID or CLEAR."""
        self._sheet: Sheet | None = None
        """Where short segments are drawn; its pixels are those of the tiles."""
        self._left: Sheet | None = None
        """The one before it, whose memory nobody needs any more."""
        self._changed: list[Extent] = []
        self._flips: tuple[Bits, int, int] | None = None
        """What the last segment flipped, from (x, y) on, until it is asked where that is."""
        self.only_adds = True
        """Whether no segment so far has taken pixels away."""

    def draw_segment(self, start: Point, end: Point, size: float, shape: BrushShape, value: bool) -> Box:
        """Set every pixel the brush covers on its way to `value`; answers the tight box of the pixels that changed."""
        self._flips, kept = None, stamp(start, end, size, shape)
        changed = self._stamp(kept, value) if kept else self._sweep(start, end, size, shape, value)
        self._changed = changed
        self.only_adds = self.only_adds and value
        if len(changed) < 2:
            return Box(*changed[0]) if changed else EMPTY
        x0, y0, x1, y1 = zip(*changed, strict=True)
        return Box(min(x0), min(y0), max(x1), max(y1))

    @property
    def changed(self) -> list[Box]:
        """Where the last segment changed pixels, tile by tile."""
        found, self._flips = self._flips, None
        if found:
            self._changed = _extents(*found)
        return [Box(*each) for each in self._changed]

    def _stamp(self, stamp: Stamp, value: bool) -> list[Extent]:
        """Set the pixels of a stamp; answers where pixels changed."""
        left, top, bits = stamp
        height, width = bits.shape
        box = Box(left, top, left + width, top + height).intersection(self._frame)
        if box.empty:
            return []
        sheet = self._sheet_at(box)
        covered, here = bits[box.y0 - top : box.y1 - top, box.x0 - left : box.x1 - left], sheet.view(box)
        flips: Bits = (np.greater if value else np.logical_and)(covered, here)
        extent = extent_of(flips, box.x0, box.y0)
        if extent is None:
            return []
        np.bitwise_xor(here, flips, out=here)
        for corner in tiles_of(Box(*extent)):
            if corner not in self._tiles:
                self._tiles[corner] = sheet.tile(corner)
        self._flips = flips, box.x0, box.y0
        return [extent]

    def _sheet_at(self, box: Box) -> Sheet:
        """The sheet, with the pixels of a box as they stand now."""
        sheet = self._sheet
        if sheet is None or not sheet.box.covers(box):
            self._leave_sheet()
            sheet = self._sheet = Sheet(box, self._left)
        for corner in sheet.fill(box, self._tile):
            if corner in self._tiles:
                self._tiles[corner] = sheet.tile(corner)
        return sheet

    def _leave_sheet(self) -> None:
        """Give what was drawn on the sheet pixels of its own, so that its memory can serve again."""
        sheet, self._sheet = self._sheet, None
        if sheet:
            self._left = sheet
            for corner in self._tiles.keys() & sheet.filled:
                self._tiles[corner] = self._tiles[corner].copy()

    def _sweep(self, start: Point, end: Point, size: float, shape: BrushShape, value: bool) -> list[Extent]:
        """Set the pixels of a way, whatever its length; answers where in each tile pixels changed."""
        self._leave_sheet()
        spans = cover(start, end, size, shape, self._frame)
        top, bottom = spans.top, spans.top + spans.edges.shape[1]
        changed: list[Extent] = []
        for y in range(top // TILE * TILE, bottom, TILE) if top < bottom else ():
            first, after = max(y, top), min(y + TILE, bottom)
            band = spans.edges[:, first - top : after - top]
            left, right = int(np.minimum.reduce(band[0])), int(np.maximum.reduce(band[1]))
            inside = range(0)
            if after - first == TILE and right - left > TILE:
                inside = range(int(np.maximum.reduce(band[0])), int(np.minimum.reduce(band[1])) - TILE + 1)
            for x in range(left // TILE * TILE, right, TILE):
                extent = self._fill(x, y, value) if x in inside else self._paint(x, y, first - y, band, value)
                if extent:
                    changed.append(extent)
        return changed

    def crop(self, box: Box) -> Bits:
        """The pixels of `box` as they stand now, bool (box.height, box.width). Not to be written to."""
        sheet = self._sheet
        if sheet and sheet.holds(box):
            return sheet.view(box)
        tiles, corners = self._tiles, list(tiles_of(box))
        if not any(corner in tiles for corner in corners):
            return self._mask.crop(box)
        if len(corners) == 1:
            return tiles[corners[0]][box.within(_tile_box(corners[0]))]
        (left, top, right, bottom), few = box, len(corners) <= _FEW
        bits = np.zeros((bottom - top, right - left), np.bool_) if few else self._mask.crop(box).copy()
        columns = [(x, max(x, left), min(x + TILE, right)) for x in range(left // TILE * TILE, right, TILE)]
        for y in range(top // TILE * TILE, bottom, TILE):
            y0, y1 = max(y, top), min(y + TILE, bottom)
            for x, x0, x1 in columns:
                tile = self._seen((x, y)) if few else tiles.get((x, y))
                if tile is not None and not (few and tile is CLEAR):
                    bits[y0 - top : y1 - top, x0 - left : x1 - left] = tile[y0 - y : y1 - y, x0 - x : x1 - x]
        return bits

    def patch(self, mask: Mask | None = None) -> MaskPatch:
        """What the stroke has changed so far.

        On a `mask` that is not the one painted on any more, no pixel flips that is as the stroke has made it already.
        """
        flips = ((corner, flipped(self._before[corner], tile)) for corner, tile in self._tiles.items())
        if mask is None or mask is self._mask:
            return MaskPatch.of(flips)
        return MaskPatch.of((corner, each & (mask.tile(corner) ^ self._tiles[corner])) for corner, each in flips)

    def painted(self, patch: MaskPatch, mask: Mask) -> Mask:
        """`mask` with the stroke's patch; where it is the mask that was painted on, it keeps the tiles of the scratch.

        The stroke ends with this: nothing more can be drawn.
        """
        if patch.empty or mask is not self._mask:
            return patch.apply(mask)
        tiles = {corner: np.ascontiguousarray(tile) for corner, tile in self._tiles.items()}
        return mask.with_tiles(tiles, patch.box, self._before)

    def _fill(self, x: int, y: int, value: bool) -> Extent | None:
        """Set a whole tile; answers where its pixels differed, None where none did."""
        tile, solid = self._tile((x, y)), SOLID if value else CLEAR
        if tile is solid:
            return None
        extent = extent_of(tile ^ solid, x, y)
        if extent:
            self._tiles[x, y] = solid
        return extent

    def _paint(self, x: int, y: int, row: int, band: Edges, value: bool) -> Extent | None:
        """Set the pixels of intervals from `row` of a tile on; answers where pixels differed, None where none did."""
        tile, solid = self._tile((x, y)), SOLID if value else CLEAR
        if tile is solid:
            return None
        rows = slice(row, row + band.shape[1])
        begun, ended = _BEFORE.take(band - x, axis=0, mode="clip")
        covered = np.not_equal(begun, ended, out=ended)
        differs = np.greater if value else np.logical_and
        flips: Bits = differs(covered, tile[rows], out=begun)
        extent = extent_of(flips, x, y + row)
        if extent is None:
            return None
        self._own(x, y, tile)[rows] ^= flips
        return extent

    def _own(self, x: int, y: int, tile: Bits) -> Bits:
        """A tile that may be written to."""
        if (x, y) not in self._tiles or tile is SOLID or tile is CLEAR:
            self._tiles[x, y] = tile = np.ascontiguousarray(tile).copy()
        return tile

    def _tile(self, corner: Corner) -> Bits:
        """The pixels of a tile as they stand now."""
        tile = self._tiles.get(corner)
        if tile is None:
            tile = self._before.get(corner)
        if tile is None:
            tile = self._before[corner] = _canonical(self._mask.tile(corner))
        return tile

    def _seen(self, corner: Corner) -> Bits:
        """The same, which nothing is noted of: masks are read on other threads too."""
        tile = self._tiles.get(corner)
        if tile is None:
            tile = self._before.get(corner)
        return self._mask.tile(corner) if tile is None else tile


def _canonical(tile: Bits) -> Bits:
    """The tile, as SOLID or CLEAR themselves where it is like them: these are known without a look."""
    if tile is CLEAR or tile is SOLID:
        return tile
    middle = tile[TILE // 2, TILE // 2]
    if middle != tile[0, 0]:
        return tile
    return (SOLID if tile.all() else tile) if middle else (tile if tile.any() else CLEAR)


def _tile_box(corner: Corner) -> Box:
    return Box(corner[0], corner[1], corner[0] + TILE, corner[1] + TILE)


def _extents(bits: Bits, x: int, y: int) -> list[Extent]:
    """The tight boxes of the pixels set that begin at (x, y), tile by tile."""
    found = []
    for left, top in tiles_of(Box(x, y, x + bits.shape[1], y + bits.shape[0])):
        x0, y0 = max(left - x, 0), max(top - y, 0)
        if extent := extent_of(bits[y0 : top + TILE - y, x0 : left + TILE - x], x + x0, y + y0):
            found.append(extent)
    return found
