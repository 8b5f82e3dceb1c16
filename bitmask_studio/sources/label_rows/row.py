"""One Encord label row: from the bytes of its JSON object to frames and objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from operator import eq
from typing import Any, overload

import msgspec
from msgspec import Struct

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import Frame, LabelRow, ObjectInfo, RowInfo
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.jsontext.scan import ScanError, Unreadable, parse, value_at
from bitmask_studio.sources.label_rows.answers import read_answers, read_dynamic_answers
from bitmask_studio.sources.label_rows.layout import Layout, Segment
from bitmask_studio.sources.label_rows.objects import read_objects, shape_of

_DECODER = msgspec.json.Decoder()


class Summary(Struct, frozen=True):
    """What listing a row finds out: the classes that its objects name, and what its pictures are called."""

    info: RowInfo
    classes: tuple[ObjectClass, ...]
    pictures: tuple[str, ...]


class Frames(Sequence[Frame]):
    """The frames of a row; those without labels, of which a video has many, are made when asked for."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._labelled = dict(_labelled_frames(layout))
        self._length = layout.frames

    def with_frames(self, frames: Mapping[int, Frame]) -> Frames:
        """The same but for some, given by their positions."""
        other = copy(self)
        other._labelled = {**self._labelled, **frames}
        return other

    def __len__(self) -> int:
        return self._length

    def rate(self, position: int) -> float | None:
        """Frames per second of the video that a frame belongs to; None where that is not said."""
        return self._layout.find(position)[0].rate

    @property
    def labelled(self) -> Sequence[int]:
        """The positions of the frames that have labels, ascending."""
        return sorted(self._labelled)

    @overload
    def __getitem__(self, position: int) -> Frame: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Frame, ...]: ...
    def __getitem__(self, position: int | slice) -> Frame | tuple[Frame, ...]:
        if isinstance(position, slice):
            return tuple(self[each] for each in range(*position.indices(self._length)))
        at = position + self._length if position < 0 else position
        found = self._labelled.get(at)
        return found or _frame(at, *self._layout.find(at), objects=())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash((self._length, *self._labelled))


def read_json(text: bytes) -> object:
    """The value of a JSON text; what a strict reader refuses is read by the tolerant one. Raises ScanError."""
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return parse(text, value_at(text, 0))


def read_table(text: bytes) -> Mapping[str, Any]:
    """A row as a JSON object. Raises InputError saying what it is instead."""
    try:
        value = read_json(text)
    except ScanError:
        value = Unreadable("broken")
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Unreadable):
        raise InputError(tr("This label row is not readable: its JSON is broken."))
    raise InputError(tr("This label row is not readable: it is no JSON object."))


def summarize(row: Mapping[str, Any], key: str, layout: Layout) -> Summary:
    """List a row; nothing is decoded, so its mask strings may be left out."""
    entries = list(_entries(layout))
    classes = [_class_of(entry) for entry in entries]
    shapes = [shape_of(entry) for entry in entries]
    pictures = tuple(name for each in layout.segments for name in (each.title, each.data_hash, each.link) if name)
    size = next((each.size for each in layout.segments if each.size), (0, 0))
    info = RowInfo(
        key=key,
        label_hash=facts.text(row.get("label_hash")) or None,
        data_hash=facts.text(row.get("data_hash")),
        title=facts.text(row.get("data_title")),
        data_type=layout.data_type,
        frames=layout.frames,
        width=size[0],
        height=size[1],
        objects=len(entries),
        bitmasks=shapes.count(BITMASK),
        read_only=" ".join(layout.reasons) or None,
        damage=" ".join(layout.damage) or None,
    )
    return Summary(info, tuple(dict.fromkeys(each for each in classes if each)), pictures)


def opened(row: Mapping[str, Any], layout: Layout, info: RowInfo, origin: object = None) -> LabelRow:
    """The row with its frames and answers; `origin` is what its source keeps beside it."""
    return LabelRow(info, Frames(layout), read_answers(row), origin, read_dynamic_answers(row))


def damaged(key: str, title: str, reason: str) -> RowInfo:
    """A row of which nothing but its place is known; its label hash is empty, not missing: it is no unlabelled row."""
    return RowInfo(key, "", "", title, "", 0, 0, 0, 0, 0, reason, reason)


def _entries(layout: Layout) -> Iterator[object]:
    for segment in layout.segments:
        for index in segment.labelled():
            yield from facts.items(segment.frame_labels(index).get("objects"))


def _class_of(entry: object) -> ObjectClass | None:
    table = facts.table(entry)
    feature_hash, name = facts.text(table.get("featureHash")), facts.text(table.get("name"))
    if not feature_hash or not name:
        return None
    return ObjectClass(feature_hash, name, facts.text(table.get("color")) or "#D33115", shape_of(table))


def _labelled_frames(layout: Layout) -> Iterator[tuple[int, Frame]]:
    first = 0
    for segment in layout.segments:
        for index in segment.labelled():
            objects = read_objects(segment.frame_labels(index).get("objects"), segment.frame_size(index))
            yield first + index, _frame(first + index, segment, index, objects)
        first += len(segment.numbers)


def _frame(position: int, segment: Segment, index: int, objects: tuple[ObjectInfo, ...]) -> Frame:
    width, height = segment.frame_size(index) or (0, 0)
    return Frame(position, segment.numbers[index], segment.title, segment.data_hash, width, height, objects)
