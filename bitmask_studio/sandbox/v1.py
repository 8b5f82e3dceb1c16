"""The older protocol: one address, and a table of what may be asked by `query_type` and `query_method`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bitmask_studio.sandbox.answers import RefusedError, invalid, not_found
from bitmask_studio.sandbox.checks import refuse_corrupted
from bitmask_studio.sandbox.label_rows import LabelRows, pairs, several
from bitmask_studio.sandbox.listing import list_rows
from bitmask_studio.sandbox.people import Person
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.project import Project
from bitmask_studio.sandbox.rows import Row, Unit
from bitmask_studio.sandbox.wire import Json, Value
from bitmask_studio.sandbox.workflow import Workflow
from bitmask_studio.sandbox.world import World, may_write

PATHS = ("/public", "/public/user")


@dataclass(frozen=True)
class V1Call:
    """A call as its body and headers tell it."""

    query_type: str
    method: str
    uid: Any
    payload: Mapping[str, Any]
    resource_id: str

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"


def read_call(body: bytes, resource_id: str) -> V1Call:
    """The call in a body. Raises RefusedError."""
    try:
        content = json.loads(body)
        values = content["values"]
        payload = values.get("payload")
        return V1Call(
            str(content["query_type"]),
            str(content["query_method"]),
            values.get("uid"),
            payload if isinstance(payload, dict) else {},
            resource_id,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise invalid("The body is not a call.") from error


@dataclass(frozen=True)
class V1Desk:
    """Who asks, and of what."""

    world: World
    pictures: Pictures
    person: Person
    project: Project

    @property
    def rows(self) -> LabelRows:
        """The label rows of the project."""
        return LabelRows(self.world, self.project, self.pictures)


Handler = Callable[[V1Desk, V1Call], Any]


def respond(world: World, pictures: Pictures, person: Person, call: V1Call) -> Value:
    """The `response` of a call. Raises RefusedError."""
    if call.query_type == "projectwithuserrole" and not call.writes:
        return [_with_role(project, person) for project in world.projects.values() if person.email in project.members]
    handler = _HANDLERS.get((call.query_type, call.method))
    if handler is None:
        raise RefusedError("METHOD_NOT_ALLOWED_ERROR", f"{call.method} {call.query_type} is unknown here.")
    project = world.project_for(person, call.resource_id)
    if call.writes:
        may_write(project, person)
    return handler(V1Desk(world, pictures, person, project), call)


def _list(desk: V1Desk, call: V1Call) -> Iterator[Json]:
    return list_rows(desk.world, desk.project, desk.pictures, call.payload)


def _read(desk: V1Desk, call: V1Call) -> Value:
    rows = [desk.rows.read(label_hash, call.payload) for label_hash in several(call.uid)]
    return rows if call.payload.get("multi_request") else rows[0]


def _create(desk: V1Desk, call: V1Call) -> Value:
    branch, signed = call.payload.get("branch_name"), bool(call.payload.get("get_signed_url"))
    for data_hash in several(call.uid):
        desk.rows.check_creatable(data_hash, branch)
    rows = [desk.rows.create(data_hash, branch, signed) for data_hash in several(call.uid)]
    return rows if call.payload.get("multi_request") else rows[0]


def _save(desk: V1Desk, call: V1Call) -> bool:
    posted = pairs(call.uid, call.payload)
    for label_hash, labels in posted:
        refuse_corrupted(labels, desk.rows.find(label_hash))
    validate = bool(call.payload.get("validate_before_saving"))
    for label_hash, labels in posted:
        desk.rows.save(label_hash, labels, desk.person.email, validate)
    return True


def _move(desk: V1Desk, call: V1Call) -> bool:
    workflow = Workflow(desk.world, desk.project)
    moves = {"reopen": workflow.reopen, "complete": workflow.complete}
    move: Callable[[Row], None] | None = moves.get(call.payload.get("action", ""))
    if move is None:
        raise invalid("The action is neither reopen nor complete.")
    rows = [desk.rows.find(label_hash) for label_hash in several(call.uid)]
    for row in rows:
        move(row)
        row.actor = desk.person.email
    desk.world.put(rows)
    return True


def _data(desk: V1Desk, call: V1Call) -> Json:
    wanted = call.uid if isinstance(call.uid, dict) else {}
    row = desk.world.row(desk.project.project_hash, str(wanted.get("data_hash")))
    if row is None:
        raise not_found("data unit of this hash in the project")
    signed = bool(wanted.get("get_signed_url"))
    files = [_file(unit, row, desk.pictures.url_of(unit) if signed else unit.link) for unit in row.units]
    video = row.data_type == "video"
    return {"data_hash": row.data_hash, "video": files[0] if video else None, "images": None if video else files}


def _file(unit: Unit, row: Row, link: str) -> Json:
    facts = {"data_hash": row.data_hash, "title": unit.title, "file_link": link}
    return facts | ({} if row.data_type == "video" else {"image_hash": unit.unit_hash})


def _project(desk: V1Desk, call: V1Call) -> Json:
    entries = list(list_rows(desk.world, desk.project, desk.pictures, {"include_uninitialised_labels": True}))
    datasets = {each["dataset_hash"]: each["dataset_title"] for each in entries}
    return _project_facts(desk.project) | {
        "editor_ontology": desk.world.ontologies[desk.project.ontology_hash].structure,
        "datasets": [_dataset(*each) for each in datasets.items()],
        "label_rows": entries if call.payload.get("include_labels_metadata") else None,
    }


def _dataset(hash_: str, title: str) -> Json:
    return {"dataset_hash": hash_, "title": title, "description": "", "dataset_type": "CORD_STORAGE"}


def _with_role(project: Project, person: Person) -> Json:
    return {"user_role": project.members[person.email], "project": _project_facts(project)}


def _project_facts(project: Project) -> Json:
    return {
        "project_hash": project.project_hash,
        "title": project.title,
        "description": project.description,
        "created_at": project.created_at.strftime("%Y-%m-%d %H:%M:%S"),
        "last_edited_at": project.edited_at.strftime("%Y-%m-%d %H:%M:%S"),
        "ontology_hash": project.ontology_hash,
    }


def _nothing(desk: V1Desk, call: V1Call) -> list[Json]:
    return []


_HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("labelrowmetadata", "GET"): _list,
    ("labelrow", "GET"): _read,
    ("labelrow", "PUT"): _create,
    ("labelrow", "POST"): _save,
    ("labelworkflowgraphnode", "POST"): _move,
    ("datasetdata", "GET"): _data,
    ("project", "GET"): _project,
    ("labellog", "GET"): _nothing,
}
