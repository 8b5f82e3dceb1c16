"""The worker's calls about tasks of a workflow and the reviews of single labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from encord.workflow import AnnotationStage, ReviewStage
from encord.workflow.stages.annotation import AnnotationTask
from encord.workflow.stages.review import LabelReview as SdkReview
from encord.workflow.stages.review import ReviewTask

from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.messages import Problem, Refused
from bitmask_studio.sources.encord.projects import LabelReview, Stage, Task, TaskAction
from bitmask_studio.sources.encord.worker.here import Here
from bitmask_studio.sources.encord.worker.projects import stages_of

SdkTask = AnnotationTask | ReviewTask


def find_task(here: Here, project_hash: str, data_hash: str) -> Task | None:
    """The task of a row in the stage where it is; None where that stage has no tasks that we know."""
    row = here.row(project_hash, None, data_hash)
    node = row.workflow_graph_node
    stages = stages_of(here.project(project_hash))
    stage = next((each for each in stages if node and each.uuid == str(node.uuid)), None)
    if stage is None:
        return None
    found = next(_tasks(here, project_hash, stage, data_hash), None)
    if found is None:
        return Task("", stage, data_hash, assignee=row.assigned_user_email or "")
    return Task(str(found.uuid), stage, data_hash, found.status.value, found.assignee or "")


def act(here: Here, project_hash: str, task: Task, action: TaskAction) -> None:
    """Submit, approve or reject a task."""
    found = _same(here, project_hash, task)
    if isinstance(found, AnnotationTask) and action is TaskAction.SUBMIT:
        found.submit()
    elif isinstance(found, ReviewTask) and action is TaskAction.APPROVE:
        found.approve()
    elif isinstance(found, ReviewTask) and action is TaskAction.REJECT:
        found.reject()
    else:
        raise Refused(Problem(Kind.REFUSED, "stage"))


def reviews(here: Here, project_hash: str, task: Task) -> list[LabelReview]:
    """The reviews of single labels within a review task."""
    return [
        LabelReview(str(each.uuid), each.label_id, each.label_type, each.status.value)
        for each in _reviews(here, project_hash, task)
    ]


def review(here: Here, project_hash: str, task: Task, review_uuid: str, approve: bool, comment: str) -> None:
    """Approve or reject one label; a comment goes with a rejection."""
    found = next((each for each in _reviews(here, project_hash, task) if str(each.uuid) == review_uuid), None)
    if found is None:
        raise Refused(Problem(Kind.GONE, "review"))
    if approve:
        found.approve()
    else:
        found.reject(comment=comment or None)


def _tasks(here: Here, project_hash: str, stage: Stage, data_hash: str) -> Iterator[SdkTask]:
    known = here.project(project_hash).workflow.get_stage(uuid=stage.uuid)
    if isinstance(known, AnnotationStage | ReviewStage):
        yield from known.get_tasks(data_hash=data_hash)


def _same(here: Here, project_hash: str, task: Task) -> SdkTask:
    """The task, if it is still where it was. Raises Refused when it has moved on."""
    for each in _tasks(here, project_hash, task.stage, task.data_hash):
        if str(each.uuid) == task.uuid:
            return each
    raise Refused(Problem(Kind.REFUSED, "stage"))


def _reviews(here: Here, project_hash: str, task: Task) -> Iterator[SdkReview]:
    found = _same(here, project_hash, task)
    if isinstance(found, ReviewTask):
        yield from found.get_label_reviews()


CALLS: Mapping[str, Callable[..., Any]] = {
    "tasks.find": find_task,
    "tasks.act": act,
    "tasks.reviews": reviews,
    "tasks.review": review,
}
