"""Review: the row's task, and its labels one by one."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from bitmask_studio.actions.base import REVIEW, Action, Deed, Test
from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.projects import StageKind, TaskAction
from bitmask_studio.studio.session import Session


def act(action: TaskAction) -> Deed:
    def run(session: Session) -> Coroutine[Any, Any, None]:
        return session.reviewing.act(action)

    return run


def can(action: TaskAction) -> Test:
    return lambda session: session.reviewing.can(action)


def judge(approve: bool) -> Deed:
    def run(session: Session) -> Coroutine[Any, Any, None]:
        return session.reviewing.judge(approve)

    return run


def has_review(session: Session) -> bool:
    return session.reviewing.chosen is not None


def in_review(session: Session) -> bool:
    task = session.reviewing.task
    return task is not None and task.stage.kind is StageKind.REVIEW


ACTIONS = (
    Action(
        "submit",
        tr("Submit"),
        "Review",
        10,
        act(TaskAction.SUBMIT),
        "Ctrl+Return",
        can(TaskAction.SUBMIT),
        icon="submit",
    ),
    Action(
        "approve_task",
        tr("Approve Task"),
        "Review",
        20,
        act(TaskAction.APPROVE),
        "",
        can(TaskAction.APPROVE),
        icon="approve",
    ),
    Action(
        "reject_task",
        tr("Reject Task"),
        "Review",
        30,
        act(TaskAction.REJECT),
        "",
        can(TaskAction.REJECT),
        icon="reject",
    ),
    Action(
        "review_mode",
        tr("Review by Key"),
        "Review",
        40,
        lambda session: session.reviewing.switch(),
        "Ctrl+R",
        in_review,
        lambda session: session.reviewing.active,
        icon="check",
        group=1,
        tip=tr("While on, N approves and B rejects the chosen label"),
    ),
    Action(
        "approve_label",
        tr("Approve Label"),
        "Review",
        50,
        judge(True),
        "N",
        has_review,
        icon="approve",
        group=1,
        context=REVIEW,
    ),
    Action(
        "reject_label",
        tr("Reject Label"),
        "Review",
        60,
        judge(False),
        "B",
        has_review,
        icon="reject",
        group=1,
        context=REVIEW,
    ),
)
