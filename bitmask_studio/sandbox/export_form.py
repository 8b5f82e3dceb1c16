"""Turns label rows as exports write them into rows that can be served: the wire's form, with nothing missing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.sandbox.project import ANNOTATION, Project
from bitmask_studio.sandbox.rows import Row, Unit, stable_uuid
from bitmask_studio.sandbox.wire import Json, now, read_time

FRAMES_PER_SECOND = 25.0
"""What a video that does not tell is taken to have, as Encord takes it."""

_FLAT = ("image", "img_group", "group")
_HEAD = frozenset(
    {
        "label_hash",
        "branch_name",
        "created_at",
        "last_edited_at",
        "data_hash",
        "dataset_hash",
        "dataset_title",
        "data_title",
        "data_type",
        "label_status",
        "annotation_task_status",
        "is_shadow_data",
        "is_valid",
        "data_units",
        "object_answers",
        "object_actions",
        "classification_answers",
        "spaces",
        "export_history",
        "export_hash",
        "exported_at",
        "client_metadata",
    }
)
_UNIT = frozenset(
    {
        "data_hash",
        "data_title",
        "data_link",
        "data_type",
        "data_sequence",
        "width",
        "height",
        "labels",
        "data_fps",
        "data_duration",
    }
)


def read_rows(content: object, project: Project) -> list[Row]:
    """The rows of an export, a label row or a list of them. Raises InputError for anything else."""
    entries = content if isinstance(content, list) else [content]
    rows: dict[str, Row] = {}
    for number, entry in enumerate(entries, 1):
        row = _row(entry, project, number, rows)
        rows[row.data_hash] = row
    if not rows:
        raise InputError(tr("There is no label row in the file."))
    return list(rows.values())


def _row(entry: object, project: Project, number: int, taken: Mapping[str, Row]) -> Row:
    if not isinstance(entry, dict) or not isinstance(entry.get("data_units"), dict) or not entry["data_units"]:
        raise InputError(tr("Entry {number} of the file is no Encord label row.").format(number=number))
    try:
        return _read(entry, project, number, taken)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            tr("Label row {number} of the file cannot be read: {error!r}.").format(number=number, error=error)
        ) from error


def _read(entry: Json, project: Project, number: int, taken: Mapping[str, Row]) -> Row:
    units = [_unit(unit, at) for at, unit in enumerate(entry["data_units"].values())]
    data_hash = _as_uuid(str(entry.get("data_hash") or units[0].unit_hash))
    if data_hash in taken:
        data_hash = stable_uuid("again", data_hash, str(number))
    first: Json = next(iter(entry["data_units"].values()))
    data_type = str(entry.get("data_type") or _type_of(units))
    frames, fps, duration = _length(data_type, entry["data_units"].values(), first)
    created = read_time(entry.get("created_at")) or now()
    row = Row(
        project_hash=project.project_hash,
        data_hash=data_hash,
        dataset_hash=_as_uuid(str(entry.get("dataset_hash") or stable_uuid(project.project_hash, "dataset"))),
        dataset_title=str(entry.get("dataset_title") or project.title),
        title=str(entry.get("data_title") or first.get("data_title") or data_hash),
        data_type=data_type,
        units=tuple(_renamed(unit, str(entry.get("data_hash")), data_hash) for unit in units),
        stage_uuid=project.first(ANNOTATION).uuid,
        task_uuid=stable_uuid("task", project.project_hash, data_hash),
        item_uuid=stable_uuid("item", project.project_hash, data_hash),
        task_created_at=created,
        task_updated_at=created,
        frames=frames,
        fps=fps,
        duration=duration,
        spaces=_spaces(entry.get("spaces") or {}),
        extra={name: value for name, value in entry.items() if name not in _HEAD},
        client_metadata=entry.get("client_metadata"),
    )
    labelled = "label_hash" not in entry or entry["label_hash"] is not None
    return _labelled(row, entry) if labelled else row


def _labelled(row: Row, entry: Json) -> Row:
    row.label_hash = str(entry.get("label_hash") or stable_uuid("label", row.project_hash, row.data_hash))
    row.created_at = row.task_created_at.replace(microsecond=0)
    row.edited_at = (read_time(entry.get("last_edited_at")) or row.created_at).replace(microsecond=0)
    row.label_status = str(entry.get("label_status") or "LABEL_IN_PROGRESS")
    wire = row.labels
    for unit, content in zip(row.units, entry["data_units"].values(), strict=True):
        wire["data_units"][unit.unit_hash]["labels"] = _labels(row.data_type, content.get("labels") or {})
    for space, content in (entry.get("spaces") or {}).items():
        wire["spaces"][space]["labels"] = content.get("labels") or {}
    for name in ("object_answers", "object_actions", "classification_answers"):
        wire[name] = entry.get(name) or {}
    _answer_every_object(wire)
    row.wire = json.dumps(wire)
    return row


def _labels(data_type: str, labels: Json) -> Json:
    """Labels as the wire has them: flat for images and image groups, by frame for all else."""
    flat = "objects" in labels or "classifications" in labels or not labels
    if data_type in _FLAT:
        found = labels if flat else next(iter(labels.values()))
        return {"objects": [], "classifications": [], **found}
    return {"0": labels} if flat and labels else labels


def _answer_every_object(wire: Json) -> None:
    """Exports leave the empty answers out now and then; the SDK looks for them."""
    for unit in wire["data_units"].values():
        labels = unit["labels"]
        for frame in [labels] if "objects" in labels else labels.values():
            for each in frame.get("objects", []):
                hash_ = each["objectHash"]
                answers = wire["object_answers"].setdefault(hash_, {"objectHash": hash_})
                answers.setdefault("classifications", [])


def _unit(unit: Json, at: int) -> Unit:
    return Unit(
        unit_hash=str(unit["data_hash"]),
        title=str(unit.get("data_title", "")),
        link=_storage_path(unit),
        mime=str(unit.get("data_type") or "application/octet-stream"),
        sequence=int(unit.get("data_sequence", at)),
        width=unit.get("width"),
        height=unit.get("height"),
        extra={name: value for name, value in unit.items() if name not in _UNIT},
    )


def _storage_path(unit: Json) -> str:
    """A path for `data_link` without a signature; an address in an export has long expired."""
    link = str(unit.get("data_link") or "")
    return link if link and "://" not in link else f"sandbox/{unit['data_hash']}"


def _renamed(unit: Unit, old: str, new: str) -> Unit:
    """The unit under the row's new data hash, where it bore the old one."""
    if unit.unit_hash != old or old == new:
        return unit
    return Unit(new, unit.title, unit.link, unit.mime, unit.sequence, unit.width, unit.height, unit.extra)


def _as_uuid(text: str) -> str:
    """The text itself, or a UUID that stands for it: tasks and datasets are named by UUIDs only."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return stable_uuid("named", text)


def _type_of(units: Sequence[Unit]) -> str:
    if len(units) > 1:
        return "img_group"
    return "video" if units[0].mime.startswith("video/") else "image"


def _length(data_type: str, units: Iterable[Json], first: Json) -> tuple[int, float | None, float | None]:
    """Frames, frames per second and seconds."""
    labelled = [int(frame) for unit in units for frame in unit.get("labels") or {} if str(frame).isdecimal()]
    if data_type == "img_group":
        return len(list(units)), None, None
    if data_type != "video":
        slices = first.get("data_links")
        return max([len(slices) if slices else 1, *(frame + 1 for frame in labelled)]), None, None
    fps = float(first.get("data_fps") or FRAMES_PER_SECOND)
    told = round(float(first.get("data_duration") or 0) * fps)
    frames = max([told, 1, *(frame + 1 for frame in labelled)])
    return frames, fps, float(first.get("data_duration") or frames / fps)


def _spaces(spaces: Mapping[str, Any]) -> Json:
    """The spaces without their labels, with what the SDK cannot do without."""
    return {name: {**_needed(info), **_without_labels(info)} for name, info in spaces.items()}


def _needed(info: Json) -> Json:
    frames = [int(frame) for frame in info.get("labels") or {}]
    if info.get("space_type") != "video":
        return {}
    count = int(info.get("number_of_frames") or max([0, *(frame + 1 for frame in frames)]) or 1)
    return {"number_of_frames": count, "data_fps": FRAMES_PER_SECOND, "data_duration": count / FRAMES_PER_SECOND}


def _without_labels(info: Json) -> Json:
    return {name: value for name, value in info.items() if name != "labels"}
