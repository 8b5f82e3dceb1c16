"""Object: make, delete, hide, lock, and choose the class of new ones."""

from __future__ import annotations

from bitmask_studio.actions.base import Action, Deed, Test, Words, has_document, has_object
from bitmask_studio.core.text import one_line, tr
from bitmask_studio.studio.adding import add_class, import_mask
from bitmask_studio.studio.session import Session


def new_object(session: Session) -> None:
    session.studio.start_object()


def delete(session: Session) -> None:
    session.studio.delete_chosen()


def toggle_visible(session: Session) -> None:
    view = session.studio.view
    if view.key:
        session.studio.show(hidden=view.hidden ^ {view.key})


def toggle_locked(session: Session) -> None:
    view = session.studio.view
    if view.key:
        session.studio.show(locked=view.locked ^ {view.key})


def is_locked(session: Session) -> bool:
    return session.studio.view.key in session.studio.view.locked


def is_hidden(session: Session) -> bool:
    return session.studio.view.key in session.studio.view.hidden


def choose_class(number: int) -> Deed:
    """The next new object gets the bitmask class of that number (from 1)."""

    def run(session: Session) -> None:
        classes = session.studio.workspace.ontology.bitmask_classes
        if number <= len(classes):
            session.studio.start_object(classes[number - 1].feature_hash)

    return run


def can_import(session: Session) -> bool:
    """Whether a new object may be put on the frame."""
    document = session.studio.document
    has_class = bool(session.studio.workspace.ontology.bitmask_classes)
    return document is not None and document.row.info.read_only is None and has_class


def has_object_and_frames(session: Session) -> bool:
    document = session.studio.document
    return has_object(session) and document is not None and len(document.frames) > 1


def has_files(session: Session) -> bool:
    """Whether classes can be added here: a project's are made on its server."""
    return has_document(session) and session.studio.workspace.files is not None


def has_class(number: int) -> Test:
    return lambda session: has_document(session) and number <= len(session.studio.workspace.ontology.bitmask_classes)


def class_title(number: int) -> Words:
    """What the class of a number is called, where there is one."""

    def title(session: Session) -> str:
        classes = session.studio.workspace.ontology.bitmask_classes
        if number > len(classes):
            return tr("New Object of Class {number}").format(number=number)
        return tr("New Object of Class {number}: {name}").format(number=number, name=one_line(classes[number - 1].name))

    return title


ACTIONS = (
    Action("new_object", tr("New Object"), "Object", 10, new_object, "M", has_document, icon="plus"),
    Action("new_class", tr("New Class …"), "Object", 20, add_class, "", has_files, icon="layers"),
    Action(
        "import_mask",
        tr("Import Mask …"),
        "Object",
        25,
        import_mask,
        "Ctrl+I",
        can_import,
        icon="import-mask",
        tip=tr("Make an object of a PNG, TIFF or NumPy file"),
    ),
    Action("delete", tr("Delete Object"), "Object", 30, delete, "Del", has_object, icon="trash"),
    Action(
        "delete_everywhere",
        tr("Delete Object on All Frames"),
        "Object",
        35,
        lambda session: session.studio.delete_everywhere(),
        "Shift+Del",
        has_object_and_frames,
        icon="trash",
    ),
    Action(
        "hide", tr("Hide Object"), "Object", 40, toggle_visible, "Ctrl+H", has_object, is_hidden, "eye-off", group=1
    ),
    Action("lock", tr("Lock Object"), "Object", 50, toggle_locked, "Ctrl+L", has_object, is_locked, "lock", group=1),
    *(
        Action(
            f"class_{number}",
            tr("New Object of Class {number}").format(number=number),
            "Object",
            60 + number,
            choose_class(number),
            str(number),
            has_class(number),
            group=2,
            titled=class_title(number),
        )
        for number in range(1, 10)
    ),
)
