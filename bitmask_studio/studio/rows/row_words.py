"""What is said of a row, in words for the user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.core.text import tr

_TYPES: Mapping[str, str] = {
    "image": "Image",
    "img_group": "Group",
    "image_sequence": "Sequence",
    "group": "Data group",
    "video": "Video",
    "dicom": "DICOM",
    "nifti": "NIfTI",
    "pdf": "PDF",
    "audio": "Audio",
    "text": "Text",
    "scene": "Scene",
    "unknown": "Unknown type",
}


def type_words(data_type: str) -> str:
    """A data type as the user reads it; one that nobody knows as it is."""
    return tr(_TYPES.get(data_type, data_type))


def size_words(row: RowInfo) -> str:
    """Width and height in px; empty where they are not known."""
    return f"{row.width} × {row.height}" if row.width and row.height else ""


def frames_words(row: RowInfo) -> str:
    """How many frames; empty for a row of one."""
    return tr("{count} frames").format(count=row.frames) if row.frames > 1 else ""


def labels_words(row: RowInfo) -> str:
    """How many objects, or that there is no label row yet; empty where nobody knows."""
    if row.uninitialised:
        return tr("no labels yet")
    if row.objects is None:
        return ""
    return tr("1 object") if row.objects == 1 else tr("{count} objects").format(count=row.objects)


def count_words(count: int) -> str:
    """A number whose thousands are set apart."""
    return f"{count:,}".replace(",", "\u202f")


def describe(row: RowInfo) -> str:
    """Type, size, frames and objects of a row in one line."""
    return joined(type_words(row.data_type), size_words(row), frames_words(row), labels_words(row))


def work_words(row: RowInfo) -> str:
    """Where a row is in its project's workflow, in one line; empty for rows of files."""
    return joined(row.stage, row.status, row.assignee)


def joined(*parts: str) -> str:
    """What there is of the parts, in one line."""
    return " · ".join(filter(None, parts))


def ago(when: datetime, now: datetime) -> str:
    """How long ago something happened; after a month, the day on which it did. Both with or both without a zone."""
    passed = now - when
    if passed < timedelta(minutes=1):
        return tr("just now")
    if passed < timedelta(hours=1):
        return tr("{count} min ago").format(count=passed // timedelta(minutes=1))
    if passed < timedelta(days=1):
        return tr("{count} h ago").format(count=passed // timedelta(hours=1))
    if passed < timedelta(days=31):
        return tr("{count} d ago").format(count=passed.days)
    return when.date().isoformat()


def since(when: datetime | None) -> str:
    """How long ago it was by this machine's clock; empty for an unknown time."""
    return ago(when, datetime.now(when.tzinfo)) if when else ""


def moment(when: datetime) -> str:
    """Day and time where the user is."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}"
