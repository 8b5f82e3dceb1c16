"""The objects of an opened row: those that are stored, and what edits have put on its frames and taken from them."""

from __future__ import annotations

from collections.abc import Container, Mapping

from bitmask_studio.core.labels import LabelRow, MaskKey, ObjectInfo
from bitmask_studio.sources.label_rows.row import Frames
from bitmask_studio.studio.document.object_index import ObjectIndex


class RowObjects:
    """The list of objects of each frame over the stored row, bottom first."""

    def __init__(self, row: LabelRow) -> None:
        self.row = row
        self.relisted: dict[int, tuple[ObjectInfo, ...]] = {}
        """The frames whose list may differ from the stored one, with what is on them now."""
        self._index = ObjectIndex()

    def on(self, position: int) -> tuple[ObjectInfo, ...]:
        """What is on the frame now."""
        found = self.relisted.get(position)
        return self.row.frames[position].objects if found is None else found

    def find(self, key: MaskKey) -> ObjectInfo | None:
        """The object of that key, the lowest of several; None where there is none."""
        found = self.relisted.get(key.frame)
        return self._index.find(key.object_hash, self.row.frames[key.frame].objects if found is None else found)

    def insert(self, key: MaskKey, info: ObjectInfo, place: int) -> None:
        objects = self.on(key.frame)
        self.relisted[key.frame] = (*objects[:place], info, *objects[place:])

    def take_away(self, key: MaskKey) -> None:
        self.relisted[key.frame] = tuple(each for each in self.on(key.frame) if each.object_hash != key.object_hash)

    def is_there(self, object_hash: str) -> bool:
        """Whether the object is on any frame now."""
        edited = any(each.object_hash == object_hash for objects in self.relisted.values() for each in objects)
        return edited or holds(self.row, object_hash, but=self.relisted)

    def stand_on(self, row: LabelRow, relisted: Mapping[int, tuple[ObjectInfo, ...]]) -> None:
        """Take another stored row, and the lists of the frames on which edits make another one of it."""
        self.row, self.relisted = row, dict(relisted)


def holds(row: LabelRow, object_hash: str, but: Container[int] = ()) -> bool:
    """Whether an object is on any frame of a stored row, apart from some."""
    frames = row.frames
    positions = frames.labelled if isinstance(frames, Frames) else range(len(frames))
    return any(frames[each].find(object_hash) for each in positions if each not in but)
