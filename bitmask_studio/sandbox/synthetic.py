"""Any number of label rows that cost little: for what a listing of 100,000 rows does to a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bitmask_studio.sandbox.project import Project
from bitmask_studio.sandbox.rows import Row, Unit
from bitmask_studio.sandbox.wire import Json

_BEGIN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
_LINK = "sandbox/harbour-at-dusk.jpg"
_SIZE = (1920, 1280)
_NOTHING: Json = {}


def rows(project: Project, count: int) -> Iterator[Row]:
    """So many rows of one picture; every other one has a label hash and no objects, none is kept on the disk."""
    emails = list(project.members)
    return (_row(project, number, emails[number % len(emails)]) for number in range(count))


def _row(project: Project, number: int, email: str) -> Row:
    title, data_hash = f"row-{number:06d}.jpg", _uuid(1, number)
    moment = _BEGIN + timedelta(minutes=number)
    opened = number % 2 == 0
    return Row(
        project_hash=project.project_hash,
        data_hash=data_hash,
        dataset_hash=_uuid(2, number // 10_000),
        dataset_title=f"Batch {number // 10_000 + 1}",
        title=title,
        data_type="image",
        units=(Unit(data_hash, title, _LINK, "image/jpeg", 0, *_SIZE, _NOTHING),),
        stage_uuid=project.stages[number % len(project.stages) if opened else 0].uuid,
        task_uuid=_uuid(3, number),
        item_uuid=_uuid(4, number),
        task_created_at=moment,
        task_updated_at=moment,
        label_hash=_uuid(5, number) if opened else None,
        created_at=moment if opened else None,
        edited_at=moment if opened else None,
        label_status="LABELLED" if opened else "NOT_LABELLED",
        assignee=email if number % 3 else None,
        task_status="ASSIGNED" if number % 3 else "NEW",
        spaces=_NOTHING,
        extra=_NOTHING,
        kept=False,
    )


def _uuid(kind: int, number: int) -> str:
    """A UUID that is made from two numbers, quicker than a hash."""
    return f"{number:08x}-{kind:04x}-4000-8000-000000000000"
