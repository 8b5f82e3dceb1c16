"""Review: on offer only where the row's stage allows it."""

from __future__ import annotations

import pytest

from bitmask_studio.sources.encord.projects import LabelReview, Stage, StageKind, Task
from tests.actions.conftest import Menu

TASK = ("submit", "approve_task", "reject_task")
LABEL = ("approve_label", "reject_label")


def in_stage(menu: Menu, kind: StageKind, *reviews: LabelReview) -> None:
    """Let the row that is open have a task in a stage of that kind."""
    reviewing = menu.session.reviewing
    reviewing.task = Task("task", Stage("stage", "A stage", kind), "data")
    reviewing.reviews = {each.label: each for each in reviews}


def test_without_a_task_there_is_nothing_to_review(menu: Menu) -> None:
    assert not any(menu.enabled(name) for name in (*TASK, *LABEL, "review_mode"))


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        (StageKind.ANNOTATION, {"submit"}),
        (StageKind.REVIEW, {"approve_task", "reject_task", "review_mode"}),
        (StageKind.DONE, set()),
        (StageKind.OTHER, set()),
    ],
)
def test_a_stage_allows_what_belongs_to_it(menu: Menu, kind: StageKind, allowed: set[str]) -> None:
    in_stage(menu, kind)
    assert {name for name in (*TASK, *LABEL, "review_mode") if menu.enabled(name)} == allowed


def test_labels_are_judged_where_the_chosen_one_is_up_for_review(menu: Menu) -> None:
    in_stage(menu, StageKind.REVIEW, LabelReview("review", "low", "Object", "NEW"))
    assert all(menu.enabled(name) for name in LABEL)
    menu.studio.show(object_hash="high")
    assert not any(menu.enabled(name) for name in LABEL)


def test_review_by_key_is_a_switch_that_another_row_turns_off(menu: Menu) -> None:
    in_stage(menu, StageKind.REVIEW)
    menu.run("review_mode")
    assert menu.checked("review_mode")
    menu.studio.show(row=None)
    assert not menu.checked("review_mode")
