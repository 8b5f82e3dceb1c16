"""The demo: the sample as an Encord project, with all kinds of rows, people and tasks; and a second project."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

from bitmask_studio.core.resources import resource
from bitmask_studio.core.text import tr
from bitmask_studio.sandbox.checks import objects_of
from bitmask_studio.sandbox.export_form import read_rows
from bitmask_studio.sandbox.founding import members, new_project, put_first, put_project, read_json
from bitmask_studio.sandbox.people import COLLEAGUE, PEOPLE, YOU, Role
from bitmask_studio.sandbox.project import ANNOTATION, DONE, REVIEW, Project
from bitmask_studio.sandbox.rows import Row, stable_uuid
from bitmask_studio.sandbox.wire import Json
from bitmask_studio.sandbox.workflow import Workflow
from bitmask_studio.sandbox.world import World

_EMAIL = {person.name: person.email for person in PEOPLE}


@dataclass(frozen=True)
class _Place:
    """Where the task of a row stands."""

    title: str
    kind: str
    assignee: str | None = None
    label_status: str | None = None


_PLACES = (
    _Place("harbour-at-dusk.jpg", ANNOTATION, "you", "LABEL_IN_PROGRESS"),
    _Place("cells.jpg", REVIEW, "reviewer"),
    _Place("village-from-the-air.jpg", ANNOTATION, "colleague", "LABEL_IN_PROGRESS"),
    _Place("Fruit on a conveyor", REVIEW),
    _Place("meadow-4k.jpg", DONE, None, "REVIEWED"),
    _Place("regatta.mp4", ANNOTATION, "you"),
    _Place("Pier cameras", ANNOTATION),
    _Place("regatta-morning.jpg", ANNOTATION, "you"),
)


def fill(world: World) -> None:
    """Put both projects into an empty world."""
    _first(world)
    _second(world)


def _first(world: World) -> None:
    project = new_project(
        tr("Bitmask Studio sample"), tr("Pictures, a video and a data group to try everything on"), members()
    )
    put_project(world, project, read_json(resource("sandbox") / "ontology.json"))
    entries = [*_sample(), *read_json(resource("sandbox") / "labels.json")]
    rows = read_rows(entries, project)
    for row in rows:
        row.client_metadata = {"site": "harbour" if row.title.startswith(("harbour", "regatta", "Pier")) else "field"}
    _place(world, project, rows)
    put_first(world, rows)


def _second(world: World) -> None:
    """Two rows of the sample once more, in a project in which the colleague leads."""
    people = {COLLEAGUE.email: int(Role.ADMIN), YOU.email: int(Role.TEAM_MANAGER), _EMAIL["viewer"]: int(Role.VIEWER)}
    project = new_project(tr("Second look"), tr("Rows that wait for a review"), people)
    put_project(world, project, read_json(resource("sample") / "ontology.json"))
    entries = [_copied(entry) for entry in read_json(resource("sample") / "labels.json")[1:4:2]]
    rows = read_rows(entries, project)
    workflow = Workflow(world, project)
    for row in rows:
        workflow.enter(row, project.first(REVIEW), "NEW", YOU.email)
    put_first(world, rows)


def _sample() -> list[Json]:
    """The rows of the sample with more answers and with the names of those who made them."""
    entries: list[Json] = read_json(resource("sample") / "labels.json")
    additions = {each["label_hash"]: each for each in read_json(resource("sandbox") / "additions.json")}
    for entry in entries:
        _sign(entry)
        if entry["label_hash"] in additions:
            _add(entry, additions[entry["label_hash"]])
    return entries


def _sign(entry: Json) -> None:
    """Let several people have made and edited the objects."""
    makers = cycle(("annotator", "colleague", "annotator", "you"))
    editors = cycle(("colleague", "reviewer", "you"))
    for _, _, each in objects_of(entry):
        each["createdBy"], each["lastEditedBy"] = _EMAIL[next(makers)], _EMAIL[next(editors)]


def _add(entry: Json, addition: Json) -> None:
    unit: Json = next(iter(entry["data_units"].values()))
    unit["labels"]["objects"] += addition["objects"]
    for hash_, answers in addition["object_answers"].items():
        known = entry["object_answers"].setdefault(
            hash_, {"objectHash": hash_, "objectNumber": 1, "classifications": []}
        )
        known["classifications"] += answers
    entry["classification_answers"] |= addition["classification_answers"]


def _copied(entry: Json) -> Json:
    """A row under other hashes, as the same picture has them in another project."""
    text = json.dumps(entry)
    for hash_ in (entry["label_hash"], entry["data_hash"], entry["dataset_hash"], *entry["data_units"]):
        text = text.replace(hash_, stable_uuid("second", hash_))
    copied: Json = json.loads(text)
    return copied | {"dataset_title": tr("Second look")}


def _place(world: World, project: Project, rows: Iterable[Row]) -> None:
    workflow = Workflow(world, project)
    by_title: dict[str, Row] = {row.title: row for row in rows}
    for place in _PLACES:
        row = by_title[place.title]
        workflow.enter(row, project.first(place.kind), "NEW", _email(place.assignee))
        row.label_status = place.label_status or row.label_status
        row.annotator = None if place.kind == ANNOTATION else _EMAIL["annotator"]
        row.actor = row.annotator


def _email(name: str | None) -> str | None:
    return _EMAIL[name] if name else None
