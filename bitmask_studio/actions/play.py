"""Go: play the frames of a row, and jump to those with labels, the first and the last."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from bitmask_studio.actions.base import Action, Deed, Test
from bitmask_studio.core.text import tr
from bitmask_studio.studio.document.labelled import next_labelled
from bitmask_studio.studio.session import Session


def step_labelled(step: int) -> Deed:
    def run(session: Session) -> Coroutine[Any, Any, None] | None:
        studio = session.studio
        found = next_labelled(studio.document, studio.view.frame, step) if studio.document else None
        if found is not None:
            return session.open_frame(found)
        studio.say(
            tr("No frame after this one has labels.") if step > 0 else tr("No frame before this one has labels.")
        )
        return None

    return run


def go_to_end(end: int) -> Deed:
    """To the first (0) or the last (-1) frame."""

    def run(session: Session) -> Coroutine[Any, Any, None] | None:
        document = session.studio.document
        return session.open_frame(range(len(document.frames))[end]) if document else None

    return run


def has_frames(session: Session) -> bool:
    """Whether the open row has several."""
    document = session.studio.document
    return document is not None and len(document.frames) > 1


def is_elsewhere(end: int) -> Test:
    """Whether there are several frames, and another one than the first (0) or the last (-1) is shown."""

    def test(session: Session) -> bool:
        document = session.studio.document
        count = len(document.frames) if document else 0
        return count > 1 and session.studio.view.frame != range(count)[end]

    return test


PLAY = Action(
    "play",
    tr("Play or Pause"),
    "Go",
    44,
    lambda session: session.playing.toggle(),
    "Space",
    has_frames,
    icon="play",
    group=1,
    hold=True,
)
NEXT_LABELLED = Action(
    "next_labelled",
    tr("Next Frame with Labels"),
    "Go",
    45,
    step_labelled(1),
    "Ctrl+Right",
    is_elsewhere(-1),
    icon="next-labelled",
    group=1,
)
PREVIOUS_LABELLED = Action(
    "previous_labelled",
    tr("Previous Frame with Labels"),
    "Go",
    46,
    step_labelled(-1),
    "Ctrl+Left",
    is_elsewhere(0),
    icon="previous-labelled",
    group=1,
)
ACTIONS = (
    PLAY,
    NEXT_LABELLED,
    PREVIOUS_LABELLED,
    Action(
        "first_frame",
        tr("First Frame"),
        "Go",
        47,
        go_to_end(0),
        "Ctrl+Home",
        is_elsewhere(0),
        icon="first-frame",
        group=1,
    ),
    Action(
        "last_frame",
        tr("Last Frame"),
        "Go",
        48,
        go_to_end(-1),
        "Ctrl+End",
        is_elsewhere(-1),
        icon="last-frame",
        group=1,
    ),
)
