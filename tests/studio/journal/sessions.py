"""Somebody who edits a row at random, with a journal that is told, and what must be found in it again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bitmask_studio.core.attributes import AnswerValue
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.history import History
from bitmask_studio.core.labels import Bitmask, MaskKey, ObjectInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.mask_patch import MaskPatch
from bitmask_studio.studio.document.edits import (
    AnswerChange,
    AnswerEdit,
    DocumentEdit,
    MaskEdit,
    ObjectEdit,
    SeveralEdits,
    SingleEdit,
)
from bitmask_studio.studio.journal.journal import Journal
from bitmask_studio.studio.journal.kept import About, Applied, Base, KeptRow, Line
from bitmask_studio.studio.journal.records import encode_edit

WIDTH, HEIGHT = 300, 200
IDENTITY = "files:/a.json"
ABOUT = About("a.json", "/a.json", ("/a.json",))
KEYS = tuple(MaskKey(frame, name) for frame in (0, 1) for name in ("one", "two"))
GENEROUS = 20.0
"""Seconds after which what should happen soon has not happened."""
Content = dict[MaskKey, NDArray[np.bool_]]


def open_journal(folder: Path, retry: float = 0.02) -> Journal:
    """A journal in a file of the folder; nobody hears of its state."""
    return Journal(folder / "journal.sqlite", IDENTITY, ABOUT, lambda deed: None, retry)


def a_patch(dice: random.Random) -> MaskPatch:
    """A block of pixels somewhere, that flip."""
    x, y = dice.randrange(WIDTH - 40), dice.randrange(HEIGHT - 40)
    box = Box(x, y, x + dice.randint(1, 40), y + dice.randint(1, 40))
    bits = np.random.default_rng(dice.randrange(1 << 30)).random((box.height, box.width)) < dice.choice([0.1, 2.0])
    bits[0, 0] = True
    return MaskPatch.between(Mask.of(Box(0, 0, 0, 0), np.zeros((0, 0), np.bool_)), Mask.of(box, bits))


def a_mask_edit(dice: random.Random, title: str = "Brush") -> MaskEdit:
    return MaskEdit(title, dice.choice(KEYS), a_patch(dice))


def an_object(key: MaskKey, mask: Mask) -> ObjectInfo:
    bitmask = Bitmask(HEIGHT, WIDTH, 0, 0, mask.to_rle(HEIGHT, WIDTH))
    return ObjectInfo(key.object_hash, "class", "Car", "#D33115", "bitmask", bitmask)


def an_edit(dice: random.Random, content: Content) -> DocumentEdit:
    """Any edit that can be done now."""
    kind = dice.random()
    if kind < 0.7:
        return a_mask_edit(dice)
    if kind < 0.8:
        values: tuple[AnswerValue, ...] = ("text \ud800", 2.5, ("a", "b"))
        change = AnswerChange("attribute", None, dice.choice(values))
        return AnswerEdit("Answer", dice.choice(KEYS), (change,))
    each = _coming_or_going(dice.choice(KEYS), content)
    if kind < 0.9:
        return each
    return SeveralEdits("Several", each.key, (each, AnswerEdit("Answer", each.key, ()), a_mask_edit(dice)))


def _coming_or_going(key: MaskKey, content: Content) -> ObjectEdit:
    """The object of `key` put there, or taken away."""
    adds = not content[key].any()
    bits = np.ones((HEIGHT, WIDTH), np.bool_) if adds else content[key]
    mask = Mask.of(Box.of_size(WIDTH, HEIGHT), bits.copy())
    return ObjectEdit("Object", key, an_object(key, mask), mask, 0, adds)


def apply(content: Content, edit: DocumentEdit, forwards: bool) -> Content:
    """The content after an edit was done or taken back, by arrays of whole frames alone."""
    after = dict(content)
    parts: Iterable[SingleEdit] = edit.edits if isinstance(edit, SeveralEdits) else (edit,)
    for part in parts if forwards else reversed(tuple(parts)):
        if isinstance(part, MaskEdit):
            flips = part.patch.apply(Mask.of(Box(0, 0, 0, 0), np.zeros((0, 0), np.bool_)))
            after[part.key] = after[part.key] ^ flips.to_array(HEIGHT, WIDTH)
        elif isinstance(part, ObjectEdit):
            pixels = part.mask.to_array(HEIGHT, WIDTH)
            after[part.key] = pixels if part.adds is forwards else np.zeros_like(pixels)
    return after


def same(one: Content, other: Content) -> bool:
    return all(np.array_equal(one[key], other[key]) for key in KEYS)


def replayed(base: Content, log: Iterable[Applied]) -> Content:
    for each in log:
        base = apply(base, each.edit, each.forwards)
    return base


def line_of(history: History[DocumentEdit]) -> Line:
    return Line(history.first, history.place, history.saved, history.committed)


@dataclass
class _Saving:
    content: Content
    place: int


class Session:
    """One row, edited at random; every edit is told to `journal`."""

    def __init__(self, journal: Journal, seed: int, key: str = "row", max_bytes: int = 256 << 20) -> None:
        self.dice = random.Random(seed)
        self.history: History[DocumentEdit] = History(max_bytes)
        self.key = key
        self.row = journal.follow(key, "Row", None)
        self.content = self.empty()
        self.stored = self.content
        self.seen: list[Content] = [self.content]
        """What was ever there, the newest last."""
        self.states: dict[int, Content] = {0: self.content}
        """The same by the name of its state."""
        self.saving: _Saving | None = None
        self._based = False

    @staticmethod
    def empty() -> Content:
        return {each: np.zeros((HEIGHT, WIDTH), np.bool_) for each in KEYS}

    def go_on(self, steps: int) -> None:
        deeds: list[Callable[[], None]] = [self.commit] * 6 + [self.undo] * 4 + [self.redo] * 2 + [self.save] * 1
        for _ in range(steps):
            self.dice.choice(deeds)()

    def commit(self) -> None:
        edit = an_edit(self.dice, self.content)
        self._apply(edit, forwards=True)
        self.history.commit(edit)
        self.states[self.history.place] = self.content
        bases = () if self._based else tuple(Base(key, WIDTH, HEIGHT, None) for key in KEYS)
        self._based = True
        self.row.committed(edit, line_of(self.history), bases)

    def undo(self) -> None:
        if edit := self.history.undo():
            self._apply(edit, forwards=False)
            self.row.undone(line_of(self.history))

    def redo(self) -> None:
        if edit := self.history.redo():
            self._apply(edit, forwards=True)
            self.row.redone(line_of(self.history))

    def save(self) -> None:
        """Begin a save or, every other time, end it; one of four fails."""
        if self.saving is None:
            self.saving = _Saving(self.content, self.history.place)
            self.row.save_begun()
        elif self.dice.random() < 0.25:
            self.saving = None
            self.row.save_failed()
        else:
            self.stored = self.saving.content
            self.history.mark_saved(self.saving.place)
            self.saving = None
            self.row.save_ended(line_of(self.history))

    def check(self, kept: KeptRow | None) -> None:
        """Whether what is kept is all there is."""
        assert kept is not None
        assert kept.damage is None
        assert kept.line == line_of(self.history)
        assert [encode_edit(each.edit) for each in kept.steps] == [encode_edit(each) for each in self.history.edits]
        assert same(replayed(self.stored, kept.log), self.content)
        stored_part = kept.log[: kept.saving] if kept.saving is not None else ()
        assert (kept.saving is None) is (self.saving is None)
        assert self.saving is None or same(replayed(self.stored, stored_part), self.saving.content)

    def check_part(self, kept: KeptRow) -> None:
        """Whether what is left after some damage was there once, and whether undo and redo lead along what was.

        What is left may be of long ago: where it does not say what was stored then, that may have been anything.
        """
        line, steps = kept.line, kept.steps
        places = [line.first, *(each.state for each in steps)]
        History.restored([each.edit for each in steps], places, line.place, line.saved, line.committed)
        stored = [self.states[line.saved]] if line.saved in self.states else self.seen
        assert any(self._led_along(replayed(base, kept.log), kept, places.index(line.place)) for base in stored)

    def _led_along(self, content: Content, kept: KeptRow, at: int) -> bool:
        """Whether this was there, and everything that undo and redo make of it with `at` steps done."""
        found = [content]
        for forwards, steps in ((False, reversed(kept.steps[:at])), (True, kept.steps[at:])):
            each = content
            for step in steps:
                found.append(each := apply(each, step.edit, forwards))
        return all(map(self._was_there, found))

    def _was_there(self, content: Content) -> bool:
        return any(same(content, each) for each in reversed(self.seen))

    def _apply(self, edit: DocumentEdit, forwards: bool) -> None:
        self.content = apply(self.content, edit, forwards)
        self.seen.append(self.content)
