from __future__ import annotations

from uuid import UUID

import pytest
from encord.exceptions import InvalidArgumentsError
from encord.workflow import AnnotationStage, ReviewStage
from encord.workflow.stages.annotation import AnnotationTask, AnnotationTaskStatus
from encord.workflow.stages.final import FinalStage
from encord.workflow.stages.review import LabelReviewStatus, ReviewTask, ReviewTaskStatus

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import CONVEYOR, GROUP, HARBOUR, UNOPENED, project, row

YOU = "you@bitmask-studio.invalid"


def to_annotate(sandbox: Sandbox, **filters: object) -> dict[str, AnnotationTask]:
    stage = project(sandbox).workflow.get_stage(name="Annotate 1", type_=AnnotationStage)
    return {task.data_title: task for task in stage.get_tasks(**filters)}  # type: ignore[arg-type]


def to_review(sandbox: Sandbox, **filters: object) -> dict[str, ReviewTask]:
    stage = project(sandbox).workflow.get_stage(name="Review 1", type_=ReviewStage)
    return {task.data_title: task for task in stage.get_tasks(**filters)}  # type: ignore[arg-type]


def stage_of(sandbox: Sandbox, title: str) -> str:
    node = row(sandbox, title).workflow_graph_node
    assert node is not None
    return node.title


def test_tasks_are_found_by_assignee_title_data_and_status(sandbox: Sandbox) -> None:
    assert set(to_annotate(sandbox, assignee=YOU)) == {HARBOUR, "regatta.mp4", UNOPENED}
    assert set(to_annotate(sandbox, data_title="regatta-")) == {UNOPENED, "regatta-evening.jpg"}
    data_hash = row(sandbox, GROUP).data_hash
    assert set(to_annotate(sandbox, data_hash=data_hash)) == {GROUP}
    assert set(to_annotate(sandbox, dataset_hash=row(sandbox, GROUP).dataset_hash)) >= {GROUP, UNOPENED}
    assert GROUP in to_annotate(sandbox, status=[AnnotationTaskStatus.NEW, AnnotationTaskStatus.RELEASED])
    assert HARBOUR not in to_annotate(sandbox, status=AnnotationTaskStatus.NEW)


def test_a_task_is_submitted_approved_and_complete(sandbox: Sandbox) -> None:
    to_annotate(sandbox)[HARBOUR].submit()
    task = to_review(sandbox)[HARBOUR]
    assert (task.status, task.assignee) == (ReviewTaskStatus.NEW, None)
    assert str(task.uuid) == str(row(sandbox, HARBOUR).task_uuid)
    assert {review.status for review in task.get_label_reviews()} == {LabelReviewStatus.NEW}
    task.approve()
    final = project(sandbox).workflow.get_stage(name="Complete", type_=FinalStage)
    assert HARBOUR in {each.data_title for each in final.get_tasks()}
    assert row(sandbox, HARBOUR).assigned_user_email is None


def test_a_rejected_task_comes_back_to_its_annotator(sandbox: Sandbox) -> None:
    to_annotate(sandbox)[HARBOUR].submit()
    to_review(sandbox)[HARBOUR].reject()
    task = to_annotate(sandbox)[HARBOUR]
    assert (task.status, task.assignee) == (AnnotationTaskStatus.REOPENED, YOU)
    task.submit()
    assert {each.status for each in to_review(sandbox)[HARBOUR].get_label_reviews()} == {LabelReviewStatus.RESOLVED}


def test_a_task_that_moved_on_cannot_be_submitted_again(sandbox: Sandbox) -> None:
    task = to_annotate(sandbox)[HARBOUR]
    task.submit()
    with pytest.raises(InvalidArgumentsError, match="no longer in the stage"):
        task.submit()


def test_an_assignee_is_named_retained_or_released(sandbox: Sandbox) -> None:
    to_annotate(sandbox)[GROUP].assign("annotator@bitmask-studio.invalid")
    assert row(sandbox, GROUP).assigned_user_email == "annotator@bitmask-studio.invalid"
    to_annotate(sandbox)[GROUP].release()
    assert to_annotate(sandbox)[GROUP].status is AnnotationTaskStatus.RELEASED
    to_annotate(sandbox)[HARBOUR].submit(retain_assignee=True)
    assert to_review(sandbox)[HARBOUR].assignee == YOU
    to_review(sandbox)[HARBOUR].reject(assignee="annotator@bitmask-studio.invalid")
    assert to_annotate(sandbox)[HARBOUR].assignee == "annotator@bitmask-studio.invalid"


def test_what_makes_no_sense_changes_nothing(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidArgumentsError, match="no member"):
        to_annotate(sandbox)[GROUP].assign("nobody@bitmask-studio.invalid")
    with pytest.raises(InvalidArgumentsError, match="no assignee"):
        to_annotate(sandbox)[GROUP].submit(retain_assignee=True)
    assert stage_of(sandbox, GROUP) == "Annotate 1"


def test_one_bad_action_stops_the_whole_bundle(sandbox: Sandbox) -> None:
    tasks = to_annotate(sandbox)
    tasks[HARBOUR].submit()
    bundle = project(sandbox).create_bundle()
    for title in (GROUP, HARBOUR):
        tasks[title].submit(bundle=bundle)
    with pytest.raises(InvalidArgumentsError):
        bundle.execute()
    assert stage_of(sandbox, GROUP) == "Annotate 1"


def test_a_task_is_moved_to_any_stage(sandbox: Sandbox) -> None:
    final = project(sandbox).workflow.get_stage(name="Complete", type_=FinalStage)
    to_annotate(sandbox)[GROUP].move(destination_stage_uuid=UUID(str(final.uuid)))
    assert stage_of(sandbox, GROUP) == "Complete"


def test_a_row_is_completed_and_reopened(sandbox: Sandbox) -> None:
    row(sandbox, HARBOUR).workflow_complete()
    assert stage_of(sandbox, HARBOUR) == "Complete"
    row(sandbox, HARBOUR).workflow_reopen()
    assert stage_of(sandbox, HARBOUR) == "Annotate 1"


def test_single_labels_are_approved_rejected_and_reopened(sandbox: Sandbox) -> None:
    task = to_review(sandbox)[CONVEYOR]
    first, second, third, *_ = task.get_label_reviews()
    assert first.label_type == "Object"
    first.approve()
    second.reject(comment="The rim is missing", issue_tags=["Edge"])
    third.reject()
    third.reopen()
    after = list(to_review(sandbox)[CONVEYOR].get_label_reviews())
    states = [each.status for each in after[:4]]
    assert states == [
        LabelReviewStatus.APPROVED,
        LabelReviewStatus.REJECTED,
        LabelReviewStatus.REOPENED,
        LabelReviewStatus.NEW,
    ]
    (issue,) = task.issues.list()
    assert issue.comments[0].content == "The rim is missing"
    assert issue.annotation_id == second.label_id  # type: ignore[union-attr]


def test_the_last_one_to_act_is_told(sandbox: Sandbox) -> None:
    to_annotate(sandbox)[HARBOUR].submit()
    assert row(sandbox, HARBOUR).last_actioned_by_user_email == YOU
