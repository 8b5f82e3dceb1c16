"""What every source of label rows can do; all calls block and are meant for jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core.attributes import AnswerValue
from bitmask_studio.core.errors import SaveError, StudioError
from bitmask_studio.core.labels import Frame, LabelRow, MaskKey, ObjectInfo, RowChanges, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import Ontology
from bitmask_studio.core.text import tr

MAX_NAMED, MAX_TOLD = 5, 3
"""How many rows a sentence names before it only counts the rest, and how many reasons it gives."""


class Picture(Struct, frozen=True):
    """Decoded pixels: uint8, (H, W, 3) in OpenCV's BGR order, already in the orientation and size of its frame."""

    pixels: NDArray[np.uint8]
    warning: str | None = None
    """What is wrong with it although it can be shown (cut short, for example), for the user."""


class Keep(Enum):
    """Which version of what two people changed is stored; BOTH takes each pixel from whoever changed it."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One mask changed here and, since it was read, elsewhere; `row` is the row's key.

    `base`, `mine` and `theirs` are the pixels to be shown side by side: None where the object is not there.
    """

    row: str
    key: MaskKey
    attribute: str | None = None
    """The feature hash of an attribute that got different answers; None when the masks differ."""
    base: Mask | None = field(default=None, compare=False)
    mine: Mask | None = field(default=None, compare=False)
    theirs: Mask | None = field(default=None, compare=False)
    answers: tuple[AnswerValue | None, AnswerValue | None, AnswerValue | None] = field(
        default=(None, None, None), compare=False
    )
    """What base, mine and theirs answer to `attribute`; None for no answer."""
    against: str = ""
    """Names what the others have: a choice holds only for what was shown, not for what they do after that."""


class ConflictError(StudioError):
    """Nothing was saved: somebody else changed the same masks. Ask, then save again with a choice for each."""

    def __init__(self, message: str, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(message)
        self.conflicts = conflicts


class PartlySavedError(SaveError):
    """Some rows are stored and read back (`saved`, by row key), others are not: the text says which."""

    def __init__(self, message: str, saved: Mapping[str, LabelRow]) -> None:
        super().__init__(message)
        self.saved = saved


def failure_of(
    saved: Mapping[str, LabelRow], failures: Mapping[str, StudioError], names: Mapping[str, str]
) -> StudioError:
    """What a save of several rows raises: rows by key, why the others are not stored, and what each is called.

    One failure is as it is; where others were stored, or several failed, it is an error that tells of all.
    """
    errors = list(dict.fromkeys(failures.values()))
    if not saved and len(errors) == 1:
        return errors[0]
    told = " ".join(list(dict.fromkeys(map(str, errors)))[:MAX_TOLD])
    text = tr("Saved: {names}. These rows are not: {others}. {told}")
    stored, others = few([row.info.name for row in saved.values()]), few([names[key] for key in failures])
    text = text.format(names=stored, others=others, told=told)
    error = PartlySavedError(text, saved) if saved else SaveError(told)
    error.__cause__ = errors[0]
    return error


def few(names: Sequence[str]) -> str:
    """The names, of very many only the first."""
    more = [tr("{n} more").format(n=len(names) - MAX_NAMED)] if len(names) > MAX_NAMED else []
    return ", ".join([*names[:MAX_NAMED], *more])


class Source(Protocol):
    """A place that holds label rows."""

    @property
    def title(self) -> str:
        """What the window calls it, such as a file's name."""

    @property
    def ontology(self) -> Ontology:
        """The classes on offer for new objects."""

    @property
    def warnings(self) -> Sequence[str]:
        """What the user should know about the input as a whole, one plain sentence each."""

    def rows(self) -> Sequence[RowInfo]:
        """Every row, in the source's order; changes nothing on the other side."""

    def load(self, info: RowInfo) -> LabelRow:
        """The row as stored now; masks stay strings.

        Raises StudioError when it is gone or unreadable.
        """

    def picture(self, info: RowInfo, frame: Frame) -> Picture:
        """The picture under a frame, of exactly the frame's size.

        Raises PictureError, in words for the user, when there is none that fits.
        """

    def preview(self, info: RowInfo, frame: Frame, side: int) -> Picture | None:
        """All of the picture under a frame, as much smaller as its longer side keeps `side` px; `picture` follows.

        None where it would not be had much sooner than the picture itself, or where something is wrong with it.
        Raises PictureError, as `picture` would, when what it is made of cannot be had.
        """

    def file_stem(self, info: RowInfo, frame: Frame, each: ObjectInfo) -> str:
        """What an exported mask of this object is called, before the name is made safe and unique."""

    def save(self, changes: Sequence[RowChanges], choices: Mapping[Conflict, Keep] | None = None) -> Sequence[LabelRow]:
        """Store the changes of all rows at once and answer the rows as read back, in the order given.

        Raises ConflictError when a mask was changed elsewhere too and `choices` does not say what to keep;
        PartlySavedError when some rows are stored and others cannot be, SaveError when nothing was written.
        """
