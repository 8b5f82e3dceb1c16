"""A user and a window that answer as they were told to and remember what they were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.settings import SettingsStore
from bitmask_studio.sources.base import Keep
from bitmask_studio.studio.ask import ExportWish, Leave
from bitmask_studio.studio.notices import Notice
from bitmask_studio.studio.studio import Studio


@dataclass
class FakeAsk:
    """Satisfies `Ask`; `asked` holds each question with what it was about."""

    files: Sequence[Path] = ()
    chosen_folder: Path | None = None
    new_file: Path | None = None
    leave: Leave = Leave.CANCEL
    kept: Keep | None = None
    name: str | None = None
    wish: ExportWish | None = None
    asked: list[tuple[str, object]] = field(default_factory=list)

    async def open_files(self) -> Sequence[Path]:
        self.asked.append(("open_files", None))
        return self.files

    async def folder(self, title: str) -> Path | None:
        self.asked.append(("folder", title))
        return self.chosen_folder

    async def save_as(self, suggestion: Path) -> Path | None:
        self.asked.append(("save_as", suggestion))
        return self.new_file

    async def unsaved(self, rows: Sequence[str]) -> Leave:
        self.asked.append(("unsaved", list(rows)))
        return self.leave

    async def keep(self, objects: Sequence[str]) -> Keep | None:
        self.asked.append(("keep", list(objects)))
        return self.kept

    async def new_class(self) -> str | None:
        self.asked.append(("new_class", None))
        return self.name

    async def export(self) -> ExportWish | None:
        self.asked.append(("export", None))
        return self.wish


@dataclass
class FakeScreen:
    """Satisfies `Screen`; `done` holds each wish with its argument."""

    done: list[tuple[str, object]] = field(default_factory=list)

    def fit(self) -> None:
        self.done.append(("fit", None))

    def actual_size(self) -> None:
        self.done.append(("actual_size", None))

    def zoom_by(self, steps: int) -> None:
        self.done.append(("zoom_by", steps))

    def show_box(self, box: Box) -> None:
        self.done.append(("show_box", box))

    def find_row(self) -> None:
        self.done.append(("find_row", None))

    def show_keys(self) -> None:
        self.done.append(("show_keys", None))

    def show_about(self) -> None:
        self.done.append(("show_about", None))

    def close(self) -> bool:
        self.done.append(("close", None))
        return True


class FakeStudio(Studio):
    """A studio without a window; `notices` holds what it told."""

    ask: FakeAsk
    screen: FakeScreen

    def __init__(self, folder: Path) -> None:
        super().__init__(SettingsStore(folder / "settings.json", lambda path, content: None))
        self.ask, self.screen = FakeAsk(), FakeScreen()
        self.notices: list[Notice] = []
        self.noticed.connect(self.notices.append)

    @property
    def told(self) -> list[str]:
        return [notice.text for notice in self.notices]
