from __future__ import annotations

import pytest
from encord.exceptions import InvalidArgumentsError, ResourceNotFoundError
from encord.issues.issue_client import IssueFrameRange, TaskIssues
from encord.workflow import AnnotationStage

from bitmask_studio.sandbox import Sandbox
from tests.sandbox.connecting import VIDEO, project


def issues(sandbox: Sandbox, name: str = "you") -> TaskIssues:
    stage = project(sandbox, name).workflow.get_stage(name="Annotate 1", type_=AnnotationStage)
    return next(task for task in stage.get_tasks() if task.data_title == VIDEO).issues


def test_issues_hang_on_files_frames_places_and_labels(sandbox: Sandbox) -> None:
    mine = issues(sandbox)
    mine.add_file_issue("too short", ["Missed"])
    mine.add_frame_issue(3, "blurred", [])
    mine.add_coordinate_issue(3, 0.5, 0.25, "what is this?", [])
    mine.add_annotation_issue("Re9atta1", "the mast", ["Edge"], frame_ranges=[IssueFrameRange(start=1, end=4)])
    found = list(issues(sandbox, "colleague").list())
    assert [each.comments[0].content for each in found] == ["too short", "blurred", "what is this?", "the mast"]
    assert [type(each).__name__ for each in found] == ["FileIssue", "FrameIssue", "CoordinateIssue", "AnnotationIssue"]
    assert found[2].coordinate.y == 0.25  # type: ignore[union-attr]
    assert [tag.name for tag in found[3].tags] == ["Edge"]
    assert found[0].comments[0].author_email == "you@bitmask-studio.invalid"


def test_issues_are_deleted_by_their_authors_and_by_admins(sandbox: Sandbox) -> None:
    issues(sandbox).add_file_issue("mine", [])
    issues(sandbox, "annotator").add_file_issue("theirs", [])
    mine, theirs = issues(sandbox).list()
    with pytest.raises(InvalidArgumentsError):
        issues(sandbox, "annotator").delete([mine, theirs])
    issues(sandbox, "annotator").delete([theirs])
    issues(sandbox).delete([mine])
    assert list(issues(sandbox).list()) == []
    with pytest.raises(ResourceNotFoundError):
        issues(sandbox).delete([mine])


def test_an_unknown_tag_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidArgumentsError):
        issues(sandbox).add_file_issue("text", ["no such tag"])
