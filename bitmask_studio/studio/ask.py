"""Questions to the user and wishes to the window, answered by whatever screen there is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.sources.encord.login import Login


class Leave(Enum):
    """What to do with unsaved edits."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


class ExportWish(Struct, frozen=True):
    """What to export: the format's name, where to, every row or the open one, over other files or not."""

    format: str
    folder: Path
    all_rows: bool
    force: bool


class Emptied(Enum):
    """What to do with masks that have no pixel left when they are about to be saved."""

    KEEP_EMPTY = "keep empty"
    DELETE = "delete"
    CANCEL = "cancel"


class ConnectWish(Struct, frozen=True):
    """How to sign in, and whether the passphrase is to be kept in the system's keyring once it has worked.

    `sample`: rather start the sample Encord project on this computer; the login is of no use then.
    """

    login: Login
    keep_passphrase: bool = False
    sample: bool = False


Attempt = Callable[[ConnectWish], Coroutine[Any, Any, object]]
"""Tries to sign in; raises StudioError, whose words are shown where the user can try again with nothing lost."""


@dataclass(frozen=True, slots=True)
class NamedConflict:
    """A conflict as a user knows it: the names of its row and object, the frame's position and size (width, height).

    `picture` is the frame's, uint8 (H, W, 3) in BGR, None where there is none. Of a conflict about an attribute
    `attribute` is its title and `answers` what base, mine and theirs say, "" for no answer.
    """

    conflict: Conflict
    row: str
    object: str
    frame: int
    size: tuple[int, int]
    picture: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    attribute: str = ""
    answers: tuple[str, str, str] = ("", "", "")


class Ask(Protocol):
    """Each question waits for its answer; None means that the user thought better of it."""

    async def open_files(self) -> Sequence[Path]: ...

    async def folder(self, title: str) -> Path | None: ...

    async def locate(self, path: Path) -> Path | None:
        """Where the file or folder is now that was at `path`."""

    async def save_as(self, suggestion: Path) -> Path | None: ...

    async def unsaved(self, rows: Sequence[str]) -> Leave: ...

    async def new_class(self) -> str | None: ...

    async def export(self) -> ExportWish | None: ...

    async def connect(
        self, suggestion: Login, environment: Sequence[str], attempt: Attempt, cancel: Callable[[], object]
    ) -> ConnectWish | None:
        """How the user signed in: `attempt` has worked with it, unless it asks for the sample project.

        `environment` names the variables that hold a key; they are offered, never used unasked. `cancel` is called
        when the user gives up an attempt under way.
        """

    async def create_row(self, name: str) -> bool:
        """Whether a row without labels may be opened although that makes a label row on the server."""

    async def conflicts(self, conflicts: Sequence[NamedConflict]) -> Mapping[Conflict, Keep] | None:
        """What to keep of each; None: save nothing."""

    async def emptied(self, objects: Sequence[str]) -> Emptied: ...

    async def losses(self, row: str, losses: Sequence[str]) -> bool:
        """Told what saving would destroy on the server: whether to save the edits to a file instead."""

    async def mask_file(self) -> Path | None: ...

    async def choose_class(self, classes: Sequence[ObjectClass]) -> str | None:
        """The feature hash of the class that was chosen."""

    async def comment(self, title: str, verb: str) -> str | None:
        """What to say about a task or a label, "" for nothing; `verb` is on the button that goes on."""


class Screen(Protocol):
    """What only the window can do."""

    def fit(self) -> None: ...

    def actual_size(self) -> None: ...

    def zoom_by(self, steps: int) -> None: ...

    def show_box(self, box: Box, closer: bool = False) -> None:
        """Bring an image box into the middle of the canvas, zooming only if it is too small or too large.

        What is seen while the whole frame is shown stays where it is, unless it is wanted `closer`.
        """

    def row_after(self, key: str | None, step: int) -> str | None:
        """The row so many steps below another one in the list as it is shown; None past its ends."""

    def find_row(self) -> None: ...

    def show_keys(self) -> None: ...

    def show_about(self) -> None: ...

    def close(self) -> bool: ...
