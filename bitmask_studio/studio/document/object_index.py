"""Which of a frame's objects has a hash: known at once, however many there are."""

from __future__ import annotations

from bitmask_studio.core.labels import ObjectInfo


class ObjectIndex:
    """Keeps the objects of the frame that was asked for last by their hashes."""

    def __init__(self) -> None:
        self._last: tuple[tuple[ObjectInfo, ...], dict[str, ObjectInfo]] = (), {}

    def find(self, object_hash: str, objects: tuple[ObjectInfo, ...]) -> ObjectInfo | None:
        """The object of that hash, the lowest of several; None where there is none."""
        last, found = self._last
        if objects is not last:
            found = {each.object_hash: each for each in reversed(objects)}
            self._last = objects, found
        return found.get(object_hash)
