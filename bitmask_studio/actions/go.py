"""Go: from object to object, frame to frame, row to row."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from bitmask_studio.actions.base import Action, Deed, Test
from bitmask_studio.core.text import tr
from bitmask_studio.studio.session import Session


def step_object(step: int) -> Deed:
    return lambda session: session.studio.step_object(step)


def step_frame(step: int) -> Deed:
    def run(session: Session) -> Coroutine[Any, Any, None]:
        return session.open_frame(session.studio.view.frame + step)

    return run


def step_row(step: int) -> Deed:
    return lambda session: session.step_row(step)


def can_step_frame(step: int) -> Test:
    def test(session: Session) -> bool:
        document = session.studio.document
        return document is not None and 0 <= session.studio.view.frame + step < len(document.frames)

    return test


def has_rows(session: Session) -> bool:
    return session.studio.workspace.source is not None


def has_objects(session: Session) -> bool:
    return bool(session.studio.objects)


ACTIONS = (
    Action("next_object", tr("Next Object"), "Go", 10, step_object(1), "Down", has_objects, icon="next-object"),
    Action(
        "previous_object", tr("Previous Object"), "Go", 20, step_object(-1), "Up", has_objects, icon="previous-object"
    ),
    Action(
        "next_frame", tr("Next Frame"), "Go", 30, step_frame(1), "Right", can_step_frame(1), icon="next-frame", group=1
    ),
    Action(
        "previous_frame",
        tr("Previous Frame"),
        "Go",
        40,
        step_frame(-1),
        "Left",
        can_step_frame(-1),
        icon="previous-frame",
        group=1,
    ),
    Action("next_row", tr("Next Row"), "Go", 50, step_row(1), "PgDown", has_rows, icon="next-row", group=2),
    Action("previous_row", tr("Previous Row"), "Go", 60, step_row(-1), "PgUp", has_rows, icon="previous-row", group=2),
    Action(
        "find_row",
        tr("Find Row"),
        "Go",
        70,
        lambda session: session.studio.screen.find_row(),
        "Ctrl+F",
        has_rows,
        icon="search",
        group=3,
    ),
)
