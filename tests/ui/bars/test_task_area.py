"""The task of a row, above its objects: where it is, whose it is, and buttons for what the stage allows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton

from bitmask_studio.sources.encord.projects import LabelReview, Stage, StageKind, Task
from bitmask_studio.ui.bars.task_area import TaskArea
from tests.ui.desk import Desk


def area(desk: Desk) -> TaskArea:
    found = desk.window.findChild(TaskArea)
    assert isinstance(found, TaskArea)
    return found


def in_stage(desk: Desk, kind: StageKind, *reviews: LabelReview, assignee: str = "") -> None:
    """Let the row that is open have a task in a stage of that kind."""
    reviewing = desk.session.reviewing
    reviewing.task = Task("task", Stage("stage", "Second look", kind), "data", "NEW", assignee)
    reviewing.reviews = {each.label: each for each in reviews}
    reviewing.changed.emit()


def on_offer(desk: Desk) -> list[str]:
    return [button.text() for button in area(desk).findChildren(QPushButton) if button.isVisible()]


async def test_files_have_no_task(desk: Desk, project: Path) -> None:
    await desk.open(project, row="one.png")
    assert not area(desk).isVisible()


@pytest.mark.parametrize(
    ("kind", "buttons"),
    [
        (StageKind.ANNOTATION, ["Submit"]),
        (StageKind.REVIEW, ["Approve Task", "Reject Task"]),
        (StageKind.DONE, []),
    ],
)
async def test_a_stage_offers_what_belongs_to_it(
    desk: Desk, project: Path, kind: StageKind, buttons: list[str]
) -> None:
    await desk.open(project, row="one.png")
    in_stage(desk, kind, assignee="ann@example.com")
    assert on_offer(desk) == buttons
    assert (area(desk).stage.text(), area(desk).facts.text()) == ("Second look", "Task of ann@example.com")


@pytest.mark.parametrize("size", [(1280, 720), (760, 480)])
async def test_the_review_of_the_chosen_label_is_told_and_no_word_is_cut(
    desk: Desk, project: Path, size: tuple[int, int]
) -> None:
    desk.window.resize(*size)
    await desk.open(project, row="one.png")
    chosen = desk.studio.view.object_hash or ""
    in_stage(desk, StageKind.REVIEW, LabelReview("one", chosen, "Object", "NEW"))
    assert on_offer(desk) == ["Approve Task", "Reject Task", "Approve", "Reject", "Review by Key"]
    assert area(desk).label_status.text() == "This label: to be reviewed"
    assert area(desk).progress.text() == "0 of 1 labels judged"
    await desk.settle()
    for button in filter(QPushButton.isVisible, area(desk).findChildren(QPushButton)):
        words = QFontMetrics(button.font()).horizontalAdvance(button.text())
        assert button.width() >= max(button.sizeHint().width(), words + button.iconSize().width()), button.text()
    in_stage(desk, StageKind.REVIEW, LabelReview("one", "another", "Object", "NEW"))
    assert area(desk).label_status.text() == "This label is not up for review."


async def test_a_button_does_what_its_action_does(desk: Desk, project: Path) -> None:
    await desk.open(project, row="one.png")
    in_stage(desk, StageKind.REVIEW, LabelReview("one", desk.studio.view.object_hash or "", "Object", "NEW"))
    by_key = area(desk).label_buttons[-1]
    seen = []
    for _ in range(2):
        by_key.click()
        seen.append((desk.session.reviewing.active, by_key.isChecked(), by_key.text()))
    assert seen == [(True, True, "By Key: N Approves, B Rejects"), (False, False, "Review by Key")]
