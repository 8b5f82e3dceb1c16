"""Which frames an Encord row has and where in it the labels of each lie."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bitmask_studio.core.text import tr
from bitmask_studio.sources.local.encord_json.outlines import Size
from bitmask_studio.sources.local.jsontext import facts

IMAGE_TYPES = ("image", "img_group", "image_sequence")
_VISUAL_SPACES = ("image", "image_sequence", "video", "medical", "dicom", "nifti")
_FLAT_KEYS = ("objects", "classifications")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the labels of a frame are: the keys from the row to `labels`, and the frame's key unless they are flat."""

    path: tuple[str, ...]
    key: str | None


@dataclass(frozen=True, slots=True)
class Segment:
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


@dataclass(frozen=True, slots=True)
class Layout:
    """All frames of a row, and why they can be shown but not edited, if so."""

    data_type: str
    segments: tuple[Segment, ...]
    reasons: tuple[str, ...]

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


def lay_out(row: Mapping[str, Any]) -> Layout:
    """Read the structure of a row; whatever is odd about it becomes a reason."""
    data_type = facts.text(row.get("data_type")).lower()
    if row.get("is_image_sequence") is True:
        data_type = "image_sequence"
    reasons = list(_oddities(row))
    spaces = facts.table(row.get("spaces"))
    found = _spaces(spaces, reasons) if data_type == "group" or spaces else _units(row, data_type, reasons)
    if not found and not reasons:
        reasons.append(tr("It has no frames."))
    if any(each.size is None for each in found):
        reasons.append(tr("It does not say how large its picture is."))
    return Layout(data_type, tuple(found), tuple(dict.fromkeys(reasons)))


def _oddities(row: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(row.get("data_units"), Mapping):
        yield tr("Its data_units are no JSON object.")
    for key in ("object_answers", "object_actions"):
        if row.get(key) and not isinstance(row[key], Mapping):
            yield tr("Its {key} are no JSON object.").format(key=key)


def _units(row: Mapping[str, Any], data_type: str, reasons: list[str]) -> list[Segment]:
    units = [(key, unit) for key, unit in facts.table(row.get("data_units")).items()]
    if any(not isinstance(unit, Mapping) for _, unit in units):
        reasons.append(tr("One of its data units is no JSON object."))
    units = [(key, unit) for key, unit in units if isinstance(unit, Mapping)]
    if data_type == "image":
        return [_picture_segment(key, unit, 0, reasons) for key, unit in units]
    if data_type in IMAGE_TYPES:
        return [_picture_segment(key, unit, number, reasons) for number, key, unit in _in_order(units)]
    return [_run_segment(("data_units", key, "labels"), key, unit, reasons) for key, unit in units]


def _in_order(units: list[tuple[str, Any]]) -> list[tuple[int, str, Any]]:
    """The units with their `int(data_sequence)`, ascending; in the file's order when one of them has none."""
    numbers = [facts.sequence(unit.get("data_sequence")) for _, unit in units]
    known = [number for number in numbers if number is not None]
    if len(known) < len(units):
        known = list(range(len(units)))
    found = [(number, key, unit) for number, (key, unit) in zip(known, units, strict=True)]
    return sorted(found, key=lambda each: each[0])


def _picture_segment(key: str, unit: Mapping[str, Any], number: int, reasons: list[str]) -> Segment:
    labels = _labels(unit, reasons)
    flat = any(each in labels for each in _FLAT_KEYS)
    keys = [] if flat else [each for each in labels if facts.frame_number(each) is not None]
    if len(keys) > 1:
        reasons.append(tr("The labels of one of its pictures are spread over several frames."))
    return Segment(
        ("data_units", key, "labels"),
        (number,),
        keys[:1] if keys else None,
        facts.text(unit.get("data_title")),
        facts.text(unit.get("data_hash")) or key,
        facts.text(unit.get("data_link")),
        unit_size(unit, labels),
        labels,
    )


def _run_segment(path: tuple[str, ...], key: str, unit: Mapping[str, Any], reasons: list[str]) -> Segment:
    labels = _labels(unit, reasons)
    flat = any(each in labels for each in _FLAT_KEYS)
    info = facts.table(unit.get("child_info")) or facts.table(unit.get("root_info"))
    titles = (unit.get("data_title"), info.get("file_name"), info.get("layout_key"))
    return Segment(
        path,
        (0,) if flat else _numbers(unit, labels, reasons),
        None if flat else [],
        next((each for each in titles if isinstance(each, str) and each), ""),
        facts.text(unit.get("data_hash")) or key,
        facts.text(unit.get("data_link")) or facts.text(info.get("data_link")),
        unit_size(unit, labels),
        labels,
    )


def _numbers(unit: Mapping[str, Any], labels: Mapping[str, Any], reasons: list[str]) -> Sequence[int]:
    """All frame numbers of a video or series: as many as it lasts, and those that have labels."""
    found = [facts.frame_number(key) for key in labels]
    known = sorted(each for each in found if each is not None)
    if len(known) < len(found):
        reasons.append(tr("One of its frames has a key that is no number."))
    lasts = facts.frame_count(unit.get("data_duration"), unit.get("data_fps"))
    count = max([1, lasts, len(facts.items(unit.get("data_links"))), *(number + 1 for number in known[-1:])])
    return range(count) if count <= facts.MAX_FRAMES else tuple(known)


def _spaces(spaces: Mapping[str, Any], reasons: list[str]) -> list[Segment]:
    found = []
    for key, space in spaces.items():
        if isinstance(space, Mapping) and facts.text(space.get("space_type")) in _VISUAL_SPACES:
            found.append(_run_segment(("spaces", key, "labels"), key, space, reasons))
    if not found:
        reasons.append(tr("None of its spaces is a picture or a video."))
    return found


def _labels(unit: Mapping[str, Any], reasons: list[str]) -> Mapping[str, Any]:
    labels = unit.get("labels")
    frames = facts.table(labels)
    parts = [frames, *(each for each in frames.values() if isinstance(each, Mapping))]
    if (labels is not None and not isinstance(labels, Mapping)) or any(
        not isinstance(part.get("objects", []), list) for part in parts
    ):
        reasons.append(tr("The labels of one of its data units are not built as Encord builds them."))
    return frames


def unit_size(unit: Mapping[str, Any], labels: Mapping[str, Any]) -> Size | None:
    """Width and height of a unit in px: its own, else those of its first bitmask."""
    own = facts.size(unit.get("width"), unit.get("height"))
    if own or unit.get("width") is not None or unit.get("height") is not None:
        return own
    for part in (labels, *labels.values()):
        for entry in facts.items(facts.table(part).get("objects")):
            mask = facts.table(facts.table(entry).get("bitmask"))
            found = facts.size(mask.get("width"), mask.get("height"))
            if found and not mask.get("top") and not mask.get("left"):
                return found
    return None
