"""Questions to the user and wishes to the window, answered by whatever screen there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from bitmask_studio.core.geometry import Box
from bitmask_studio.sources.base import Keep


class Leave(Enum):
    """What to do with unsaved edits."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What to export: the format's name, where to, every row or the open one, over other files or not."""

    format: str
    folder: Path
    all_rows: bool
    force: bool


class Ask(Protocol):
    """Each question waits for its answer; None means that the user thought better of it."""

    async def open_files(self) -> Sequence[Path]: ...

    async def folder(self, title: str) -> Path | None: ...

    async def save_as(self, suggestion: Path) -> Path | None: ...

    async def unsaved(self, rows: Sequence[str]) -> Leave: ...

    async def keep(self, objects: Sequence[str]) -> Keep | None: ...

    async def new_class(self) -> str | None: ...

    async def export(self) -> ExportWish | None: ...


class Screen(Protocol):
    """What only the window can do."""

    def fit(self) -> None: ...

    def actual_size(self) -> None: ...

    def zoom_by(self, steps: int) -> None: ...

    def show_box(self, box: Box) -> None:
        """Bring an image box into the middle of the canvas, zooming only if it is too small or too large."""

    def find_row(self) -> None: ...

    def show_keys(self) -> None: ...

    def show_about(self) -> None: ...

    def close(self) -> bool: ...
