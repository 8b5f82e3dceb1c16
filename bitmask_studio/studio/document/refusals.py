"""Why an object of an opened row cannot be edited, in words for the user."""

from __future__ import annotations

from bitmask_studio.core.attributes import AnswerValue, Attribute
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.text import tr
from bitmask_studio.studio.document.edited_row import EditedRow


def shut_words() -> str:
    """Why nothing can be changed in a second window."""
    return tr("This is open in another window, so nothing can be changed here.")


def mask_refusal(row: EditedRow, key: MaskKey) -> str | None:
    """Why the object's pixels cannot be edited, None when they can."""
    info = row.objects.find(key)
    if info is None or not info.is_bitmask:
        return tr("Only bitmasks can be edited here; this shape is kept as it is.")
    row.masks.get(key)  # no edit may be based on a mask that is still awaited
    damage = row.masks.damage(key)
    damaged = tr("This mask is damaged and is kept as it is: {reason}.").format(reason=damage) if damage else None
    return row.objects.row.info.read_only or info.read_only or damaged


def answers_refusal(row: EditedRow, key: MaskKey) -> str | None:
    """Why the object's answers cannot be edited, None when they can; its shape does not matter."""
    info = row.objects.find(key)
    if info is None:
        return tr("The object is not on this frame.")
    return row.objects.row.info.read_only or (info.read_only if info.stored_hash is not None else None)


def answer_refusal(row: EditedRow, key: MaskKey, attribute: Attribute, value: AnswerValue | None) -> str | None:
    """Why the object cannot be given this answer, or none at all; None when it can."""
    if refusal := answers_refusal(row, key):
        return refusal
    if attribute.dynamic:
        return tr("Answers that differ from frame to frame are shown, not edited.")
    if not (value is None or attribute.accepts(value)):
        return tr("This is no answer to {name}.").format(name=attribute.name)
    return None
