"""Whatever files are opened with, however the program ended, and whatever was done: each row is as it was left."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from tests.studio.keeping_desk import KeepingDesk, crash, in_loop
from tests.studio.label_files import Bits, write_labels

SEEDS = range(6)
STARTS = 8
OBJECTS = {"one.png": "objA", "group.png": "objC"}
Row = tuple[Path, str]


class Walk:
    """A random way of working on two files in one folder that hold the same rows."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
        self._tmp_path, self._monkeypatch, self._dice = tmp_path, monkeypatch, random.Random(seed)
        folder = tmp_path / "project"
        folder.mkdir()
        self._path = write_labels(folder)
        self._copy = folder / "a-copy.json"
        self._copy.write_bytes(self._path.read_bytes())
        self._left: dict[Row, Bits] = {}
        self._starts = 0

    async def start(self) -> None:
        """Open something, find every row as it was left, do something, and end in some way."""
        self._starts += 1
        desk = KeepingDesk(self._tmp_path / f"desk-{self._starts}")
        both = [self._path, self._copy]
        await desk.open(*self._dice.choice([[self._path.parent], [self._path], [self._copy], both, both[::-1]]))
        for row, key in self._rows(desk).items():
            await desk.session.open_row(key)
            assert np.array_equal(self._pixels(desk, row), self._left.get(row, self._pixels(desk, row))), row
        for _ in range(self._dice.randint(1, 4)):
            await self._do_something(desk)
        await desk.studio.jobs.settle()
        await desk.kept()
        if self._dice.random() < 0.5:
            desk.end()
        crash(self._monkeypatch, self._tmp_path / f"state-{self._starts}")
        desk.end()

    async def _do_something(self, desk: KeepingDesk) -> None:
        row, key = self._dice.choice(list(self._rows(desk).items()))
        await desk.session.open_row(key)
        deed = self._dice.choice(["dab", "dab", "dab", "undo", "redo", "save", "discard"])
        if deed == "dab":
            desk.studio.show(object_hash=OBJECTS[row[1]])
            desk.dab(self._dice.randrange(4, 44), self._dice.randrange(4, 32))
        elif deed == "save":
            assert await desk.session.save()
        elif deed == "discard":
            desk.session.recovering.banner.discard()
        else:
            getattr(desk.studio, deed)()
        self._left |= {(row[0], row[1]): self._pixels(desk, row)}

    def _rows(self, desk: KeepingDesk) -> dict[Row, str]:
        files = desk.studio.workspace.files
        assert files
        return {(Path(files.file_of(info)), info.title): info.key for info in files.rows()}

    def _pixels(self, desk: KeepingDesk, row: Row) -> Bits:
        return desk.pixels(OBJECTS[row[1]])


@pytest.mark.parametrize("seed", SEEDS)
@in_loop
async def test_each_row_is_as_it_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    walk = Walk(tmp_path, monkeypatch, seed)
    for _ in range(STARTS):
        await walk.start()
