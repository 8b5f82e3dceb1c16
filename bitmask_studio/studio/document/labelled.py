"""Which frames of a row have labels, without walking over those of a long video that have none."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from bitmask_studio.core.labels import LabelRow, MaskKey
from bitmask_studio.studio.document.document import Document


@runtime_checkable
class KnowsLabelled(Protocol):
    """Frames that can tell which of them have labels."""

    @property
    def labelled(self) -> Sequence[int]:
        """Their positions, ascending."""


def labelled_positions(document: Document) -> Sequence[int]:
    """The frames with objects as they are now, edits that are not stored yet included, ascending."""
    changed = document.relisted
    stored = _stored(document.row)
    return _with_changes(stored, {frame: bool(objects) for frame, objects in changed.items()}) if changed else stored


def positions_in(row: LabelRow, object_hash: str) -> Sequence[int]:
    """The frames on which a stored row has an object, ascending; takes long for many frames, but in any thread."""
    return [position for position in _stored(row) if row.frames[position].find(object_hash)]


def positions_of(document: Document, object_hash: str, stored: Sequence[int]) -> Sequence[int]:
    """The frames that have an object now, ascending, given where its stored row has it."""
    changed = {frame: document.find(MaskKey(frame, object_hash)) is not None for frame in document.relisted}
    return _with_changes(stored, changed) if changed else stored


def next_labelled(document: Document, frame: int, step: int) -> int | None:
    """The nearest frame with labels after (1) or before (-1) a frame."""
    found = labelled_positions(document)
    at = bisect_right(found, frame) if step > 0 else bisect_left(found, frame) - 1
    return found[at] if 0 <= at < len(found) else None


def _stored(row: LabelRow) -> Sequence[int]:
    if isinstance(row.frames, KnowsLabelled):
        return row.frames.labelled
    return [position for position, frame in enumerate(row.frames) if frame.objects]


def _with_changes(stored: Iterable[int], changed: dict[int, bool]) -> Sequence[int]:
    kept = (position for position in stored if changed.get(position, True))
    return sorted({*kept, *(position for position, there in changed.items() if there)})
