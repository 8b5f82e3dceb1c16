"""Small pictures of the rows that are on screen, read one after another while nobody scrolls."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.source import EncordSource
from bitmask_studio.studio.studio import Studio

MAX_BYTES = 32 << 20
AT_ONCE = 2
"""How many are asked for at a time: the row that somebody opens must not wait behind them."""


class Thumbnails(QObject):
    """`side` is that of the square pictures, device px. Where there is none, or none can be had, it stays silent."""

    arrived = Signal()

    def __init__(self, studio: Studio, side: int, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._side = side
        self._server: EncordSource | None = None
        self._waiting: list[RowInfo] = []
        self._running: set[str] = set()
        self._kept: OrderedDict[str, QImage] = OrderedDict()
        self._bytes = 0
        self._refused: set[str] = set()

    def image(self, key: str) -> QImage | None:
        """The picture of a row, if it has been read."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def want(self, rows: Sequence[RowInfo]) -> None:
        """Read the pictures of these rows, and of no others that have not begun yet."""
        if self._server is not self._studio.workspace.server:
            self._forget()
        known = self._kept.keys() | self._refused | self._running
        self._waiting = [row for row in rows if row.key not in known] if self._server else []
        self._begin()

    def try_again(self) -> None:
        """Ask once more for what could not be had, when it is on screen the next time."""
        self._refused.clear()

    def _forget(self) -> None:
        self._server = self._studio.workspace.server
        self._kept.clear()
        self._bytes = 0
        self._refused.clear()
        self._running.clear()

    def _begin(self) -> None:
        while self._server and self._waiting and len(self._running) < AT_ONCE:
            row = self._waiting.pop(0)
            self._running.add(row.key)
            self._studio.jobs.start(self._read(self._server, row))

    async def _read(self, server: EncordSource, row: RowInfo) -> None:
        image, refused = None, True
        try:
            image = await self._studio.jobs.run(lambda: _square(server.thumbnail(row), self._side))
        except ServerError as error:
            refused = error.kind is not Kind.CANCELLED
        except StudioError:
            refused = True
        if server is self._server:
            self._running.discard(row.key)
            self._keep(row.key, image) if image else self._refused.update([row.key] if refused else [])
            self._begin()

    def _keep(self, key: str, image: QImage) -> None:
        self._kept[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > MAX_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].sizeInBytes()
        self.arrived.emit()


def _square(picture: Picture | None, side: int) -> QImage | None:
    """The middle of a picture, reduced to `side` x `side` px; a smaller one as it is."""
    if picture is None or not picture.pixels.size:
        return None
    height, width = picture.pixels.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    middle = picture.pixels[top : top + edge, left : left + edge]
    if edge > side:
        middle = cv2.resize(middle, (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8)
    data = np.ascontiguousarray(middle)
    return QImage(data.data, data.shape[1], data.shape[0], data.strides[0], QImage.Format.Format_BGR888).copy()
