"""An account and a project of a server that is not there: its rows and projects are held in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from bitmask_studio.core.errors import StudioError
from bitmask_studio.core.labels import LabelRow, RowInfo
from bitmask_studio.sources.base import Picture
from bitmask_studio.sources.encord.account import Account
from bitmask_studio.sources.encord.link import Link
from bitmask_studio.sources.encord.login import Login
from bitmask_studio.sources.encord.projects import OpenedProject, ProjectInfo, Stage, StageKind
from bitmask_studio.sources.encord.source import EncordSource
from tests.fakes.memory_source import a_frame, a_row, an_object, stored

DOMAIN = "http://127.0.0.1:1"
STAGES = (
    Stage("u1", "Annotate 1", StageKind.ANNOTATION),
    Stage("u2", "Review 1", StageKind.REVIEW),
    Stage("u3", "Complete", StageKind.DONE),
)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def server_row(number: int, **changes: object) -> RowInfo:
    """The row of that number: stages, people and types take turns."""
    facts: dict[str, object] = {
        "key": f"data-{number}",
        "label_hash": f"label-{number}",
        "data_hash": f"data-{number}",
        "title": f"scan_{number}.png",
        "data_type": ("image", "img_group", "video")[number % 3],
        "frames": (1, 12, 300)[number % 3],
        "width": 640 + number % 5 * 320,
        "height": 480,
        "objects": None,
        "bitmasks": None,
        "stage": STAGES[number % 3].title,
        "status": ("in progress", "in progress", "done")[number % 3],
        "assignee": ("", "anna@example.com", "ben@example.com", "anna@example.com")[number % 4],
        "last_edited": NOON - timedelta(hours=number % 1000),
    }
    return RowInfo(**facts | changes)  # type: ignore[arg-type] # the fields as they are


class MemoryServer(EncordSource):
    """A project whose rows come in portions of a thousand; `seen` are the rows whose thumbnails were asked for."""

    def __init__(self, infos: Sequence[RowInfo], email: str = "anna@example.com", title: str = "Cells") -> None:
        structure = b'{"objects": [], "classifications": []}'
        project = OpenedProject(f"hash-{title}", title, structure, STAGES)
        super().__init__(Link(Login(DOMAIN)), project, email)
        self.infos = list(infos)
        self.seen: list[str] = []
        self.running = self.most = 0
        self.gate = threading.Event()
        """Thumbnails are held back until it is set."""
        self.gate.set()
        self.failure: StudioError | None = None

    def rows(self) -> Sequence[RowInfo]:
        return list(self.infos)

    def refresh(self, found: Callable[[Sequence[RowInfo]], object]) -> Sequence[RowInfo]:
        for start in range(0, len(self.infos), 1000):
            found(self.infos[start : start + 1000])
        return list(self.infos)

    def load(self, info: RowInfo) -> LabelRow:
        row = a_row(info.key, a_frame(an_object("objA", stored(np.eye(4, 6, dtype=np.bool_)))))
        return LabelRow(info, row.frames)

    def thumbnail(self, info: RowInfo) -> Picture | None:
        self.running += 1
        self.most = max(self.most, self.running)
        self.seen.append(info.key)
        self.gate.wait(10)
        self.running -= 1
        if self.failure:
            raise self.failure
        number = len(info.key) + sum(map(ord, info.key))
        rows, columns = np.mgrid[0:90, 0:160]
        pixels = np.stack([rows * 2 + number * 7, columns + number * 13, rows + columns + number * 3], axis=-1)
        return Picture((pixels % 256).astype(np.uint8))


class MemoryAccount(Account):
    """Opens the projects that are given, by their hashes; `failure` is raised instead when it is set."""

    def __init__(self, *servers: MemoryServer, infos: Sequence[ProjectInfo] | None = None) -> None:
        login = Login(DOMAIN)
        super().__init__(login, Link(login))
        self._servers = {server.project_hash: server for server in servers}
        self.infos = infos if infos is not None else [ProjectInfo(s.project_hash, s.title) for s in servers]
        self.failure: StudioError | None = None
        self.asked = 0

    def projects(self) -> Sequence[ProjectInfo]:
        self.asked += 1
        if self.failure:
            raise self.failure
        return tuple(self.infos)

    def project(self, project_hash: str) -> EncordSource:
        return self._servers[project_hash]
