"""The picture and its masks as device-pixel tiles at one zoom, kept within a byte budget and mended in place.

Each tile holds three layers of the same pixels: `picture`, `under` (with every object but the active one) and `whole`
(with the active one on top). A dab therefore costs its own rectangle, however many objects there are.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.overlay import Layer, blend, device_box, draw_grid, sample_picture
from bitmask_studio.core.sampling import Pixels

SIDE = 256
"""Side of a tile, device px; a multiple of viewport.GRAIN."""

GRID_FROM = 8.0
"""The zoom from which the image's pixels are parted by a grid."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a canvas shows of one frame, bottom first."""

    width: int
    height: int
    pixels: Pixels | None = None
    """BGR, uint8 (height, width, 3); None for a gray frame."""
    layers: tuple[Layer, ...] = ()
    active: Layer | None = None
    """Drawn over the others: the object being worked on."""


@dataclass(slots=True)
class Tile:
    """The device pixels of `box` (relative to the image's corner), each (SIDE, SIDE, 4) BGRX or smaller at the rim."""

    box: Box
    picture: Pixels
    under: Pixels
    whole: Pixels
    stale: bool = False
    """Shows a scene that is no longer the current one, over the right picture."""

    @property
    def nbytes(self) -> int:
        return self.picture.nbytes + self.under.nbytes + self.whole.nbytes


@dataclass(slots=True)
class TileStore:
    """The tiles of one scene at one zoom; the least recently used go first."""

    scene: Scene
    zoom: float
    max_bytes: int = 256 << 20
    _tiles: OrderedDict[Place, Tile] = field(default_factory=OrderedDict)
    _nbytes: int = 0

    def places(self, device: Box) -> list[Place]:
        """Which tiles show any of `device`, row by row."""
        box = device.intersection(self.bounds)
        if box.empty:
            return []
        rows, columns = range(box.y0 // SIDE, -(-box.y1 // SIDE)), range(box.x0 // SIDE, -(-box.x1 // SIDE))
        return [(x, y) for y in rows for x in columns]

    @property
    def bounds(self) -> Box:
        """The device pixels that show any of the image."""
        size = np.ceil(np.array([self.scene.width, self.scene.height]) * self.zoom).astype(int).tolist()
        return Box.of_size(*size)

    @property
    def tiles(self) -> list[Tile]:
        """What has been drawn so far, the least recently used first."""
        return list(self._tiles.values())

    def box(self, place: Place) -> Box:
        """The device pixels of a tile, relative to the image's corner."""
        x, y = place[0] * SIDE, place[1] * SIDE
        return Box(x, y, x + SIDE, y + SIDE).intersection(self.bounds)

    def get(self, place: Place) -> Tile | None:
        """The tile as last drawn, perhaps stale; None if there is none."""
        if place in self._tiles:
            self._tiles.move_to_end(place)
        return self._tiles.get(place)

    def make(self, place: Place) -> Tile:
        """The tile, drawn now if need be."""
        tile = self.get(place) or self._add(place)
        if tile.stale:
            self._draw(tile, tile.box, under=True)
            tile.stale = False
        return tile

    def show(self, scene: Scene) -> None:
        """Show other layers over the same picture; every tile is drawn again when it is next made."""
        self.scene = scene
        for tile in self._tiles.values():
            tile.stale = True

    def mend(self, scene: Scene, box: Box, under: bool = True) -> Box:
        """Show `scene`, which differs inside an image `box` only; answers the device box that was drawn again.

        With `under` false only the active object differs.
        """
        self.scene = scene
        if box.empty:
            return EMPTY
        device = device_box(box, self.zoom).inflated(_widest_line(scene, under)).intersection(self.bounds)
        for place in self.places(device):
            tile = self._tiles.get(place)
            if tile and not tile.stale:
                self._draw(tile, device.intersection(tile.box), under)
        return device

    def _add(self, place: Place) -> Tile:
        box, scene = self.box(place), self.scene
        picture = sample_picture(scene.pixels, scene.width, scene.height, self.zoom, box)
        tile = Tile(box, picture, np.empty_like(picture), np.empty_like(picture), stale=True)
        self._tiles[place] = tile
        self._nbytes += tile.nbytes
        while self._nbytes > self.max_bytes and len(self._tiles) > 1:
            self._nbytes -= self._tiles.popitem(last=False)[1].nbytes
        return tile

    def _draw(self, tile: Tile, device: Box, under: bool) -> None:
        part = device.within(tile.box)
        if under:
            tile.under[part] = tile.picture[part]
            blend(tile.under[part], self.scene.layers, self.zoom, device)
        tile.whole[part] = tile.under[part]
        if self.scene.active:
            blend(tile.whole[part], [self.scene.active], self.zoom, device)
        if self.zoom >= GRID_FROM:
            draw_grid(tile.whole[part], self.zoom, device)


def _widest_line(scene: Scene, all_layers: bool) -> int:
    layers = (*(scene.layers if all_layers else ()), *([scene.active] if scene.active else []))
    return max((layer.line for layer in layers), default=0)
