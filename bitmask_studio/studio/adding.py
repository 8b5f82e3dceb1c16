"""What is asked for by name or file and then added: classes to a workspace, masks to a frame."""

from __future__ import annotations

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.studio.importing import add_mask, read_mask
from bitmask_studio.studio.session import Session


async def add_class(session: Session) -> None:
    """Ask for a name and add a bitmask class of it."""
    studio = session.studio
    if studio.workspace.files and (name := await studio.ask.new_class()):
        each = await studio.workspace.add_class(name)
        studio.start_object(each.feature_hash)
        studio.document_changed.emit()


async def import_mask(session: Session) -> None:
    """Ask for a mask file and, where there are several, a class; make an object of it. Raises InputError."""
    studio, document, frame = session.studio, session.studio.document, session.studio.view.frame
    classes = studio.workspace.ontology.bitmask_classes
    if document is None or not classes:
        raise InputError(tr("There is no bitmask class to make an object of."))
    path = await studio.ask.mask_file()
    if path is None:
        return
    with studio.working(tr("Reading {name} …").format(name=path.name)):
        mask = await studio.jobs.run(lambda: read_mask(document.frames[frame], path))
    chosen = await studio.ask.choose_class(classes) if len(classes) > 1 else classes[0].feature_hash
    if chosen is None:
        return
    of_class = next(each for each in classes if each.feature_hash == chosen)
    key = add_mask(document, frame, of_class, mask, path.name)
    if studio.document is document:
        studio.show(frame=key.frame, object_hash=key.object_hash, class_hash=chosen)
