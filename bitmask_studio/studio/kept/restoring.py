"""A row as somebody left it whose program ended: what the journal kept of it, over what is stored of it by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto

from msgspec import Struct, field

from bitmask_studio.core.attributes import Answers
from bitmask_studio.core.history import History
from bitmask_studio.core.labels import LabelRow, MaskKey
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.core.text import tr
from bitmask_studio.sources.label_rows.merge import given
from bitmask_studio.sources.label_rows.pixels import merged
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import AnswerChange, AnswerEdit, DocumentEdit, MaskEdit, singles
from bitmask_studio.studio.document.standing import as_known, is_same, pixels_of, standing_on
from bitmask_studio.studio.journal.kept import Applied, InFile, KeptRow, Line
from bitmask_studio.studio.journal.replay import joined

_NEVER = -1


class Found(Enum):
    """What the stored row turned out to hold of the edits that were kept."""

    NOTHING = auto()
    SAVE = auto()
    """Those of the save that was under way."""
    ALL = auto()
    MISFIT = auto()
    """The row has changed so that they have no place in it."""


class Restored(Struct, frozen=True):
    """A document and how it came to be; `others` are steps that tell what others did meanwhile, each with the line."""

    document: Document
    kept: KeptRow | None = None
    found: Found = Found.NOTHING
    others: Sequence[tuple[DocumentEdit, Line]] = ()
    set_aside_as: str = ""
    """Under which key the journal has these edits, which once could not be read or had no place in the row."""
    displaces: bool = False
    """Whether they come in the place of others that have none in the row now."""
    unread: str = ""
    """Why what is kept could not be read, for the user."""
    place: InFile | None = None
    """Which row of which file it is, where it is in one."""
    is_new: bool = False
    """Whether what is kept was kept elsewhere until now."""
    aside: str = ""
    """What else is kept of the row, for the user."""


class _Stored(Struct, frozen=True):
    """Which edits are stored: how far the log got, and what masks and answers were like then."""

    found: Found
    rest: Sequence[Applied]
    document: Document | None = None
    """The row with all of the log, where nothing of it is stored."""
    masks: Mapping[MaskKey, Mask | None] = field(default_factory=dict)
    answers: Mapping[str, Answers] = field(default_factory=dict)


def restored(row: LabelRow, kept: KeptRow | None) -> Restored:
    """The row with what was kept of it; as it is stored where nothing was, or where that has no place in it."""
    if kept is None:
        return Restored(Document(row))
    if not _fits(row, kept):
        return Restored(Document(row), kept, Found.MISFIT)
    stored = _stored(row, kept)
    document = stored.document or Document(_base(row, kept, stored.rest, stored))
    try:
        document.resume(() if stored.document else joined(stored.rest), _history(kept, stored))
    except ValueError:
        return Restored(Document(row), kept, Found.MISFIT)
    others: list[tuple[DocumentEdit, Line]] = []
    was_saved = document.history.is_saved
    document.stepped.connect(lambda _, edit: others.append((edit, line_of(document))) if edit else None)
    _take_others(document, kept, stored)
    document.stepped.clear()
    if others:  # other steps lie below what others changed: no way back leads to exactly what is stored
        document.history.mark_saved(None if was_saved else _NEVER)
    return Restored(document, kept, stored.found, tuple(others))


def line_of(document: Document) -> Line:
    """Where the document's history is."""
    history = document.history
    return Line(history.first, history.place, history.saved, history.committed)


def _fits(row: LabelRow, kept: KeptRow) -> bool:
    """Whether every mask that a step is about lies on a frame of the size that it had, and it is known what it was."""
    keys = _keys([*(each.edit for each in kept.log), *(each.edit for each in kept.steps)])
    return all(key in kept.bases and _is_same_frame(row, kept, key) for key in keys)


def _is_same_frame(row: LabelRow, kept: KeptRow, key: MaskKey) -> bool:
    if not 0 <= key.frame < len(row.frames):
        return False
    frame, base = row.frames[key.frame], kept.bases[key]
    return (frame.width, frame.height) == (base.width, base.height)


def _stored(row: LabelRow, kept: KeptRow) -> _Stored:
    """What of the log is stored: a program may be killed when a file is written, before that is noted."""
    document = None
    ends = [len(kept.log)] if kept.saving is None else [kept.saving, len(kept.log)]
    for end in ends:
        log = kept.log[:end]
        document = Document(_base(row, kept, log))
        document.resume(joined(log), History())
        masks = {key: document.mask(key) if document.find(key) else None for key in _keys(each.edit for each in log)}
        answers = {each: document.answers(each) for each in _answered(each.edit for each in log)}
        if log and _holds(row, document.row, masks, answers):
            found = Found.ALL if end == len(kept.log) else Found.SAVE
            return _Stored(found, kept.log[end:], masks=masks, answers=answers)
    return _Stored(Found.NOTHING, kept.log, document)


def _holds(row: LabelRow, base: LabelRow, masks: Mapping[MaskKey, Mask | None], answers: Mapping[str, Answers]) -> bool:
    """Whether the stored row has all that edits changed; others may have changed more."""
    for key, mine in masks.items():
        stored = pixels_of(row.bitmask(key))
        if mine is None or stored is None:
            if mine is not stored:
                return False
        elif not stored.same_as(mine):
            before = pixels_of(base.bitmask(key)) or EMPTY_MASK
            if not merged(before, mine, stored).same_as(stored):
                return False
    return all(given(mine) == given(row.answers.get(each, {})) for each, mine in answers.items())


def _base(row: LabelRow, kept: KeptRow, log: Iterable[Applied], before: _Stored | None = None) -> LabelRow:
    """The stored row, with what these edits are about as it was when they began: after those `before`, if any."""
    edits = [single for each in log for single in singles(each.edit)]
    known, answered = (before.masks, before.answers) if before else ({}, {})
    objects = {key: kept.bases[key].info for key in _keys(edits) if key not in known}
    for key in _keys(edits) & set(known):
        info, mine = row.frames[key.frame].find(key.object_hash), known[key]
        if info is not None and mine is not None and not is_same(mine, pixels_of(info.bitmask)):
            objects[key] = as_known(info, mine, row.frames[key.frame])
    hashes = (_answered(edits) & set(kept.answers)) - set(answered)
    return standing_on(row, objects, {each: kept.answers[each].answers for each in hashes})


def _history(kept: KeptRow, stored: _Stored) -> History[DocumentEdit]:
    line, states = kept.line, [kept.line.first, *(each.state for each in kept.steps)]
    saved = line.saved
    if stored.found is Found.ALL:
        saved = line.place
    elif stored.found is Found.SAVE:
        saved = _before(kept.entries[-len(stored.rest)], states)
    return History.restored([each.edit for each in kept.steps], states, line.place, saved, line.committed)


def _before(entry: tuple[int, bool], states: Sequence[int]) -> int:
    """The state in which an entry of the log was made."""
    state, forwards = entry
    if not forwards:
        return state
    return states[states.index(state) - 1] if state in states[1:] else _NEVER


def _take_others(document: Document, kept: KeptRow, stored: _Stored) -> None:
    """Make steps of what others did to masks and answers that older steps are about, and no edit that waits."""
    row, title = document.row, tr("Changes of Others")
    waiting = [each.edit for each in stored.rest]
    for key in sorted(_keys([each.edit for each in kept.steps]) - _keys(waiting)):
        base, now = kept.bases[key].info, row.bitmask(key)
        if now is None or (key not in stored.masks and base is not None and base.bitmask == now):
            continue
        before = stored.masks[key] if key in stored.masks else pixels_of(base.bitmask if base else None)
        patch = MaskPatch.between(before or EMPTY_MASK, document.mask(key))
        if not patch.empty and document.damage(key) is None:
            document.take_others(MaskEdit(title, key, patch))
    known = {**{each: kept.answers[each].answers for each in kept.answers}, **stored.answers}
    for object_hash, key in _answer_keys(each.edit for each in kept.steps).items():
        if object_hash in known and object_hash not in _answered(waiting):
            changes = AnswerChange.between(given(known[object_hash]), given(row.answers.get(object_hash, {})))
            if changes:
                document.take_others(AnswerEdit(title, key, changes))


def _keys(edits: Iterable[DocumentEdit]) -> set[MaskKey]:
    """The masks that edits are about."""
    return {each.key for edit in edits for each in singles(edit) if not isinstance(each, AnswerEdit)}


def _answered(edits: Iterable[DocumentEdit]) -> set[str]:
    """The objects that got answers."""
    return set(_answer_keys(edits))


def _answer_keys(edits: Iterable[DocumentEdit]) -> dict[str, MaskKey]:
    found = (single for edit in edits for single in singles(edit) if isinstance(single, AnswerEdit))
    return {each.key.object_hash: each.key for each in found}
