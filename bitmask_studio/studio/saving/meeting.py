"""How a save ends: its row stands on what is stored now, what others changed comes in, edits made meanwhile stay."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from msgspec import Struct

from bitmask_studio.core.attributes import Answers
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, MaskKey, ObjectInfo, RowChanges
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.core.text import tr
from bitmask_studio.sources.label_rows.pixels import apart, merged
from bitmask_studio.studio.document.edited_row import EditedRow
from bitmask_studio.studio.document.edits import AnswerChange, AnswerEdit, MaskEdit, SingleEdit
from bitmask_studio.studio.document.row_objects import holds
from bitmask_studio.studio.document.standing import as_known, is_same, known_at, pixels_of, standing_on

_Met = Mask | ObjectInfo | None
"""A mask: mine and theirs, which lie apart. An object: what mine stands on, so that the next save compares it with
theirs; None: it was not there.
"""


class CameIn(Struct, frozen=True):
    """What others did: `steps` for the history, so that undoing older ones still fits, `frames` whose lists of objects
    differ by it, and the hashes of the objects that were `answered`.
    """

    steps: tuple[SingleEdit, ...]
    frames: tuple[int, ...]
    answered: tuple[str, ...]


def meet(row: EditedRow, stored: LabelRow) -> CameIn:
    """Take the row as read back after a save; what is touched since the save began stays as it is."""
    shown = {at: row.objects.on(at) for at in {key.frame for key in row.masks.known} | set(row.objects.relisted)}
    masks = _meet_masks(row, stored)
    before = row.answers.end_save(stored.answers, lambda each: holds(stored, each))
    row.end_saving()
    frames = (at for at, objects in shown.items() if objects != row.objects.on(at))
    return CameIn((*masks, *_other_answers(row, before)), tuple(frames), tuple(before))


def _meet_masks(row: EditedRow, stored: LabelRow) -> tuple[MaskEdit, ...]:
    base, masks = row.objects.row, row.masks.known
    row.note_lost(row.saving | set(masks), stored)
    met = _met(row, row.snapshot, stored) if row.snapshot else {}
    bases = {key: each for key, each in met.items() if not isinstance(each, Mask)}
    row.objects.stand_on(standing_on(stored, bases), dict(_relisted(row, stored)))
    row.masks.keep_only(_still_right(row, masks, base, stored))
    changed = {key: mask for key, mask in masks.items() if stored.bitmask(key) not in (None, base.bitmask(key))}
    untouched = {key: mask for key, mask in changed.items() if key not in row.touched}
    joined = {key: both for key, both in met.items() if isinstance(both, Mask)}
    steps = (*_taken_over(row, untouched), *(_step(key, masks[key], both) for key, both in joined.items()))
    for key, both in joined.items():
        row.masks.put(key, both)
    return steps


def _met(row: EditedRow, snapshot: RowChanges, stored: LabelRow) -> dict[MaskKey, _Met]:
    """Masks touched since the snapshot that are not stored as they were in it, because others changed them too."""
    met: dict[MaskKey, _Met] = {}
    for key in row.touched:
        known, theirs = known_at(snapshot, key), pixels_of(stored.bitmask(key))
        if not is_same(known, theirs):
            joined = _joined(row, key, known, theirs)
            met[key] = _stood_on(row, key, known, stored.frames[key.frame]) if joined is None else joined
    return met


def _joined(row: EditedRow, key: MaskKey, known: Mask | None, theirs: Mask | None) -> Mask | None:
    """What I and others made of a mask that was `known` to both, where that lies apart."""
    mine = row.masks.get(key) if row.objects.find(key) else None
    if known is None or theirs is None or mine is None or not apart(known, mine, theirs):
        return None
    return merged(known, mine, theirs)


def _stood_on(row: EditedRow, key: MaskKey, known: Mask | None, frame: Frame) -> ObjectInfo | None:
    """The object as it would be stored had nobody else changed it; None: it was not there."""
    stored = row.objects.row.frames[key.frame].find(key.object_hash) if row.objects.row.bitmask(key) else None
    info = stored or frame.find(key.object_hash) or row.objects.find(key)
    return None if known is None or info is None else as_known(info, known, frame)


def _relisted(row: EditedRow, stored: LabelRow) -> Iterator[tuple[int, tuple[ObjectInfo, ...]]]:
    """The stored objects of each touched frame, with what was added to it and removed since the save began."""
    for at in {key.frame for key in row.touched}:
        touched = {key.object_hash for key in row.touched if key.frame == at}
        yield at, _with_touched(stored.frames[at], row.objects.on(at), touched)


def _with_touched(frame: Frame, shown: tuple[ObjectInfo, ...], touched: Container[str]) -> tuple[ObjectInfo, ...]:
    mine = {each.object_hash for each in shown if each.object_hash in touched}
    objects = [each for each in frame.objects if each.object_hash not in touched or each.object_hash in mine]
    for place, each in enumerate(shown):
        if each.object_hash in mine and frame.find(each.object_hash) is None:
            objects.insert(place, each)
    return tuple(objects)


def _still_right(row: EditedRow, masks: Mapping[MaskKey, Mask], base: LabelRow, stored: LabelRow) -> set[MaskKey]:
    """The masks that need not be decoded anew: edited since, stored as before, or known to be written as they are."""
    same = {key for key in masks if key not in row.saving and stored.bitmask(key) == base.bitmask(key)}
    return same | {key for key, mask in masks.items() if _is_written(mask, stored.bitmask(key))} | row.touched


def _taken_over(row: EditedRow, masks: Mapping[MaskKey, Mask]) -> Iterator[MaskEdit]:
    """Steps from masks as they were shown to what is stored of them now."""
    for key, mine in masks.items():
        now = row.masks.get(key)
        if now is not mine and not row.masks.is_damaged(key):
            step = _step(key, mine, now)
            if not step.patch.empty:
                yield step


def _other_answers(row: EditedRow, before: Mapping[str, Answers]) -> Iterator[AnswerEdit]:
    """The same for answers, of objects that older steps are about."""
    for object_hash, mine in before.items():
        if object_hash in row.answered_at:
            key = MaskKey(row.answered_at[object_hash], object_hash)
            changes = AnswerChange.between(mine, row.answers.get(object_hash))
            yield AnswerEdit(tr("Changes of Others"), key, changes)


def _step(key: MaskKey, before: Mask, after: Mask) -> MaskEdit:
    return MaskEdit(tr("Changes of Others"), key, MaskPatch.between(before, after))


def _is_written(mask: Mask, stored: Bitmask | None) -> bool:
    """Whether the string is known, without decoding it, to be that of the mask."""
    return stored is not None and mask.was_written_as(
        stored.rle_string, stored.height, stored.width, stored.top, stored.left
    )
