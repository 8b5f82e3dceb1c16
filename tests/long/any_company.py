"""Copies of one file in a folder, opened in any company, renamed, deleted, killed: no edit lands in another one's rows.

The suite runs a part of it. All of it, from the checkout: `python -m tests.long.any_company [--seed N] [--runs N]`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.state import VARIABLE, state_folder
from bitmask_studio.studio.kept.kept_rows import waiting_rows
from tests.studio.keeping_desk import KeepingDesk
from tests.studio.label_files import HEIGHT, WIDTH, Bits, objects_in, write_labels

SEED = 20261123
RUNS = 300
STARTS = 8
TITLES = ("one.png", "group.png")
"""In the order of the rows in the files."""
Row = tuple[Path, str]
Masks = dict[MaskKey, Bits]


class Walk:
    """A random way of working on files in one folder that hold the same rows; raises AssertionError."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._dice = folder, random.Random(seed)
        self.counts: Counter[str] = Counter()
        (folder / "project").mkdir()
        first = write_labels(folder / "project")
        self._files = [first, *(first.with_name(name) for name in self._dice.sample(["a.json", "q.json", "z.json"], 2))]
        for each in self._files[1:]:
            shutil.copy(first, each)
        self._left: dict[Row, Masks] = {}
        """Rows that are to be as they were left, not as they are stored."""
        self._starts = 0
        self._new_state(crashed=False)

    async def start(self) -> None:
        """Open something, find every row as it was left, do something, and end in some way."""
        desk = await self._opened(*self._some_files())
        await self._check(desk)
        for _ in range(self._dice.randint(1, 4)):
            await self._do_something(desk)
        await desk.studio.jobs.settle()
        await desk.kept()
        crashed = self._dice.random() < 0.6
        if not crashed:
            desk.end()
        self._new_state(crashed)
        desk.end()
        if self._dice.random() < 0.4:
            await self._change_names()

    async def _opened(self, *paths: Path) -> KeepingDesk:
        self._starts += 1
        self.counts["starts"] += 1
        desk = KeepingDesk(self._folder / f"desk-{self._starts}")
        await desk.open(*paths)
        assert not desk.is_shut()
        return desk

    def _some_files(self) -> list[Path]:
        one = [self._dice.choice(self._files)]
        some = self._dice.sample(self._files, self._dice.randint(1, len(self._files)))
        return self._dice.choice([one, some, [self._files[0].parent]])

    async def _check(self, desk: KeepingDesk) -> None:
        for row, key in self._rows(desk).items():
            await desk.session.open_row(key)
            wanted = self._left.get(row, _stored(row))
            assert _alike(_shown(desk), wanted), f"{row} is not as it was left"
            self.counts["rows found as left"] += row in self._left

    async def _do_something(self, desk: KeepingDesk) -> None:
        key = self._dice.choice(list(self._rows(desk).values()))
        await desk.session.open_row(key)
        deed = self._dice.choice(["dab", "dab", "dab", "make", "delete", "undo", "redo", "save", "discard", "save as"])
        self.counts["deeds"] += 1
        names = [each.object_hash for each in desk.studio.objects]
        if deed == "dab" and names:
            desk.studio.show(object_hash=self._dice.choice(names))
            self._dab(desk)
        elif deed == "make":
            desk.studio.start_object()
            self._dab(desk)
        elif deed == "delete" and names:
            desk.studio.show(object_hash=self._dice.choice(names))
            desk.studio.delete_chosen()
        elif deed == "save":
            await self._save(desk)
        elif deed == "save as":
            await self._save_as(desk)
        elif deed == "discard":
            desk.session.recovering.banner.discard()
        elif deed in ("undo", "redo"):
            getattr(desk.studio, deed)()
        shown = next(each for each, key in self._rows(desk).items() if key == desk.studio.view.row)
        self._note(shown, _shown(desk))

    def _dab(self, desk: KeepingDesk) -> None:
        desk.dab(self._dice.randrange(4, 44), self._dice.randrange(4, 32))

    def _note(self, row: Row, masks: Masks) -> None:
        self._left.pop(row, None)
        if not _alike(masks, _stored(row)):
            self._left[row] = masks

    async def _save(self, desk: KeepingDesk) -> None:
        """Every row that is open is stored as it was left, and nothing else changes."""
        wanted = {(file, title): self._left.get((file, title), _stored((file, title))) for file, title in self._all()}
        opened = {file for file, _ in self._rows(desk)}
        before = {file: file.read_bytes() for file in self._files if file not in opened}
        assert await desk.session.save()
        for row in self._rows(desk):
            assert _alike(_stored(row), wanted[row]), f"{row} is not stored as it was left"
            self._left.pop(row, None)
        assert all(file.read_bytes() == content for file, content in before.items()), "another file was changed"

    async def _save_as(self, desk: KeepingDesk) -> None:
        opened = {file for file, _ in self._rows(desk)}
        if len(opened) == 1:
            (file,) = opened
            desk.studio.ask.new_file = new = file.with_name(f"new-{self._starts}-{self.counts['deeds']}.json")
            wanted = {title: self._left.pop((file, title), _stored((file, title))) for title in TITLES}
            assert await desk.session.save_as()
            self._files.append(new)
            assert all(_alike(_stored((new, title)), masks) for title, masks in wanted.items())

    async def _change_names(self) -> None:
        """Rename or delete a file; what waits of it goes to no other, and to where one says that it is."""
        file = self._dice.choice(self._files)
        if len(self._files) > 2 and self._dice.random() < 0.3:
            file.unlink()
            self._forget(file)
            self.counts["deleted"] += 1
            return
        moved = file.rename(file.with_name(self._dice.choice(["0", "m", "zz"]) + f"-{self._starts}.json"))
        left = {title: self._left[file, title] for title in TITLES if (file, title) in self._left}
        self._forget(file)
        self._files.append(moved)
        self.counts["renamed"] += 1
        if self._dice.random() < 0.5:
            await self._locate(file, moved)
            self._left |= {(moved, title): masks for title, masks in left.items()}

    def _forget(self, file: Path) -> None:
        self._files.remove(file)
        for title in TITLES:
            self._left.pop((file, title), None)

    async def _locate(self, file: Path, moved: Path) -> None:
        while waiting := [each for each in waiting_rows() if each.path == str(file)]:
            desk = KeepingDesk(self._folder / f"desk-{self._starts}-{len(waiting)}")
            desk.studio.ask.located = moved
            await desk.session.recovering.locate(waiting[0])
            await desk.studio.jobs.settle()
            await desk.kept()
            desk.end()
            assert len([each for each in waiting_rows() if each.path == str(file)]) < len(waiting)
            self.counts["located"] += 1

    def _all(self) -> list[Row]:
        return [(file, title) for file in self._files for title in TITLES]

    def _rows(self, desk: KeepingDesk) -> dict[Row, str]:
        files = desk.studio.workspace.files
        assert files
        return {(Path(files.file_of(info)), info.title): info.key for info in files.rows()}

    def _new_state(self, crashed: bool) -> None:
        """Go on with the state folder as it is on the disk now."""
        new = self._folder / f"state-{self._starts}"
        if state_folder().exists() and self._starts:
            shutil.copytree(state_folder(), new)
        os.environ[VARIABLE] = str(new)
        self.counts["crashes"] += crashed


def _shown(desk: KeepingDesk) -> Masks:
    document = desk.document
    keys = [MaskKey(at, each.object_hash) for at in range(len(document.frames)) for each in document.objects(at)]
    return {key: document.mask(key).to_array(HEIGHT, WIDTH) for key in keys}


def _stored(row: Row) -> Masks:
    file, title = row
    frames = 1 + TITLES.index(title)
    found = ((at, objects_in(file, TITLES.index(title), at)) for at in range(frames))
    return {MaskKey(at, name): bits for at, masks in found for name, bits in masks.items()}


def _alike(one: Masks, other: Masks) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(bits, other[key]) for key, bits in one.items())


async def walk(folder: Path, seed: int, starts: int = STARTS) -> Counter[str]:
    """One such way, to its end. Raises AssertionError."""
    each = Walk(folder, seed)
    for _ in range(starts):
        await each.start()
    return each.counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--runs", type=int, default=RUNS)
    wish = parser.parse_args()
    counts, broken = Counter[str](), 0
    for run in range(wish.runs):
        with tempfile.TemporaryDirectory() as folder:
            try:
                counts += asyncio.run(walk(Path(folder).resolve(), wish.seed + run))
            except AssertionError as error:
                broken += 1
                print(f"run {wish.seed + run}: {error}", flush=True)
    print(f"seed {wish.seed}, {wish.runs} runs: {dict(counts)}; {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
