"""REST calls about workflow tasks and label reviews."""

from __future__ import annotations

from bitmask_studio.sandbox.v2.routes import Route, V2Call, get, post
from bitmask_studio.sandbox.wire import Json
from bitmask_studio.sandbox.workflow import Workflow, task_entry

_STAGE = "projects/{project}/workflow/stages/{stage}"


def _tasks(call: V2Call) -> Json:
    workflow = Workflow(call.world, call.project)
    stage = workflow.stage(call.path["stage"])
    return call.page(workflow.tasks(stage, call.query), lambda row: task_entry(row, stage))


def _actions(call: V2Call) -> None:
    workflow = Workflow(call.world, call.writable_project)
    workflow.act(workflow.stage(call.path["stage"]), call.body, call.person)


def _move(call: V2Call) -> None:
    workflow = Workflow(call.world, call.writable_project)
    destination = workflow.stage(call.fields["destinationStageUuid"])
    workflow.move(workflow.stage(call.path["stage"]), call.fields["taskUuids"], destination)


def _reviews(call: V2Call) -> Json:
    workflow = Workflow(call.world, call.project)
    return call.page(workflow.reviews(workflow.stage(call.path["stage"]), call.path["task"]))


def _review_actions(call: V2Call) -> None:
    workflow = Workflow(call.world, call.writable_project)
    workflow.act_on_reviews(workflow.stage(call.path["stage"]), call.path["task"], call.body, call.person)


ROUTES: tuple[Route, ...] = (
    get(f"{_STAGE}/tasks", _tasks),
    post(f"{_STAGE}/actions", _actions),
    post(f"{_STAGE}/move-tasks", _move),
    get(f"{_STAGE}/tasks/{{task}}/reviews", _reviews),
    post(f"{_STAGE}/tasks/{{task}}/reviews/actions", _review_actions),
)
