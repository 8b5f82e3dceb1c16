"""What a save would lose, in words: one plain sentence each."""

from __future__ import annotations

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.save_values import Loss, Lost


def sentence(loss: Loss) -> str:
    """Names the object or classification, the frame and the field."""
    texts = {
        Lost.OBJECT: tr("{what} would be deleted: Encord's software does not load it."),
        Lost.CLASS: tr("{what} would get another class: it has several in one label row."),
        Lost.REVIEWS: tr("{what} would lose its reviews."),
        Lost.FIELD: tr("{what} would lose its field “{field}”."),
        Lost.BITMASK_FIELD: tr("{what} would lose the field “{field}” of its bitmask."),
        Lost.ANSWER: tr("The answer to “{name}” of {label} would be lost."),
        Lost.ANSWER_FIELD: tr("The answers of {label} would lose the field “{field}”."),
        Lost.ORPHAN: tr("Answers of the object {label}, which is not in the row any more, would be deleted."),
        Lost.CLASSIFICATION: tr("{what} would be deleted or changed: it is stored in an older form."),
        Lost.CLASSIFICATION_FIELD: tr("{what} would lose its field “{field}”."),
    }
    return texts[loss.what].format(what=_what(loss), name=loss.name, label=loss.label, field=loss.field)


def _what(loss: Loss) -> str:
    """The object or classification, and the frame where that is known."""
    about = loss.what in (Lost.CLASSIFICATION, Lost.CLASSIFICATION_FIELD)
    kind = tr("The classification {name}") if about else tr("The object {name}")
    text = kind.format(name=f"{loss.name} ({loss.label})" if loss.name and loss.label else loss.name or loss.label)
    return tr("{what} on frame {frame}").format(what=text, frame=loss.frame) if loss.frame else text
