"""Label rows, frames and objects as plain values, named as Encord names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import astuple

from bitmask_studio.core.attributes import Answers, DynamicAnswer
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.text import letters


class MaskKey(NamedTuple):
    """Which mask of a row: the frame's position in the row (from 0) and the object's hash."""

    frame: int
    object_hash: str


class Bitmask(Struct, frozen=True):
    """A mask as its file or server holds it; nothing is checked or decoded yet. Sizes in px.

    `rle_string` is Encord's row-major string.
    """

    height: int
    width: int
    top: int
    left: int
    rle_string: str


class Outline(Struct, frozen=True):
    """Where another shape lies, in image px: to be drawn thin, never edited."""

    points: tuple[Point, ...]
    closed: bool


class ObjectFacts(Struct, frozen=True):
    """Who made an object on a frame and who changed it last, as the label row says; empty where it does not."""

    created_by: str = ""
    created_at: str = ""
    last_edited_by: str = ""
    last_edited_at: str = ""
    confidence: float | None = None
    manual_annotation: bool | None = None


class ObjectInfo(Struct, frozen=True):
    """One object on one frame; equal to another of the same content, whoever made it."""

    object_hash: str
    feature_hash: str
    name: str
    color: str
    shape: str
    bitmask: Bitmask | None = None
    outlines: tuple[Outline, ...] = ()
    damage: str | None = None
    """Why the stored bitmask cannot be read, as far as seen without decoding it."""
    read_only: str | None = None
    """Why a readable bitmask may not be edited (another size than the frame's, for example)."""
    stored_hash: str | None = None
    """The file's objectHash where it is missing or stands on the frame before: `object_hash` is one of ours then."""

    facts: ObjectFacts | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectInfo) and astuple(self)[:-1] == astuple(other)[:-1]

    def __hash__(self) -> int:
        return hash(astuple(self)[:-1])

    @property
    def file_hash(self) -> str:
        """The objectHash as the file has it."""
        return self.object_hash if self.stored_hash is None else self.stored_hash

    @property
    def is_bitmask(self) -> bool:
        return self.shape == BITMASK


class Frame(Struct, frozen=True):
    """One picture of a row and the objects on it, bottom first."""

    position: int
    number: int
    """The SDK's frame number: `int(data_sequence)` for image groups, the label key for video and DICOM, else 0."""
    title: str
    data_hash: str
    width: int
    height: int
    objects: tuple[ObjectInfo, ...] = ()

    def find(self, object_hash: str) -> ObjectInfo | None:
        return next((each for each in self.objects if each.object_hash == object_hash), None)


class RowInfo(Struct, frozen=True):
    """What a list of label rows shows of one; `key` is unique within its source and stays the same across saves."""

    key: str
    label_hash: str | None
    data_hash: str
    title: str
    data_type: str
    """Lower case, as in a label row: image, img_group, image_sequence, video, dicom, nifti, group, .."""
    frames: int
    width: int
    height: int
    objects: int | None
    """None while nobody has counted: a server's list does not say."""
    bitmasks: int | None
    read_only: str | None = None
    """Why nothing in this row can be edited, for the user; None when it can."""
    damage: str | None = None
    """Why masks may be missing from it, because a part of the row cannot be read; None when all of it can."""
    caution: str | None = None
    """What somebody should know before working on it, for the user."""
    uninitialised: bool = False
    """Whether opening it would make a label row on its server, which has to be asked first."""
    stage: str = ""
    """The title of its workflow stage; this and what follows is known of rows on a server alone."""
    status: str = ""
    assignee: str = ""
    last_edited: datetime | None = None

    @property
    def name(self) -> str:
        """What the user calls the row."""
        return letters(self.title) or self.label_hash or self.data_hash or self.key


class LabelRow(Struct, frozen=True):
    """An opened row: every mask still a string; equal to another of the same content, wherever from."""

    info: RowInfo
    frames: Sequence[Frame]
    """A tuple, or a sequence that makes the frames of a long video when they are asked for."""
    answers: Mapping[str, Answers] = field(default_factory=dict)
    """The objects' answers to their attributes, by object hash; an object without any may be missing."""
    origin: object = None
    """What the source keeps beside it, to tell later whether the stored row changed; of no use to anybody else."""
    dynamic_answers: Mapping[str, tuple[DynamicAnswer, ...]] = field(default_factory=dict)
    """The objects' answers that hold on some frames only, by object hash, in the row's order: to be shown."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LabelRow) and self._content == other._content

    __hash__ = None  # type: ignore[assignment]

    @property
    def _content(self) -> tuple[object, ...]:
        return self.info, self.frames, self.answers, self.dynamic_answers

    def bitmask(self, key: MaskKey) -> Bitmask | None:
        """The stored mask of `key`, None where there is none."""
        found = self.frames[key.frame].find(key.object_hash) if key.frame < len(self.frames) else None
        return found.bitmask if found else None


class NewObject(Struct, frozen=True):
    """A mask that its source does not hold yet. `is_new` is false when the object exists on other frames."""

    key: MaskKey
    object_class: ObjectClass
    mask: Mask
    is_new: bool = True
    stored: LabelRow | None = None
    """The row in which its source last held it, if it did: it comes back as it was there, with all its fields."""


class RowChanges(Struct, frozen=True):
    """What a save has to do to one row, beside the row as it was when last read."""

    base: LabelRow
    edited: Mapping[MaskKey, Mask] = field(default_factory=dict)
    """Masks whose pixels differ from those of `base`."""
    added: tuple[NewObject, ...] = ()
    removed: frozenset[MaskKey] = frozenset()
    answers: Mapping[str, Answers] = field(default_factory=dict)
    """All answers, as they are to be, of each object whose answers differ from those of `base`."""

    @property
    def empty(self) -> bool:
        return not (self.edited or self.added or self.removed or self.answers)
