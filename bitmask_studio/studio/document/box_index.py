"""Which objects of a frame lie around a pixel: known without a look at each, however many there are."""

from __future__ import annotations

from weakref import ReferenceType, WeakSet, ref

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.studio.document.document import Document


class BoxIndex:
    """Keeps the boxes of the masks of the frame that was asked for last, until one of them differs."""

    def __init__(self) -> None:
        self._heard: WeakSet[Document] = WeakSet()
        self._of: tuple[ReferenceType[Document], int] | None = None
        self._objects: tuple[ObjectInfo, ...] = ()
        self._boxes: NDArray[np.int64] = np.empty((0, 4), np.int64)

    def objects_at(self, document: Document, position: int, x: int, y: int) -> list[ObjectInfo]:
        """The bitmasks in whose box pixel (x, y) lies, the topmost first; what is still being decoded is left out."""
        if self._of != (ref(document), position):
            self._hear(document)
            self._measure(document, position)
        x0, y0, x1, y1 = self._boxes.T
        found = np.flatnonzero((x0 <= x) & (x < x1) & (y0 <= y) & (y < y1))
        return [self._objects[at] for at in found[::-1].tolist()]

    def _measure(self, document: Document, position: int) -> None:
        keyed = ((MaskKey(position, each.object_hash), each) for each in document.objects(position) if each.is_bitmask)
        known = [(key, each) for key, each in keyed if not document.is_awaited(key)]
        boxes = [document.mask(key).box for key, _ in known]
        corners = [(box.x0, box.y0, box.x1, box.y1) for box in boxes]
        self._boxes = np.array(corners, np.int64).reshape(-1, 4)
        self._objects = tuple(each for _, each in known)
        self._of = ref(document), position

    def _hear(self, document: Document) -> None:
        """Measure again whenever a mask of the document may have another box."""
        if document not in self._heard:
            self._heard.add(document)
            document.mask_changed.connect(lambda _: self._forget())
            document.objects_changed.connect(lambda _: self._forget())
            document.decoded.connect(lambda _: self._forget())

    def _forget(self) -> None:
        self._of, self._objects = None, ()
