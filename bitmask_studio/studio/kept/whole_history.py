"""What is to be kept of a document where keeping begins anew: its history, and the way to it from what is stored."""

from __future__ import annotations

import time
from collections.abc import Iterable

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.text import tr
from bitmask_studio.studio.document.discarding import ways_back
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import AnswerEdit, DocumentEdit, SeveralEdits, singles
from bitmask_studio.studio.journal.kept import AnswerBase, Applied, Base, Entry, KeptRow, Step
from bitmask_studio.studio.kept.restoring import line_of

_BESIDE = 0
"""The state that the edit leads to which stands for a way that the history has lost: no other is called so."""


def kept_of(document: Document) -> KeptRow | None:
    """What brings the document back as it is; None where there is nothing to keep. Not while a save is under way."""
    history, now = document.history, time.time()
    if history.is_empty and not document.unsaved:
        return None
    steps = tuple(Step(state, edit, now) for state, edit in zip(history.states[1:], history.edits, strict=True))
    log = _log(document)
    edits = [*history.edits, *(each.edit for _, each in log)]
    info = document.row.info
    return KeptRow(
        info.key,
        info.name,
        line_of(document),
        steps,
        tuple(applied for _, applied in log),
        tuple(entry for entry, _ in log),
        bases={key: base_of(document, key) for key in _keys(edits)},
        answers={each: answer_base_of(document, each) for each in _answered(edits)},
        last_at=now,
    )


def base_of(document: Document, key: MaskKey) -> Base:
    """What is stored of a mask."""
    frame = document.row.frames[key.frame]
    return Base(key, frame.width, frame.height, frame.find(key.object_hash))


def answer_base_of(document: Document, object_hash: str) -> AnswerBase:
    """What is stored of an object's answers."""
    return AnswerBase(object_hash, document.row.answers.get(object_hash, {}))


def _log(document: Document) -> list[tuple[Entry, Applied]]:
    """What leads from the stored state to the present one: along the history, else at a stroke."""
    history = document.history
    if history.saved in history.states:
        saved, here = (history.states.index(each) for each in (history.saved, history.place))
        numbers, forwards = (range(saved, here), True) if saved <= here else (range(saved - 1, here - 1, -1), False)
        return [((history.states[each + 1], forwards), Applied(history.edits[each], forwards)) for each in numbers]
    back = tuple(ways_back(document))
    edit = SeveralEdits(tr("Edits before"), back[0].key, back) if back else None
    return [((_BESIDE, False), Applied(edit, forwards=False))] if edit else []


def _keys(edits: Iterable[DocumentEdit]) -> set[MaskKey]:
    return {each.key for edit in edits for each in singles(edit) if not isinstance(each, AnswerEdit)}


def _answered(edits: Iterable[DocumentEdit]) -> set[str]:
    return {each.key.object_hash for edit in edits for each in singles(edit) if isinstance(each, AnswerEdit)}
