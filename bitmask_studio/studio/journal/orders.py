"""What the writer of a journal is told to keep: values of which each carries out the same, once or twice."""

from __future__ import annotations

from msgspec import Struct

from bitmask_studio.studio.journal.kept import AnswerBase, Base, Entry, InFile, KeptRow, Line, Step

AnyBase = Base | AnswerBase


class Keep(Struct, frozen=True):
    """How a row stands after something was done, and what of it is new."""

    key: str
    title: str
    line: Line
    log: range
    """The numbers of the entries that are in the log now; those of others go."""
    mark: int | None = None
    """The number of the log's first entry that is not in the save under way; None: none is."""
    at: float | None = None
    """When a step was taken, seconds since 1970; None: this is none."""
    step: Step | None = None
    before: int = 0
    """The state from which `step` leads on; what was to be redone there is not any more."""
    entry: Entry | None = None
    """The last one of the log, where that is new."""
    bases: tuple[AnyBase, ...] = ()


class Begin(Struct, frozen=True):
    """What was kept of a row makes place: edits that are not stored stay under another key, the rest goes."""

    key: str


class Forget(Struct, frozen=True):
    """Nothing is kept of a row any more."""

    key: str


class SetAside(Struct, frozen=True):
    """What is kept of a row stays, under another key."""

    key: str


class Rewrite(Struct, frozen=True):
    """Of a row that is damaged what could be read is kept, and nothing else."""

    kept: KeptRow


class Know(Struct, frozen=True):
    """What was read of a row is gone on with: nothing is to be written of it unless the file is lost."""

    kept: KeptRow
    place: InFile | None = None


class Belongs(Struct, frozen=True):
    """Which row of which file it is that has this key."""

    key: str
    place: InFile


class Wish(Struct, frozen=True):
    """Whether the user wants saved what is not, as soon as that can be."""

    to_save: bool


Order = Belongs | Keep | Begin | Forget | SetAside | Rewrite | Know | Wish
