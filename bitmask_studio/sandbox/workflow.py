"""Moves tasks through the stages of a project, and label reviews with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bitmask_studio.sandbox.answers import invalid, not_found
from bitmask_studio.sandbox.checks import objects_of
from bitmask_studio.sandbox.people import Person
from bitmask_studio.sandbox.project import ANNOTATION, DONE, REVIEW, Project, Stage
from bitmask_studio.sandbox.rows import MAIN, Row, stable_uuid
from bitmask_studio.sandbox.wire import Json, iso_time, now
from bitmask_studio.sandbox.world import World

_OPEN_REVIEWS = ("NEW", "REOPENED")
_REVIEW_ACTIONS = {"APPROVE": "APPROVED", "REJECT": "REJECTED", "REOPEN": "REOPENED"}


@dataclass(frozen=True)
class Workflow:
    """The tasks of a project; there is one for each data unit, on the main branch."""

    world: World
    project: Project

    def stage(self, uuid: str) -> Stage:
        """A stage of the project. Raises RefusedError."""
        stage = self.project.stage(uuid)
        if stage is None:
            raise not_found("stage of this UUID")
        return stage

    def tasks(self, stage: Stage, wanted: Mapping[str, list[str]]) -> list[Row]:
        """The rows whose tasks are in a stage, filtered as the query says."""
        tests: Mapping[str, Callable[[Row, list[str]], bool]] = {
            "userEmails": lambda row, values: row.assignee in values,
            "dataHashes": lambda row, values: row.data_hash in values,
            "datasetHashes": lambda row, values: row.dataset_hash in values,
            "dataTitleContains": lambda row, values: values[0].lower() in row.title.lower(),
            "statuses": lambda row, values: row.task_status in values,
        }
        asked = [(tests[name], values) for name, values in wanted.items() if name in tests]
        return [
            row
            for row in self.world.rows(self.project.project_hash)
            if row.branch == MAIN and row.stage_uuid == stage.uuid and all(test(row, values) for test, values in asked)
        ]

    def act(self, stage: Stage, actions: object, person: Person) -> None:
        """Carry out actions on tasks of a stage, all or none. Raises RefusedError."""
        if not isinstance(actions, list):
            raise invalid("A list of actions is needed.")
        planned = [(self._task_in(stage, action.get("taskUuid")), action) for action in actions]
        for row, action in planned:
            self._check(stage, row, action)
        for row, action in planned:
            self._apply(row, action)
            row.actor = person.email
            row.task_updated_at = now()
        self.world.put(row for row, _ in planned)

    def move(self, stage: Stage, tasks: object, destination: Stage) -> None:
        """Put tasks of one stage into another. Raises RefusedError."""
        rows = [self._task_in(stage, task) for task in (tasks if isinstance(tasks, list) else [])]
        for row in rows:
            self.enter(row, destination, "NEW", None)
        self.world.put(rows)

    def enter(self, row: Row, stage: Stage, status: str, assignee: str | None) -> None:
        """Put a row's task into a stage; labels that come to a review for the first time get one each."""
        row.stage_uuid, row.assignee, row.task_updated_at = stage.uuid, assignee, now()
        row.task_status = "COMPLETED" if stage.kind == DONE else "ASSIGNED" if assignee and status == "NEW" else status
        if stage.kind == REVIEW:
            _open_reviews(row)

    def _task_in(self, stage: Stage, task_uuid: object) -> Row:
        row = self.world.task(task_uuid)
        if row is None or row.project_hash != self.project.project_hash:
            raise not_found("task of this UUID")
        if row.stage_uuid != stage.uuid:
            raise invalid(f"The task of {row.title} is no longer in the stage {stage.title}.")
        return row

    def _check(self, stage: Stage, row: Row, action: Json) -> None:
        name, assignee = action.get("action"), action.get("assignee")
        allowed = {ANNOTATION: ("SUBMIT", "ASSIGN", "RELEASE"), REVIEW: ("APPROVE", "REJECT", "ASSIGN", "RELEASE")}
        if name not in allowed.get(stage.kind, ()):
            raise invalid(f"{name} is not possible in the stage {stage.title}.")
        if name == "ASSIGN" and not assignee:
            raise invalid("Somebody has to be named to assign a task to.")
        if assignee is not None and assignee not in self.project.members:
            raise invalid(f"{assignee} is no member of the project.")
        if action.get("retainAssignee") and not assignee and not row.assignee:
            raise invalid("The task has no assignee who could be retained.")

    def _apply(self, row: Row, action: Json) -> None:
        kept = row.assignee if action.get("retainAssignee") else None
        assignee = action.get("assignee") or kept
        match action["action"]:
            case "ASSIGN":
                row.assignee, row.task_status = assignee, "ASSIGNED"
            case "RELEASE":
                row.assignee, row.task_status = None, "RELEASED"
            case "SUBMIT":
                self._submit(row, assignee, bool(action.get("resolveLabelReviews", True)))
            case "APPROVE":
                _settle_reviews(row, "APPROVED" if action.get("approveLabelReviews", True) else None)
                row.label_status = "REVIEWED"
                self.enter(row, self.project.first(DONE), "COMPLETED", None)
            case _:
                _settle_reviews(row, "REJECTED" if action.get("rejectLabelReviews", True) else None)
                self.reopen(row, assignee or row.annotator)

    def _submit(self, row: Row, assignee: str | None, resolve: bool) -> None:
        row.annotator = row.assignee or row.annotator
        row.label_status = "LABELLED"
        for review in row.reviews:
            if resolve and review["status"] == "REJECTED":
                review["status"] = "RESOLVED"
        self.enter(row, self.project.first(REVIEW), "NEW", assignee)

    def reopen(self, row: Row, assignee: str | None = None) -> None:
        """Send a row's task back to the first annotation stage."""
        row.label_status = "LABEL_IN_PROGRESS" if row.label_hash else "NOT_LABELLED"
        self.enter(row, self.project.first(ANNOTATION), "REOPENED", assignee)

    def complete(self, row: Row) -> None:
        """Send a row's task to the last stage."""
        self.enter(row, self.project.first(DONE), "COMPLETED", None)

    def reviews(self, stage: Stage, task_uuid: str) -> Sequence[Json]:
        """The label reviews of a task. Raises RefusedError."""
        return self._task_in(stage, task_uuid).reviews

    def act_on_reviews(self, stage: Stage, task_uuid: str, actions: object, person: Person) -> None:
        """Approve, reject or reopen single labels; a comment becomes an issue of the label. Raises RefusedError."""
        row = self._task_in(stage, task_uuid)
        known = {review["reviewUuid"]: review for review in row.reviews}
        planned = actions if isinstance(actions, list) else []
        if any(
            action.get("reviewUuid") not in known or action.get("action") not in _REVIEW_ACTIONS for action in planned
        ):
            raise invalid("There is no such review, or no such action.")
        for action in planned:
            review = known[action["reviewUuid"]]
            review["status"] = _REVIEW_ACTIONS[action["action"]]
            if action.get("comment"):
                row.issues = [*row.issues, _rejection(row, review, action, person.email)]
        self.world.put([row])


def task_entry(row: Row, stage: Stage) -> Json:
    """A task as the REST calls show it."""
    task = {
        "uuid": row.task_uuid,
        "createdAt": iso_time(row.task_created_at),
        "updatedAt": iso_time(row.task_updated_at),
        "dataHash": row.data_hash,
        "dataTitle": row.title,
    }
    if stage.kind == DONE:
        return task
    return task | {"status": row.task_status, "assignee": row.assignee, "labelBranchName": row.branch}


def _open_reviews(row: Row) -> None:
    """One review for each label; those that were settled before stay as they are."""
    wire = row.labels
    labels = {each["objectHash"]: "Object" for _, _, each in objects_of(wire)}
    labels |= dict.fromkeys(wire["classification_answers"], "Classification")
    known = {review["labelId"]: review for review in row.reviews}
    row.reviews = [known.get(label) or _new_review(row, label, kind) for label, kind in labels.items()]


def _new_review(row: Row, label: str, kind: str) -> Json:
    uuid = stable_uuid("review", row.task_uuid, label)
    return {"reviewUuid": uuid, "status": "NEW", "labelType": kind, "labelId": label}


def _settle_reviews(row: Row, status: str | None) -> None:
    for review in row.reviews:
        if status and review["status"] in _OPEN_REVIEWS:
            review["status"] = status


def _rejection(row: Row, review: Json, action: Json, who: str) -> Json:
    anchor = {"type": "annotation", "dataUuid": row.data_hash, "annotationId": review["labelId"]}
    return new_issue(row, anchor, action["comment"], action.get("commentTags") or [], who)


def new_issue(row: Row, anchor: Json, comment: str, tags: list[str], who: str) -> Json:
    """An issue of a row as the REST calls show it. `anchor` is what a caller sends: type, place, label."""
    number = str(len(row.issues))
    place = {name: value for name, value in anchor.items() if name not in ("x", "y", "z")}
    spot = {name: anchor[name] for name in ("x", "y", "z") if name in anchor}
    return {
        **place,
        **({"coordinate": spot} if spot else {}),
        "uuid": stable_uuid("issue", row.data_hash, number, iso_time(now()), comment),
        "comments": [{"content": comment, "authorEmail": who, "createdAt": iso_time(now())}],
        "tags": [{"name": tag, "uuid": tag_uuid(tag)} for tag in tags],
        "resolutionHistory": [],
    }


def tag_uuid(name: str) -> str:
    """The UUID of an issue tag."""
    return stable_uuid("tag", name)
