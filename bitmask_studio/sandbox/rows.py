"""A label row as the sandbox keeps it: its data, its task, and its labels in the form of the wire."""

from __future__ import annotations

import json
import mimetypes
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from bitmask_studio.sandbox.wire import Json, iso_time, long_time, read_time

MAIN = "main"
"""The branch that every project has."""

_NAMESPACE = uuid.UUID("5b1f5f0e-3f0c-5c5e-9d1f-6c1a0e6b7d20")
_MOMENTS = ("created_at", "edited_at", "task_created_at", "task_updated_at")
_FLAT = ("image", "img_group", "group")
_WITHOUT_LINK = ("dicom", "group")


def stable_uuid(*path: str) -> str:
    """A UUID that always is the same for the same path."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(path)))


@dataclass(frozen=True, slots=True)
class Unit:
    """One file of a row: an image, a video, a DICOM series. `link` is its path in the storage, `extra` more fields."""

    unit_hash: str
    title: str
    link: str
    mime: str
    sequence: int = 0
    width: int | None = None
    height: int | None = None
    extra: Json = field(default_factory=dict)

    @property
    def item_uuid(self) -> str:
        """The storage item behind it, when it is one of several."""
        return stable_uuid("item", self.unit_hash)


@dataclass(slots=True)
class Row:
    """A row of a project on one branch; without `label_hash` nobody opened it yet and `wire` is None.

    `spaces` are those of a data group, in wire form without labels; `extra` are further fields of the label row;
    `kept` tells whether it lives on the disk too; `wire` is the label row as JSON text.
    """

    project_hash: str
    data_hash: str
    dataset_hash: str
    dataset_title: str
    title: str
    data_type: str
    units: tuple[Unit, ...]
    stage_uuid: str
    task_uuid: str
    item_uuid: str
    task_created_at: datetime
    task_updated_at: datetime
    frames: int = 1
    fps: float | None = None
    duration: float | None = None
    spaces: Json = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    branch: str = MAIN
    label_hash: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    label_status: str = "NOT_LABELLED"
    errors: Sequence[str] = ()
    client_metadata: Json | None = None
    task_status: str = "NEW"
    assignee: str | None = None
    annotator: str | None = None
    actor: str | None = None
    priority: float = 0.5
    reviews: Sequence[Json] = ()
    issues: Sequence[Json] = ()
    version: int = 0
    kept: bool = True
    wire: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What names it within its project."""
        return self.data_hash, self.branch

    @property
    def files(self) -> tuple[Unit, ...]:
        """The files that it shows; those of a data group are the spaces'."""
        return tuple(_space_file(*each) for each in self.spaces.items()) if self.data_type == "group" else self.units

    @property
    def labels(self) -> Json:
        """The label row in the form of the wire, a copy; with no labels in it while there are none."""
        stored: Json = json.loads(self.wire) if self.wire else {}
        return {**blank(self), **stored, **_head(self)} if stored else blank(self)


def blank(row: Row) -> Json:
    """The label row with no labels in it."""
    return {
        **row.extra,
        **_head(row),
        "data_units": {unit.unit_hash: _unit(row, unit) for unit in row.units},
        "object_answers": {},
        "object_actions": {},
        "classification_answers": {},
        "spaces": {space: {**info, "labels": {}} for space, info in row.spaces.items()},
    }


def _space_file(space: str, info: Json) -> Unit:
    """The file that a space of a data group shows."""
    child = info.get("child_info") or info.get("root_info") or {}
    name = str(child.get("file_name") or space)
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Unit(
        space, name, str(child.get("data_link") or f"sandbox/{space}"), mime, 0, info.get("width"), info.get("height")
    )


def _head(row: Row) -> Json:
    """The fields that belong to the server: whatever a save sends in them is not kept."""
    return {
        "label_hash": row.label_hash,
        "branch_name": row.branch,
        "created_at": long_time(row.created_at),
        "last_edited_at": long_time(row.edited_at),
        "data_hash": row.data_hash,
        "dataset_hash": row.dataset_hash,
        "dataset_title": row.dataset_title,
        "data_title": row.title,
        "data_type": row.data_type,
        "label_status": row.label_status,
        "is_shadow_data": False,
        "is_valid": not row.errors,
    }


def _unit(row: Row, unit: Unit) -> Json:
    size = {} if row.data_type == "group" else {"width": unit.width, "height": unit.height}
    link = {} if row.data_type in _WITHOUT_LINK else {"data_link": unit.link}
    video = {"data_fps": row.fps, "data_duration": row.duration} if row.data_type == "video" else {}
    return {
        **unit.extra,
        "data_hash": unit.unit_hash,
        "data_title": unit.title,
        **link,
        "data_type": unit.mime,
        "data_sequence": str(unit.sequence) if row.data_type == "img_group" else unit.sequence,
        **size,
        **video,
        "labels": {"objects": [], "classifications": []} if row.data_type in _FLAT else {},
    }


def to_record(row: Row) -> str:
    """A row as JSON text, without its labels."""
    record = asdict(row) | {"wire": None}
    return json.dumps(record | {name: record[name] and iso_time(record[name]) for name in _MOMENTS})


def from_record(text: str, wire: str | None) -> Row:
    """The row that `to_record` wrote; fields that a later version added get their defaults."""
    record: Mapping[str, Any] = json.loads(text)
    known: dict[str, Any] = {each.name: record[each.name] for each in fields(Row) if each.name in record}
    moments = {name: read_time(record[name]) for name in _MOMENTS}
    return Row(**{**known, **moments, "units": tuple(Unit(**unit) for unit in record["units"]), "wire": wire})
