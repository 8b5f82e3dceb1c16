"""The listing of label rows: one entry a row, and every filter that the SDK can send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bitmask_studio.sandbox.answers import encode
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.project import ANNOTATION, DONE, Project, Stage
from bitmask_studio.sandbox.rows import MAIN, Row
from bitmask_studio.sandbox.wire import Json, long_time, read_time
from bitmask_studio.sandbox.world import World

Keep = Callable[[Row], bool]

_ANNOTATION_STATUS = {"ASSIGNED": "ASSIGNED", "REOPENED": "RETURNED", "COMPLETED": "COMPLETED"}


def list_rows(world: World, project: Project, pictures: Pictures, wanted: Mapping[str, Any]) -> Iterator[Json]:
    """The entries of a project's rows that the payload of a `labelrowmetadata` call asks for."""
    keeps = _filters(project, wanted)
    seen = _seen(world, project, wanted)
    kept = ((row, branch) for row, branch in seen if all(keep(row) for keep in keeps))
    return (_entry(row, branch, project, pictures, wanted) for row, branch in kept)


def task_state(project: Project, row: Row) -> str:
    """The `annotation_task_status` of a row, told by its stage."""
    return _state_in(project.stage(row.stage_uuid), row)


def _state_in(stage: Stage | None, row: Row) -> str:
    if stage and stage.kind == DONE:
        return "COMPLETED"
    if stage and stage.kind != ANNOTATION:
        return "IN_REVIEW"
    return _ANNOTATION_STATUS.get(row.task_status, "QUEUED")


def like(pattern: str) -> Callable[[str], bool]:
    """SQL's LIKE, upper and lower case being the same: `%` is any text, `_` any character."""
    words = "".join({"%": ".*", "_": "."}.get(each) or re.escape(each) for each in pattern)
    expression = re.compile(words, re.IGNORECASE | re.DOTALL)
    return lambda text: expression.fullmatch(text) is not None


def _seen(world: World, project: Project, wanted: Mapping[str, Any]) -> Iterator[tuple[Row, str | None]]:
    """The rows and, for those that have no labels on the branch that was asked for, that branch."""
    branch = wanted.get("branch_name") or MAIN
    rows = world.rows(project.project_hash)
    if wanted.get("include_all_label_branches"):
        yield from ((row, None) for row in rows)
        return
    for row in rows:
        if row.branch == MAIN:
            here = row if branch == MAIN else world.row(project.project_hash, row.data_hash, branch)
            yield (here, None) if here else (row, branch)


def _filters(project: Project, wanted: Mapping[str, Any]) -> list[Keep]:
    titles = {stage.uuid: stage.title for stage in project.stages}
    tests: list[tuple[str, Callable[[Any], Keep]]] = [
        ("data_hashes", lambda hashes: _one_of(hashes, lambda row: row.data_hash)),
        ("label_hashes", lambda hashes: _one_of(hashes, lambda row: row.label_hash)),
        ("label_statuses", lambda states: _one_of(states, lambda row: task_state(project, row))),
        ("data_title_eq", lambda title: lambda row: row.title == title),
        ("data_title_like", lambda pattern: _matching(pattern, lambda row: row.title)),
        ("workflow_graph_node_title_eq", lambda title: lambda row: titles[row.stage_uuid] == title),
        ("workflow_graph_node_title_like", lambda pattern: _matching(pattern, lambda row: titles[row.stage_uuid])),
        ("edited_before", _edited_before),
        ("edited_after", _edited_after),
    ]
    keeps = [test(wanted[name]) for name, test in tests if wanted.get(name) is not None]
    if not wanted.get("include_uninitialised_labels"):
        keeps.append(lambda row: row.label_hash is not None)
    if wanted.get("shadow_data_state") == "SHADOW_DATA":
        keeps.append(lambda row: False)
    return keeps


def _one_of(values: list[str], of: Callable[[Row], str | None]) -> Keep:
    wanted = set(values)
    return lambda row: of(row) in wanted


def _matching(pattern: str, of: Callable[[Row], str]) -> Keep:
    matches = like(pattern)
    return lambda row: matches(of(row))


def _edited_before(time: str) -> Keep:
    moment = read_time(time)
    return lambda row: bool(moment and row.edited_at and row.edited_at < moment)


def _edited_after(time: str) -> Keep:
    moment = read_time(time)
    return lambda row: bool(moment and row.edited_at and row.edited_at > moment)


def _entry(row: Row, branch: str | None, project: Project, pictures: Pictures, wanted: Mapping[str, Any]) -> Json:
    """One entry; with `branch` the row is shown as having no labels there."""
    stage = project.stage(row.stage_uuid)
    single = row.units[0] if len(row.units) == 1 and row.data_type != "img_group" else None
    node = {"uuid": stage.uuid, "title": stage.title} if stage and wanted.get("include_workflow_graph_node") else None
    done = stage is not None and stage.kind == DONE
    return {
        "label_hash": None if branch else row.label_hash,
        "created_at": None if branch else long_time(row.created_at),
        "last_edited_at": None if branch else long_time(row.edited_at),
        "branch_name": branch or row.branch,
        "data_hash": row.data_hash,
        "dataset_hash": row.dataset_hash,
        "dataset_title": row.dataset_title,
        "data_title": row.title,
        "data_type": row.data_type.upper(),
        "data_link": single.link if single and row.data_type not in ("dicom", "group") else None,
        "label_status": "NOT_LABELLED" if branch else row.label_status,
        "annotation_task_status": _state_in(stage, row),
        "workflow_graph_node": node,
        "is_shadow_data": False,
        "number_of_frames": row.frames,
        "frames_per_second": row.fps,
        "duration": row.duration,
        "height": single.height if single else None,
        "width": single.width if single else None,
        "file_type": single.mime if single else None,
        "task_uuid": row.task_uuid,
        "priority": None if done else row.priority,
        "is_valid": not row.errors,
        "backing_item_uuid": row.item_uuid,
        "assigned_user_email": None if done else row.assignee,
        "last_actioned_by_user_email": row.actor,
        "spaces": row.spaces,
        **_images(row, wanted),
        **_client_metadata(row, pictures, wanted),
    }


def _images(row: Row, wanted: Mapping[str, Any]) -> Json:
    if not wanted.get("include_images_data") or row.data_type != "img_group":
        return {"images_data": None}
    return {
        "images_data": [
            {
                "index": unit.sequence,
                "title": unit.title,
                "file_type": unit.mime,
                "height": unit.height,
                "width": unit.width,
                "image_hash": unit.unit_hash,
            }
            for unit in row.units
        ]
    }


def _client_metadata(row: Row, pictures: Pictures, wanted: Mapping[str, Any]) -> Json:
    """The metadata itself or, when asked for, an address that leads to it."""
    if not wanted.get("include_client_metadata"):
        return {"client_metadata": None}
    if wanted.get("client_metadata_as_signed_url") and row.client_metadata is not None:
        url = pictures.url_of_content(f"metadata/{row.data_hash}", encode(row.client_metadata))
        return {"client_metadata": None, "client_metadata_signed_url": url}
    return {"client_metadata": row.client_metadata}
