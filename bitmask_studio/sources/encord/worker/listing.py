"""The worker's call that lists the rows of a project; it reads, and creates nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from encord.constants.enums import DataType
from encord.exceptions import WrongProjectTypeError
from encord.objects import LabelRowV2

from bitmask_studio.core.labels import RowInfo
from bitmask_studio.sources.encord.projects import IN_PROGRESS, NOT_STARTED, StageKind
from bitmask_studio.sources.encord.words import unsupported
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.projects import stages_of

_CHUNK = 1000


def list_rows(here: Here, project_hash: str) -> int:
    """Send every row on the branch main, in the server's order, as parts: lists of up to 1,000 RowInfo.

    Answers their number.
    """
    project = here.project(project_hash)
    done = frozenset(stage.uuid for stage in stages_of(project) if stage.kind is StageKind.DONE)
    rows = project.list_label_rows_v2()
    seen: Counter[str] = Counter()
    for start in range(0, len(rows), _CHUNK):
        here.part([_info(row, done, seen) for row in rows[start : start + _CHUNK]])
    return len(rows)


def _info(row: LabelRowV2, done: frozenset[str], seen: Counter[str]) -> RowInfo:
    node = row.workflow_graph_node
    data_type = type_name(row.data_type)
    return RowInfo(
        key=_key(row.data_hash, seen),
        label_hash=row.label_hash,
        data_hash=row.data_hash,
        title=row.data_title,
        data_type=data_type,
        frames=row.number_of_frames,
        width=row.width or 0,
        height=row.height or 0,
        objects=None,
        bitmasks=None,
        read_only=unsupported(data_type),
        uninitialised=row.label_hash is None,
        stage=node.title if node is not None else "",
        status=_status(row, done),
        assignee=row.assigned_user_email or "",
        last_edited=row.last_edited_at,
    )


def type_name(data_type: DataType) -> str:
    """How this program writes a data type; `unknown` for those that this version of the SDK does not know."""
    return "unknown" if data_type is DataType.MISSING_DATA_TYPE else data_type.value


def _key(data_hash: str, seen: Counter[str]) -> str:
    """The data hash, numbered from its second row on."""
    seen[data_hash] += 1
    return data_hash if seen[data_hash] == 1 else f"{data_hash}#{seen[data_hash]}"


def _status(row: LabelRowV2, done: frozenset[str]) -> str:
    """How far the row is: of projects without a workflow as Encord says, else as far as its stage and labels tell."""
    try:
        return _spelled(row.annotation_task_status.value)
    except WrongProjectTypeError:
        node = row.workflow_graph_node
        if node is not None and node.uuid in done:
            return "done"
        return NOT_STARTED if row.label_hash is None else IN_PROGRESS
    except AssertionError:
        return _spelled(row.label_status.value)


def _spelled(value: str) -> str:
    return value.lower().replace("_", " ")


CALLS: Mapping[str, Callable[..., Any]] = {"rows.list": list_rows}
