"""Whatever is done to a row, and wherever a program is killed: what is kept of it makes the same row again."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.sources.local import LocalSource, open_local
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.document.edits import MaskEdit
from bitmask_studio.studio.kept.keeping import Keeper
from bitmask_studio.studio.kept.places import place_of_files
from tests.studio.label_files import HEIGHT, WIDTH, write_labels

DEEDS = 60
State = tuple[int, tuple[str, ...], dict[MaskKey, str]]


def state_of(document: Document) -> State:
    """Where the history is, its steps, and every mask as a string."""
    history = document.history
    masks = {
        MaskKey(position, each.object_hash): document.mask(MaskKey(position, each.object_hash)).to_rle(HEIGHT, WIDTH)
        for position in range(len(document.frames))
        for each in document.objects(position)
    }
    return history.states.index(history.place), tuple(each.title for each in history.edits), masks


@dataclass
class Work:
    """One row of a file, worked on by the dice; a save may be under way while more is done."""

    source: LocalSource
    keeper: Keeper
    document: Document
    dice: random.Random
    saving: RowChanges | None = None
    written: LabelRow | None = None
    done: list[str] = field(default_factory=list)

    def do_something(self) -> None:
        deeds = (self._stroke, self._stroke, self._stroke, self._undo, self._undo, self._redo, self._add, self._remove)
        deed = self.dice.choice((*deeds, self._save, self._save, self._restart, self._move))
        self.done.append(deed.__name__)
        deed()

    def found_again(self) -> Document:
        """The row as the next start would show it."""
        assert self.keeper.journal
        assert self.keeper.journal.settle()
        return self.keeper.restore(self._stored()).document

    def _stored(self) -> LabelRow:
        other = open_local([self.source.paths[0]])
        return other.load(next(each for each in other.rows() if each.key == self.document.row.info.key))

    def _keys(self) -> list[MaskKey]:
        frames = range(len(self.document.frames))
        return [MaskKey(at, each.object_hash) for at in frames for each in self.document.objects(at)]

    def _stroke(self) -> None:
        if keys := self._keys():
            key = self.dice.choice(keys)
            painter = self.document.begin(key)
            begin, end = (Point(self.dice.uniform(0, WIDTH), self.dice.uniform(0, HEIGHT)) for _ in range(2))
            painter.draw_segment(begin, end, 5, BrushShape.ROUND, self.dice.random() < 0.7)
            self.document.commit_patch(MaskEdit(f"Stroke {len(self.done)}", key, painter.patch()))

    def _undo(self) -> None:
        self.document.undo()

    def _redo(self) -> None:
        self.document.redo()

    def _add(self) -> None:
        mask = self.document.mask(self.dice.choice(self._keys())) if self._keys() else None
        if mask is not None and not mask.empty:
            each = self.source.ontology.bitmask_classes[0]
            self.document.add(self.dice.randrange(len(self.document.frames)), each, mask, f"New {len(self.done)}")

    def _remove(self) -> None:
        if len(self._keys()) > 1:
            self.document.remove(self.dice.choice(self._keys()), f"Delete {len(self.done)}")

    def _save(self) -> None:
        """The next part of a save: it begins, the file is written, the row is read back."""
        if self.saving is None:
            self.saving = self.document.begin_save()
        elif self.written is None and self.dice.random() < 0.8:
            self.written = self.saving.base
            if not self.saving.empty:
                (self.written,) = self.source.save([self.saving])
        else:
            self.document.end_save(self.written)
            self.saving = self.written = None

    def _move(self) -> None:
        """Be kept anew, as after Save As: not while a save is under way."""
        if self.saving is None:
            self.keeper.deafen()
            self.keeper.forget()
            self.keeper.take_over([self.document])

    def _restart(self) -> None:
        """Be killed and opened again."""
        assert self.keeper.journal
        assert self.keeper.journal.settle()
        self.keeper.deafen()
        self.source = open_local([self.source.paths[0]])
        info = next(each for each in self.source.rows() if each.key == self.document.row.info.key)
        found = self.keeper.restore(self.source.load(info))
        self.keeper.follow(found)
        self.document, self.saving, self.written = found.document, None, None


def work_on(folder: Path, seed: int, deeds: int = DEEDS) -> None:
    """Do so many things, and see after each that it would be found again."""
    path = write_labels(folder)
    dice = random.Random(seed)
    keeper = Keeper.begin(place_of_files([path]), lambda deed: deed())
    try:
        keeper.attach(keeper.make(), ())
        source = open_local([path])
        found = keeper.restore(source.load(dice.choice(source.rows())))
        keeper.follow(found)
        work = Work(source, keeper, found.document, dice)
        for _ in range(deeds):
            work.do_something()
            again = work.found_again()
            assert state_of(again) == state_of(work.document), f"seed {seed}: {work.done}"
            assert again.unsaved or again.changes().empty, f"seed {seed}: {work.done}"
    finally:
        keeper.end()


@pytest.mark.parametrize("seed", range(6))
def test_a_row_is_found_again_after_every_deed(seed: int, tmp_path: Path) -> None:
    work_on(tmp_path, seed)
