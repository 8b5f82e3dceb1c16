"""The edits that turn an opened row into what is stored of it, where undo and redo no longer lead there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bitmask_studio.core.labels import MaskKey, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.core.text import tr
from bitmask_studio.sources.label_rows.finding import keys_of
from bitmask_studio.studio.document.edits import AnswerChange, AnswerEdit, MaskEdit, ObjectEdit, SingleEdit
from bitmask_studio.studio.document.standing import pixels_of

if TYPE_CHECKING:
    from bitmask_studio.studio.document.document import Document


def ways_back(document: Document) -> Iterator[SingleEdit]:
    """One edit for each mask, object and set of answers that differs from the stored row."""
    changes, title = document.changes(), tr("Discard edits")
    for key, mask in changes.edited.items():
        stored = pixels_of(changes.base.bitmask(key)) or EMPTY_MASK
        yield MaskEdit(title, key, MaskPatch.between(mask, stored))
    for each in changes.added:
        info = document.find(each.key)
        if info is not None:
            place = document.objects(each.key.frame).index(info)
            yield ObjectEdit(title, each.key, info, each.mask, place, adds=False)
    for key in sorted(changes.removed):
        yield _brought_back(changes, key, title)
    for object_hash, answers in changes.answers.items():
        key = next(keys_of(changes.base, object_hash), MaskKey(0, object_hash))
        stored_answers = changes.base.answers.get(object_hash, {})
        yield AnswerEdit(title, key, AnswerChange.between(answers, stored_answers))


def _brought_back(changes: RowChanges, key: MaskKey, title: str) -> ObjectEdit:
    objects = changes.base.frames[key.frame].objects
    place = next(at for at, each in enumerate(objects) if each.object_hash == key.object_hash)
    mask = pixels_of(objects[place].bitmask) or EMPTY_MASK
    return ObjectEdit(title, key, objects[place], mask, place, adds=True)
