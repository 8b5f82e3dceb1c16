"""Masks from files as new objects of a frame."""

from __future__ import annotations

from pathlib import Path

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import Frame, MaskKey
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.studio.document.document import Document


def read_mask(frame: Frame, path: Path) -> Mask:
    """The mask in a file, which has to be of the frame's size and have a pixel set; blocks. Raises InputError."""
    from bitmask_studio.formats.mask_files import read_mask_file  # not part of every start

    mask = Mask.of(Box.of_size(frame.width, frame.height), read_mask_file(path, (frame.width, frame.height)))
    if mask.empty:
        raise InputError(tr("{name} cannot be used as a mask: all its values are 0.").format(name=path.name))
    return mask


def add_mask(document: Document, position: int, object_class: ObjectClass, mask: Mask, name: str) -> MaskKey:
    """Put a mask that was read from the file `name` on a frame as a new object. Raises InputError where none may be."""
    if reason := document.row.info.read_only:
        raise InputError(tr("{name} was not imported: {reason}").format(name=name, reason=reason))
    if object_class.shape != BITMASK:
        text = tr("{name} was not imported: objects of class {kind} have no bitmask.")
        raise InputError(text.format(name=name, kind=object_class.name))
    return document.add(position, object_class, mask, tr("Import mask {name}").format(name=name))


def import_mask(document: Document, position: int, object_class: ObjectClass, path: Path) -> MaskKey:
    """Make a new object of the mask in a file, as one step that can be undone; blocks. Raises InputError."""
    mask = read_mask(document.frames[position], path)
    return add_mask(document, position, object_class, mask, path.name)
