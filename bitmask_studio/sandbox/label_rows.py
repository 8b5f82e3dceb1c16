"""Reads, creates and saves label rows: a save replaces the whole row, and the last one wins."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bitmask_studio.sandbox.answers import RefusedError, invalid, not_found
from bitmask_studio.sandbox.checks import corrupted, errors_of, objects_of, parts_of, refuse_corrupted
from bitmask_studio.sandbox.listing import task_state
from bitmask_studio.sandbox.ontology_index import archived_features
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.project import Project
from bitmask_studio.sandbox.rows import MAIN, Row, Unit, blank, stable_uuid
from bitmask_studio.sandbox.wire import Json, Value, later_than, long_time, now
from bitmask_studio.sandbox.world import World

MOST = 1000
"""How many rows one call may name."""

_ANSWERS = ("object_answers", "object_actions", "classification_answers")


@dataclass(frozen=True)
class LabelRows:
    """The label rows of a project."""

    world: World
    project: Project
    pictures: Pictures

    @property
    def structure(self) -> Json:
        """The project's ontology structure."""
        return self.world.ontologies[self.project.ontology_hash].structure

    def find(self, label_hash: object) -> Row:
        """The row of a label hash, when it belongs to this project. Raises RefusedError."""
        row = self.world.labelled(label_hash)
        if row.project_hash != self.project.project_hash:
            raise not_found("label row of this hash in the project")
        return row

    def read(self, label_hash: object, wanted: Mapping[str, Any]) -> Json:
        """A label row as a `labelrow` GET asks for it. Raises RefusedError."""
        row = self.find(label_hash)
        wire = row.labels
        wire["annotation_task_status"] = task_state(self.project, row)
        self._leave_out(wire, wanted)
        if wanted.get("include_reviews"):
            _add_reviews(wire, row)
        return self._linked(wire, row, bool(wanted.get("get_signed_url")))

    def create(self, data_hash: object, branch: str | None, signed: bool) -> Json:
        """Make the label row of a data unit that has none yet, and answer it. Raises RefusedError."""
        row = self._to_create(data_hash, branch or MAIN)
        row.label_hash = stable_uuid("label", self.project.project_hash, *row.key)
        row.created_at = row.edited_at = now()
        row.label_status = "LABEL_IN_PROGRESS"
        row.wire = json.dumps(blank(row))
        self.world.put([row])
        return self._linked(row.labels, row, signed)

    def check_creatable(self, data_hash: object, branch: str | None) -> None:
        """Raise RefusedError when the row cannot be created."""
        self._to_create(data_hash, branch or MAIN)

    def _to_create(self, data_hash: object, branch: str) -> Row:
        main = self.world.row(self.project.project_hash, str(data_hash))
        if main is None:
            raise not_found("data unit of this hash in the project")
        here = self.world.row(self.project.project_hash, str(data_hash), branch)
        if here is not None and here.label_hash is not None:
            raise RefusedError("RESOURCE_EXISTS_ERROR", "The label row exists already.", str(data_hash))
        return here or self.branched(main, branch)

    def branched(self, main: Row, branch: str) -> Row:
        """A row on another branch, without labels. Its branch becomes one of the project's."""
        if branch not in self.project.branches:
            self.project.branches.append(branch)
            self.world.put_project(self.project, self.world.ontologies[self.project.ontology_hash])
        return replace(
            main,
            branch=branch,
            label_hash=None,
            created_at=None,
            edited_at=None,
            label_status="NOT_LABELLED",
            errors=(),
            reviews=(),
            issues=(),
            version=0,
            wire=None,
        )

    def save(self, label_hash: object, posted: Value, who: str, validate: bool = False) -> None:
        """Replace the labels of a row by those that `who` sent. Raises RefusedError, nothing being changed then."""
        row = self.find(label_hash)
        refuse_corrupted(posted, row)
        wire = self._merged(row, posted)
        errors = errors_of(wire, self.structure)
        if validate and errors:
            raise corrupted("; ".join(errors))
        row.edited_at = later_than(row.edited_at)
        _sign_objects(wire, who, long_time(row.edited_at))
        _number_objects(wire)
        self.store(row, wire, who, errors)

    def store(self, row: Row, wire: Json, who: str, errors: list[str] | None = None) -> None:
        """Store a label row as it is, whatever it holds; `edited_at` has been moved on."""
        row.errors = errors_of(wire, self.structure) if errors is None else errors
        row.label_status = "LABEL_IN_PROGRESS" if row.label_status == "NOT_LABELLED" else row.label_status
        row.wire = json.dumps(wire)
        self.project.edited_at = row.edited_at or self.project.edited_at
        self.world.put([row], who)

    def _merged(self, row: Row, posted: Json) -> Json:
        """The row with the labels that were sent; all that belongs to the server stays."""
        wire = blank(row)
        for place in ("data_units", "spaces"):
            for name, content in (posted.get(place) or {}).items():
                wire[place][name]["labels"] = content.get("labels") or wire[place][name]["labels"]
        return wire | {name: posted.get(name) or {} for name in _ANSWERS}

    def _leave_out(self, wire: Json, wanted: Mapping[str, Any]) -> None:
        """Take away what the caller filters out, and what belongs to archived classes."""
        hidden = frozenset() if wanted.get("include_archived") else archived_features(self.structure)
        chosen = {name: wanted.get(f"include_{name}_feature_hashes") for name in ("object", "classification")}
        gone: set[str] = set()
        for kind, hashes in chosen.items():
            gone |= _filter(wire, kind, hidden, None if hashes is None else frozenset(hashes))
        for name in _ANSWERS:
            wire[name] = {hash_: answer for hash_, answer in wire[name].items() if hash_ not in gone}

    def _linked(self, wire: Json, row: Row, signed: bool) -> Json:
        """The row with an address of each file, or its path in the storage."""
        for unit in row.units:
            place = wire["data_units"].get(unit.unit_hash, {})
            if "data_link" in place:
                place["data_link"] = self.pictures.url_of(unit) if signed else unit.link
        for unit in row.files:
            info = wire["spaces"].get(unit.unit_hash, {})
            if signed and "child_info" in info:
                info["child_info"]["data_link"] = self.pictures.url_of(unit)
            for frame in info.get("frames", []) if signed else []:
                if frame.get("data_link"):
                    shown = Unit(frame["data_uuid"], frame["data_title"], frame["data_link"], frame["data_type"])
                    frame["data_link"] = self.pictures.url_of(shown)
        return wire


def several(uid: object) -> list[object]:
    """The hashes that a call names. Raises RefusedError when they are too many."""
    hashes = uid if isinstance(uid, list) else [uid]
    if len(hashes) > MOST:
        raise RefusedError("MULTI_LABEL_LIMIT_ERROR", "Too many label rows.", {"maximum_labels_allowed": MOST})
    return hashes


def pairs(uid: object, payload: Mapping[str, Any]) -> list[tuple[object, Any]]:
    """The (label hash, labels) of a save. Raises RefusedError when hashes and labels do not belong together."""
    hashes = several(uid)
    labels = payload.get("labels") if payload.get("multi_request") else [payload]
    if not isinstance(labels, list) or len(labels) != len(hashes):
        raise invalid("As many label rows as hashes are needed.")
    return list(zip(hashes, labels, strict=True))


def _filter(wire: Json, kind: str, hidden: frozenset[str], chosen: frozenset[str] | None) -> set[str]:
    """Drop the objects or classifications of other features; answer the hashes of those that are gone."""
    gone: set[str] = set()

    def stays(each: Json) -> bool:
        feature = each.get("featureHash")
        kept = feature not in hidden and (chosen is None or feature in chosen)
        if not kept:
            gone.add(str(each.get(f"{kind}Hash")))
        return kept

    for _, _, labels in parts_of(wire):
        labels[f"{kind}s"] = [each for each in labels.get(f"{kind}s", []) if stays(each)]
    if kind == "classification":
        for answer in wire["classification_answers"].values():
            stays(answer)
    return gone


def _sign_objects(wire: Json, who: str, time: str | None) -> None:
    """Fill in who and when, where the sender leaves it to the server."""
    for _, _, each in objects_of(wire):
        for name in ("createdBy", "lastEditedBy"):
            each[name] = each.get(name) or who
        for name in ("createdAt", "lastEditedAt"):
            each[name] = each.get(name) or time


def _number_objects(wire: Json) -> None:
    """Give each object without an `objectNumber` the next one of its class."""
    answers = wire["object_answers"]
    features = {each["objectHash"]: each["featureHash"] for _, _, each in objects_of(wire)}
    highest: defaultdict[str, int] = defaultdict(int)
    for hash_, feature in features.items():
        highest[feature] = max(highest[feature], answers[hash_].get("objectNumber") or 0)
    for hash_, feature in features.items():
        if not answers[hash_].get("objectNumber"):
            highest[feature] += 1
            answers[hash_]["objectNumber"] = highest[feature]


def _add_reviews(wire: Json, row: Row) -> None:
    """Give each object the reviews that it has had."""
    for _, _, each in objects_of(wire):
        each["reviews"] = [
            {"status": review["status"].lower(), "reviewUuid": review["reviewUuid"]}
            for review in row.reviews
            if review["labelId"] == each["objectHash"]
        ]
