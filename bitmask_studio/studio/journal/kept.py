"""What a journal keeps of a row, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from bitmask_studio.core.attributes import Answers
from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.labels import MaskKey, ObjectInfo, RowInfo
from bitmask_studio.core.names import is_label_file
from bitmask_studio.studio.document.edits import DocumentEdit

ASIDE = "aside-"
"""How the keys of rows begin whose edits have no place any more."""


class JournalError(StudioError):
    """What was read from a journal is damaged, or a journal cannot be opened; the text names the reason."""


class Base(Struct, frozen=True):
    """What is stored of one mask that edits are about, when it was last read or saved: the base of a merge."""

    key: MaskKey
    width: int
    height: int
    """Of the frame, px."""
    info: ObjectInfo | None
    """The object with its stored bitmask; None: it is not stored."""


class AnswerBase(Struct, frozen=True):
    """All answers that are stored of an object; empty: none."""

    object_hash: str
    answers: Answers


class Line(Struct, frozen=True):
    """Where a history is, in the names that it gives its states.

    `saved` is negative where no way leads to what is stored.
    """

    first: int = 0
    """The state before the oldest edit."""
    place: int = 0
    saved: int = 0
    committed: int = 0
    """The last name given."""


class Step(Struct, frozen=True):
    """One edit of the line; `state` is the name of the state it leads to, `at` the seconds since 1970."""

    state: int
    edit: DocumentEdit
    at: float


class Applied(Struct, frozen=True):
    """An edit done, or taken back."""

    edit: DocumentEdit
    forwards: bool


Entry = tuple[int, bool]
"""An edit done or taken back, by the name of the state it leads to."""


class KeptRow(Struct, frozen=True):
    """All that is kept of a row: the stored state is `bases`, and what was done since is `log`."""

    key: str
    title: str
    line: Line
    steps: tuple[Step, ...] = ()
    """The line in order: what can be undone and, behind `line.place`, what can be done again."""
    log: tuple[Applied, ...] = ()
    """What was applied since the stored state, in order; an edit that has left the line may be among it."""
    entries: tuple[Entry, ...] = ()
    """The log by name."""
    log_start: int = 0
    """The number of the log's first entry."""
    saving: int | None = None
    """How many entries of the log were in a save that began and of which nobody said how it ended."""
    bases: Mapping[MaskKey, Base] = field(default_factory=dict)
    answers: Mapping[str, AnswerBase] = field(default_factory=dict)
    last_at: float = 0.0
    """When the last step was taken, seconds since 1970."""
    damage: str | None = None
    """What of it cannot be read, for the user; what is here is whole."""

    @property
    def unsaved(self) -> int:
        """How many edits are not stored."""
        return len(self.log)


class InFile(Struct, frozen=True):
    """Which label row of which file a row is: its key depends on what else is open with that file.

    `path` is the label file, or the folder of a picture that has no labels in a file yet; `number` is how many rows
    before it in the file have the same hashes and title.
    """

    path: str
    label_hash: str | None
    data_hash: str
    title: str
    number: int = 0

    def is_same(self, info: RowInfo | InFile) -> bool:
        """Whether a row has these hashes. One that had no labels then may have got some since."""
        if self.data_hash != info.data_hash:
            return False
        return self.title == info.title if self.label_hash is None else self.label_hash == info.label_hash

    def is_of(self, row: InFile) -> bool:
        """Whether it is this row; a picture without labels then may be in the label file of its folder by now."""
        file = Path(row.path)
        labelled = self.label_hash is None and self.path == str(file.parent) and is_label_file(file.name)
        return self.is_same(row) and (labelled or (self.path, self.number) == (row.path, row.number))


class WaitingRow(Struct, frozen=True):
    """A row with edits that are not stored; `last_at` in seconds since 1970."""

    key: str
    title: str
    edits: int
    last_at: float
    place: InFile | None = None
    """None: it is on a server, or that was not kept."""

    @property
    def is_aside(self) -> bool:
        """Whether its edits were set aside: they do not fit the row any more."""
        return self.key.startswith(ASIDE)


class About(Struct, frozen=True):
    """What a workspace is called and how it is opened again; nothing secret."""

    title: str
    entry: str = ""
    """As the list of recent things has it."""
    paths: tuple[str, ...] = ()
    images: str | None = None
    ontology: str | None = None
