"""Finds frames and objects of one state of a label row in another."""

from __future__ import annotations

from collections.abc import Iterator

from bitmask_studio.core.labels import Frame, LabelRow, MaskKey
from bitmask_studio.sources.label_rows.layout import lay_out
from bitmask_studio.sources.label_rows.row import Frames, opened, read_table, summarize


def labelled(row: LabelRow) -> Iterator[Frame]:
    """The frames that may have objects; the others of a long video are not even made."""
    frames = row.frames
    return (frames[at] for at in (frames.labelled if isinstance(frames, Frames) else range(len(frames))))


def keys_of(row: LabelRow, object_hash: str) -> Iterator[MaskKey]:
    """Where a row has an object, first frame first."""
    return (MaskKey(frame.position, object_hash) for frame in labelled(row) if frame.find(object_hash))


def position(row: LabelRow, like: Frame) -> int | None:
    """Where a row has the same frame as another state of it."""
    at, name = like.position, _name(like)
    if at < len(row.frames) and _name(row.frames[at]) == name:
        return at
    return next((frame.position for frame in row.frames if _name(frame) == name), None)


def as_read(text: bytes) -> LabelRow:
    """The row that is in bytes which were read as one before."""
    row = read_table(text)
    layout = lay_out(row)
    return opened(row, layout, summarize(row, "", layout).info)


def _name(frame: Frame) -> tuple[str, int]:
    return frame.data_hash, frame.number
