"""Edit: undo, redo, and the size of the brush."""

from __future__ import annotations

from bitmask_studio.actions.base import Action, Deed, has_document
from bitmask_studio.core.text import tr
from bitmask_studio.studio.session import Session


def undo(session: Session) -> None:
    session.studio.undo()


def redo(session: Session) -> None:
    session.studio.redo()


def can_undo(session: Session) -> bool:
    document = session.studio.document
    return document is not None and document.history.undo_title is not None


def can_redo(session: Session) -> bool:
    document = session.studio.document
    return document is not None and document.history.redo_title is not None


def undo_title(session: Session) -> str:
    document = session.studio.document
    step = document.history.undo_title if document else None
    return tr("Undo {step}").format(step=step) if step else tr("Undo")


def redo_title(session: Session) -> str:
    document = session.studio.document
    step = document.history.redo_title if document else None
    return tr("Redo {step}").format(step=step) if step else tr("Redo")


def discard(session: Session) -> None:
    session.recovering.banner.discard()


def can_discard(session: Session) -> bool:
    document = session.studio.document
    return document is not None and document.unsaved


def swap_brush_and_eraser(session: Session) -> None:
    session.studio.show(tool="brush" if session.studio.view.tool == "eraser" else "eraser")


def resize_brush(step: int) -> Deed:
    return lambda session: session.studio.resize_brush(step)


def cancel(session: Session) -> None:
    """Drop the stroke in progress; without one, choose nothing."""
    if not session.studio.gestures.cancel():
        session.studio.show(object_hash=None)


ACTIONS = (
    Action("undo", tr("Undo"), "Edit", 10, undo, "Ctrl+Z", can_undo, icon="undo", titled=undo_title),
    Action("redo", tr("Redo"), "Edit", 20, redo, "Ctrl+Shift+Z, Ctrl+Y", can_redo, icon="redo", titled=redo_title),
    Action("discard", tr("Discard Edits of This Row"), "Edit", 25, discard, "", can_discard, icon="close"),
    Action("cancel", tr("Cancel Stroke or Choice"), "Edit", 30, cancel, "Esc", has_document, icon="close"),
    Action("swap", tr("Swap Brush and Eraser"), "Edit", 70, swap_brush_and_eraser, "X", group=2, icon="eraser"),
    *(
        Action(
            f"brush_{name}",
            title,
            "Edit",
            80 + order,
            resize_brush(step),
            key,
            group=2,
            icon="round-brush",
        )
        for order, (name, title, step, key) in enumerate(
            (
                ("larger", tr("Larger Brush"), 1, "]"),
                ("smaller", tr("Smaller Brush"), -1, "["),
                ("much_larger", tr("Much Larger Brush"), 10, "Shift+]"),
                ("much_smaller", tr("Much Smaller Brush"), -10, "Shift+["),
            )
        )
    ),
)
