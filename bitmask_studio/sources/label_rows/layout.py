"""Which frames an Encord row has and where in it the labels of each lie."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from bitmask_studio.core.ontology import BITMASK
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts
from bitmask_studio.sources.label_rows.objects import shape_of
from bitmask_studio.sources.label_rows.outlines import Size

IMAGE_TYPES = ("image", "img_group", "image_sequence")
_VISUAL_SPACES = ("image", "image_sequence", "video", "medical", "dicom", "nifti")
_FLAT_KEYS = ("objects", "classifications")


class Place(Struct, frozen=True):
    """Where the labels of a frame are: the keys from the row to `labels`, and the frame's key unless they are flat."""

    path: tuple[str, ...]
    key: str | None

    @property
    def whole(self) -> tuple[str, ...]:
        """The keys from the row to the table that holds the frame's `objects`."""
        return self.path if self.key is None else (*self.path, self.key)


class Segment(Struct, frozen=True):
    """Frames of a row whose labels lie together: a data unit or a space."""

    path: tuple[str, ...]
    numbers: Sequence[int]
    """The frame number of each of its frames."""
    keys: Sequence[str] | None
    """The key of each frame in the labels; None for flat labels, an empty list where the numbers are the keys."""
    title: str
    data_hash: str
    link: str
    size: Size | None
    labels: Mapping[str, Any]
    rate: float | None = None
    """Frames per second of a video, where that is said."""

    def key(self, index: int) -> str | None:
        if self.keys is None:
            return None
        return self.keys[index] if self.keys else str(self.numbers[index])

    def frame_labels(self, index: int) -> Mapping[str, Any]:
        """The objects and classifications of its frame `index`."""
        key = self.key(index)
        return self.labels if key is None else facts.table(self.labels.get(key))

    def frame_size(self, index: int) -> Size | None:
        """Width and height in px: slices of a series may have their own."""
        metadata = facts.table(self.frame_labels(index).get("metadata")) if self.keys == [] else {}
        return facts.size(metadata.get("width"), metadata.get("height")) or self.size

    def labelled(self) -> Iterator[int]:
        """The frames that have labels at all, ascending, without walking over the others."""
        if self.keys is None or self.keys:
            yield from range(len(self.numbers))
            return
        numbers = (facts.frame_number(key) for key in self.labels)
        for number in sorted(each for each in numbers if each is not None):
            yield bisect_left(self.numbers, number)


class Layout(Struct, frozen=True):
    """All frames of a row, and why they can be shown but not edited, if so."""

    data_type: str
    segments: tuple[Segment, ...]
    reasons: tuple[str, ...]
    damage: tuple[str, ...] = ()
    """Why there may be masks in it that none of its frames has."""

    @property
    def frames(self) -> int:
        return sum(len(each.numbers) for each in self.segments)

    def find(self, position: int) -> tuple[Segment, int]:
        """The segment of a frame and the frame's index in it. Raises IndexError."""
        starts = [0]
        for each in self.segments:
            starts.append(starts[-1] + len(each.numbers))
        if not 0 <= position < starts[-1]:
            raise IndexError(position)
        at = bisect_right(starts, position) - 1
        return self.segments[at], position - starts[at]

    def place(self, position: int) -> Place:
        """Where the labels of a frame are. Raises IndexError."""
        segment, index = self.find(position)
        return Place(segment.path, segment.key(index))


class _Remarks(Struct, frozen=True):
    """What is odd about a row: why it is not edited, and which parts of it cannot be read."""

    reasons: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)

    def lost(self, text: str) -> None:
        self.reasons.append(text)
        self.damage.append(text)


def lay_out(row: Mapping[str, Any]) -> Layout:
    """Read the structure of a row; whatever is odd about it becomes a reason."""
    data_type = facts.text(row.get("data_type")).lower()
    if row.get("is_image_sequence") is True:
        data_type = "image_sequence"
    remarks = _Remarks()
    _look_at_tables(row, remarks)
    spaces = facts.table(row.get("spaces"))
    found = _spaces(spaces, remarks) if data_type == "group" or spaces else _units(row, data_type, remarks)
    if not found and not remarks.reasons:
        remarks.reasons.append(tr("It has no frames."))
    reasons, damage = (tuple(dict.fromkeys(each)) for each in (remarks.reasons, remarks.damage))
    return Layout(data_type, tuple(found), reasons, damage)


def _look_at_tables(row: Mapping[str, Any], remarks: _Remarks) -> None:
    if not isinstance(row.get("data_units"), Mapping):
        remarks.lost(tr("Its data_units are no JSON object."))
    if row.get("spaces") and not isinstance(row["spaces"], Mapping):
        remarks.lost(tr("Its spaces are no JSON object."))
    for key in ("object_answers", "object_actions"):
        if row.get(key) and not isinstance(row[key], Mapping):
            remarks.reasons.append(tr("Its {key} are no JSON object.").format(key=key))


def _units(row: Mapping[str, Any], data_type: str, remarks: _Remarks) -> list[Segment]:
    units = [(key, unit) for key, unit in facts.table(row.get("data_units")).items()]
    if any(not isinstance(unit, Mapping) for _, unit in units):
        remarks.lost(tr("One of its data units is no JSON object."))
    units = [(key, unit) for key, unit in units if isinstance(unit, Mapping)]
    if data_type == "image":
        return [_picture_segment(key, unit, 0, remarks) for key, unit in units]
    if data_type in IMAGE_TYPES:
        return [_picture_segment(key, unit, number, remarks) for number, key, unit in _in_order(units)]
    return [_run_segment(("data_units", key, "labels"), key, unit, remarks) for key, unit in units]


def _in_order(units: list[tuple[str, Any]]) -> list[tuple[int, str, Any]]:
    """The units with their `int(data_sequence)`, ascending; in the file's order when one of them has none."""
    numbers = [facts.sequence(unit.get("data_sequence")) for _, unit in units]
    known = [number for number in numbers if number is not None]
    if len(known) < len(units):
        known = list(range(len(units)))
    found = [(number, key, unit) for number, (key, unit) in zip(known, units, strict=True)]
    return sorted(found, key=lambda each: each[0])


def _picture_segment(key: str, unit: Mapping[str, Any], number: int, remarks: _Remarks) -> Segment:
    labels = _labels(unit, remarks)
    flat = any(each in labels for each in _FLAT_KEYS)
    keys = [] if flat else [each for each in labels if facts.frame_number(each) is not None]
    if len(keys) > 1:
        remarks.lost(tr("The labels of one of its pictures are spread over several frames."))
    return Segment(
        ("data_units", key, "labels"),
        (number,),
        keys[:1] if keys else None,
        facts.text(unit.get("data_title")),
        facts.text(unit.get("data_hash")) or key,
        facts.text(unit.get("data_link")),
        _size(unit, labels, remarks),
        labels,
    )


def _run_segment(path: tuple[str, ...], key: str, unit: Mapping[str, Any], remarks: _Remarks) -> Segment:
    labels = _labels(unit, remarks)
    flat = any(each in labels for each in _FLAT_KEYS)
    info = facts.table(unit.get("child_info")) or facts.table(unit.get("root_info"))
    titles = (unit.get("data_title"), info.get("file_name"), info.get("layout_key"))
    return Segment(
        path,
        (0,) if flat else _numbers(unit, labels, remarks),
        None if flat else [],
        next((each for each in titles if isinstance(each, str) and each), ""),
        facts.text(unit.get("data_hash")) or key,
        facts.text(unit.get("data_link")) or facts.text(info.get("data_link")),
        _size(unit, labels, remarks),
        labels,
        facts.finite(unit.get("data_fps")),
    )


def _numbers(unit: Mapping[str, Any], labels: Mapping[str, Any], remarks: _Remarks) -> Sequence[int]:
    """All frame numbers of a video or series: as many as it lasts, and those that have labels."""
    found = [facts.frame_number(key) for key in labels]
    known = sorted(each for each in found if each is not None)
    if len(known) < len(found):
        remarks.lost(tr("One of its frames has a key that is no number."))
    lasts = facts.frame_count(unit.get("data_duration"), unit.get("data_fps"))
    count = max([1, lasts, len(facts.items(unit.get("data_links"))), *(number + 1 for number in known[-1:])])
    return range(count) if count <= facts.MAX_FRAMES else tuple(known)


def _spaces(spaces: Mapping[str, Any], remarks: _Remarks) -> list[Segment]:
    found = []
    for key, space in spaces.items():
        if not isinstance(space, Mapping):
            remarks.lost(tr("One of its spaces is no JSON object."))
        elif facts.text(space.get("space_type")) not in _VISUAL_SPACES and _holds_masks(space):
            remarks.lost(tr("One of its spaces has masks and is no picture or video."))
        elif facts.text(space.get("space_type")) in _VISUAL_SPACES:
            found.append(_run_segment(("spaces", key, "labels"), key, space, remarks))
    if not found:
        remarks.reasons.append(tr("None of its spaces is a picture or a video."))
    return found


def _holds_masks(space: Mapping[str, Any]) -> bool:
    labels = facts.table(space.get("labels"))
    parts = [labels, *map(facts.table, labels.values())]
    return any(shape_of(entry) == BITMASK for part in parts for entry in facts.items(part.get("objects")))


def _labels(unit: Mapping[str, Any], remarks: _Remarks) -> Mapping[str, Any]:
    labels = unit.get("labels")
    frames = facts.table(labels)
    if _is_odd(unit, frames):
        remarks.lost(tr("The labels of one of its data units are not built as Encord builds them."))
    elif "labels" in unit and labels is None:
        remarks.damage.append(tr("One of its data units has null for labels."))
    if any(each in frames for each in _FLAT_KEYS) and any(_is_frame(*each) for each in frames.items()):
        remarks.lost(tr("The labels of one of its pictures are spread over several frames."))
    elif any(_is_frame(*each) and facts.frame_number(each[0]) is None for each in frames.items()):
        remarks.lost(tr("One of its frames has a key that is no number."))
    return frames


def _is_odd(unit: Mapping[str, Any], frames: Mapping[str, Any]) -> bool:
    """Whether a list or table of its labels is of another type."""
    if unit.get("labels") is not None and not isinstance(unit["labels"], Mapping):
        return True
    parts = [frames, *(each for each in frames.values() if isinstance(each, Mapping))]
    numbered = [each for key, each in frames.items() if facts.frame_number(key) is not None]
    return not all(isinstance(part.get("objects", []), list) for part in parts) or not all(
        isinstance(each, Mapping) for each in numbered
    )


def _is_frame(key: str, value: object) -> bool:
    """Whether a member of labels is what belongs to one frame, whatever its key."""
    return key not in _FLAT_KEYS and isinstance(value, Mapping) and "objects" in value


def _size(unit: Mapping[str, Any], labels: Mapping[str, Any], remarks: _Remarks) -> Size | None:
    """Width and height of a unit in px: its own, else those of its first bitmask. That there are none is noted."""
    width, height = unit.get("width"), unit.get("height")
    found = _size_of_masks(labels) if width is None and height is None else facts.size(width, height)
    if found is None:
        remarks.reasons.append(facts.size_flaw(width, height))
    return found


def _size_of_masks(labels: Mapping[str, Any]) -> Size | None:
    for part in (labels, *labels.values()):
        for entry in facts.items(facts.table(part).get("objects")):
            mask = facts.table(facts.table(entry).get("bitmask"))
            found = facts.size(mask.get("width"), mask.get("height"))
            if found and not mask.get("top") and not mask.get("left"):
                return found
    return None
