"""What the canvas shows of a frame: exact tiles, and what stands in for those that are still being drawn."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import Future

from msgspec.structs import replace
from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QRegion

from bitmask_studio.core.backdrop import Backdrop, backdrop, enlarged
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.overlay import Layer
from bitmask_studio.core.sampling import Pixels
from bitmask_studio.core.tiles import SIDE, Place, Scene, Tile, TileStore
from bitmask_studio.ui.canvas.tile_builder import TileBuilder

PAINT_BUDGET = 0.003
"""Seconds a repaint may take for tiles that it lacks; those that would take longer are drawn on other threads."""

_BACKDROP_BUDGET = 0.02
"""Seconds a repaint may take for drawing the whole frame small."""
_QUIET_MS = 300
"""How long after the last change the whole frame is drawn small again."""
_OLD = -1
"""No turn of a store."""

_LIGHT = 1_500_000
"""Device px times objects that are mended at once when lower objects change."""


class Surface(QObject):
    """Holds the tiles of the zoom in force, those of the zoom before, and the whole frame small.

    `changed(box)` is called when a device box, relative to the image's corner, looks different than when last painted.
    """

    def __init__(self, changed: Callable[[Box], None], max_bytes: int, parent: QObject) -> None:
        super().__init__(parent)
        self._changed = changed
        self._max_bytes = max_bytes
        self.store = TileStore(Scene(1, 1), 1.0, max_bytes)
        self.is_whole = False
        """Whether all that was painted last was exact and current."""
        self.at_once = False
        """Every repaint draws all tiles it lacks, however long that takes."""
        self._before: TileStore | None = None
        self._backdrop: Backdrop | None = None
        self._former: Backdrop | None = None
        """That of the scene before over the same picture, which need not be reduced again."""
        self._making: Future[Backdrop] | None = None
        self._near_seen: Box | None = None
        self._is_unfinished = False
        """Whether the whole frame small is gone on with in another repaint, which was asked for."""
        self._dirty: list[Box] = []
        self._grew = True
        """Whether the active object has only gained pixels where it is dirty."""
        self._builder = TileBuilder(self._take, self)
        self._waits = False
        """For it to look the same for a while, then the whole frame is drawn small again."""
        self._rests = True
        """It has looked the same since that timer was started."""
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._renew_backdrop)

    @property
    def awaits_mending(self) -> bool:
        """Whether the active object was touched since it was last mended."""
        return bool(self._dirty)

    @property
    def scene(self) -> Scene:
        return self.store.scene

    @property
    def shows_all(self) -> bool:
        """Whether all that was painted last shows picture and masks, exact or small."""
        return self.is_whole or (self._backdrop is not None and self._backdrop.complete)

    def start(self, scene: Scene) -> None:
        """Show another frame, or the same one from nothing."""
        is_same = scene.ground.same_as(self.store.scene.ground)
        self._former = self._backdrop if is_same else None
        self.store = TileStore(scene, self.store.zoom, self._max_bytes)
        self._before = self._backdrop = self._making = None
        self._dirty, self._grew = [], True
        self.is_whole = False

    def show(self, scene: Scene) -> None:
        """Show the same frame otherwise: another picture of it, other objects or looks."""
        if not scene.ground.same_as(self.store.scene.ground):
            self._backdrop = None
        self.store.show(scene)
        self.is_whole = False
        self._look_changed(self.store.bounds)

    def change(self, scene: Scene, box: Box, seen: Box) -> None:
        """Show a scene that differs inside an image `box` only; at once where that is little work.

        `seen`: what the canvas shows, device px relative to the image's corner.
        """
        device = self.store.reach(box)
        near = self.store.scene.near(device, self.store.zoom)
        if device.intersection(seen).area * (1 + len(near)) <= _LIGHT:
            self.store.mend(scene, box, seen=seen)
        else:
            self.store.spoil(scene, box)
            self.is_whole = False
        self._look_changed(device)

    def touch(self, box: Box, line: int, grown: bool = False) -> None:
        """The active object, its outline up to `line` device px wide, looks different inside an image box.

        It is drawn again with the next repaint, however often it is touched until then. `grown`: it has only gained
        pixels there.
        """
        if box.empty:
            return
        self._grew = self._grew and grown
        if self._dirty and _is_near(joined := self._dirty[-1].union(box), self._dirty[-1], box):
            self._dirty[-1] = joined
        else:
            self._dirty.append(box)
        self._look_changed(self.store.around(box, line))

    def mend(self, active: Layer | None, seen: Box) -> None:
        """Draw the active object where it was touched."""
        dirty, self._dirty, grown, self._grew = self._dirty, [], self._grew, True
        for box in dirty:
            if not self.is_whole:
                self._lay_ground(self.store.reach(box).intersection(seen))
            scene = self.store.scene
            if scene.active is not active:
                scene = replace(scene, active=active)
            self.store.mend(scene, box, under=False, seen=seen, grown=grown)

    def _lay_ground(self, device: Box) -> None:
        """Make stale tiles of the small frame where there are none, so that a stroke is seen before they are drawn."""
        store = self.store
        for place in store.places(device):
            if store.get(place) is None:
                store.take(place, enlarged(self._whole_frame(), store.scene, store.zoom, store.box(place)), _OLD)

    def go_to(self, zoom: float) -> None:
        """Show the frame at another zoom."""
        if zoom == self.store.zoom:
            return
        if self.store.tiles and (self.is_whole or self._before is None):
            self._before = self.store
        self.store = TileStore(self.store.scene, zoom, self._max_bytes, self.store.work)
        self.is_whole = False

    def paint(self, painter: QPainter, corner: tuple[int, int], exposed: Box, seen: Box, bare: bool) -> None:
        """Paint a device box of the canvas, on which the image's corner is at `corner`; `bare`: without masks."""
        (x, y), store, self._is_unfinished = corner, self.store, False
        shown, settled = store.places(exposed.shifted(-x, -y)), self.is_whole and seen == self._near_seen
        if not settled:
            self._make(shown)
        missing = []
        for place in shown:
            tile = store.get(place)
            if tile is None:
                missing.append(place)
            else:
                image = _image(tile.picture) if bare else _whole(tile)
                painter.drawImage(tile.box.x0 + x, tile.box.y0 + y, image)
        if missing:
            painter.translate(x, y)
            self._stand_in(painter, missing)
            painter.translate(-x, -y)
        if self._is_unfinished:
            self.is_whole = False  # tiles that were drawn meanwhile would only delay the rest of the small frame
        elif not settled:
            self._order_what_lacks(seen)

    def _make(self, places: list[Place]) -> None:
        """Draw what is lacking here and now as far as the budget goes."""
        left = PAINT_BUDGET
        for place in places:
            if self.store.lacks(place):
                began = time.perf_counter()
                if self.at_once or self.store.seconds(place) < left:
                    self.store.make(place)
                    left -= time.perf_counter() - began

    def _order_what_lacks(self, seen: Box) -> None:
        store = self.store
        places = store.places(seen)
        store.seen = frozenset(places)
        lacking = [place for place in places if store.lacks(place)]
        self.is_whole = not lacking
        if lacking:
            self._near_seen = None
            self._builder.want(store, lacking)
        elif self._near_seen != seen:
            self._before, self._near_seen = None, seen
            around = store.places(seen.inflated(SIDE // 2)) if store.nbytes * 2 < store.max_bytes else []
            self._builder.want(store, around)

    def _stand_in(self, painter: QPainter, places: list[Place]) -> None:
        """Paint what is known of tiles that are not there yet, not smoothed, so that it is quick."""
        region = QRegion()
        for place in places:
            region += _rect(self.store.box(place))
        before = self._before.tiles if self._before else []
        factor = self.store.zoom / self._before.zoom if self._before else 1.0
        covered = QRegion()
        for tile in before:
            covered += _scaled(tile.box, factor)
        painter.save()
        if not (bare := region - covered).isEmpty():
            painter.setClipRegion(bare, Qt.ClipOperation.IntersectClip)
            painter.drawImage(QRectF(_rect(self.store.bounds)), _image(self._whole_frame().pixels))
            painter.restore()
            painter.save()
        painter.setClipRegion(region, Qt.ClipOperation.IntersectClip)
        painter.scale(factor, factor)
        for tile in before:
            if region.intersects(_scaled(tile.box, factor)):
                painter.drawImage(tile.box.x0, tile.box.y0, _image(tile.whole))
        painter.restore()

    def _whole_frame(self) -> Backdrop:
        """What there is of it; begun now, or gone on with."""
        if self._backdrop is None or not self._backdrop.complete:
            self._backdrop = backdrop(self.store.scene, _BACKDROP_BUDGET, self._backdrop or self._former)
            self._former = None
            if not self._backdrop.complete:
                self._is_unfinished = True
                self._changed(self.store.bounds)
        return self._backdrop

    def _take(self, store: TileStore, place: Place) -> None:
        """A tile has been drawn."""
        if store is self.store:
            self._changed(store.box(place))

    def _look_changed(self, device: Box) -> None:
        self._making, self._rests = None, False
        if not self._waits:
            self._waits = self._rests = True
            self._quiet.start()
        self._changed(device)

    def _renew_backdrop(self) -> None:
        """Draw the whole frame small again, on another thread, some time after it has changed."""
        if self._rests and self._making is None:
            self._making = self._builder.pool.submit(backdrop, self.store.scene)
        if self._making is None or not self._making.done():
            self._rests = True
            self._quiet.start()
        else:
            self._backdrop, self._making, self._waits = self._making.result(), None, False


def _is_near(joined: Box, one: Box, other: Box) -> bool:
    """Whether two boxes are drawn as one with little more work."""
    return joined.area <= 2 * (one.area + other.area)


def _whole(tile: Tile) -> QImage:
    """What a tile shows as an image, which is kept as long as the tile keeps that memory: each dab needs it."""
    if tile.shown is None or tile.shown[0] is not tile.whole:
        tile.shown = tile.whole, _image(tile.whole)
    image = tile.shown[1]
    assert isinstance(image, QImage)
    return image


def _image(pixels: Pixels) -> QImage:
    """Memory of (H, W, 4) as an image; it outlives the drawing."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)


def _scaled(box: Box, factor: float) -> QRect:
    """The whole px inside a box that is enlarged by a factor."""
    left, top = math.ceil(box.x0 * factor), math.ceil(box.y0 * factor)
    return QRect(left, top, math.floor(box.x1 * factor) - left, math.floor(box.y1 * factor) - top)


def _rect(box: Box) -> QRect:
    return QRect(box.x0, box.y0, box.width, box.height)
