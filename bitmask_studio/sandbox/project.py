"""Projects and ontologies: who may use them and through which stages their tasks go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bitmask_studio.sandbox.people import Person, Role
from bitmask_studio.sandbox.rows import stable_uuid
from bitmask_studio.sandbox.wire import Json, iso_time, read_time

ANNOTATION = "ANNOTATION"
REVIEW = "REVIEW"
DONE = "DONE"


@dataclass(frozen=True)
class Stage:
    """One station of the workflow."""

    uuid: str
    title: str
    kind: str


@dataclass
class Ontology:
    """Classes and their attributes; `structure` is Encord's."""

    ontology_hash: str
    title: str
    structure: Json
    created_at: datetime
    edited_at: datetime


@dataclass
class Project:
    """A project: `members` gives the role by the e-mail."""

    project_hash: str
    title: str
    description: str
    ontology_hash: str
    creator: str
    created_at: datetime
    edited_at: datetime
    stages: tuple[Stage, ...]
    members: dict[str, int]
    issue_tags: tuple[str, ...] = ("Edge", "Missed", "Wrong class")
    branches: list[str] = field(default_factory=lambda: ["main"])

    def role_of(self, person: Person) -> Role | None:
        """The person's role here, None for somebody who is no member."""
        number = self.members.get(person.email)
        return None if number is None else Role(number)

    def stage(self, uuid: str) -> Stage | None:
        """The stage of this UUID."""
        return next((stage for stage in self.stages if stage.uuid == uuid), None)

    def first(self, kind: str) -> Stage:
        """The first stage of a kind; every project has each of the three."""
        return next(stage for stage in self.stages if stage.kind == kind)


def usual_stages(project_hash: str) -> tuple[Stage, ...]:
    """Annotate 1, Review 1, Complete: what Encord offers for a new project."""
    plan = (("Annotate 1", ANNOTATION), ("Review 1", REVIEW), ("Complete", DONE))
    return tuple(Stage(stable_uuid(project_hash, title), title, kind) for title, kind in plan)


def project_record(project: Project) -> Json:
    """A project as JSON for the store."""
    record = dict(vars(project))
    times = {name: iso_time(record[name]) for name in ("created_at", "edited_at")}
    return record | times | {"stages": [vars(stage) for stage in project.stages]}


def project_from(record: Json) -> Project:
    """The project that `project_record` wrote."""
    stages = tuple(Stage(**stage) for stage in record["stages"])
    return Project(**{**record, **_times(record), "stages": stages, "issue_tags": tuple(record["issue_tags"])})


def ontology_record(ontology: Ontology) -> Json:
    """An ontology as JSON for the store."""
    record = dict(vars(ontology))
    return record | {name: iso_time(record[name]) for name in ("created_at", "edited_at")}


def ontology_from(record: Json) -> Ontology:
    """The ontology that `ontology_record` wrote."""
    return Ontology(**{**record, **_times(record)})


def _times(record: Json) -> dict[str, Any]:
    return {name: read_time(record[name]) for name in ("created_at", "edited_at")}
