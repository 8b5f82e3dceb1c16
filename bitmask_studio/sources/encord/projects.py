"""What is known of projects and their workflow, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """One project of the list."""

    project_hash: str
    title: str
    description: str = ""
    created: datetime | None = None
    last_edited: datetime | None = None


class StageKind(Enum):
    """The kinds of workflow stages, as far as they matter here."""

    ANNOTATION = "annotation"
    REVIEW = "review"
    DONE = "done"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a project's workflow."""

    uuid: str
    title: str
    kind: StageKind


class TaskAction(Enum):
    """What can be done with a task."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Task:
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


@dataclass(frozen=True, slots=True)
class LabelReview:
    """The review of one object or classification within a review task; `label` is its hash."""

    uuid: str
    label: str
    label_type: str
    status: str
