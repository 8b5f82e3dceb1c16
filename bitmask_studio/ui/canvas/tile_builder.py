"""Draws tiles on worker threads, what is seen first; the window's thread takes them in and never waits."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import cv2
from msgspec import Struct
from PySide6.QtCore import QObject, QTimer

from bitmask_studio.core import tiles
from bitmask_studio.core.tiles import Drawing, Place, TileStore

_WORKERS = min(4, max(1, (os.cpu_count() or 1) - 1))
"""One core is left to the window."""
_LOOK_MS = 3
"""How often is looked for tiles that have been drawn, while any are."""


class _Order(Struct, frozen=True, eq=False):
    store: TileStore
    place: Place
    turn: int
    drawing: Future[Drawing]


class TileBuilder(QObject):
    """Tells `taken(store, place)`, on the window's thread, of each tile that a store has got.

    No signal of a worker's: a timer looks for answers, so that no other thread touches anything of Qt.
    """

    def __init__(self, taken: Callable[[TileStore, Place], None], parent: QObject) -> None:
        super().__init__(parent)
        self._taken = taken
        self._wanted: tuple[TileStore, list[Place]] | None = None
        self._orders: list[_Order] = []
        # One thread a tile, and one for the window: OpenCV's own would all fight for the cores that these share.
        cv2.setNumThreads(1)
        self.pool = ThreadPoolExecutor(_WORKERS, "tile")
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def want(self, store: TileStore, places: Sequence[Place]) -> None:
        """Have these tiles of a store drawn, in this order; what was wanted before and not begun is not any more."""
        self._wanted = store, list(places)
        for order in self._orders:
            if order.store is not store or order.place not in places:
                order.drawing.cancel()
        self._begin()

    def _look(self) -> None:
        done = [order for order in self._orders if order.drawing.done()]
        self._orders = [order for order in self._orders if not order.drawing.done()]
        for order in done:
            if not order.drawing.cancelled():
                order.store.take(order.place, order.drawing.result(), order.turn)
                self._taken(order.store, order.place)
        self._begin()

    def _begin(self) -> None:
        """Hand out work, little more than there are hands: what is wanted may change soon."""
        store, places = self._wanted or (None, [])
        for place in places:
            if len(self._orders) > _WORKERS:
                break
            if store and store.lacks(place) and not self._is_under_way(store, place):
                self._orders.append(self._ordered(store, place))
        if not self._orders:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _is_under_way(self, store: TileStore, place: Place) -> bool:
        return any(
            order.store is store and order.place == place and order.turn == store.turn and not order.drawing.cancelled()
            for order in self._orders
        )

    def _ordered(self, store: TileStore, place: Place) -> _Order:
        scene, zoom, box, picture = store.scene, store.zoom, store.box(place), store.picture(place)
        return _Order(store, place, store.turn, self.pool.submit(tiles.draw, scene, zoom, box, picture))
