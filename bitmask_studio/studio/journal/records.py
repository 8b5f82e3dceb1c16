"""Edits as bytes, and back; what is read is trusted no more than any other file."""

from __future__ import annotations

import msgspec

from bitmask_studio.core import rle
from bitmask_studio.core.errors import RleError
from bitmask_studio.core.geometry import EMPTY, Box
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document.edits import (
    AnswerChange,
    AnswerEdit,
    DocumentEdit,
    MaskEdit,
    ObjectEdit,
    SeveralEdits,
    SingleEdit,
)
from bitmask_studio.studio.journal.infos import InfoRecord, info_in, info_out
from bitmask_studio.studio.journal.wire import (
    Text,
    Value,
    Wire,
    damaged,
    from_text,
    from_value,
    read,
    to_text,
    to_value,
    written,
)

_FAR = 1 << 31


class _Edit(Wire, frozen=True, array_like=True):
    title: Text
    frame: int
    object_hash: Text


class _Patch(_Edit, frozen=True, array_like=True, tag="mask"):
    box: tuple[int, int, int, int]
    tiles: int
    whole: int
    packed: bytes


class _Object(_Edit, frozen=True, array_like=True, tag="object"):
    info: InfoRecord
    box: tuple[int, int, int, int]
    rle_string: Text
    """Of the pixels within the box."""
    place: int
    adds: bool


class _Answer(_Edit, frozen=True, array_like=True, tag="answer"):
    changes: list[tuple[Text, Value | None, Value | None]]


_Part = _Patch | _Object | _Answer


class _Several(_Edit, frozen=True, array_like=True, tag="several"):
    edits: list[_Part]


_DECODER: msgspec.msgpack.Decoder[_Part | _Several] = msgspec.msgpack.Decoder(_Part | _Several)


def encode_edit(edit: DocumentEdit) -> bytes:
    """An edit as bytes; the pixels of a patch stay packed as they are."""
    if isinstance(edit, SeveralEdits):
        return written(_Several(*_head_out(edit), [_part_out(each) for each in edit.edits]))
    return written(_part_out(edit), pack=not isinstance(edit, MaskEdit))


def decode_edit(data: bytes) -> DocumentEdit:
    """The edit. Raises JournalError where the bytes are none that can be done and taken back."""
    found = read(data, _DECODER)
    try:
        if isinstance(found, _Several):
            return SeveralEdits(from_text(found.title), _key_in(found), tuple(map(_part_in, found.edits)))
        return _part_in(found)
    except (ValueError, RleError) as error:
        raise damaged() from error


def _head_out(edit: DocumentEdit) -> tuple[Text, int, Text]:
    return to_text(edit.title), edit.key.frame, to_text(edit.key.object_hash)


def _key_in(found: _Edit) -> MaskKey:
    if not 0 <= found.frame < _FAR:
        raise damaged()
    return MaskKey(found.frame, from_text(found.object_hash))


def _part_out(edit: SingleEdit) -> _Part:
    head = _head_out(edit)
    if isinstance(edit, MaskEdit):
        patch = edit.patch
        return _Patch(*head, _box_out(patch.box), patch.tiles, patch.whole, patch.packed)
    if isinstance(edit, ObjectEdit):
        box, pixels = _box_out(edit.mask.box), _pixels_out(edit.mask)
        return _Object(*head, info_out(edit.info), box, pixels, edit.place, edit.adds)
    changes = [(to_text(each.feature_hash), to_value(each.before), to_value(each.after)) for each in edit.changes]
    return _Answer(*head, changes)


def _part_in(found: _Part) -> SingleEdit:
    title, key = from_text(found.title), _key_in(found)
    if isinstance(found, _Patch):
        patch = MaskPatch(Box(*found.box), found.tiles, found.whole, found.packed)
        if patch != MaskPatch():
            patch.check()
        return MaskEdit(title, key, patch)
    if isinstance(found, _Object):
        return _object_in(title, key, found)
    changes = ((from_text(name), from_value(before), from_value(after)) for name, before, after in found.changes)
    return AnswerEdit(title, key, tuple(AnswerChange(*each) for each in changes))


def _object_in(title: str, key: MaskKey, found: _Object) -> ObjectEdit:
    if not 0 <= found.place < _FAR:
        raise damaged()
    info, mask = info_in(found.info, key.object_hash), _pixels_in(Box(*found.box), found.rle_string)
    return ObjectEdit(title, key, info, mask, found.place, found.adds)


def _box_out(box: Box) -> tuple[int, int, int, int]:
    return box.x0, box.y0, box.x1, box.y1


def _pixels_out(mask: Mask) -> Text:
    """Encord's string of the pixels within the mask's own box."""
    if mask.empty:
        return b""
    whole = Box.of_size(mask.box.width, mask.box.height)
    return to_text(rle.encode(whole, mask.crop(mask.box), whole.height, whole.width))


def _pixels_in(box: Box, rle_string: Text) -> Mask:
    if box == EMPTY and not rle_string:
        return EMPTY_MASK
    if box.empty:
        raise damaged()
    mask = Mask.from_rle(from_text(rle_string), box.height, box.width, box.y0, box.x0)
    if mask.box != box:
        raise damaged()
    return mask
