"""A user and a window that answer as they were told to and remember what they were asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.settings import SettingsStore
from bitmask_studio.sources.base import Conflict, Keep
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.studio.ask import Attempt, ConnectWish, Emptied, ExportWish, Leave, NamedConflict
from bitmask_studio.studio.notices import Notice
from bitmask_studio.studio.studio import Studio


@dataclass
class FakeAsk:
    """Satisfies `Ask`; `asked` holds each question with what it was about.

    Connecting tries each of `connections` until one works; `refusals` are the words of those that did not.
    """

    files: Sequence[Path] = ()
    chosen_folder: Path | None = None
    new_file: Path | None = None
    located: Path | None = None
    leave: Leave = Leave.CANCEL
    name: str | None = None
    wish: ExportWish | None = None
    connections: Sequence[ConnectWish] = ()
    refusals: list[str] = field(default_factory=list)
    may_create: bool = False
    choice: Keep | None = None
    when_emptied: Emptied = Emptied.CANCEL
    to_file: bool = False
    chosen_mask: Path | None = None
    chosen_class: str | None = None
    words: str | None = None
    asked: list[tuple[str, object]] = field(default_factory=list)

    async def open_files(self) -> Sequence[Path]:
        self.asked.append(("open_files", None))
        return self.files

    async def folder(self, title: str) -> Path | None:
        self.asked.append(("folder", title))
        return self.chosen_folder

    async def locate(self, path: Path) -> Path | None:
        self.asked.append(("locate", path))
        return self.located

    async def save_as(self, suggestion: Path) -> Path | None:
        self.asked.append(("save_as", suggestion))
        return self.new_file

    async def unsaved(self, rows: Sequence[str]) -> Leave:
        self.asked.append(("unsaved", list(rows)))
        return self.leave

    async def new_class(self) -> str | None:
        self.asked.append(("new_class", None))
        return self.name

    async def export(self) -> ExportWish | None:
        self.asked.append(("export", None))
        return self.wish

    async def connect(
        self, suggestion: Login, environment: Sequence[str], attempt: Attempt, cancel: Callable[[], object]
    ) -> ConnectWish | None:
        self.asked.append(("connect", (suggestion, tuple(environment))))
        for each in self.connections:
            try:
                if not each.sample:
                    await attempt(each)
            except StudioError as error:
                self.refusals.append(str(error))
            else:
                return each
        return None

    async def create_row(self, name: str) -> bool:
        self.asked.append(("create_row", name))
        return self.may_create

    async def conflicts(self, conflicts: Sequence[NamedConflict]) -> Mapping[Conflict, Keep] | None:
        self.asked.append(("conflicts", list(conflicts)))
        return {each.conflict: self.choice for each in conflicts} if self.choice else None

    async def emptied(self, objects: Sequence[str]) -> Emptied:
        self.asked.append(("emptied", list(objects)))
        return self.when_emptied

    async def losses(self, row: str, losses: Sequence[str]) -> bool:
        self.asked.append(("losses", (row, list(losses))))
        return self.to_file

    async def mask_file(self) -> Path | None:
        self.asked.append(("mask_file", None))
        return self.chosen_mask

    async def choose_class(self, classes: Sequence[ObjectClass]) -> str | None:
        self.asked.append(("choose_class", list(classes)))
        return self.chosen_class

    async def comment(self, title: str, verb: str) -> str | None:
        self.asked.append(("comment", (title, verb)))
        return self.words


@dataclass
class FakeScreen:
    """Satisfies `Screen`; `done` holds each wish with its argument, `rows` answers the keys of the list."""

    rows: Callable[[], Sequence[str]] = tuple

    done: list[tuple[str, object]] = field(default_factory=list)

    def fit(self) -> None:
        self.done.append(("fit", None))

    def actual_size(self) -> None:
        self.done.append(("actual_size", None))

    def zoom_by(self, steps: int) -> None:
        self.done.append(("zoom_by", steps))

    def show_box(self, box: Box, closer: bool = False) -> None:
        self.done.append(("show_box", box))

    def row_after(self, key: str | None, step: int) -> str | None:
        rows = list(self.rows())
        at = rows.index(key) + step if key in rows else 0
        return rows[at] if 0 <= at < len(rows) else None

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
        self.ask = FakeAsk()
        self.screen = FakeScreen(rows=lambda: [row.key for row in self.workspace.rows])
        self.notices: list[Notice] = []
        self.noticed.connect(self.notices.append)

    @property
    def told(self) -> list[str]:
        return [notice.text for notice in self.notices]
