"""The worker's calls about projects; they read, and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from encord.orm.workflow import WorkflowStageType
from encord.project import Project

from bitmask_studio.sources.encord.projects import OpenedProject, ProjectInfo, Stage, StageKind
from bitmask_studio.sources.encord.worker.here import Here

_KINDS = {
    WorkflowStageType.ANNOTATION: StageKind.ANNOTATION,
    WorkflowStageType.REVIEW: StageKind.REVIEW,
    WorkflowStageType.DONE: StageKind.DONE,
}


def list_projects(here: Here) -> list[ProjectInfo]:
    """Every project that the user may see, in the server's order."""
    return [
        ProjectInfo(each.project_hash, each.title, each.description or "", each.created_at, each.last_edited_at)
        for each in here.client.list_projects()
    ]


def open_project(here: Here, project_hash: str) -> OpenedProject:
    """What there is to know of a project before its rows, asked for anew."""
    project = here.project(project_hash, fresh=True)
    role = project.user_role
    return OpenedProject(
        project_hash=project.project_hash,
        title=project.title,
        ontology_structure=orjson.dumps(project.ontology_structure.to_dict()),
        stages=stages_of(project),
        role=role.name.lower() if role is not None else "",
    )


def stages_of(project: Project) -> tuple[Stage, ...]:
    """The stages of a project's workflow; none where it has no workflow."""
    try:
        stages = project.workflow.stages
    except (AssertionError, AttributeError):
        return ()  # the SDK's way to say that the project has none
    return tuple(Stage(str(each.uuid), each.title, _KINDS.get(each.stage_type, StageKind.OTHER)) for each in stages)


CALLS: Mapping[str, Callable[..., Any]] = {"projects.list": list_projects, "projects.open": open_project}
