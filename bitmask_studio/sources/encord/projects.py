"""What is known of projects and their workflow, as plain values."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

from msgspec import Struct

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr

NOT_STARTED, IN_PROGRESS = "not started", "in progress"
"""The status of rows in projects with a workflow, of which the SDK tells none."""


class ProjectInfo(Struct, frozen=True):
    """One project of the list."""

    project_hash: str
    title: str
    description: str = ""
    created: datetime | None = None
    last_edited: datetime | None = None


def checked_hash(text: str) -> str:
    """A project's hash in its usual spelling. Raises InputError for what is none."""
    try:
        return str(UUID(text.strip()))
    except ValueError as error:
        shown = "".join(each if each.isprintable() else "?" for each in text)[:100]
        raise InputError(
            tr("“{given}” is not a project's ID. One looks like 01234567-89ab-cdef-0123-456789abcdef.").format(
                given=shown
            )
        ) from error


class StageKind(Enum):
    """The kinds of workflow stages, as far as they matter here."""

    ANNOTATION = "annotation"
    REVIEW = "review"
    DONE = "done"
    OTHER = "other"


class Stage(Struct, frozen=True):
    """One stage of a project's workflow."""

    uuid: str
    title: str
    kind: StageKind


class TaskAction(Enum):
    """What can be done with a task."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"


class Task(Struct, frozen=True):
    """A row's task in the stage where it is."""

    uuid: str
    stage: Stage
    data_hash: str
    status: str = ""
    assignee: str = ""

    @property
    def actions(self) -> tuple[TaskAction, ...]:
        """What this stage allows."""
        if self.stage.kind is StageKind.ANNOTATION:
            return (TaskAction.SUBMIT,)
        return (TaskAction.APPROVE, TaskAction.REJECT) if self.stage.kind is StageKind.REVIEW else ()


class LabelReview(Struct, frozen=True):
    """The review of one object or classification within a review task; `label` is its hash."""

    uuid: str
    label: str
    label_type: str
    status: str


class OpenedProject(Struct, frozen=True):
    """What is read of a project when it is opened."""

    project_hash: str
    title: str
    ontology_structure: bytes
    """Encord's ontology structure as JSON."""
    stages: tuple[Stage, ...] = ()
    """The stages of its workflow; none where it has no workflow."""
    role: str = ""
    """The user's role in it, lower case (`admin`, `team_manager`, ..); empty where the server does not say."""
