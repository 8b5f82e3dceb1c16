"""Makes what every new project needs: members, stages, an ontology."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.sandbox.people import PEOPLE, YOU
from bitmask_studio.sandbox.project import Ontology, Project, usual_stages
from bitmask_studio.sandbox.rows import Row, stable_uuid
from bitmask_studio.sandbox.wire import Json, Value, now
from bitmask_studio.sandbox.world import World


def members() -> dict[str, int]:
    """Everybody with a role."""
    return {person.email: int(person.role) for person in PEOPLE if person.role is not None}


def new_project(title: str, description: str, members: Mapping[str, int]) -> Project:
    """A project with the usual stages; its hash is always the same for the same title."""
    hash_ = stable_uuid("project", title)
    moment = now()
    ontology_hash = stable_uuid("ontology", title)
    return Project(
        project_hash=hash_,
        title=title,
        description=description,
        ontology_hash=ontology_hash,
        creator=YOU.email,
        created_at=moment,
        edited_at=moment,
        stages=usual_stages(hash_),
        members=dict(members),
    )


def put_project(world: World, project: Project, structure: Json) -> None:
    """Put a project with its ontology into the world."""
    ontology = Ontology(project.ontology_hash, project.title, structure, project.created_at, project.edited_at)
    world.put_project(project, ontology)


def read_json(path: Path) -> Value:
    """The JSON in a file. Raises InputError."""
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(tr("{file} cannot be read: {error}.").format(file=path, error=error)) from error
    except (ValueError, RecursionError) as error:
        raise InputError(tr("{file} is not JSON.").format(file=path)) from error


def put_first(world: World, rows: Iterable[Row]) -> None:
    """Put rows into the world as they came; those with labels begin their history."""
    world.put(rows, YOU.email)
