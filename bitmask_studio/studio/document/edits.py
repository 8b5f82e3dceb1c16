"""The committed steps of a document, each its own way back."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct

from bitmask_studio.core.attributes import Answers, AnswerValue
from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.mask_patch import MaskPatch


class MaskEdit(Struct, frozen=True):
    """Pixels of one mask flipped."""

    title: str
    key: MaskKey
    patch: MaskPatch

    @property
    def nbytes(self) -> int:
        return self.patch.nbytes


class ObjectEdit(Struct, frozen=True):
    """An object put on a frame (`adds`) or taken from it, at its place among the frame's objects."""

    title: str
    key: MaskKey
    info: ObjectInfo
    mask: Mask
    place: int
    adds: bool

    @property
    def nbytes(self) -> int:
        return self.mask.box.area // 8 + 256


class AnswerChange(Struct, frozen=True):
    """The answer to one attribute before and after a step; None: not answered."""

    feature_hash: str
    before: AnswerValue | None
    after: AnswerValue | None

    @classmethod
    def between(cls, before: Answers, after: Answers) -> tuple[AnswerChange, ...]:
        """What turns one set of answers into the other."""
        both = ((each, before.get(each), after.get(each)) for each in sorted({*before, *after}))
        return tuple(cls(*each) for each in both if each[1] != each[2])


class AnswerEdit(Struct, frozen=True):
    """Other answers of an object, given while the frame of `key` was shown; they hold on all its frames."""

    title: str
    key: MaskKey
    changes: tuple[AnswerChange, ...]

    @property
    def nbytes(self) -> int:
        return 256 + sum(64 + sum(map(_letters, (each.before, each.after))) for each in self.changes)


SingleEdit = MaskEdit | ObjectEdit | AnswerEdit


class SeveralEdits(Struct, frozen=True):
    """Edits of several frames or objects in one step; `key` says where it was done."""

    title: str
    key: MaskKey
    edits: tuple[SingleEdit, ...]

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in self.edits)


DocumentEdit = SingleEdit | SeveralEdits


class Deed(Enum):
    """What became of a document: a step was made by the user or by OTHERS who changed what is stored, taken back or
    done again; a save began, ended or stored nothing; all that is not stored was discarded.
    """

    DONE = auto()
    OTHERS = auto()
    UNDONE = auto()
    REDONE = auto()
    SAVING = auto()
    SAVED = auto()
    NOT_SAVED = auto()
    DISCARDED = auto()


def singles(edit: DocumentEdit) -> tuple[SingleEdit, ...]:
    """What a step consists of, in order."""
    return edit.edits if isinstance(edit, SeveralEdits) else (edit,)


def _letters(value: AnswerValue | None) -> int:
    return 0 if value is None or isinstance(value, float) else len(value) * (1 if isinstance(value, str) else 60)
