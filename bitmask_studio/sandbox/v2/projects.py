"""REST calls about projects, their people and their ontologies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bitmask_studio.sandbox.answers import not_found
from bitmask_studio.sandbox.listing import like
from bitmask_studio.sandbox.project import Ontology, Project
from bitmask_studio.sandbox.v2.routes import Route, V2Call, get
from bitmask_studio.sandbox.wire import Json, iso_time, read_time
from bitmask_studio.sandbox.workflow import tag_uuid


def _list(call: V2Call) -> Json:
    projects = [each for each in call.world.projects.values() if call.person.email in each.members]
    return call.page([_project(call, each) for each in projects if _wanted(call, each, each.description)])


def _one(call: V2Call) -> Json:
    return _project(call, call.project)


def _project(call: V2Call, project: Project) -> Json:
    return {
        "projectHash": project.project_hash,
        "projectType": "workflow",
        "status": "inProgress",
        "title": project.title,
        "description": project.description,
        "createdAt": iso_time(project.created_at),
        "lastEditedAt": iso_time(project.edited_at),
        "creatorEmail": project.creator,
        "ontologyHash": project.ontology_hash,
        "editorOntology": call.world.ontologies[project.ontology_hash].structure,
        "userRole": project.members[call.person.email],
        "sourceProjects": [],
        "workflowManagerUuid": project.stages[0].uuid,
        "workflow": {
            "stages": [{"uuid": each.uuid, "title": each.title, "stageType": each.kind} for each in project.stages]
        },
    }


def _ontologies(call: V2Call) -> Json:
    mine = {each.ontology_hash for each in call.world.projects.values() if call.person.email in each.members}
    entries = [each for each in call.world.ontologies.values() if each.ontology_hash in mine]
    return call.page([_ontology(each) for each in entries if _wanted(call, each, "")])


def _one_ontology(call: V2Call) -> Json:
    ontology = call.world.ontologies.get(call.path["ontology"])
    users = [each for each in call.world.projects.values() if each.ontology_hash == call.path["ontology"]]
    if ontology is None or not any(call.person.email in each.members for each in users):
        raise not_found("ontology of this hash")
    return _ontology(ontology)


def _ontology(ontology: Ontology) -> Json:
    return {
        "ontologyUuid": ontology.ontology_hash,
        "title": ontology.title,
        "description": "",
        "editor": ontology.structure,
        "createdAt": iso_time(ontology.created_at),
        "lastEditedAt": iso_time(ontology.edited_at),
        "userRole": 0,
    }


def _wanted(call: V2Call, each: Project | Ontology, description: str) -> bool:
    """Whether a project or ontology passes the filters of the query."""
    texts: dict[str, tuple[str, Callable[[str], Callable[[str], bool]]]] = {
        "titleEq": (each.title, _equal),
        "titleLike": (each.title, like),
        "descEq": (description, _equal),
        "descLike": (description, like),
    }
    moments = {"created": each.created_at, "edited": each.edited_at}
    passes = [test(values[0])(text) for name, (text, test) in texts.items() if (values := call.query.get(name))]
    passes += [_in_time(call, name, moment) for name, moment in moments.items()]
    return all(passes) and not call.query.get("tagsAnyof")


def _equal(wanted: str) -> Callable[[str], bool]:
    return lambda text: text == wanted


def _in_time(call: V2Call, name: str, moment: datetime) -> bool:
    before, after = read_time(call.first(f"{name}Before")), read_time(call.first(f"{name}After"))
    return (before is None or moment < before) and (after is None or moment > after)


def _users(call: V2Call) -> Json:
    members = call.project.members.items()
    return call.page([{"userEmail": email, "userRole": role} for email, role in members])


def _datasets(call: V2Call) -> Json:
    datasets = {row.dataset_hash: row.dataset_title for row in call.world.rows(call.project.project_hash)}
    return call.page([{"datasetHash": each, "title": title, "description": ""} for each, title in datasets.items()])


def _branches(call: V2Call) -> Json:
    return call.page([{"name": name} for name in call.project.branches])


def _issue_tags(call: V2Call) -> Json:
    return call.page([{"name": name, "uuid": tag_uuid(name)} for name in call.project.issue_tags])


def _no_entries(call: V2Call) -> Json:
    return call.page([call.project.title][:0])


def _token(call: V2Call) -> Json:
    return {"token": call.keys.token_of(call.person)}


ROUTES: tuple[Route, ...] = (
    get("user/bearer-token", _token),
    get("projects", _list),
    get("projects/{project}", _one),
    get("projects/{project}/users", _users),
    get("projects/{project}/groups", _no_entries),
    get("projects/{project}/tags", _no_entries),
    get("projects/{project}/datasets", _datasets),
    get("projects/{project}/branches", _branches),
    get("projects/{project}/issue-tags", _issue_tags),
    get("ontologies", _ontologies),
    get("ontologies/{ontology}", _one_ontology),
)
