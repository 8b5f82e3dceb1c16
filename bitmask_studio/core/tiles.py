"""The picture and its masks as device-pixel tiles at one zoom, kept within a byte budget and mended in place.

A tile holds the same pixels several times: `picture`, `under` (with every object but the active one), `base` (that with
the pixel grid, where there is one), `tint` (the base as it looks under the active object) and `whole` (the base with
the active object on top). A dab copies from two of them into `whole` inside its own rectangle, however many objects
there are. Those that would be equal are one array.

`draw` makes the costly ones from values that never change, on any thread; a store belongs to one.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.ground import Ground
from bitmask_studio.core.overlay import Layer, blend, device_box, draw_grid, lay, tinted
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.tone import NEUTRAL, Tone

SIDE = 512
"""Side of a tile, device px; a multiple of viewport.GRAIN."""

GRID_FROM = 8.0
"""The zoom from which the image's pixels are parted by a grid."""

_PER_PIXEL, _PER_OBJECT = 4e-9, 3e-4
"""Seconds, roughly, on a machine of 2020."""

Place = tuple[int, int]


class Scene(Struct, frozen=True, eq=False):
    """All that a canvas shows of one frame, bottom first."""

    width: int
    height: int
    pixels: Pixels | None = None
    """BGR, uint8 (height, width, 3); None while there is no picture."""
    layers: tuple[Layer, ...] = ()
    active: Layer | None = None
    """Drawn over the others: the object being worked on."""
    preview: Pixels | None = None
    """The whole frame reduced, uint8 (h, w, 3), shown until there are `pixels`; the frame is gray with neither."""
    tone: Tone = NEUTRAL
    boxes: NDArray[np.int64] | None = None
    """(n, 4) x0, y0, x1, y1 of the layers, to find them by."""
    widest: int = 0
    """Device px of the widest outline among the layers."""

    @property
    def ground(self) -> Ground:
        return Ground(self.width, self.height, self.pixels, self.preview, self.tone)

    def indexed(self) -> Scene:
        """The same, its layers to be found without a look at each."""
        if self.boxes is not None:
            return self
        widest = max((each.line for each in self.layers), default=0)
        return replace(self, boxes=boxes_of(self.layers), widest=widest)

    def near(self, device: Box, zoom: float) -> list[Layer]:
        """The layers that lie on any of the image pixels behind `device`."""
        if self.boxes is None or not len(self.boxes):
            return list(self.layers)
        x0, y0, x1, y1 = self.boxes.T
        across = (x0 * zoom < device.x1) & (x1 * zoom > device.x0)
        found = np.flatnonzero(across & (y0 * zoom < device.y1) & (y1 * zoom > device.y0) & (x0 < x1))
        return [self.layers[at] for at in found.tolist()]


class Drawing(Struct, frozen=True, eq=False):
    """What `draw` made of a tile."""

    ground: Ground
    picture: Pixels
    under: Pixels
    base: Pixels
    visited: int
    """How many layers were looked at."""
    finish: Finish | None = None


class Finish(Struct, frozen=True, eq=False):
    """A tile's `whole` and `tint`, drawn with an active object."""

    active: Layer
    whole: Pixels
    tint: Pixels


def draw(scene: Scene, zoom: float, box: Box, picture: Pixels | None = None) -> Drawing:
    """What the device pixels of `box` show of a scene; `picture` if it is known already.

    With the active object where that is a mask as it is kept: what a stroke is changing is the window's own.
    """
    ground = scene.ground
    if picture is None:
        picture = ground.sampled(zoom, box)
    near, under = scene.near(box, zoom), picture
    if near:
        under = picture.copy()
        blend(under, near, zoom, box)
    base, active, finish = _gridded(under, zoom, box), scene.active, None
    if active and active.mask and _reaches(active, zoom, box):
        finish = Finish(active, np.empty_like(base), _gridded(tinted(under, active), zoom, box))
        lay(finish.whole, base, finish.tint, active, zoom, box)
    return Drawing(ground, picture, under, base, len(near) + (finish is not None), finish)


class Tile(Struct, eq=False):
    """The device pixels of `box` (relative to the image's corner), each (box.height, box.width, 4) BGRX."""

    box: Box
    ground: Ground
    picture: Pixels
    under: Pixels
    base: Pixels
    whole: Pixels
    tint: Pixels | None = None
    tint_of: tuple[object, ...] = ()
    stale: bool = False
    """Shows a scene that is no longer the current one."""
    behind: bool = False
    """`whole` lacks the active object as it looks now."""
    shown: tuple[Pixels, object] | None = None
    """A `whole`, and what the screen made of it to draw it by."""

    @property
    def nbytes(self) -> int:
        arrays = (self.picture, self.under, self.base, self.whole, self.tint)
        return sum({id(each): each.nbytes for each in arrays if each is not None}.values())


class Work(Struct):
    """What a store has done so far."""

    tiles: int = 0
    """Tiles of which any pixels were drawn."""
    pixels: int = 0
    """Device px drawn."""
    layers: int = 0
    """Objects visited."""

    def add(self, box: Box, layers: int) -> None:
        self.tiles += 1
        self.pixels += box.area
        self.layers += layers


@dataclass(slots=True)
class TileStore:
    """The tiles of one scene at one zoom; of those that are not `seen` the least recently used go first."""

    scene: Scene
    zoom: float
    max_bytes: int = 64 << 20
    work: Work = field(default_factory=Work)
    turn: int = 0
    """Counts how often what lies under the active object has changed."""
    seen: frozenset[Place] = frozenset()
    bounds: Box = field(init=False)
    """The device pixels that show any of the image, whose size is that of every scene shown."""
    _tiles: OrderedDict[Place, Tile] = field(default_factory=OrderedDict)
    _nbytes: int = 0

    def __post_init__(self) -> None:
        self.scene = self.scene.indexed()
        self.bounds = Box.of_size(math.ceil(self.scene.width * self.zoom), math.ceil(self.scene.height * self.zoom))

    @property
    def tiles(self) -> list[Tile]:
        """What has been drawn so far, the least recently used first."""
        return list(self._tiles.values())

    @property
    def nbytes(self) -> int:
        return self._nbytes

    def places(self, device: Box) -> list[Place]:
        """Which tiles show any of `device`, row by row."""
        x0, y0, x1, y1 = device.intersection(self.bounds)
        rows, columns = range(y0 // SIDE, -(-y1 // SIDE)), range(x0 // SIDE, -(-x1 // SIDE))
        return [(x, y) for y in rows for x in columns]

    def box(self, place: Place) -> Box:
        """The device pixels of a tile, relative to the image's corner."""
        x, y = place[0] * SIDE, place[1] * SIDE
        return Box(x, y, x + SIDE, y + SIDE).intersection(self.bounds)

    def get(self, place: Place) -> Tile | None:
        """The tile as last drawn, perhaps stale; None if there is none."""
        tile = self._tiles.get(place)
        if tile:
            self._tiles.move_to_end(place)
            if tile.behind:
                self._finish(tile, tile.box)
        return tile

    def lacks(self, place: Place) -> bool:
        """Whether a tile is not there, or stale."""
        tile = self._tiles.get(place)
        return tile is None or tile.stale

    def seconds(self, place: Place) -> float:
        """About how long drawing a tile takes: by the pixels to be read and the objects on it."""
        box = self.box(place)
        objects = len(self.scene.near(box, self.zoom))
        read = 0.0 if self.picture(place) is not None else box.area / min(self.zoom, 1) ** 2
        return (read + (3 + objects) * box.area) * _PER_PIXEL + objects * _PER_OBJECT

    def picture(self, place: Place) -> Pixels | None:
        """A tile's picture if it is the scene's, so that it need not be drawn again."""
        tile = self._tiles.get(place)
        return tile.picture if tile and tile.ground.same_as(self.scene.ground) else None

    def reach(self, box: Box, under: bool = True) -> Box:
        """The device px that may look different when an image box does: outlines reach farther."""
        active, scene = self.scene.active, self.scene
        widest = max(scene.widest if under else 0, active.line if active else 0)
        return self.around(box, widest)

    def around(self, box: Box, margin: int) -> Box:
        """The device px that show any of an image box, and `margin` px more on each side."""
        (x0, y0, x1, y1), (left, top, right, bottom), zoom = box, self.bounds, self.zoom
        x0, y0 = max(left, math.floor(x0 * zoom) - margin), max(top, math.floor(y0 * zoom) - margin)
        x1, y1 = min(right, math.ceil(x1 * zoom) + margin), min(bottom, math.ceil(y1 * zoom) + margin)
        return Box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else EMPTY

    def make(self, place: Place) -> Tile:
        """The tile, drawn now if need be."""
        if self.lacks(place):
            self.take(place, draw(self.scene, self.zoom, self.box(place), self.picture(place)), self.turn)
        tile = self.get(place)
        assert tile is not None
        return tile

    def take(self, place: Place, drawing: Drawing, turn: int) -> None:
        """Keep what was drawn of the scene of a turn; no longer wanted if the tile there is a newer one."""
        old = self._tiles.get(place)
        if old and not old.stale and turn != self.turn:
            return
        box, base, finish = self.box(place), drawing.base, drawing.finish
        tile = Tile(box, drawing.ground, drawing.picture, drawing.under, base, base, stale=turn != self.turn)
        if finish and finish.active is self.scene.active:
            tile.whole, tile.tint, tile.tint_of = finish.whole, finish.tint, _look(finish.active)
        self._nbytes -= old.nbytes if old else 0
        self._tiles[place] = tile
        self._tiles.move_to_end(place)
        self.work.add(box, drawing.visited)
        self._nbytes += tile.nbytes
        if tile.whole is base:
            self._finish(tile, box)
        self._drop_oldest(place)

    def show(self, scene: Scene) -> None:
        """Show another scene of the same frame; every tile is drawn again when it is next made."""
        self.scene = scene.indexed()
        self.turn += 1
        for tile in self._tiles.values():
            tile.stale = True

    def spoil(self, scene: Scene, box: Box) -> None:
        """Show `scene`, which differs inside an image `box` only; the tiles there are drawn again when next made."""
        self.scene = scene.indexed()
        self.turn += 1
        for place in self.places(self.reach(box)):
            if tile := self._tiles.get(place):
                tile.stale = True

    def mend(self, scene: Scene, box: Box, under: bool = True, seen: Box | None = None, grown: bool = False) -> Box:
        """Show `scene`, which differs inside an image `box` only; answers the device box that was drawn again.

        With `under` false only the active object differs; with `grown` it has only gained pixels since it was drawn.
        Outside the device box `seen` that is done when it is needed.
        """
        self.scene = scene.indexed() if under else scene
        self.turn += under
        if box.empty:
            return EMPTY
        device = self.reach(box, under)
        for place in self.places(device):
            tile = self._tiles.get(place)
            if tile is None or (under and tile.stale):
                continue
            part = device.intersection(tile.box)
            if under:
                self._redraw(tile, part)
            if seen is None or seen.covers(part) or not seen.intersection(part).empty:
                self._finish(tile, tile.box if tile.behind else part, grown and not tile.behind)
            else:
                tile.behind = True
        return device

    def _redraw(self, tile: Tile, device: Box) -> None:
        """Draw everything but the active object again, in a part of a tile."""
        before, near, part = tile.nbytes, self.scene.near(device, self.zoom), device.within(tile.box)
        _part_arrays(tile)
        tile.under[part] = tile.picture[part]
        blend(tile.under[part], near, self.zoom, device)
        if tile.base is not tile.under:
            tile.base[part] = _gridded(tile.under[part], self.zoom, device)
        if tile.tint is not None and self.scene.active and tile.tint_of == _look(self.scene.active):
            tile.tint[part] = _gridded(tinted(tile.under[part], self.scene.active), self.zoom, device)
        else:
            tile.tint_of = ()
        self.work.add(device, len(near))
        self._nbytes += tile.nbytes - before

    def _finish(self, tile: Tile, device: Box, grown: bool = False) -> None:
        """Draw the active object again, in a part of a tile; `grown` as `mend` says."""
        active, part = self.scene.active, device.within(tile.box)
        tile.behind = False
        ready = active is not None and tile.whole is not tile.base and tile.tint_of == _look(active)
        if active is None or not (ready or _reaches(active, self.zoom, device)):
            if tile.whole is not tile.base:
                tile.whole[part] = tile.base[part]
                self.work.add(device, 0)
            return
        if not ready:
            before = tile.nbytes
            tile.whole = tile.base.copy() if tile.whole is tile.base else tile.whole
            tile.tint, tile.tint_of = _gridded(tinted(tile.under, active), self.zoom, tile.box), _look(active)
            self._nbytes += tile.nbytes - before
        assert tile.tint is not None
        lay(tile.whole[part], tile.base[part], tile.tint[part], active, self.zoom, device, grown)
        self.work.add(device, 1)

    def _drop_oldest(self, newest: Place) -> None:
        for place in list(self._tiles):
            if self._nbytes <= self.max_bytes:
                return
            if place not in self.seen and place != newest:
                self._nbytes -= self._tiles.pop(place).nbytes


def boxes_of(layers: Sequence[Layer]) -> NDArray[np.int64]:
    """(n, 4) x0, y0, x1, y1 of all."""
    ends = chain.from_iterable([each.box for each in layers])
    return np.fromiter(ends, np.int64, 4 * len(layers)).reshape(-1, 4)


def _part_arrays(tile: Tile) -> None:
    """Give what will be written to an array of its own."""
    whole_is_base, base_is_under = tile.whole is tile.base, tile.base is tile.under
    if tile.under is tile.picture:
        tile.under = tile.picture.copy()
        tile.base = tile.under if base_is_under else tile.base
    if whole_is_base:
        tile.whole = tile.base.copy()


def _reaches(layer: Layer, zoom: float, device: Box) -> bool:
    """Whether any of a box shows any of the layer's."""
    return not device_box(layer.box, zoom).intersection(device).empty


def _look(active: Layer) -> tuple[object, ...]:
    return active.color, active.opacity


def _gridded(pixels: Pixels, zoom: float, box: Box) -> Pixels:
    """With the grid that parts the image's pixels, where the zoom has one."""
    if zoom < GRID_FROM:
        return pixels
    out = pixels.copy()
    draw_grid(out, zoom, box)
    return out
